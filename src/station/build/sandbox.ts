import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import type { Sandbox, SandboxMode } from "../../model/build.ts";
import { isRoot, UNPRIVILEGED } from "./lowered.ts";
import { openBubblewrap } from "./sandbox-bwrap.ts";
import { sandboxFault, sandboxMissing } from "./sandbox-fault.ts";
import { openNoSandbox } from "./sandbox-none.ts";

/**
 * The sandbox of this mode; `auto` is bubblewrap and never less, for only the user may choose to do without. `path` is
 * the search path (default: this process's PATH). bwrap is tried once, so that a machine that forbids it says so before
 * any work. Reports `WB-SANDBOX-MISSING`, `WB-SANDBOX-FORBIDDEN`, `WB-SANDBOX-FAILED`.
 */
export function openSandbox(mode: SandboxMode | "auto", path: string = process.env["PATH"] ?? ""): Sandbox {
  if (mode === "none") return openNoSandbox();
  const program = process.platform === "linux" ? findProgram("bwrap", path) : undefined;
  if (program === undefined) throw sandboxMissing(process.platform);
  const attempt = tryBubblewrap(program);
  if (attempt.status !== 0) throw sandboxFault(program, attempt.error, attempt.stderr ?? "");
  return openBubblewrap(program);
}

/** The least that every run needs, as the user that runs will be. */
function tryBubblewrap(program: string) {
  const args = ["--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--", "true"];
  const user = isRoot() ? UNPRIVILEGED : {};
  // In a group of its own for the reason of `openBubblewrap`.
  const options = { ...user, env: {}, timeout: 10_000, detached: true };
  return spawnSync(program, args, { ...options, encoding: "utf8" });
}

/** The first executable file of this name on a search path; relative entries are passed over. */
export function findProgram(name: string, path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      continue;
    }
  }
  return undefined;
}

import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { sha256 } from "../../artifact/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { Sandbox, SandboxResult, SandboxRun } from "../../model/build.ts";
import { shellEnvironment, TIMES_DESCRIPTOR, wrapCommand } from "./sandbox-command.ts";
import { openPipe } from "./pipe.ts";
import { quietDescriptors } from "./inherited.ts";
import { supervise } from "./sandbox-process.ts";

const PROFILE = "none: own environment, no inherited descriptors, limits by ulimit; files and network of this user";

/**
 * Runs a command as this user with nothing but a clean environment, closed descriptors and limits: what `--no-sandbox`
 * means. Paths inside are paths outside. A process that leaves its session outlives the run.
 */
export function openNoSandbox(): Sandbox {
  return { mode: "none", profileDigest: sha256(PROFILE), run };
}

async function run(what: SandboxRun, log: (chunk: Uint8Array) => void, stop: AbortSignal): Promise<SandboxResult> {
  const [program = "/bin/sh", ...args] = wrapCommand(what, undefined);
  const pipe = openPipe();
  const quiet = quietDescriptors(["ignore", pipe.writeEnd, "ignore", "pipe"]);
  const child = spawn(program, args, {
    cwd: what.workspace,
    env: shellEnvironment(what),
    stdio: quiet.stdio,
    detached: true,
  });
  quiet.close();
  pipe.release();
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // Already gone.
    }
  };
  const ending = await supervise(
    { child, output: pipe.output, times: child.stdio[TIMES_DESCRIPTOR] as Readable, kill },
    what.limits,
    log,
    stop,
  );
  if (ending.error !== undefined)
    throw new Fault({
      code: "WB-SANDBOX-FAILED",
      kind: "unchecked",
      what: "the command could not be started",
      found: ending.error.message,
    });
  const { code, error: _, ...rest } = ending;
  return { ...rest, exitCode: code };
}

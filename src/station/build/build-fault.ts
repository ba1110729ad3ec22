import { cleanText } from "../../artifact/clean-text.ts";
import type { SandboxLimits, SandboxResult } from "../../model/build.ts";
import { Fault } from "../../model/fault.ts";
import type { Proxy } from "../proxy/proxy.ts";
import { interrupted } from "../stop.ts";
import type { BuildLog } from "./build-log.ts";

/**
 * A command that did not end by itself: `WB-BUILD-TIME`, `WB-BUILD-OUTPUT`, `WB-INTERRUPTED`, or `WB-BUILD-FAILED` where
 * somebody else killed it.
 */
export function stoppedFault(
  stoppedBy: SandboxResult["stoppedBy"],
  command: readonly string[],
  limits: SandboxLimits,
  log: BuildLog,
): Fault {
  const where = cleanText(command.join(" "), 200);
  const found = log.tail();
  if (stoppedBy === "time")
    return new Fault({
      code: "WB-BUILD-TIME",
      kind: "input",
      what: "the build took too long and was stopped",
      where,
      expected: `at most ${limits.timeSeconds} s for all commands`,
      found: found === "" ? "no output" : found,
      fix: `look for what it waits for in ${log.path}, or raise build.limits.timeSeconds in waybill.yaml`,
    });
  if (stoppedBy === "output")
    return new Fault({
      code: "WB-BUILD-OUTPUT",
      kind: "input",
      what: "the build printed too much and was stopped",
      where,
      expected: `at most ${limits.outputBytes} bytes`,
      fix: `see ${log.path}, or raise build.limits.outputBytes in waybill.yaml`,
    });
  if (stoppedBy === "interrupt") return interrupted(where);
  return new Fault({
    code: "WB-BUILD-FAILED",
    kind: "input",
    what: "the build was killed",
    where,
    ...(found === "" ? {} : { found }),
    fix: `see the log: ${log.path}`,
  });
}

/**
 * A command that ended with an error: `WB-REGISTRY-UNREACHABLE` where a registry gave no answer, else `WB-BUILD-FAILED`
 * with what the build was refused, if anything.
 */
export function failedFault(
  command: readonly string[],
  exitCode: number | null,
  log: BuildLog,
  proxy: Pick<Proxy, "exchanges" | "failures">,
): Fault {
  const where = cleanText(command.join(" "), 200);
  const [failure] = proxy.failures();
  if (failure !== undefined && DISK_FULL.test(failure)) return diskFull("the cache of waybill's home", failure);
  if (failure !== undefined)
    return new Fault({
      code: "WB-REGISTRY-UNREACHABLE",
      kind: "unchecked",
      what: "a registry gave no answer, and the build failed",
      where,
      found: cleanText(failure, 300),
      fix: "see that the registry of npm's configuration can be reached, and build again",
    });
  const refused = proxy.exchanges().filter(({ decision }) => decision === "refused");
  const hosts = [...new Set(refused.map(({ url }) => url))].slice(0, 3).join(", ");
  const hint =
    refused.length === 0 ? "" : `; the build was refused ${cleanText(hosts, 200)}, which is no configured registry`;
  return new Fault({
    code: "WB-BUILD-FAILED",
    kind: "input",
    what: `the build failed with exit code ${exitCode ?? "none"}`,
    where,
    found: log.tail() === "" ? "no output" : log.tail(),
    fix: `see the log: ${log.path}${hint}`,
  });
}

const DISK_FULL = /\b(?:ENOSPC|EDQUOT)\b/;

function diskFull(where: string, found: string): Fault {
  return new Fault({
    code: "WB-BUILD-DISK-FULL",
    kind: "input",
    what: "the disk is full: the build was stopped",
    where,
    found: cleanText(found, 300),
    fix: "free some space, or name another TMPDIR or WAYBILL_HOME",
  });
}

/** What to report for an error of a build in a folder: `WB-BUILD-DISK-FULL` where there was no more room, else the error. */
export function diskFault(error: unknown, folder: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return DISK_FULL.test(code) ? diskFull(cleanText(folder, 300), code) : error;
}

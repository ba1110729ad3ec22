import { statfsSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Factor, SandboxMode } from "../../model/build.ts";
import { findProgram } from "./sandbox.ts";

/** The surroundings of one build: everything that a result should not depend on. */
export interface Surroundings {
  readonly workspaceInside: string;
  readonly hostName: string;
  readonly uid: number;
  readonly umask: number;
  readonly locale: string;
  readonly timeZone: string;
  readonly reversedFiles: boolean;
  readonly oneCpu: boolean;
  readonly noise: Readonly<Record<string, string>>;
}

export const USUAL: Surroundings = {
  workspaceInside: "/build/a",
  hostName: "waybill",
  uid: 1000,
  umask: 0o022,
  locale: "C.UTF-8",
  timeZone: "UTC",
  reversedFiles: false,
  oneCpu: false,
  noise: {},
};

export const VARIED: Surroundings = {
  workspaceInside: "/build/second/a-longer-path",
  hostName: "elsewhere",
  uid: 1234,
  umask: 0o002,
  locale: "et_EE.UTF-8",
  timeZone: "Pacific/Kiritimati",
  reversedFiles: true,
  oneCpu: true,
  noise: { WAYBILL_VARIATION: "another value in the environment" },
};

const TMPFS = 0x0102_1994;
/** Clocks in files count whole seconds, DOS times in zip archives two. */
export const TIME_DISTANCE_MS = 2100;

/**
 * The factors that really differ between a build in `USUAL` and one in `VARIED` surroundings on this machine. Without a
 * sandbox a process keeps its user and host; the order of files follows their creation only on tmpfs; one CPU needs
 * taskset(1). The clock is not moved: the second build starts later, by `TIME_DISTANCE_MS` at least.
 */
export function variedFactors(mode: SandboxMode, workspace: string): readonly Factor[] {
  const factors: Factor[] = ["path", "time", "locale", "timezone", "umask", "environment"];
  if (mode === "bwrap") {
    factors.push("user", "hostname");
    if (pinsCpu()) factors.push("cpus");
  }
  if (statfsSync(workspace).type === TMPFS) factors.push("file-order");
  return factors.toSorted();
}

/** Whether a build can be held to one CPU where it would have more: taskset is where the sandbox looks for it. */
export function pinsCpu(): boolean {
  return availableParallelism() > 1 && findProgram("taskset", "/usr/bin:/bin") !== undefined;
}

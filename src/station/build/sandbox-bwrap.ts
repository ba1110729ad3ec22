import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox, SandboxResult, SandboxRun } from "../../model/build.ts";
import { openControlGroup } from "./cgroup.ts";
import { openPipe } from "./pipe.ts";
import { quietDescriptors, type Stdio } from "./inherited.ts";
import { handOver, isRoot, UNPRIVILEGED } from "./lowered.ts";
import { accountFiles, DESCRIPTORS, profileArguments, profileDigest } from "./profile.ts";
import { sandboxFault } from "./sandbox-fault.ts";
import { TIMES_DESCRIPTOR, wrapCommand } from "./sandbox-command.ts";
import { supervise } from "./sandbox-process.ts";
import { seccompFilter } from "./seccomp.ts";

/**
 * Runs commands in bubblewrap (`path`) with an empty network, a read-only system, no capabilities and a system-call
 * filter; bwrap itself gets an empty environment, since inside /proc/1/environ is its own. Time, output, file size and
 * data of each process are bounded always, the number of processes by RLIMIT_NPROC; processes and memory together where a
 * control group can be had. Started by root it runs as a user without rights, who gets the workspace and must be able to
 * walk to all that is shown. Reports `WB-SANDBOX-MISSING`, `WB-SANDBOX-FORBIDDEN`, `WB-SANDBOX-FAILED`.
 */
export function openBubblewrap(path: string): Sandbox {
  const filter = seccompFilter(process.arch);
  return {
    mode: "bwrap",
    profileDigest: profileDigest(filter),
    run: (run, log, stop) => runInside(path, filter, run, log, stop),
  };
}

async function runInside(
  path: string,
  filter: Uint8Array | undefined,
  run: SandboxRun,
  log: (chunk: Uint8Array) => void,
  stop: AbortSignal,
): Promise<SandboxResult> {
  const { child, output } = start(path, run);
  const status = collectText(stdioOf(child, DESCRIPTORS.status) as Readable | undefined);
  const complaint = collectText(child.stderr);
  const group = child.pid === undefined ? undefined : openControlGroup(run.limits);
  try {
    // bwrap waits for its arguments, so it is in the group before it starts anything.
    if (child.pid !== undefined) {
      group?.add(child.pid);
      feed(child, profileArguments(run, filter !== undefined), filter, run);
    }
    const ending = await supervise(
      {
        child,
        output,
        times: stdioOf(child, TIMES_DESCRIPTOR) as Readable,
        kill: () => killSpace(child, status()),
      },
      run.limits,
      log,
      stop,
    );
    await gone(childPid(status()));
    const { code: _, error, ...rest } = ending;
    const exitCode = exitCodeOf(status());
    if (error !== undefined || (exitCode === null && ending.stoppedBy === "exit"))
      throw sandboxFault(path, error, complaint());
    return { ...rest, exitCode: ending.stoppedBy === "exit" ? exitCode : null };
  } catch (error) {
    killGroup(child);
    throw error;
  } finally {
    group?.close();
  }
}

function start(path: string, run: SandboxRun): { child: ChildProcess; output: Readable } {
  const args = ["--args", String(DESCRIPTORS.args), "--", ...wrapCommand(run, oneProcessor(run.cpus))];
  const user = isRoot() ? UNPRIVILEGED : undefined;
  if (user !== undefined) handOver(run.workspace);
  const pipe = openPipe();
  const own: Stdio[] = Array.from({ length: DESCRIPTORS.hosts - 1 }, () => "pipe");
  const quiet = quietDescriptors(["ignore", pipe.writeEnd, ...own]);
  try {
    // A group of its own, which an interrupt from the terminal does not reach: bwrap killed before it has set up its child
    // leaves one behind that waits for ever, and that no interrupt ends, for it is a pid 1.
    const options = { cwd: "/", env: {}, stdio: quiet.stdio, detached: true, ...user };
    return { child: spawn(path, args, options), output: pipe.output };
  } finally {
    quiet.close();
    pipe.release();
  }
}

function feed(child: ChildProcess, args: readonly string[], filter: Uint8Array | undefined, run: SandboxRun): void {
  const send = (descriptor: number, content: string | Uint8Array): void => {
    const stream = stdioOf(child, descriptor) as Writable | undefined;
    // bwrap may be gone already; what it then says on stderr is the message.
    stream?.on("error", () => undefined);
    stream?.end(content);
  };
  send(DESCRIPTORS.seccomp, filter ?? "");
  for (const [descriptor, text] of accountFiles(run)) send(descriptor, text);
  send(DESCRIPTORS.args, args.map((arg) => `${arg}\0`).join(""));
}

/** Node's types know five entries; there are as many as were asked for. */
function stdioOf(child: ChildProcess, descriptor: number): unknown {
  return (child.stdio as readonly unknown[])[descriptor] ?? undefined;
}

/** The text that a stream has given so far, bounded. */
function collectText(stream: Readable | null | undefined): () => string {
  let text = "";
  stream?.on("error", () => undefined);
  stream?.on("data", (chunk: Buffer) => {
    if (text.length < 8192) text += chunk.toString("utf8");
  });
  return () => text;
}

function childPid(status: string): number | undefined {
  const pid = /"child-pid"\s*:\s*(\d{1,9})/.exec(status)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

function exitCodeOf(status: string): number | null {
  const code = /"exit-code"\s*:\s*(\d{1,3})/.exec(status)?.[1];
  return code === undefined ? null : Number(code);
}

/**
 * Ends the run at once. While bwrap is there, its child (pid 1 inside) cannot have been reaped, so its number is safe to
 * use; the kernel lets bwrap see it end only when everything inside has ended. Before that child is known all of bwrap's
 * group dies, in which it still is.
 */
function killSpace(child: ChildProcess, status: string): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const inside = childPid(status);
  try {
    if (inside === undefined) killGroup(child);
    else process.kill(inside, "SIGKILL");
  } catch {
    killGroup(child);
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

/** Waits (at most 5 s) until pid 1 of the space has ended: bwrap leaves before what the command left behind. */
async function gone(pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  const until = performance.now() + 5000;
  while (isAlive(pid) && performance.now() < until) await sleep(5);
}

function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // A recycled number would be another program: bwrap's name is in brackets, a zombie has ended.
    return stat.includes("(bwrap)") && !stat.includes(") Z ");
  } catch {
    return false;
  }
}

/** The first CPU that this process may use, for taskset; `undefined`: not limited to one. */
function oneProcessor(cpus: number | undefined): string | undefined {
  if (cpus !== 1) return undefined;
  try {
    return /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  } catch {
    return undefined;
  }
}

import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import type { SandboxLimits, SandboxResult } from "../../model/build.ts";
import { parseTimes } from "./sandbox-command.ts";

/** How the supervisor reaches one started command. */
export interface Supervised {
  readonly child: ChildProcess;
  readonly output: Readable;
  readonly times: Readable;
  /** Kills every process of the run at once. */
  kill(): void;
}

/** How it ended; `error`: it could not be started. */
export interface Ending extends Omit<SandboxResult, "exitCode"> {
  readonly code: number | null;
  readonly error?: Error;
}

/**
 * Waits for a command, hands its output to `log` (at most `outputBytes`, then it is killed) and holds the time limit and
 * the caller's stop. Settles only when the process is gone and its pipes are closed; rejects with what `log` threw.
 */
export function supervise(
  run: Supervised,
  limits: SandboxLimits,
  log: (chunk: Uint8Array) => void,
  stop: AbortSignal,
): Promise<Ending> {
  const started = performance.now();
  let stoppedBy: SandboxResult["stoppedBy"] | undefined;
  let logBytes = 0;
  let times = "";
  let broken: { readonly error: unknown } | undefined;
  const halt = (reason: SandboxResult["stoppedBy"]): void => {
    stoppedBy ??= reason;
    run.kill();
  };
  const timer = setTimeout(() => halt("time"), Math.min(limits.timeSeconds * 1000, 2 ** 31 - 1));
  const interrupt = (): void => halt("interrupt");
  stop.addEventListener("abort", interrupt, { once: true });
  if (stop.aborted) interrupt();
  run.output.on("data", (chunk: Buffer) => {
    if (broken !== undefined || logBytes >= limits.outputBytes) return;
    const part = chunk.subarray(0, limits.outputBytes - logBytes);
    logBytes += part.length;
    try {
      log(part);
    } catch (error) {
      // A full disk, say. What is thrown in a listener would end the program with everything left behind.
      broken ??= { error };
      halt("output");
      return;
    }
    if (part.length < chunk.length || logBytes >= limits.outputBytes) halt("output");
  });
  run.times.on("data", (chunk: Buffer) => {
    if (times.length < 4096) times += chunk.toString("latin1");
  });
  // A reset of a pipe by the killed side is an end like any other.
  for (const stream of [run.output, run.times]) stream.on("error", () => undefined);
  return new Promise((resolve, reject) => {
    let error: Error | undefined;
    run.child.on("error", (failure) => {
      error = failure;
      if (run.child.pid === undefined) settle(null, null);
      run.output.destroy();
    });
    // What the command left behind dies with it, and with it the last writer of the pipes.
    run.child.on("exit", () => run.kill());
    // The output is a pipe of our own, which "close" of the child does not wait for.
    run.child.on("close", (code, signal) => {
      if (run.output.closed) settle(code, signal);
      else run.output.once("close", () => settle(code, signal));
    });
    function settle(code: number | null, signal: string | null): void {
      clearTimeout(timer);
      stop.removeEventListener("abort", interrupt);
      if (broken !== undefined) {
        reject(broken.error as Error);
        return;
      }
      resolve({
        code,
        stoppedBy: stoppedBy ?? (signal === null ? "exit" : "signal"),
        logBytes,
        cpuSeconds: parseTimes(times),
        wallSeconds: (performance.now() - started) / 1000,
        ...(error === undefined ? {} : { error }),
      });
    }
  });
}

import { checkpoint } from "../../station/stop.ts";

/**
 * Runs work that an interrupt (Ctrl-C, SIGTERM, hang-up) stops: the work's signal is aborted and it cleans up before the
 * program ends. A terminal interrupts the programs that we run as well, whose end is then the first that we hear of it:
 * whatever the work fails with after an interrupt is `WB-INTERRUPTED`.
 */
export async function interruptible<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    await checkpoint(controller.signal);
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

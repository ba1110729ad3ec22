import { setImmediate as turn } from "node:timers/promises";
import { Fault } from "../model/fault.ts";

/** `WB-INTERRUPTED`: the user stopped the work. `where`: the command that was running. */
export function interrupted(where?: string): Fault {
  return new Fault({
    code: "WB-INTERRUPTED",
    kind: "unchecked",
    what: "stopped as asked",
    ...(where === undefined ? {} : { where }),
  });
}

/**
 * Stops here where the user asked for it: work that does not wait for anything would not hear of a signal before its end.
 * Two turns of the event loop, for the first may be one that had already looked. Throws `WB-INTERRUPTED`.
 */
export async function checkpoint(stop: AbortSignal): Promise<void> {
  await turn();
  await turn();
  if (stop.aborted) throw interrupted();
}

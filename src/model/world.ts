import type { Timestamp } from "./digest.ts";

/** The time, by argument, so that nothing else reads the machine's clock. */
export type Clock = () => Timestamp;

/** The network, by argument. The standard `fetch`, or a refusal where `--offline` holds. */
export type Fetch = (
  url: string,
  init?: { method?: string; headers?: Record<string, string>; body?: Uint8Array; signal?: AbortSignal },
) => Promise<Response>;

/** Where a long step says how far it is; the command shell decides how it looks. */
export type Progress = (step: string, detail?: string) => void;

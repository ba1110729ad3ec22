import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { cleanText } from "../../artifact/clean-text.ts";

/** The log of a build: a file, and its last lines for messages. */
export interface BuildLog {
  readonly path: string;
  write(chunk: Uint8Array): void;
  /** The last lines that say something, cleaned. */
  tail(): string;
  /** May be called again. */
  close(): void;
}

const TAIL_BYTES = 4096;

/** Opens a new log file. Throws as the file system does. */
export function openLog(path: string): BuildLog {
  const file = openSync(path, "w", 0o600);
  let open = true;
  let last: Buffer = Buffer.alloc(0);
  return {
    path,
    write: (chunk) => {
      for (let at = 0; at < chunk.length;) at += writeSync(file, chunk, at);
      last = Buffer.concat([last, chunk]).subarray(-TAIL_BYTES);
    },
    tail: () => {
      const lines = new StringDecoder("utf8").write(last).split("\n");
      const telling = lines.map((line) => cleanText(line.trim(), 160)).filter((line) => line !== "");
      return telling.slice(-4).join(" | ");
    },
    close: () => {
      if (open) closeSync(file);
      open = false;
    },
  };
}

const NUMBER = String.raw`\d{1,12}(?:\.\d{1,12})?`;
const UNIT = "(?:ms|milliseconds?|s|secs?|seconds?|m|min|minutes?)";
/** Not the `32m` of a colour. */
const NOT_AFTER = String.raw`(?<![\w.]|\u001b\[[\d;]{0,20})`;
const DURATION = new RegExp(String.raw`${NOT_AFTER}${NUMBER} ?${UNIT}\b(?: ${NUMBER} ?${UNIT}\b)*`, "g");

/**
 * Replaces the durations in a finished log (`added 3 packages in 845ms`), the one thing that a tool prints anew in each
 * run, so that the same build has the same log, and with it the same provenance. Other bytes stay as they are.
 */
export function settleLog(path: string): void {
  const text = readFileSync(path, "latin1");
  const settled = text.replaceAll(DURATION, "(duration)");
  if (settled !== text) writeFileSync(path, settled, "latin1");
}

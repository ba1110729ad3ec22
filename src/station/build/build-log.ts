import { closeSync, openSync, writeSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { cleanText } from "../../artifact/clean-text.ts";

/** The log of a build: a file, and its last lines for messages. */
export interface BuildLog {
  readonly path: string;
  write(chunk: Uint8Array): void;
  /** The last lines that say something, cleaned. */
  tail(): string;
  close(): void;
}

const TAIL_BYTES = 4096;

/** Opens a new log file. Throws as the file system does. */
export function openLog(path: string): BuildLog {
  const file = openSync(path, "w", 0o600);
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
    close: () => closeSync(file),
  };
}

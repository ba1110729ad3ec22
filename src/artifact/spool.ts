import { randomBytes } from "node:crypto";
import { closeSync, ftruncateSync, mkdirSync, openSync, rmdirSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SizeBytes } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import { type Content, memoryContent, readAt } from "./content.ts";
import { systemCode } from "./source-fault.ts";

/** So much is kept in memory before there is a file: enough for most packages. */
const MEMORY_BYTES = 16 << 20;
const ZEROS = Buffer.alloc(1 << 20);

/**
 * Where decompressed archives lie, so that their entries can be read in any order while memory does not grow with them.
 * Decompressing once and keeping everything was chosen over keeping what is asked for (it is known only after a look at
 * the first bytes of each program) and over decompressing twice (inflating is what takes the time; writing to the page
 * cache is a tenth of it and goes on beside it).
 *
 * The file is in a private folder (0700) of the system's temporary folder (`TMPDIR`), and has lost its name before the first
 * byte is written: whatever ends the program, nothing stays behind, and nobody else can open it. Zeros become holes.
 */
export class Spool {
  readonly #opened: DisposableStack;
  #held: SizeBytes = 0;
  #file: number | undefined;
  #end: SizeBytes = 0;

  /** The file is closed with `opened`. */
  constructor(opened: DisposableStack) {
    this.#opened = opened;
  }

  /** Begins one piece of content; one at a time. */
  piece(where: string): SpoolPiece {
    const parts: Buffer[] = [];
    let start: SizeBytes | undefined;
    let sizeBytes = 0;
    const put = (bytes: Buffer): void => {
      this.#write(bytes);
      this.#end += bytes.length;
    };
    return {
      write: (bytes) => {
        sizeBytes += bytes.length;
        if (start === undefined && this.#held + bytes.length <= MEMORY_BYTES) {
          this.#held += bytes.length;
          parts.push(Buffer.from(bytes));
          return;
        }
        if (start === undefined) {
          start = this.#end;
          for (const part of parts.splice(0)) {
            put(part);
            this.#held -= part.length;
          }
        }
        put(bytes);
      },
      done: () => {
        if (start === undefined) {
          return memoryContent(Buffer.concat(parts.splice(0)));
        }
        const [file, from, end] = [this.#open(), start, this.#end];
        // A hole at the end is not there until the file has its length.
        ftruncateSync(file, this.#end);
        return {
          sizeBytes,
          read: (offset, length) => readAt(file, where, from + offset, Math.min(length, sizeBytes - offset), end),
        };
      },
    };
  }

  #write(bytes: Buffer): void {
    if (isZero(bytes)) return;
    const file = this.#open();
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, this.#end + at);
    } catch (error) {
      throw temporaryFault(error);
    }
  }

  #open(): number {
    if (this.#file !== undefined) return this.#file;
    const folder = join(tmpdir(), `waybill-${randomBytes(8).toString("hex")}`);
    try {
      mkdirSync(folder, { mode: 0o700 });
      const path = join(folder, "unpacked");
      try {
        const file = openSync(path, "wx+", 0o600);
        this.#opened.defer(() => closeSync(file));
        this.#file = file;
        unlinkSync(path);
        return file;
      } finally {
        rmdirSync(folder);
      }
    } catch (error) {
      throw temporaryFault(error);
    }
  }
}

/** Content that is being written. */
export interface SpoolPiece {
  /** The bytes may be overwritten afterwards. */
  write(bytes: Buffer): void;
  done(): Content;
}

function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const part = bytes.subarray(at, at + ZEROS.length);
    if (!part.equals(ZEROS.subarray(0, part.length))) return false;
  }
  return true;
}

function temporaryFault(error: unknown): Fault {
  const code = systemCode(error) ?? "an unknown error";
  const full = code === "ENOSPC" || code === "EDQUOT";
  return new Fault({
    code: "WB-SOURCE-TEMPORARY",
    kind: "unchecked",
    what: full ? "the temporary folder is full: the archive cannot be unpacked" : "the temporary folder cannot be used",
    where: tmpdir(),
    found: code,
    fix: "set TMPDIR to a folder with room for the unpacked archive",
  });
}

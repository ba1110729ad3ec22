import { createHash, hash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import type { DigestHex, SizeBytes } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import { cleanText } from "./clean-text.ts";
import { sourceFault } from "./source-fault.ts";

/** Files up to here are hashed in one piece; a larger piece leaves the cache of the processor, and costs a quarter more. Measured. */
const ONE_PIECE_BYTES = 1 << 18;

/**
 * The content of a regular file. A symlink at `path` is refused unless `follow`, as are pipes and devices, without
 * waiting for them. `where` names it in messages. Throws `WB-SOURCE-TOO-LARGE` past `limit` bytes, `WB-SOURCE-MISSING`,
 * `WB-SOURCE-UNREADABLE`, `WB-SOURCE-KIND`.
 */
export function readRegular(path: string, where: string, limit: SizeBytes, follow = false): Buffer {
  return withRegular(path, where, follow, (file, size) => {
    if (size > limit) throw tooLarge(where, size, limit);
    // One byte more than its size: a file that grows meanwhile is noticed, not cut.
    const content = Buffer.allocUnsafeSlow(size + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < content.length; length += read) {
      read = readSync(file, content, length, content.length - length, null);
    }
    if (length > size) throw changed(where);
    return content.subarray(0, length);
  });
}

/**
 * The content of a regular file that has this SHA-512 (hex); undefined where there is none such at `path`, whatever the reason:
 * for caches, which may hold anything.
 */
export function readVerified(path: string, sha512: DigestHex, limit: SizeBytes): Buffer | undefined {
  try {
    const content = readRegular(path, path, limit);
    return hash("sha512", content, "hex") === sha512 ? content : undefined;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** SHA-256 of a regular file in constant memory; refuses what `readRegular` refuses. */
export function sha256Regular(path: string, where: string, follow = false): DigestHex {
  return withRegular(path, where, follow, (file, size) => {
    const chunk = Buffer.allocUnsafe(Math.min(size + 1, ONE_PIECE_BYTES));
    let read = readSync(file, chunk);
    if (read < chunk.length) {
      // Mostly the whole file at once; a short read of a long one is finished by the loop below.
      if (read === size) return hash("sha256", chunk.subarray(0, read), "hex");
    }
    const digest = createHash("sha256");
    for (; read > 0; read = readSync(file, chunk)) digest.update(chunk.subarray(0, read));
    return digest.digest("hex");
  });
}

/** At most `length` bytes of a regular file from `offset` on; refuses what `readRegular` refuses. */
export function readRange(path: string, where: string, offset: SizeBytes, length: SizeBytes, follow = false): Buffer {
  return withRegular(path, where, follow, (file, size) => {
    // Not cleared: what was not filled is cut off.
    const content = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)));
    let filled = 0;
    for (let read = -1; read !== 0 && filled < content.length; filled += read) {
      read = readSync(file, content, filled, content.length - filled, offset + filled);
    }
    return content.subarray(0, filled);
  });
}

/** `WB-SOURCE-TOO-LARGE` for content over its limit. */
export function tooLarge(where: string, size: SizeBytes, limit: SizeBytes): Fault {
  return new Fault({
    code: "WB-SOURCE-TOO-LARGE",
    kind: "unchecked",
    what: "a file is too large to be read",
    where: cleanText(where, 300),
    expected: `at most ${limit} bytes`,
    found: `${size} bytes`,
    fix: "leave it out of the source",
  });
}

function withRegular<T>(path: string, where: string, follow: boolean, read: (file: number, size: number) => T): T {
  let file: number | undefined;
  try {
    // Non-blocking: opening a pipe that came between must not wait for a writer.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (follow ? 0 : constants.O_NOFOLLOW));
    const status = fstatSync(file);
    if (!status.isFile()) throw notRegular(where);
    return read(file, status.size);
  } catch (error) {
    throw sourceFault(error, where);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

export function notRegular(where: string): Fault {
  return new Fault({
    code: "WB-SOURCE-KIND",
    kind: "input",
    what: "this is no regular file",
    where: cleanText(where, 300),
    expected: "a file",
    found: "a folder, pipe, socket or device",
    fix: "name a file or a folder",
  });
}

function changed(where: string): Fault {
  return new Fault({
    code: "WB-SOURCE-UNREADABLE",
    kind: "unchecked",
    what: "a file changed while it was read",
    where: cleanText(where, 300),
    fix: "wait for what writes it, then run again",
  });
}

import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import type { DigestHex, SizeBytes } from "../model/digest.ts";
import { notRegular } from "./read-file.ts";
import { sourceFault } from "./source-fault.ts";

const CHUNK_BYTES = 1 << 18;

/** Bytes that can be read from any place on, without holding them in memory. */
export interface Content {
  readonly sizeBytes: SizeBytes;
  /** What it takes where it lies, if that is less: content that is inflated when it is read. */
  readonly packedBytes?: SizeBytes;
  /** The bytes from `offset` on; fewer than `length` only at the end. Not to be written to. */
  read(offset: SizeBytes, length: SizeBytes): Buffer;
}

export function memoryContent(bytes: Uint8Array): Content {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { sizeBytes: buffer.length, read: (offset, length) => buffer.subarray(offset, offset + length) };
}

/**
 * A regular file, held open until `opened` is disposed. A symlink at `path` is followed: the user named it. Throws
 * `WB-SOURCE-MISSING`, `WB-SOURCE-UNREADABLE`, `WB-SOURCE-KIND`.
 */
export function fileContent(path: string, where: string, opened: DisposableStack): Content {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    opened.defer(() => closeSync(file));
    const status = fstatSync(file);
    if (!status.isFile()) throw notRegular(where);
    return { sizeBytes: status.size, read: (offset, length) => readAt(file, where, offset, length, status.size) };
  } catch (error) {
    throw sourceFault(error, where);
  }
}

/** Reads from an open file; `end` is where it ends. */
export function readAt(file: number, where: string, offset: SizeBytes, length: SizeBytes, end: SizeBytes): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, end - offset)));
  let filled = 0;
  try {
    for (let read = -1; read !== 0 && filled < bytes.length; filled += read) {
      read = readSync(file, bytes, filled, bytes.length - filled, offset + filled);
    }
  } catch (error) {
    throw sourceFault(error, where);
  }
  return bytes.subarray(0, filled);
}

/** A part of other content; what lies past its end is cut off. */
export function sliceOf(content: Content, offset: SizeBytes, length: SizeBytes): Content {
  const sizeBytes = Math.max(0, Math.min(length, content.sizeBytes - offset));
  return {
    sizeBytes,
    read: (from, wanted) => content.read(offset + from, Math.max(0, Math.min(wanted, sizeBytes - from))),
  };
}

/** The whole, in chunks that stay in the cache of the processor. */
export function* chunksOf(content: Content): Generator<Buffer> {
  for (let at = 0; at < content.sizeBytes;) {
    const chunk = content.read(at, CHUNK_BYTES);
    // A file that was cut short meanwhile.
    if (chunk.length === 0) return;
    yield chunk;
    at += chunk.length;
  }
}

/** SHA-256 in constant memory. */
export function sha256Of(content: Content): DigestHex {
  const digest = createHash("sha256");
  for (const chunk of chunksOf(content)) digest.update(chunk);
  return digest.digest("hex");
}

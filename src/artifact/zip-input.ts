import { fstatSync, readSync } from "node:fs";
import type { SizeBytes } from "../model/digest.ts";
import type { Content } from "./content.ts";

/** The bytes of an archive, in memory or in a file. */
export interface ZipInput {
  readonly sizeBytes: SizeBytes;
  /** `length` bytes from `from` on, which lie inside; the caller does not change them. */
  read(from: number, length: number): Buffer;
}

/** So much is read ahead where entries are read in their order: small entries then cost no call each. */
const WINDOW_BYTES = 1 << 20;

export function inputInMemory(bytes: Uint8Array): ZipInput {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { sizeBytes: buffer.length, read: (from, length) => buffer.subarray(from, from + length) };
}

/** An open file, which the caller closes. Throws the system's errors, and `RangeError` where it became shorter. */
export function inputInFile(file: number): ZipInput {
  return windowed(fstatSync(file).size, (from, length) => readAt(file, from, length));
}

/** Content that lies anywhere. Throws what its `read` throws, and `RangeError` where it became shorter. */
export function inputInContent(content: Content): ZipInput {
  return windowed(content.sizeBytes, (from, length) => {
    const bytes = content.read(from, length);
    if (bytes.length < length) throw shorter();
    return bytes;
  });
}

function windowed(sizeBytes: SizeBytes, readAll: ZipInput["read"]): ZipInput {
  let window: Buffer = Buffer.alloc(0);
  let start = 0;
  const read = (from: number, length: number): Buffer => {
    const at = from - start;
    if (at >= 0 && at + length <= window.length) return window.subarray(at, at + length);
    // Only what goes on where the last read ended is read ahead: jumping about costs what it asks for, no more.
    const ahead = at >= 0 && at <= window.length;
    window = readAll(from, ahead ? Math.max(length, Math.min(WINDOW_BYTES, sizeBytes - from)) : length);
    start = from;
    return window.subarray(0, length);
  };
  return { sizeBytes, read };
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let at = 0; at < length;) {
    const read = readSync(file, bytes, at, length - at, position + at);
    if (read === 0) throw shorter();
    at += read;
  }
  return bytes;
}

const shorter = (): RangeError => new RangeError("the archive became shorter while it was read");

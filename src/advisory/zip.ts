import { fstatSync, readSync } from "node:fs";
import { crc32, inflateRawSync } from "node:zlib";
import type { SizeBytes } from "../model/digest.ts";

/** Bounds of one archive. The public bucket's largest holds some 250,000 records and 1 GB of text. */
export interface ZipLimits {
  readonly entries: number;
  readonly entryBytes: SizeBytes;
  readonly totalBytes: SizeBytes;
}

export const ZIP_LIMITS: ZipLimits = { entries: 4_000_000, entryBytes: 16 << 20, totalBytes: 4 * 1024 ** 3 };

/** A file of the archive; `problem` says why it could not be read. */
export type ZipEntry =
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly problem: string };

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const MAX_DIRECTORY_BYTES = 512 << 20;

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  while (at < length) {
    const read = readSync(file, bytes, at, length - at, position + at);
    if (read === 0) throw new RangeError("the archive ends too early");
    at += read;
  }
  return bytes;
}

interface Directory {
  readonly entries: number;
  readonly bytes: number;
  readonly offset: number;
}

/** APPNOTE.TXT 6.3, section 4.3.14 and 4.3.16: the record at the end, with its 64-bit form where the counts need it. */
function readDirectory(file: number, sizeBytes: number): Directory {
  const length = Math.min(sizeBytes, END_BYTES + 0xffff);
  const start = sizeBytes - length;
  const tail = readAt(file, start, length);
  let at = length - END_BYTES;
  while (at >= 0 && !(tail.readUInt32LE(at) === END && at + END_BYTES + tail.readUInt16LE(at + 20) === length)) at -= 1;
  if (at < 0) throw new RangeError("it is no zip archive");
  if (at >= 20 && tail.readUInt32LE(at - 20) === LOCATOR64) {
    const end = readAt(file, Number(tail.readBigUInt64LE(at - 12)), 56);
    if (end.readUInt32LE(0) !== END64) throw new RangeError("its 64-bit directory is broken");
    const field = (offset: number): number => Number(end.readBigUInt64LE(offset));
    return { entries: field(32), bytes: field(40), offset: field(48) };
  }
  return { entries: tail.readUInt16LE(at + 10), bytes: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) };
}

interface Header {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

function* readHeaders(directory: Buffer, count: number): Generator<Header> {
  let at = 0;
  for (let seen = 0; seen < count; seen += 1) {
    if (directory.readUInt32LE(at) !== CENTRAL) throw new RangeError("its directory is broken");
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    yield {
      name: directory.toString("utf8", at + 46, nameEnd),
      flags: directory.readUInt16LE(at + 8),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    };
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
}

function readEntry(file: number, header: Header, limit: number): ZipEntry {
  const { name } = header;
  if ((header.flags & 1) !== 0) return { name, problem: "it is encrypted" };
  if (header.method !== 0 && header.method !== 8) return { name, problem: `compression method ${header.method}` };
  if (header.size > limit || header.packed > limit) return { name, problem: `it is larger than ${limit} bytes` };
  try {
    const local = readAt(file, header.offset, 30);
    if (local.readUInt32LE(0) !== LOCAL) return { name, problem: "its header is broken" };
    const start = header.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
    const packed = readAt(file, start, header.packed);
    // One byte more than stated is enough to notice a lie about the size; nothing larger is ever made.
    const bytes = header.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(header.size, 1) });
    if (bytes.length !== header.size || crc32(bytes) !== header.crc) return { name, problem: "its checksum differs" };
    return { name, bytes };
  } catch {
    return { name, problem: "it cannot be unpacked" };
  }
}

/**
 * The files of a zip archive (APPNOTE.TXT 6.3) in the order of its directory, one in memory at a time; folders are left
 * out. Nothing is written, so a name is only a name: whoever uses it as a path must judge it. Throws `RangeError` with a
 * text for people where it is no archive or passes a limit.
 */
export function* readZip(file: number, limits: ZipLimits = ZIP_LIMITS): Generator<ZipEntry> {
  const sizeBytes = fstatSync(file).size;
  const directory = readDirectory(file, sizeBytes);
  if (directory.entries > limits.entries) throw new RangeError(`it has more than ${limits.entries} entries`);
  if (directory.bytes > Math.min(sizeBytes, MAX_DIRECTORY_BYTES)) throw new RangeError("its directory is too large");
  let total = 0;
  for (const header of readHeaders(readAt(file, directory.offset, directory.bytes), directory.entries)) {
    if (header.name.endsWith("/")) continue;
    // Counted before it is unpacked: many entries may share the same packed bytes.
    total += header.size;
    if (total > limits.totalBytes) throw new RangeError(`it unpacks to more than ${limits.totalBytes} bytes`);
    yield readEntry(file, header, limits.entryBytes);
  }
}

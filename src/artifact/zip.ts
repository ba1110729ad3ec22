import { crc32 } from "node:zlib";
import type { SizeBytes } from "../model/digest.ts";
import { archiveFault } from "./archive-fault.ts";
import { inflate } from "./gzip.ts";

/** One entry of a zip file, as its central directory and its local header say alike. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes 4 to 8 of the central header: version made by, version needed. */
  readonly madeBy: number;
  readonly versionNeeded: number;
  readonly flags: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  /** MS-DOS time and date, each 16 bits. */
  readonly dosTime: number;
  readonly dosDate: number;
  readonly crc: number;
  readonly sizeBytes: SizeBytes;
  readonly internalAttributes: number;
  readonly externalAttributes: number;
  /** Extra fields of the central and of the local header, raw. */
  readonly extra: Uint8Array;
  readonly localExtra: Uint8Array;
  readonly comment: Uint8Array;
  readonly localOffset: number;
  readonly compressed: Uint8Array;
}

export interface Zip {
  /** In the order of the central directory. */
  readonly entries: readonly ZipEntry[];
  readonly comment: Uint8Array;
  /** Bytes that belong to no entry and no directory, joined. */
  readonly gaps: Uint8Array;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DESCRIPTOR = 0x08074b50;
const HAS_DESCRIPTOR = 8;
const ENCRYPTED = 0x41;

export function isZip(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 22 && [0x50, 0x4b].every((byte, at) => bytes[at] === byte) && (bytes[2] === 3 || bytes[2] === 5)
  );
}

/**
 * Reads the structure of a zip file in memory (PKWARE APPNOTE 6.3, without zip64, encryption and several disks). Local and
 * central headers must agree, and entries must not overlap: readers differ in which they believe. `limit` bounds the
 * entries. Throws `WB-ARCHIVE-CORRUPT`, `WB-ARCHIVE-KIND`, `WB-ARCHIVE-TOO-LARGE`.
 */
export function readZip(bytes: Uint8Array, where: string, limit: number): Zip {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(buffer, where);
  const count = buffer.readUInt16LE(end + 10);
  const size = buffer.readUInt32LE(end + 12);
  const start = buffer.readUInt32LE(end + 16);
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff || buffer.readUInt32LE(end + 4) !== 0) {
    throw archiveFault("WB-ARCHIVE-KIND", "zip64 and zip files of several parts are not read", where);
  }
  if (count > limit) throw archiveFault("WB-ARCHIVE-TOO-LARGE", `the archive has more than ${limit} entries`, where);
  if (start + size > end) throw corrupt(where, "a central directory that lies outside");
  const entries: ZipEntry[] = [];
  const used: [number, number][] = [[start, start + size]];
  let at = start;
  for (let index = 0; index < count; index += 1) {
    const [entry, next, region] = readEntry(buffer, at, start, where);
    entries.push(entry);
    used.push(region);
    at = next;
  }
  if (at !== start + size || buffer.readUInt16LE(end + 8) !== count) {
    throw corrupt(where, "a central directory of another length than it says");
  }
  return { entries, comment: buffer.subarray(end + 22), gaps: gapsOf(buffer, used, end, where) };
}

/** The content of an entry, at most `limit` bytes, checksum checked. */
export function zipContent(entry: ZipEntry, where: string, limit: SizeBytes): Uint8Array {
  const label = `${where}!/${entry.name}`;
  if (entry.method !== 0 && entry.method !== 8) {
    throw archiveFault("WB-ARCHIVE-KIND", "a compression that is not read", where, entry.name, `${entry.method}`);
  }
  if (entry.sizeBytes > limit) {
    throw archiveFault("WB-ARCHIVE-TOO-LARGE", `an entry has more than ${limit} bytes`, where, entry.name);
  }
  const [content, consumed] =
    entry.method === 0
      ? ([entry.compressed, entry.compressed.length] as const)
      : inflate(entry.compressed, label, entry.sizeBytes);
  if (consumed !== entry.compressed.length) throw corrupt(label, "data after the compressed content");
  if (content.length !== entry.sizeBytes || crc32(content) !== entry.crc) throw corrupt(label, "a wrong checksum");
  return content;
}

function findEnd(buffer: Buffer, where: string): number {
  for (let at = buffer.length - 22; at >= Math.max(0, buffer.length - 22 - 0xffff); at -= 1) {
    // The comment must reach exactly to the end: nothing may follow it.
    if (buffer.readUInt32LE(at) === END && at + 22 + buffer.readUInt16LE(at + 20) === buffer.length) return at;
  }
  throw corrupt(where, "no end of the central directory, or data after it");
}

function readEntry(buffer: Buffer, at: number, directory: number, where: string): [ZipEntry, number, [number, number]] {
  if (at + 46 > buffer.length || buffer.readUInt32LE(at) !== CENTRAL) throw corrupt(where, "a damaged central header");
  const nameEnd = at + 46 + buffer.readUInt16LE(at + 28);
  const extraEnd = nameEnd + buffer.readUInt16LE(at + 30);
  const next = extraEnd + buffer.readUInt16LE(at + 32);
  if (next > buffer.length) throw corrupt(where, "a central header that is cut off");
  const compressedSize = buffer.readUInt32LE(at + 20);
  const localOffset = buffer.readUInt32LE(at + 42);
  const flags = buffer.readUInt16LE(at + 8);
  if ((flags & ENCRYPTED) !== 0) throw archiveFault("WB-ARCHIVE-KIND", "an encrypted entry", where);
  const [from, localExtra] = readLocal(buffer, at, localOffset, where);
  const to = from + compressedSize;
  const regionEnd = (flags & HAS_DESCRIPTOR) === 0 ? to : descriptorEnd(buffer, at, to, where);
  if (regionEnd > directory) throw corrupt(where, "an entry that reaches into the central directory");
  const entry: ZipEntry = {
    name: buffer.toString("utf8", at + 46, nameEnd),
    madeBy: buffer.readUInt16LE(at + 4),
    versionNeeded: buffer.readUInt16LE(at + 6),
    flags,
    method: buffer.readUInt16LE(at + 10),
    dosTime: buffer.readUInt16LE(at + 12),
    dosDate: buffer.readUInt16LE(at + 14),
    crc: buffer.readUInt32LE(at + 16),
    sizeBytes: buffer.readUInt32LE(at + 24),
    internalAttributes: buffer.readUInt16LE(at + 36),
    externalAttributes: buffer.readUInt32LE(at + 38),
    extra: buffer.subarray(nameEnd, extraEnd),
    localExtra,
    comment: buffer.subarray(extraEnd, next),
    localOffset,
    compressed: buffer.subarray(from, to),
  };
  return [entry, next, [localOffset, regionEnd]];
}

/** Checks the local header at `local` against the central one at `central`; gives where its data begins and its extra. */
function readLocal(buffer: Buffer, central: number, local: number, where: string): [number, Buffer] {
  if (local + 30 > buffer.length || buffer.readUInt32LE(local) !== LOCAL)
    throw corrupt(where, "a damaged local header");
  const nameLength = buffer.readUInt16LE(local + 26);
  const from = local + 30 + nameLength + buffer.readUInt16LE(local + 28);
  if (from > buffer.length) throw corrupt(where, "a local header that is cut off");
  const name = buffer.subarray(local + 30, local + 30 + nameLength);
  const centralName = buffer.subarray(central + 46, central + 46 + buffer.readUInt16LE(central + 28));
  // Version, flags, method, time, date stand in one row in both headers; then checksum and sizes.
  const same = (length: number, skip: number): boolean =>
    buffer
      .subarray(local + 4 + skip, local + 4 + length)
      .equals(buffer.subarray(central + 6 + skip, central + 6 + length));
  const later = (buffer.readUInt16LE(central + 8) & HAS_DESCRIPTOR) !== 0;
  const blank = buffer.subarray(local + 14, local + 26).every((byte) => byte === 0);
  if (!name.equals(centralName) || !same(10, 0) || !(same(22, 10) || (later && blank))) {
    throw corrupt(where, "a local header that differs from the central one");
  }
  return [from, buffer.subarray(local + 30 + nameLength, from)];
}

/** The data descriptor repeats checksum and sizes, with or without its own signature. */
function descriptorEnd(buffer: Buffer, central: number, at: number, where: string): number {
  const expected = buffer.subarray(central + 16, central + 28);
  const signed = at + 16 <= buffer.length && buffer.readUInt32LE(at) === DESCRIPTOR;
  const from = signed ? at + 4 : at;
  if (!buffer.subarray(from, from + 12).equals(expected)) throw corrupt(where, "a wrong data descriptor");
  return from + 12;
}

function gapsOf(buffer: Buffer, used: readonly [number, number][], end: number, where: string): Buffer {
  const gaps: Buffer[] = [];
  let at = 0;
  for (const [from, to] of used.toSorted(([a], [b]) => a - b)) {
    if (from < at) throw corrupt(where, "entries that overlap");
    gaps.push(buffer.subarray(at, from));
    at = to;
  }
  return Buffer.concat([...gaps, buffer.subarray(at, end)]);
}

function corrupt(where: string, found: string): Error {
  return archiveFault("WB-ARCHIVE-CORRUPT", "the zip file is damaged", where, undefined, found);
}

import { archiveFault } from "./archive-fault.ts";
import type { ZipInput } from "./zip-input.ts";

/** One entry as the central directory tells it. */
export interface ZipHeader {
  readonly name: string;
  readonly rawName: Uint8Array;
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
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  readonly internalAttributes: number;
  readonly externalAttributes: number;
  /** Extra fields of the central header, raw. */
  readonly extra: Uint8Array;
  readonly comment: Uint8Array;
  readonly localOffset: number;
}

/** From the first byte to the one behind the last. */
export type Region = readonly [from: number, to: number];

export interface ZipDirectory {
  readonly comment: Uint8Array;
  /** Where the directory begins: entries lie before it. */
  readonly start: number;
  /** The directory and the records at the end. */
  readonly regions: readonly Region[];
  /** The entries in the order of the directory, made one by one. */
  headers(): Iterable<ZipHeader>;
  /** Where the next entry or the directory begins: the bytes of the entry at this offset end before. */
  boundOf(localOffset: number): number;
}

const CENTRAL = 0x02014b50;
const END_SIGNATURE = Buffer.from("PK\x05\x06", "latin1");
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const END_BYTES = 22;
const END64_BYTES = 56;
const LOCATOR64_BYTES = 20;
const CENTRAL_BYTES = 46;
const ZIP64_FIELD = 1;
/** What a field holds whose value is in the 64-bit form. */
const FULL = 0xffffffff;
const MAX_DIRECTORY_BYTES = 256 << 20;

export function corrupt(where: string, found: string, entry?: string): Error {
  return archiveFault("WB-ARCHIVE-CORRUPT", "the zip file is damaged", where, entry, found);
}

interface End {
  readonly count: number;
  readonly size: number;
  readonly start: number;
  readonly comment: Uint8Array;
  readonly regions: readonly Region[];
}

/**
 * Reads the end and the central directory of a zip file (PKWARE APPNOTE 6.3, sections 4.3.12 to 4.3.16, with zip64). Exactly one
 * end may fit, the directory must be as long as it says and no two entries may begin at one place: readers differ in what they
 * make of such files. `limit` bounds the entries. Throws `WB-ARCHIVE-CORRUPT`, `WB-ARCHIVE-KIND`, `WB-ARCHIVE-TOO-LARGE`.
 */
export function readDirectory(input: ZipInput, where: string, limit: number): ZipDirectory {
  const { count, size, start, comment, regions } = readEnd(input, where);
  if (count > limit) throw archiveFault("WB-ARCHIVE-TOO-LARGE", `the archive has more than ${limit} entries`, where);
  if (start + size > (regions[0]?.[0] ?? 0)) throw corrupt(where, "a central directory that lies outside");
  if (size > MAX_DIRECTORY_BYTES) throw archiveFault("WB-ARCHIVE-TOO-LARGE", "its directory is too large", where);
  if (count * CENTRAL_BYTES > size) throw corrupt(where, "a central directory of another length than it says");
  const directory = input.read(start, size);
  const offsets = new Float64Array(count);
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + CENTRAL_BYTES > size || directory.readUInt32LE(at) !== CENTRAL)
      throw corrupt(where, "a damaged central header");
    const next = endOfHeader(directory, at);
    if (next > size) throw corrupt(where, "a central header that is cut off");
    offsets[index] = wideFields(directory, at, where).localOffset;
    at = next;
  }
  if (at !== size) throw corrupt(where, "a central directory of another length than it says");
  offsets.sort();
  for (let index = 1; index < count; index += 1) {
    if (offsets[index] === offsets[index - 1]) throw corrupt(where, "entries that overlap");
  }
  return {
    comment,
    start,
    regions: [[start, start + size], ...regions],
    *headers() {
      for (let next = 0; next < size; next = endOfHeader(directory, next)) yield headerAt(directory, next, where);
    },
    boundOf: (localOffset) => Math.min(boundAfter(offsets, localOffset) ?? start, start),
  };
}

/** The first of the sorted offsets behind this one. */
function boundAfter(offsets: Float64Array, localOffset: number): number | undefined {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) <= localOffset) low = middle + 1;
    else high = middle;
  }
  return offsets[low];
}

function readEnd(input: ZipInput, where: string): End {
  const length = Math.min(input.sizeBytes, END_BYTES + 0xffff);
  const base = input.sizeBytes - length;
  const tail = input.read(base, length);
  const at = findEnd(tail, where);
  const short = {
    disk: tail.readUInt32LE(at + 4),
    here: tail.readUInt16LE(at + 8),
    count: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    start: tail.readUInt32LE(at + 16),
  };
  const end = base + at;
  const comment = tail.subarray(at + END_BYTES);
  const wide = readEnd64(input, end, where);
  if (wide === undefined) {
    if (short.disk !== 0) throw severalParts(where);
    if (short.here !== short.count) throw corrupt(where, "a central directory of another length than it says");
    return { ...short, comment, regions: [[end, input.sizeBytes]] };
  }
  const fits = (narrow: number, full: number, value: number): boolean => narrow === full || narrow === value;
  const agree =
    fits(short.here, 0xffff, wide.count) &&
    fits(short.count, 0xffff, wide.count) &&
    fits(short.size, FULL, wide.size) &&
    fits(short.start, FULL, wide.start);
  if (!agree || short.disk !== 0) throw corrupt(where, "an end of 64 bits that differs from the one of 32");
  // Which versions made and need it binds nobody: these four bytes count as none of the archive's own.
  const regions: Region[] = [
    [wide.from, wide.from + 12],
    [wide.from + 16, input.sizeBytes],
  ];
  return { count: wide.count, size: wide.size, start: wide.start, comment, regions };
}

/** The comment reaches exactly to the end of the file, and neither in it nor before it may lie another end that fits. */
function findEnd(tail: Buffer, where: string): number {
  let found: number | undefined;
  for (
    let at = tail.lastIndexOf(END_SIGNATURE);
    at >= 0;
    at = at === 0 ? -1 : tail.lastIndexOf(END_SIGNATURE, at - 1)
  ) {
    if (at + END_BYTES > tail.length) continue;
    if (at + END_BYTES + tail.readUInt16LE(at + 20) !== tail.length) {
      // Programs that take the last signature, whatever its comment, would read another directory.
      if (found === undefined) throw corrupt(where, "no end of the central directory, or data after it");
    } else if (found !== undefined) throw corrupt(where, "two ends of the central directory");
    else found = at;
  }
  if (found === undefined) throw corrupt(where, "no end of the central directory, or data after it");
  return found;
}

function readEnd64(
  input: ZipInput,
  end: number,
  where: string,
): (Pick<End, "count" | "size" | "start"> & { readonly from: number }) | undefined {
  const locatorAt = end - LOCATOR64_BYTES;
  if (locatorAt < END64_BYTES) return undefined;
  const locator = input.read(locatorAt, LOCATOR64_BYTES);
  if (locator.readUInt32LE(0) !== LOCATOR64) return undefined;
  const from = locatorAt - END64_BYTES;
  if (locator.readUInt32LE(4) !== 0 || locator.readUInt32LE(16) > 1) throw severalParts(where);
  const record = input.read(from, END64_BYTES);
  // Without the extensible sector, of which nobody makes use, the record has one length and stands before its locator.
  const sound =
    locator.readBigUInt64LE(8) === BigInt(from) &&
    record.readUInt32LE(0) === END64 &&
    record.readBigUInt64LE(4) === 44n;
  if (!sound) throw corrupt(where, "an end of 64 bits that is damaged");
  if (record.readBigUInt64LE(16) !== 0n) throw severalParts(where);
  const field = (at: number): number => Number(record.readBigUInt64LE(at));
  if (field(24) !== field(32)) throw corrupt(where, "a central directory of another length than it says");
  return { count: field(32), size: field(40), start: field(48), from };
}

function severalParts(where: string): Error {
  return archiveFault("WB-ARCHIVE-KIND", "zip files of several parts are not read", where);
}

function endOfHeader(directory: Buffer, at: number): number {
  return (
    at +
    CENTRAL_BYTES +
    directory.readUInt16LE(at + 28) +
    directory.readUInt16LE(at + 30) +
    directory.readUInt16LE(at + 32)
  );
}

type WideFields = Pick<ZipHeader, "sizeBytes" | "compressedBytes" | "localOffset">;

/** Sizes and offset, from the zip64 field where a field of 32 bits is full (APPNOTE 4.5.3). */
function wideFields(directory: Buffer, at: number, where: string): WideFields {
  const sizeBytes = directory.readUInt32LE(at + 24);
  const compressedBytes = directory.readUInt32LE(at + 20);
  const localOffset = directory.readUInt32LE(at + 42);
  if (directory.readUInt16LE(at + 34) !== 0) throw severalParts(where);
  if (sizeBytes !== FULL && compressedBytes !== FULL && localOffset !== FULL)
    return { sizeBytes, compressedBytes, localOffset };
  const extraAt = at + CENTRAL_BYTES + directory.readUInt16LE(at + 28);
  const field = zip64Field(directory.subarray(extraAt, extraAt + directory.readUInt16LE(at + 30)));
  let next = 0;
  const wide = (narrow: number): number => {
    if (narrow !== FULL) return narrow;
    if (field === undefined || next + 8 > field.length) throw corrupt(where, "a full size without its 64-bit form");
    const value = Number(field.readBigUInt64LE(next));
    if (!Number.isSafeInteger(value)) throw corrupt(where, "a size that no file has");
    next += 8;
    return value;
  };
  return { sizeBytes: wide(sizeBytes), compressedBytes: wide(compressedBytes), localOffset: wide(localOffset) };
}

/** The data of the zip64 field among these extra fields. */
export function zip64Field(extra: Buffer): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === ZIP64_FIELD) return end <= extra.length ? extra.subarray(at + 4, end) : undefined;
  }
  return undefined;
}

function headerAt(directory: Buffer, at: number, where: string): ZipHeader {
  const nameEnd = at + CENTRAL_BYTES + directory.readUInt16LE(at + 28);
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
  const rawName = directory.subarray(at + CENTRAL_BYTES, nameEnd);
  return {
    name: rawName.toString("utf8"),
    rawName,
    madeBy: directory.readUInt16LE(at + 4),
    versionNeeded: directory.readUInt16LE(at + 6),
    flags: directory.readUInt16LE(at + 8),
    method: directory.readUInt16LE(at + 10),
    dosTime: directory.readUInt16LE(at + 12),
    dosDate: directory.readUInt16LE(at + 14),
    crc: directory.readUInt32LE(at + 16),
    ...wideFields(directory, at, where),
    internalAttributes: directory.readUInt16LE(at + 36),
    externalAttributes: directory.readUInt32LE(at + 38),
    extra: directory.subarray(nameEnd, extraEnd),
    comment: directory.subarray(extraEnd, extraEnd + directory.readUInt16LE(at + 32)),
  };
}

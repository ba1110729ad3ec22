import { archiveFault } from "./archive-fault.ts";
import { corrupt, readEnd, type Region, severalParts } from "./zip-end.ts";
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
const CENTRAL_BYTES = 46;
const ZIP64_FIELD = 1;
/** What a field holds whose value is in the 64-bit form. */
const FULL = 0xffffffff;
const MAX_DIRECTORY_BYTES = 256 << 20;

/**
 * Reads the end and the central directory of a zip file (PKWARE APPNOTE 6.3, section 4.3.12, with zip64). The directory must be as
 * long as it says, and no two entries may begin at one place: readers differ in what they make of such files. `limit` bounds
 * the entries. Throws `WB-ARCHIVE-CORRUPT`, `WB-ARCHIVE-KIND`, `WB-ARCHIVE-TOO-LARGE`.
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

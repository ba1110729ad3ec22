import { archiveFault } from "./archive-fault.ts";
import type { ZipInput } from "./zip-input.ts";

/** From the first byte to the one behind the last. */
export type Region = readonly [from: number, to: number];

/** What the records at the end of a zip file say of its central directory. */
export interface ZipEnd {
  readonly count: number;
  /** Bytes of the directory, and where it begins. */
  readonly size: number;
  readonly start: number;
  readonly comment: Uint8Array;
  /** Where the records lie, first to last. */
  readonly regions: readonly Region[];
}

const END_SIGNATURE = Buffer.from("PK\x05\x06", "latin1");
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const END_BYTES = 22;
const END64_BYTES = 56;
const LOCATOR64_BYTES = 20;
const FULL = 0xffffffff;

/**
 * Reads the end of a zip file (PKWARE APPNOTE 6.3, sections 4.3.14 to 4.3.16), of 64 bits where there is one. Exactly one end may
 * fit. Throws `WB-ARCHIVE-CORRUPT`, `WB-ARCHIVE-KIND`.
 */
export function readEnd(input: ZipInput, where: string): ZipEnd {
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
): (Pick<ZipEnd, "count" | "size" | "start"> & { readonly from: number }) | undefined {
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

export function corrupt(where: string, found: string, entry?: string): Error {
  return archiveFault("WB-ARCHIVE-CORRUPT", "the zip file is damaged", where, entry, found);
}

export function severalParts(where: string): Error {
  return archiveFault("WB-ARCHIVE-KIND", "zip files of several parts are not read", where);
}

import { crc32 } from "node:zlib";
import type { SizeBytes } from "../model/digest.ts";
import { archiveFault } from "./archive-fault.ts";
import { inflate } from "./gzip.ts";
import { readDirectory, zip64Field, type ZipDirectory, type ZipHeader } from "./zip-directory.ts";
import { corrupt, type Region } from "./zip-end.ts";
import { inputInFile, inputInMemory, type ZipInput } from "./zip-input.ts";

/** One entry of a zip file, as its central directory and its local header say alike. */
export interface ZipEntry extends ZipHeader {
  /** Extra fields of the local header, raw. */
  readonly localExtra: Uint8Array;
  readonly compressed: Uint8Array;
}

export interface Zip {
  /** In the order of the central directory. */
  readonly entries: readonly ZipEntry[];
  readonly comment: Uint8Array;
  /** Bytes that belong to no entry and no directory, joined. */
  readonly gaps: Uint8Array;
}

/** A file of an archive on disk, read when its content is asked for. */
export interface ZipFile {
  /** As written: whoever uses it as a path must judge it. */
  readonly name: string;
  /** The content, checksum checked. Throws `WB-ARCHIVE-CORRUPT`, `WB-ARCHIVE-KIND`, `WB-ARCHIVE-TOO-LARGE`, `WB-ARCHIVE-DUPLICATE`. */
  content(): Uint8Array;
}

/** Bounds of one archive on disk. */
export interface ZipLimits {
  readonly entries: number;
  readonly entryBytes: SizeBytes;
  readonly totalBytes: SizeBytes;
}

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const DESCRIPTOR = 0x08074b50;
const HAS_DESCRIPTOR = 8;
const ENCRYPTED = 0x41;
const FULL = 0xffffffff;
const VERSION_OF_STORED = 10;
const VERSION_OF_DEFLATE = 20;
const VERSION_OF_ZIP64 = 45;

export function isZip(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 22 && [0x50, 0x4b].every((byte, at) => bytes[at] === byte) && (bytes[2] === 3 || bytes[2] === 5)
  );
}

/**
 * Reads the structure of a zip file in memory (PKWARE APPNOTE 6.3, with zip64, without encryption and several disks). Local and
 * central headers must agree, and entries must not overlap: readers differ in which they believe. `limit` bounds the
 * entries. Throws `WB-ARCHIVE-CORRUPT`, `WB-ARCHIVE-KIND`, `WB-ARCHIVE-TOO-LARGE`.
 */
export function readZip(bytes: Uint8Array, where: string, limit: number): Zip {
  const input = inputInMemory(bytes);
  const directory = readDirectory(input, where, limit);
  const entries: ZipEntry[] = [];
  const used: Region[] = [...directory.regions];
  for (const header of directory.headers()) {
    const place = placeOf(input, directory, header, where);
    entries.push(entryAt(input, header, place));
    used.push([header.localOffset, place.end]);
  }
  return { entries, comment: directory.comment, gaps: gapsOf(input, used) };
}

/**
 * The entries of a zip file under the same rules, each with where its compressed bytes begin, one after another: only the directory
 * is held. Throws what `readZip` throws.
 */
export function* zipPlaces(
  input: ZipInput,
  where: string,
  limit: number,
): Generator<readonly [header: ZipHeader, from: number]> {
  const directory = readDirectory(input, where, limit);
  for (const header of directory.headers()) yield [header, placeOf(input, directory, header, where).from];
}

/**
 * The files of a zip archive on disk, in the order of its directory and under the same rules, one in memory at a time; folders
 * are left out. Nothing is written. Throws `WB-ARCHIVE-CORRUPT`, `WB-ARCHIVE-KIND`, `WB-ARCHIVE-TOO-LARGE` for what makes the whole
 * archive unreadable; what is wrong with one file is thrown by its `content`.
 */
export function* zipFiles(file: number, where: string, limits: ZipLimits): Generator<ZipFile> {
  const input = inputInFile(file);
  const directory = readDirectory(input, where, limits.entries);
  const seen = new Set<string>();
  let total = 0;
  for (const header of directory.headers()) {
    const { name } = header;
    if (name.endsWith("/")) continue;
    // Counted before anything is unpacked.
    total += header.sizeBytes;
    if (total > limits.totalBytes) {
      throw archiveFault("WB-ARCHIVE-TOO-LARGE", `the archive unpacks to more than ${limits.totalBytes} bytes`, where);
    }
    const again = seen.has(name);
    seen.add(name);
    const content = (): Uint8Array => {
      if (again) throw archiveFault("WB-ARCHIVE-DUPLICATE", "two entries have the same path", where, name);
      refuseLarge(header, where, limits.entryBytes);
      const place = placeOf(input, directory, header, where);
      return zipContent(entryAt(input, header, place), where, limits.entryBytes);
    };
    yield { name, content };
  }
}

/** What it takes to unpack an entry. */
export type ZipPacked = Pick<ZipEntry, "name" | "method" | "crc" | "compressed" | "compressedBytes" | "sizeBytes">;

/** The content of an entry, at most `limit` bytes, checksum checked. */
export function zipContent(entry: ZipPacked, where: string, limit: SizeBytes): Uint8Array {
  const { name, method, compressed, sizeBytes } = entry;
  if (method !== 0 && method !== 8) {
    throw archiveFault("WB-ARCHIVE-KIND", "a compression that is not read", where, name, `${method}`);
  }
  refuseLarge(entry, where, limit);
  const [content, consumed] =
    method === 0 ? ([compressed, compressed.length] as const) : inflate(compressed, `${where}!/${name}`, sizeBytes);
  if (consumed !== compressed.length) throw corrupt(where, "data after the compressed content", name);
  if (content.length !== sizeBytes || crc32(content) !== entry.crc) throw corrupt(where, "a wrong checksum", name);
  return content;
}

type Sized = Pick<ZipHeader, "sizeBytes" | "compressedBytes" | "name">;

function refuseLarge({ sizeBytes, compressedBytes, name }: Sized, where: string, limit: SizeBytes): void {
  if (Math.max(sizeBytes, compressedBytes) > limit) {
    throw archiveFault("WB-ARCHIVE-TOO-LARGE", `an entry has more than ${limit} bytes`, where, name);
  }
}

/** Where an entry's compressed bytes begin, and where its own end, the descriptor behind them included. */
interface Place {
  readonly from: number;
  readonly end: number;
  readonly localExtra: Uint8Array;
}

function entryAt(input: ZipInput, header: ZipHeader, { from, localExtra }: Place): ZipEntry {
  return { ...header, localExtra, compressed: input.read(from, header.compressedBytes) };
}

/** Reads the local header, and compares it with the central one. */
function placeOf(input: ZipInput, directory: ZipDirectory, header: ZipHeader, where: string): Place {
  const { name, localOffset, compressedBytes, flags, rawName } = header;
  const broken = (found: string): Error => corrupt(where, found, name);
  if ((flags & ENCRYPTED) !== 0) throw archiveFault("WB-ARCHIVE-KIND", "an encrypted entry", where, name);
  const bound = directory.boundOf(localOffset);
  if (localOffset + LOCAL_BYTES > bound) throw broken("a damaged local header");
  const local = input.read(localOffset, Math.min(LOCAL_BYTES + rawName.length, bound - localOffset));
  if (local.readUInt32LE(0) !== LOCAL) throw broken("a damaged local header");
  const from = localOffset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (from > bound) throw broken("a local header that is cut off");
  const extraAt = localOffset + LOCAL_BYTES + rawName.length;
  if (local.readUInt16LE(26) !== rawName.length || !local.subarray(LOCAL_BYTES).equals(rawName))
    throw differs(where, name);
  const localExtra = input.read(extraAt, from - extraAt);
  const wide = zip64Field(localExtra);
  if (!sameFields(local, wide, header)) throw differs(where, name);
  const to = from + compressedBytes;
  if (to > bound) throw broken("entries that overlap");
  const end = (flags & HAS_DESCRIPTOR) === 0 ? to : to + descriptorBytes(input, header, [to, bound], where, wide);
  return { from, end, localExtra };
}

function differs(where: string, name: string): Error {
  return corrupt(where, "a local header that differs from the central one", name);
}

/** Version, flags, method, time, date, checksum and sizes of the local header against the central ones. */
function sameFields(local: Buffer, wide: Buffer | undefined, header: ZipHeader): boolean {
  const version = local.readUInt16LE(4);
  // A writer that learns only at the end that a field needs 64 bits asks for more there than it did at the entry.
  const laterWide = header.versionNeeded === VERSION_OF_ZIP64 && version === VERSION_OF_DEFLATE;
  // Maven's archiver writes 1.0 at the entry and 2.0, for folders and deflate, in the directory.
  const laterPlain = version === VERSION_OF_STORED && header.versionNeeded === VERSION_OF_DEFLATE;
  const same =
    (version === header.versionNeeded ||
      laterPlain ||
      (laterWide && zip64Field(Buffer.from(header.extra)) !== undefined)) &&
    local.readUInt16LE(6) === header.flags &&
    local.readUInt16LE(8) === header.method &&
    local.readUInt16LE(10) === header.dosTime &&
    local.readUInt16LE(12) === header.dosDate;
  if (!same) return false;
  const [crc, compressed, size] = [local.readUInt32LE(14), local.readUInt32LE(18), local.readUInt32LE(22)];
  // A local zip64 field holds both sizes (APPNOTE 4.5.3), which are then full in the header.
  const full = wide !== undefined && wide.length === 16 && compressed === FULL && size === FULL;
  const found = full
    ? { compressed: Number(wide.readBigUInt64LE(8)), size: Number(wide.readBigUInt64LE(0)) }
    : { compressed, size };
  if (crc === header.crc && found.compressed === header.compressedBytes && found.size === header.sizeBytes) return true;
  const later = (header.flags & HAS_DESCRIPTOR) !== 0;
  return later && crc === 0 && found.compressed === 0 && found.size === 0;
}

/**
 * How long the data descriptor is, which repeats checksum and sizes: with or without its own signature, of 64 bits where the local
 * header has them (APPNOTE 4.3.9).
 */
function descriptorBytes(
  input: ZipInput,
  { crc, compressedBytes, sizeBytes, name }: ZipHeader,
  [at, bound]: Region,
  where: string,
  wide: Buffer | undefined,
): number {
  const expected = Buffer.alloc(wide === undefined ? 12 : 20);
  expected.writeUInt32LE(crc, 0);
  if (wide !== undefined) {
    expected.writeBigUInt64LE(BigInt(compressedBytes), 4);
    expected.writeBigUInt64LE(BigInt(sizeBytes), 12);
  } else if (Math.max(compressedBytes, sizeBytes) <= FULL) {
    expected.writeUInt32LE(compressedBytes, 4);
    expected.writeUInt32LE(sizeBytes, 8);
  } else throw differs(where, name);
  const found = input.read(at, Math.min(expected.length + 4, bound - at));
  const skip = found.length >= 4 && found.readUInt32LE(0) === DESCRIPTOR ? 4 : 0;
  if (!found.subarray(skip, skip + expected.length).equals(expected)) {
    throw corrupt(where, "a wrong data descriptor", name);
  }
  return skip + expected.length;
}

/** What lies between the regions, which do not overlap. */
function gapsOf(input: ZipInput, used: readonly Region[]): Buffer {
  const gaps: Buffer[] = [];
  let at = 0;
  for (const [from, to] of used.toSorted(([a], [b]) => a - b)) {
    gaps.push(input.read(at, from - at));
    at = to;
  }
  return Buffer.concat(gaps);
}

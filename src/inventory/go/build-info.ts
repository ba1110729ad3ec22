import type { Entry } from "../../model/artifact.ts";
import type { SizeBytes } from "../../model/digest.ts";
import type { Program, Section, Segment } from "../binary/form.ts";
import { bytesAt, readProgram } from "../binary/program.ts";
import { Fields, rangeOf } from "../binary/fields.ts";
import { BUILD_INFO_SECTIONS, mayHideBuildInfo } from "./sections.ts";

/** What the linker wrote: the toolchain's version and the text of its module list. */
export interface BuildInfo {
  readonly goVersion: string;
  readonly modules: string;
}

const MAGIC = Buffer.from("\xff Go buildinf:", "latin1");
const HEADER_BYTES = 32;
const ALIGNMENT = 16;
const MAX_VERSION = 256;
/** Kubernetes' largest has 60 kB. */
const MAX_MODULES_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 1 << 20;
/** How far into the data it is looked for where no section has its name. */
const MAX_SEARCH_BYTES = 16 * CHUNK_BYTES;

/**
 * Finds and reads the build information of a Go program by the offsets of its sections (debug/buildinfo of the Go project describes
 * both forms: pointers to strings until Go 1.17, the strings themselves since 1.18). Undefined for what no Go linker made.
 */
export function readBuildInfo(entry: Entry): BuildInfo | undefined {
  const program = readProgram(entry);
  if (program === undefined) return undefined;
  const at = headerOffset(entry, program);
  if (at === undefined) return undefined;
  const header = rangeOf(entry, at, HEADER_BYTES);
  const flags = header[15] ?? 0;
  return (flags & 2) !== 0 ? inline(entry, at + HEADER_BYTES) : pointed(entry, program, header);
}

function headerOffset(entry: Entry, program: Program): number | undefined {
  const named = program.sections.find(({ name }) => BUILD_INFO_SECTIONS.has(name));
  if (named !== undefined) return search(entry, named, CHUNK_BYTES);
  if (!mayHideBuildInfo(program)) return undefined;
  for (const segment of program.segments) {
    const found = segment.writable ? search(entry, segment, MAX_SEARCH_BYTES) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The offset of the aligned header in a part of the file, read in pieces. */
function search(entry: Entry, { offset, size }: Section | Segment, limit: SizeBytes): number | undefined {
  const end = offset + Math.min(size, limit);
  for (let start = offset; start < end; start += CHUNK_BYTES) {
    // Pieces overlap by one header, so that none is cut in half.
    const piece = Buffer.from(rangeOf(entry, start, Math.min(CHUNK_BYTES + HEADER_BYTES, end - start)));
    for (let at = piece.indexOf(MAGIC); at >= 0; at = piece.indexOf(MAGIC, at + 1)) {
      if ((start + at - offset) % ALIGNMENT === 0 && at + HEADER_BYTES <= piece.length) return start + at;
    }
  }
  return undefined;
}

function inline(entry: Entry, start: number): BuildInfo | undefined {
  const version = lengthAt(entry, start, MAX_VERSION);
  if (version === undefined) return undefined;
  const modules = lengthAt(entry, version.next + version.length, MAX_MODULES_BYTES);
  return finish(
    rangeOf(entry, version.next, version.length),
    modules === undefined ? new Uint8Array() : rangeOf(entry, modules.next, modules.length),
  );
}

/** A length in base 128 (encoding/binary, Uvarint) and where the text begins. */
function lengthAt(
  entry: Entry,
  offset: number,
  limit: SizeBytes,
): { readonly length: number; readonly next: number } | undefined {
  let length = 0;
  for (const [index, byte] of rangeOf(entry, offset, 5).entries()) {
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return length > limit ? undefined : { length, next: offset + index + 1 };
  }
  return undefined;
}

/** Each pointer leads to the header of a Go string: address and length, as wide as an address. */
function pointed(entry: Entry, program: Program, header: Uint8Array): BuildInfo | undefined {
  const width = header[14] ?? 0;
  if (width !== 4 && width !== 8) return undefined;
  const littleEndian = ((header[15] ?? 0) & 1) === 0;
  const wide = width === 8;
  const fields = new Fields(header, littleEndian);
  const text = (pointer: number | undefined, limit: SizeBytes): Uint8Array => {
    const string = new Fields(bytesAt(entry, program, pointer ?? 0, width * 2), littleEndian);
    const address = string.word(0, wide);
    const length = string.word(width, wide);
    if (address === undefined || length === undefined || length > limit) return new Uint8Array();
    return bytesAt(entry, program, address, length);
  };
  return finish(text(fields.word(16, wide), MAX_VERSION), text(fields.word(16 + width, wide), MAX_MODULES_BYTES));
}

/** The module list stands between two markers of 16 bytes. */
function finish(version: Uint8Array, modules: Uint8Array): BuildInfo | undefined {
  const goVersion = Buffer.from(version).toString("utf8");
  if (goVersion === "") return undefined;
  const marked = modules.length >= 33 && modules[modules.length - 17] === 0x0a;
  const inner = marked ? modules.subarray(16, modules.length - 16) : new Uint8Array();
  return { goVersion, modules: Buffer.from(inner).toString("utf8") };
}

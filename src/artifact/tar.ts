import type { SizeBytes } from "../model/digest.ts";
import { archiveFault } from "./archive-fault.ts";

/** A header that speaks about the next member (`x`, `L`, `K`) or about all that follow (`g`). */
export interface TarExtension {
  readonly type: "x" | "g" | "L" | "K";
  /** The 512 bytes as they are. */
  readonly header: Uint8Array;
  readonly content: Uint8Array;
  readonly padding: Uint8Array;
  /** Of `x` and `g`, in their order. */
  readonly records: ReadonlyMap<string, string>;
}

/** One member of a tar file, with the effective values and the raw bytes that they came from. */
export interface TarMember {
  /** As written, after extensions. */
  readonly path: string;
  readonly linkPath: string;
  /** The type flag; `0` for the flags of old files. */
  readonly type: string;
  readonly mode: number;
  readonly header: Uint8Array;
  readonly extensions: readonly TarExtension[];
  /** Records in force: global ones and then this member's own. */
  readonly records: ReadonlyMap<string, string>;
  readonly content: Uint8Array;
  /** The bytes from the content's end to the next block. */
  readonly padding: Uint8Array;
}

export interface Tar {
  readonly members: readonly TarMember[];
  /** Global headers after the last member. */
  readonly loose: readonly TarExtension[];
  /** From the end-of-archive marker on. */
  readonly tail: Uint8Array;
}

const BLOCK = 512;
/** Names and records; far more than any real one needs. */
const MAX_EXTENSION_BYTES: SizeBytes = 1 << 20;

/** Each member is seen with all global records, so their number must be small. */
const MAX_GLOBALS = 64;

/**
 * Reads a tar file in memory: POSIX ustar and pax (IEEE Std 1003.1, pax, "ustar Interchange Format"), GNU long names, old
 * v7. Nothing is judged but the form; contents are views, not copies. `limit` bounds the number of members.
 * Throws `WB-ARCHIVE-CORRUPT`, `WB-ARCHIVE-TOO-LARGE`.
 */
export function readTar(bytes: Uint8Array, where: string, limit: number): Tar {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const members: TarMember[] = [];
  let globals: ReadonlyMap<string, string> = new Map();
  let extensions: TarExtension[] = [];
  let at = 0;
  while (at < buffer.length) {
    const header = buffer.subarray(at, at + BLOCK);
    if (isZero(header)) break;
    checkHeader(header, where, at);
    const type = typeOf(header);
    if (type === "x" || type === "g" || type === "L" || type === "K") {
      const extension = readExtension(buffer, at, type, where);
      if (extensions.push(extension) > 64) throw corrupt(where, at, "64 extension headers in a row");
      // A new map: members before keep theirs.
      if (type === "g") globals = new Map([...globals, ...extension.records]);
      if (globals.size > MAX_GLOBALS) throw corrupt(where, at, `more than ${MAX_GLOBALS} global records`);
      at += BLOCK + extension.content.length + extension.padding.length;
      continue;
    }
    if (members.length === limit) {
      throw archiveFault("WB-ARCHIVE-TOO-LARGE", `the archive has more than ${limit} members`, where);
    }
    const member = readMember(buffer, at, type, extensions, globals, where);
    members.push(member);
    extensions = [];
    at += BLOCK + member.content.length + member.padding.length;
  }
  if (extensions.some((extension) => extension.type !== "g")) throw corrupt(where, at, "a header without its member");
  return { members, loose: extensions, tail: buffer.subarray(at) };
}

/** Whether this begins as a tar file: a header with a right checksum. */
export function isTar(bytes: Uint8Array): boolean {
  if (bytes.length < BLOCK) return false;
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, BLOCK);
  return !isZero(header) && number(header, 148, 8) === checksum(header);
}

/** The number in a header field: octal text ended by blanks or NULs, or GNU's base 256; undefined for anything else. */
export function tarNumber(header: Uint8Array, from: number, length: number): number | undefined {
  return number(Buffer.from(header.buffer, header.byteOffset, header.byteLength), from, length);
}

function readMember(
  buffer: Buffer,
  at: number,
  type: string,
  extensions: readonly TarExtension[],
  globals: ReadonlyMap<string, string>,
  where: string,
): TarMember {
  const header = buffer.subarray(at, at + BLOCK);
  const own = extensions.filter((extension) => extension.type === "x");
  const records =
    own.length === 0 ? globals : new Map([...globals, ...own.flatMap((extension) => [...extension.records])]);
  const long = (wanted: "L" | "K"): string | undefined => {
    const found = extensions.filter((extension) => extension.type === wanted);
    if (
      found.length > 1 ||
      (found.length === 1 && own.length > 0 && records.has(wanted === "L" ? "path" : "linkpath"))
    ) {
      throw corrupt(where, at, "two long names for one member");
    }
    return found[0] === undefined ? undefined : text(Buffer.from(found[0].content), 0, found[0].content.length);
  };
  if (own.length > 1) throw corrupt(where, at, "two extended headers for one member");
  const path = records.get("path") ?? long("L") ?? headerPath(header);
  const written = records.get("size");
  if (written !== undefined && !/^\d{1,15}$/.test(written)) throw corrupt(where, at, "a size that is no number");
  const size = written === undefined ? number(header, 124, 12) : Number(written);
  const mode = number(header, 100, 8);
  if (size === undefined || mode === undefined) throw corrupt(where, at, "a header field that is no number");
  // Links and devices have no content whatever their size field says; folders of old tools state one too.
  const length = /^[1-6]$/.test(type) ? 0 : size;
  const [content, padding] = contentAt(buffer, at + BLOCK, length, where);
  return {
    path,
    linkPath: records.get("linkpath") ?? long("K") ?? text(header, 157, 100),
    type: type === "0" && path.endsWith("/") ? "5" : type,
    mode: mode & 0o7777,
    header,
    extensions,
    records,
    content,
    padding,
  };
}

function readExtension(buffer: Buffer, at: number, type: TarExtension["type"], where: string): TarExtension {
  const header = buffer.subarray(at, at + BLOCK);
  const size = number(header, 124, 12);
  if (size === undefined || size > MAX_EXTENSION_BYTES) throw corrupt(where, at, "an extended header of a wrong size");
  const [content, padding] = contentAt(buffer, at + BLOCK, size, where);
  const records = type === "x" || type === "g" ? readRecords(content, where, at) : new Map<string, string>();
  return { type, header, content, padding, records };
}

/** pax records: `LENGTH KEY=VALUE\n`, the length counting itself. A key that comes twice is refused: readers differ. */
function readRecords(content: Buffer, where: string, offset: number): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length;) {
    const blank = content.indexOf(0x20, at);
    const digits = blank < 0 || blank - at > 7 ? "" : content.toString("latin1", at, blank);
    const end = at + Number(digits);
    if (!/^[1-9]\d*$/.test(digits) || end > content.length || content[end - 1] !== 0x0a) {
      throw corrupt(where, offset, "an extended header record of a wrong form");
    }
    const equals = content.indexOf(0x3d, blank + 1);
    if (equals < 0 || equals >= end) throw corrupt(where, offset, "an extended header record without a value");
    const key = content.toString("utf8", blank + 1, equals);
    if (records.has(key)) throw corrupt(where, offset, "an extended header with the same key twice");
    records.set(key, content.toString("utf8", equals + 1, end - 1));
    at = end;
  }
  return records;
}

function contentAt(buffer: Buffer, from: number, size: number, where: string): [Buffer, Buffer] {
  const end = from + size;
  const padded = from + Math.ceil(size / BLOCK) * BLOCK;
  // Some tools leave out the padding of the very last member.
  if (end > buffer.length) throw corrupt(where, from, "content that is cut off");
  return [buffer.subarray(from, end), buffer.subarray(end, Math.min(padded, buffer.length))];
}

function checkHeader(header: Buffer, where: string, at: number): void {
  if (header.length < BLOCK) throw corrupt(where, at, "a header that is cut off");
  if (number(header, 148, 8) !== checksum(header)) throw corrupt(where, at, "a header with a wrong checksum");
}

function checksum(header: Buffer): number {
  let sum = 8 * 0x20;
  for (let index = 0; index < BLOCK; index += 1) {
    if (index < 148 || index >= 156) sum += header[index] ?? 0;
  }
  return sum;
}

function typeOf(header: Buffer): string {
  const flag = header[156] ?? 0;
  return flag === 0 ? "0" : String.fromCharCode(flag);
}

/** Name with the ustar prefix; GNU's format has other things in the prefix field. */
function headerPath(header: Buffer): string {
  const posix = header.toString("latin1", 257, 263) === "ustar\0";
  const prefix = posix ? text(header, 345, 155) : "";
  const name = text(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

function text(bytes: Buffer, from: number, length: number): string {
  const end = bytes.indexOf(0, from);
  return bytes.toString("utf8", from, end < 0 || end > from + length ? from + length : end);
}

function number(header: Buffer, from: number, length: number): number | undefined {
  const first = header[from] ?? 0;
  if ((first & 0x80) !== 0) {
    let value = first & 0x7f;
    for (let index = from + 1; index < from + length; index += 1) value = value * 256 + (header[index] ?? 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = /^ *([0-7]*)[ \0]*$/.exec(header.toString("latin1", from, from + length))?.[1];
  return digits === undefined ? undefined : digits === "" ? 0 : Number.parseInt(digits, 8);
}

const ZEROS = Buffer.alloc(BLOCK);

function isZero(header: Buffer): boolean {
  return header.length <= BLOCK && header.equals(ZEROS.subarray(0, header.length));
}

function corrupt(where: string, at: number, found: string): Error {
  return archiveFault("WB-ARCHIVE-CORRUPT", `the tar file is damaged at byte ${at}`, where, undefined, found);
}

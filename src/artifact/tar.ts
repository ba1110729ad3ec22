import { archiveFault } from "./archive-fault.ts";
import {
  checkTarHeader,
  corruptTar,
  headerPath,
  isZeroBlock,
  MAX_EXTENSION_BYTES,
  MAX_GLOBALS,
  readRecords,
  TAR_BLOCK,
  tarNumber,
  tarText,
  typeOf,
} from "./tar-header.ts";

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
    const header = buffer.subarray(at, at + TAR_BLOCK);
    if (isZeroBlock(header)) break;
    checkTarHeader(header, where, at);
    const type = typeOf(header);
    if (type === "x" || type === "g" || type === "L" || type === "K") {
      const extension = readExtension(buffer, at, type, where);
      if (extensions.push(extension) > 64) throw corruptTar(where, at, "64 extension headers in a row");
      // A new map: members before keep theirs.
      if (type === "g") globals = new Map([...globals, ...extension.records]);
      if (globals.size > MAX_GLOBALS) throw corruptTar(where, at, `more than ${MAX_GLOBALS} global records`);
      at += TAR_BLOCK + extension.content.length + extension.padding.length;
      continue;
    }
    if (members.length === limit) {
      throw archiveFault("WB-ARCHIVE-TOO-LARGE", `the archive has more than ${limit} members`, where);
    }
    const member = readMember(buffer, at, type, extensions, globals, where);
    members.push(member);
    extensions = [];
    at += TAR_BLOCK + member.content.length + member.padding.length;
  }
  if (extensions.some((extension) => extension.type !== "g"))
    throw corruptTar(where, at, "a header without its member");
  return { members, loose: extensions, tail: buffer.subarray(at) };
}

function readMember(
  buffer: Buffer,
  at: number,
  type: string,
  extensions: readonly TarExtension[],
  globals: ReadonlyMap<string, string>,
  where: string,
): TarMember {
  const header = buffer.subarray(at, at + TAR_BLOCK);
  const own = extensions.filter((extension) => extension.type === "x");
  const records =
    own.length === 0 ? globals : new Map([...globals, ...own.flatMap((extension) => [...extension.records])]);
  const long = (wanted: "L" | "K"): string | undefined => {
    const found = extensions.filter((extension) => extension.type === wanted);
    if (
      found.length > 1 ||
      (found.length === 1 && own.length > 0 && records.has(wanted === "L" ? "path" : "linkpath"))
    ) {
      throw corruptTar(where, at, "two long names for one member");
    }
    return found[0] === undefined ? undefined : tarText(Buffer.from(found[0].content), 0, found[0].content.length);
  };
  if (own.length > 1) throw corruptTar(where, at, "two extended headers for one member");
  const path = records.get("path") ?? long("L") ?? headerPath(header);
  const written = records.get("size");
  if (written !== undefined && !/^\d{1,15}$/.test(written)) throw corruptTar(where, at, "a size that is no number");
  const size = written === undefined ? tarNumber(header, 124, 12) : Number(written);
  const mode = tarNumber(header, 100, 8);
  if (size === undefined || mode === undefined) throw corruptTar(where, at, "a header field that is no number");
  // Links and devices have no content whatever their size field says; folders of old tools state one too.
  const length = /^[1-6]$/.test(type) ? 0 : size;
  const [content, padding] = contentAt(buffer, at + TAR_BLOCK, length, where);
  return {
    path,
    linkPath: records.get("linkpath") ?? long("K") ?? tarText(header, 157, 100),
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
  const header = buffer.subarray(at, at + TAR_BLOCK);
  const size = tarNumber(header, 124, 12);
  if (size === undefined || size > MAX_EXTENSION_BYTES)
    throw corruptTar(where, at, "an extended header of a wrong size");
  const [content, padding] = contentAt(buffer, at + TAR_BLOCK, size, where);
  const records = type === "x" || type === "g" ? readRecords(content, where, at) : new Map<string, string>();
  return { type, header, content, padding, records };
}

function contentAt(buffer: Buffer, from: number, size: number, where: string): [Buffer, Buffer] {
  const end = from + size;
  const padded = from + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
  // Some tools leave out the padding of the very last member.
  if (end > buffer.length) throw corruptTar(where, from, "content that is cut off");
  return [buffer.subarray(from, end), buffer.subarray(end, Math.min(padded, buffer.length))];
}

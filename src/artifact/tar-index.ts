import type { SizeBytes } from "../model/digest.ts";
import { type Content, sliceOf } from "./content.ts";
import type { Member } from "./member.ts";
import { oldSparse, paxSparse, sparseContent, type SparseMap } from "./sparse.ts";
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

/** Headers are read through a window, so that small members cost no system call each. */
const WINDOW_BYTES = 1 << 16;
const MAX_EXTENSIONS = 64;

/** What the headers before a member say about it. */
interface Said {
  readonly records: ReadonlyMap<string, string>;
  readonly longPath?: string;
  readonly longLink?: string;
}

const NOTHING: Said = { records: new Map() };

/**
 * The members of a tar file by their headers, in constant memory: ustar, pax, GNU with long names and sparse files, v7. Unlike
 * `readTar`, which keeps every byte for comparison, it reads what real images and root file systems hold; of two long names the
 * last counts, as tar itself has it. After the end marker only zeros may follow, and a marker may be missing. Throws `WB-ARCHIVE-CORRUPT`.
 */
export function* tarMembers(tar: Content, where: string): Generator<Member> {
  const window = new Window(tar);
  let globals: ReadonlyMap<string, string> = new Map();
  let said: Said = NOTHING;
  let extensions = 0;
  let at = 0;
  for (let header = window.block(0); header.length > 0; header = window.block(at)) {
    if (isZeroBlock(header)) break;
    checkTarHeader(header, where, at);
    const type = typeOf(header);
    const start = at + TAR_BLOCK;
    if (type === "x" || type === "g" || type === "L" || type === "K") {
      const size = tarNumber(header, 124, 12);
      if (size === undefined || size > MAX_EXTENSION_BYTES)
        throw corruptTar(where, at, "an extended header of a wrong size");
      expectContent(tar, start, size, where);
      const content = tar.read(start, size);
      extensions += 1;
      if (extensions > MAX_EXTENSIONS) throw corruptTar(where, at, `${MAX_EXTENSIONS} extension headers in a row`);
      if (type === "g") globals = new Map([...globals, ...readRecords(content, where, at)]);
      else if (type === "x")
        said = { ...said, records: new Map([...said.records, ...readRecords(content, where, at)]) };
      else if (type === "L") said = { ...said, longPath: tarText(content, 0, content.length) };
      else said = { ...said, longLink: tarText(content, 0, content.length) };
      if (globals.size > MAX_GLOBALS) throw corruptTar(where, at, `more than ${MAX_GLOBALS} global records`);
      at = start + padded(size);
      continue;
    }
    const records = globals.size === 0 ? said.records : new Map([...globals, ...said.records]);
    const whole = records === said.records ? said : { ...said, records };
    const [member, next] = readMember(tar, header, at, type, whole, where);
    yield member;
    [said, extensions, at] = [NOTHING, 0, next];
  }
  if (extensions > 0 && said !== NOTHING) throw corruptTar(where, at, "a header without its member");
  refuseTail(tar, at, where);
}

class Window {
  readonly #tar: Content;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(tar: Content) {
    this.#tar = tar;
  }

  block(at: SizeBytes): Buffer {
    const inside = at - this.#start;
    if (inside < 0 || inside + TAR_BLOCK > this.#bytes.length) {
      this.#bytes = this.#tar.read(at, WINDOW_BYTES);
      this.#start = at;
      return this.#bytes.subarray(0, TAR_BLOCK);
    }
    return this.#bytes.subarray(inside, inside + TAR_BLOCK);
  }
}

const padded = (size: SizeBytes): SizeBytes => Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;

function expectContent(tar: Content, from: SizeBytes, size: SizeBytes, where: string): void {
  if (from + size > tar.sizeBytes) throw corruptTar(where, from, "content that is cut off");
}

/** Gives the member and where the next one begins. */
function readMember(
  tar: Content,
  header: Buffer,
  at: SizeBytes,
  type: string,
  said: Said,
  where: string,
): [Member, SizeBytes] {
  const { records } = said;
  const written = records.get("size");
  if (written !== undefined && !/^\d{1,15}$/u.test(written)) throw corruptTar(where, at, "a size that is no number");
  const size = written === undefined ? tarNumber(header, 124, 12) : Number(written);
  const mode = tarNumber(header, 100, 8);
  if (size === undefined || mode === undefined) throw corruptTar(where, at, "a header field that is no number");
  const path = records.get("GNU.sparse.name") ?? records.get("path") ?? said.longPath ?? headerPath(header);
  const target = records.get("linkpath") ?? said.longLink ?? tarText(header, 157, 100);
  const facts = { path, mode: mode & 0o7777 };
  const start = at + TAR_BLOCK;
  // Links, folders, devices and pipes have no content whatever their size field says.
  if (type === "1" || type === "2") return [{ ...facts, kind: type === "1" ? "hard-link" : "symlink", target }, start];
  if (type === "5") return [{ ...facts, kind: "directory" }, start];
  const found = OTHERS[type];
  if (found !== undefined) return [{ ...facts, kind: "other", found }, start];
  expectContent(tar, start, size, where);
  const next = start + padded(size);
  if (path.endsWith("/") && type === "0") return [{ ...facts, kind: "directory" }, next];
  // Multi-volume parts and whatever is not known are no files: the standard's "treat as a regular file" would hide what they are.
  if (type !== "0" && type !== "7" && type !== "S") return [{ ...facts, kind: "other", found: `type ${type}` }, next];
  if (type === "S") return sparseMember(facts, tar, oldSparse(tar, header, start), size, where, at);
  const map = paxSparse(tar, start, size, records);
  if (map === undefined) return [{ ...facts, kind: "file", sizeBytes: size, base: tar, offset: start }, next];
  const [member] = sparseMember(facts, tar, map, size - (map.dataStart - start), where, at);
  return [member, next];
}

const OTHERS: Readonly<Record<string, string>> = Object.assign(Object.create(null) as object, {
  3: "a character device",
  4: "a block device",
  6: "a pipe",
});

function sparseMember(
  facts: { readonly path: string; readonly mode: number },
  tar: Content,
  map: SparseMap,
  stored: SizeBytes,
  where: string,
  at: SizeBytes,
): [Member, SizeBytes] {
  const content = sparseContent(sliceOf(tar, map.dataStart, stored), map);
  if (content === undefined) throw corruptTar(where, at, "a sparse file with a wrong map");
  const end = map.dataStart + padded(stored);
  expectContent(tar, map.dataStart, stored, where);
  return [{ ...facts, kind: "file", sizeBytes: content.sizeBytes, base: content, offset: 0 }, end];
}

/** Readers differ in whether they look past the end marker: what lies there could be another archive. */
function refuseTail(tar: Content, at: SizeBytes, where: string): void {
  const length = 1 << 20;
  for (let from = at; from < tar.sizeBytes; from += length) {
    const bytes = tar.read(from, length);
    if (bytes.some((byte) => byte !== 0)) throw corruptTar(where, from, "data after its end");
  }
}

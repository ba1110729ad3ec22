import { DatabaseError, sqliteBlobs } from "./sqlite.ts";

const MAX_BLOB = 64 * 1024 * 1024;
const NDB_MAGIC = "RpmP";
const NDB_SLOT = "Slot";
const NDB_BLOB = "BlbS";
const NDB_MAX_SLOT_PAGES = 2048;
const BDB_HASH_MAGIC = 0x00061561;
const BDB_OVERFLOW = 3;

/** rpm's own store (`Packages.db`, rpm's lib/backend/ndb): pages of slots, each naming a block. */
function* ndbBlobs(bytes: Buffer): Iterable<Buffer> {
  const slotPages = bytes.readUInt32LE(12);
  if (slotPages === 0 || slotPages > NDB_MAX_SLOT_PAGES)
    throw new DatabaseError("its pages of slots have no possible number");
  const end = Math.min(slotPages * 4096, bytes.length - 15);
  for (let at = 32; at < end; at += 16) {
    if (bytes.toString("latin1", at, at + 4) !== NDB_SLOT) throw new DatabaseError("a slot has not its mark");
    const index = bytes.readUInt32LE(at + 4);
    if (index === 0) continue;
    const block = bytes.readUInt32LE(at + 8) * 16;
    if (block + 16 > bytes.length) throw new DatabaseError("a slot names a block beyond the end");
    const length = bytes.readUInt32LE(block + 12);
    if (bytes.toString("latin1", block, block + 4) !== NDB_BLOB || bytes.readUInt32LE(block + 4) !== index)
      throw new DatabaseError("a block is not the one that its slot names");
    if (length > MAX_BLOB || block + 16 + length > bytes.length) throw new DatabaseError("a block runs over the end");
    yield bytes.subarray(block + 16, block + 16 + length);
  }
}

/** Reads numbers in the byte order of the machine that wrote the file. */
class Numbers {
  readonly bytes: Buffer;
  readonly #little: boolean;
  constructor(bytes: Buffer, little: boolean) {
    this.bytes = bytes;
    this.#little = little;
  }
  u16(at: number): number {
    return this.#little ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }
  u32(at: number): number {
    return this.#little ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }
}

/** A value that is kept on pages of its own: `H_OFFPAGE` names the first and the length. */
function overflow(numbers: Numbers, size: number, first: number, length: number): Buffer {
  if (length > MAX_BLOB || length > numbers.bytes.length) throw new DatabaseError("a value is longer than the file");
  const parts: Buffer[] = [];
  let rest = length;
  for (let page = first; page !== 0 && rest > 0;) {
    const at = page * size;
    if (at + size > numbers.bytes.length) throw new DatabaseError("a value goes on beyond the end");
    if (numbers.bytes[at + 25] !== 7) throw new DatabaseError("a value goes on in a page of another kind");
    const part = numbers.bytes.subarray(at + 26, at + 26 + Math.min(rest, size - 26));
    parts.push(part);
    rest -= part.length;
    page = numbers.u32(at + 16);
  }
  if (rest > 0) throw new DatabaseError("a value ends before its length");
  return Buffer.concat(parts);
}

/** Berkeley DB's hash store (`Packages`; db_page.h of version 5.3): on each hash page keys and values alternate. */
function* bdbBlobs(bytes: Buffer, little: boolean): Iterable<Buffer> {
  const numbers = new Numbers(bytes, little);
  const size = numbers.u32(20);
  if (size < 512 || size > 65_536 || (size & (size - 1)) !== 0)
    throw new DatabaseError("its pages have no possible size");
  const last = Math.min(numbers.u32(32), Math.floor(bytes.length / size) - 1);
  for (let page = 1; page <= last; page += 1) {
    const at = page * size;
    const kind = bytes[at + 25];
    // Hash pages, unsorted (of old versions) and sorted.
    if (kind !== 2 && kind !== 13) continue;
    const entries = numbers.u16(at + 20);
    if (26 + entries * 2 > size) throw new DatabaseError(`page ${page} has more entries than bytes`);
    for (let entry = 1; entry < entries; entry += 2) {
      const offset = at + numbers.u16(at + 26 + entry * 2);
      // Headers are larger than a page's share and lie beside it; what is kept in the page is the counter of packages.
      if (offset + 12 > bytes.length || bytes[offset] !== BDB_OVERFLOW) continue;
      yield overflow(numbers, size, numbers.u32(offset + 4), numbers.u32(offset + 8));
    }
  }
}

function blobsOf(bytes: Buffer): Iterable<Buffer> {
  if (bytes.length < 512) throw new DatabaseError("it is too short for a database");
  if (bytes.toString("latin1", 0, 15) === "SQLite format 3") return sqliteBlobs(bytes);
  if (bytes.toString("latin1", 0, 4) === NDB_MAGIC) return ndbBlobs(bytes);
  if (bytes.readUInt32LE(12) === BDB_HASH_MAGIC) return bdbBlobs(bytes, true);
  if (bytes.readUInt32BE(12) === BDB_HASH_MAGIC) return bdbBlobs(bytes, false);
  throw new DatabaseError("it is none of rpm's three stores (sqlite, ndb, bdb)");
}

/**
 * The header blobs of rpm's database in whichever of its forms. Together they are no longer than the file: one that names the same
 * bytes again and again is refused. Throws `DatabaseError`, and `RangeError` for offsets beyond the end.
 */
export function* headerBlobs(bytes: Buffer): Iterable<Buffer> {
  let rest = bytes.length;
  for (const blob of blobsOf(bytes)) {
    rest -= blob.length;
    if (rest < 0) throw new DatabaseError("its packages are longer than the file");
    yield blob;
  }
}

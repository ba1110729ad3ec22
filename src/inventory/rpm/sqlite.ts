/** What is wrong with the bytes of a database. */
export class DatabaseError extends Error {}

const MAX_PAGES = 4_000_000;
const MAX_BLOB = 64 * 1024 * 1024;
const MAX_DEPTH = 20;

interface Pages {
  readonly bytes: Buffer;
  readonly size: number;
  /** Bytes of a page that hold content. */
  readonly usable: number;
}

function pageAt({ bytes, size }: Pages, number: number): Buffer {
  const start = (number - 1) * size;
  if (number < 1 || start + size > bytes.length) throw new DatabaseError(`page ${number} is not in the file`);
  return bytes.subarray(start, start + size);
}

/** A big-endian integer of one to nine bytes (file format, 1.6) and the offset after it. */
function varint(bytes: Buffer, at: number): readonly [value: number, next: number] {
  let value = 0;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) throw new DatabaseError("a number runs over its end");
    if (index === 8) return [value * 256 + byte, at + 9];
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + index + 1];
  }
  throw new DatabaseError("a number has no end");
}

/** The payload of a leaf's cell, with what overflowed to further pages (file format, 1.6). */
function payloadAt(pages: Pages, page: Buffer, at: number): Buffer {
  const [length, afterLength] = varint(page, at);
  const [, start] = varint(page, afterLength);
  if (length > MAX_BLOB) throw new DatabaseError("a row is larger than is read");
  const { usable } = pages;
  const most = usable - 35;
  if (length <= most) return page.subarray(start, start + length);
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fit = least + ((length - least) % (usable - 4));
  const local = fit <= most ? fit : least;
  const parts = [page.subarray(start, start + local)];
  let rest = length - local;
  let next = page.readUInt32BE(start + local);
  for (; rest > 0 && next !== 0;) {
    const more = pageAt(pages, next);
    const take = Math.min(rest, usable - 4);
    parts.push(more.subarray(4, 4 + take));
    rest -= take;
    next = more.readUInt32BE(0);
  }
  if (rest > 0) throw new DatabaseError("a row ends before its length");
  return Buffer.concat(parts);
}

/** The rows of a table's B-tree, in order. Each page is entered once: a tree that leads back into itself is refused. */
function* rowsOf(pages: Pages, root: number): Iterable<Buffer> {
  const seen = new Set<number>();
  const open: [page: number, depth: number][] = [[root, 0]];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const [number, depth] = top;
    if (seen.has(number) || depth > MAX_DEPTH) throw new DatabaseError("its tree of pages leads back into itself");
    seen.add(number);
    const page = pageAt(pages, number);
    const base = number === 1 ? 100 : 0;
    const kind = page[base];
    const cells = page.readUInt16BE(base + 3);
    const header = base + (kind === 5 ? 12 : 8);
    if (header + cells * 2 > page.length) throw new DatabaseError(`page ${number} has more rows than bytes`);
    if (kind === 13) {
      for (let cell = 0; cell < cells; cell += 1) yield payloadAt(pages, page, page.readUInt16BE(header + cell * 2));
    } else if (kind === 5) {
      const children: number[] = [];
      for (let cell = 0; cell < cells; cell += 1)
        children.push(page.readUInt32BE(page.readUInt16BE(header + cell * 2)));
      children.push(page.readUInt32BE(base + 8));
      for (const child of children.toReversed()) open.push([child, depth + 1]);
    } else throw new DatabaseError(`page ${number} is no page of a table`);
  }
}

/** The columns of a row that are texts or blobs, by their place; numbers of one to eight bytes as such. */
function columnsOf(row: Buffer): readonly (Buffer | number | undefined)[] {
  const [end, first] = varint(row, 0);
  let [at, value] = [first, end];
  const columns: (Buffer | number | undefined)[] = [];
  while (at < end && columns.length < 32) {
    const [type, next] = varint(row, at);
    at = next;
    const size = type >= 12 ? Math.floor((type - 12) / 2) : ([0, 1, 2, 3, 4, 6, 8, 8][type] ?? 0);
    if (value + size > row.length) throw new DatabaseError("a column runs over its row");
    const bytes = row.subarray(value, value + size);
    if (type >= 12) columns.push(bytes);
    else columns.push(type >= 1 && type <= 5 ? bytes.readIntBE(0, size) : undefined);
    value += size;
  }
  return columns;
}

/**
 * The header blobs of `rpmdb.sqlite` (SQLite database file format 3, table `Packages(hnum, blob)`). Read here and not by SQLite, which
 * needs a file of its own that it may write to. Throws `DatabaseError`.
 */
export function* sqliteBlobs(bytes: Buffer): Iterable<Buffer> {
  const written = bytes.readUInt16BE(16);
  const size = written === 1 ? 65_536 : written;
  if (size < 512 || (size & (size - 1)) !== 0) throw new DatabaseError("its pages have no possible size");
  if (bytes.length / size > MAX_PAGES) throw new DatabaseError("it has more pages than are read");
  const usable = size - (bytes[20] ?? 0);
  if (usable < 480) throw new DatabaseError("its pages have no room");
  const pages = { bytes, size, usable };
  for (const row of rowsOf(pages, 1)) {
    const [type, name, , root] = columnsOf(row);
    if (!(type instanceof Buffer) || !(name instanceof Buffer) || typeof root !== "number") continue;
    if (type.toString("latin1") !== "table" || name.toString("latin1") !== "Packages") continue;
    for (const each of rowsOf(pages, root)) {
      const blob = columnsOf(each)[1];
      if (blob instanceof Buffer) yield blob;
    }
    return;
  }
  throw new DatabaseError("it has no table Packages");
}

import { DatabaseError } from "./sqlite.ts";

/** Tags that are read (rpm, docs/manual/tags.md). */
export const TAGS = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  licence: 1014,
  architecture: 1022,
  sourceRpm: 1044,
  provideName: 1047,
  requireFlags: 1048,
  requireName: 1049,
  requireVersion: 1050,
  provideVersion: 1113,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  modularity: 5096,
} as const;

const INT16 = 3;
const INT32 = 4;
const STRING = 6;
const STRING_ARRAY = 8;
const I18N = 9;
const MAX_ENTRIES = 65_536;
const MAX_COUNT = 4_000_000;

interface Index {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** A package's header as the database keeps it: an index of tags and a store of values, numbers big-endian (rpm, format_header.md). */
export class Header {
  readonly #store: Buffer;
  readonly #tags = new Map<number, Index>();

  /** Throws `DatabaseError`. */
  constructor(blob: Buffer) {
    if (blob.length < 8) throw new DatabaseError("a header is too short");
    const [entries, length] = [blob.readUInt32BE(0), blob.readUInt32BE(4)];
    const start = 8 + entries * 16;
    if (entries > MAX_ENTRIES || start + length > blob.length)
      throw new DatabaseError("a header is longer than its bytes");
    this.#store = blob.subarray(start, start + length);
    for (let at = 8; at < start; at += 16) {
      const index = {
        type: blob.readUInt32BE(at + 4),
        offset: blob.readInt32BE(at + 8),
        count: blob.readUInt32BE(at + 12),
      };
      if (index.offset < 0 || index.offset > length || index.count > MAX_COUNT) continue;
      this.#tags.set(blob.readUInt32BE(at), index);
    }
  }

  /** The texts of a tag; none where it is absent or of another kind. */
  texts(tag: number): readonly string[] {
    const index = this.#tags.get(tag);
    if (index === undefined || ![STRING, STRING_ARRAY, I18N].includes(index.type)) return [];
    const found: string[] = [];
    const count = index.type === STRING ? 1 : index.count;
    for (let at = index.offset; found.length < count;) {
      const end = this.#store.indexOf(0, at);
      if (end < 0) break;
      found.push(this.#store.toString("utf8", at, end));
      at = end + 1;
    }
    return found;
  }

  text(tag: number): string | undefined {
    const [text] = this.texts(tag);
    return text === undefined || text === "" || text === "(none)" ? undefined : text;
  }

  numbers(tag: number): readonly number[] {
    const index = this.#tags.get(tag);
    if (index === undefined || (index.type !== INT32 && index.type !== INT16)) return [];
    const width = index.type === INT32 ? 4 : 2;
    const count = Math.min(index.count, Math.floor((this.#store.length - index.offset) / width));
    return Array.from({ length: Math.max(0, count) }, (_, item) =>
      this.#store.readUIntBE(index.offset + item * width, width),
    );
  }
}

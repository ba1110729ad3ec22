import type { SizeBytes } from "../model/digest.ts";
import type { Content } from "./content.ts";
import { TAR_BLOCK, tarNumber } from "./tar-header.ts";

/** A file with holes: pieces of data at their places, in order, stored one after another from `dataStart` on. */
export interface SparseMap {
  readonly pieces: readonly (readonly [at: SizeBytes, length: SizeBytes])[];
  /** Of the whole file, holes and all. */
  readonly sizeBytes: SizeBytes;
  readonly dataStart: SizeBytes;
}

const MAX_PIECES = 100_000;
const MAX_MAP_BYTES: SizeBytes = 1 << 20;
const WRONG: SparseMap = { pieces: [], sizeBytes: -1, dataStart: 0 };

/** GNU's old form: four pieces in the header, 21 in each block after it. */
export function oldSparse(tar: Content, header: Buffer, start: SizeBytes): SparseMap {
  const pieces: (readonly [SizeBytes, SizeBytes])[] = [];
  const take = (block: Buffer, from: number, count: number): void => {
    for (let at = from; at < from + count * 24; at += 24) {
      const [where, length] = [tarNumber(block, at, 12), tarNumber(block, at + 12, 12)];
      if (block[at] !== 0 && block[at + 12] !== 0) pieces.push([where ?? -1, length ?? -1]);
    }
  };
  take(header, 386, 4);
  let dataStart = start;
  for (let more = header[482] !== 0; more;) {
    const block = tar.read(dataStart, TAR_BLOCK);
    if (block.length < TAR_BLOCK || pieces.length > MAX_PIECES) return WRONG;
    take(block, 0, 21);
    more = block[504] !== 0;
    dataStart += TAR_BLOCK;
  }
  return { pieces, sizeBytes: tarNumber(header, 483, 12) ?? -1, dataStart };
}

/** The forms that use pax records: 0.1 with the map in a record, 1.0 with the map as decimal lines before the data; undefined for a plain file. */
export function paxSparse(
  tar: Content,
  start: SizeBytes,
  size: SizeBytes,
  records: ReadonlyMap<string, string>,
): SparseMap | undefined {
  const listed = records.get("GNU.sparse.map");
  if (listed !== undefined) return mapOf(listed.split(","), records.get("GNU.sparse.size"), start);
  if (records.get("GNU.sparse.major") !== "1") return undefined;
  const text = tar.read(start, Math.min(size, MAX_MAP_BYTES)).toString("latin1");
  const count = Number(/^(\d{1,6})\n/u.exec(text)?.[1] ?? "-1");
  const numbers: string[] = [];
  let at = text.indexOf("\n") + 1;
  for (let left = count * 2; left > 0; left -= 1) {
    const end = text.indexOf("\n", at);
    if (end < 0) return WRONG;
    numbers.push(text.slice(at, end));
    at = end + 1;
  }
  const dataStart = start + Math.ceil(at / TAR_BLOCK) * TAR_BLOCK;
  return count < 0 ? WRONG : mapOf(numbers, records.get("GNU.sparse.realsize"), dataStart);
}

function mapOf(numbers: readonly string[], size: string | undefined, dataStart: SizeBytes): SparseMap {
  if ([...numbers, size ?? ""].some((text) => !/^\d{1,15}$/u.test(text)) || numbers.length > 2 * MAX_PIECES)
    return WRONG;
  const pieces = numbers.flatMap((text, index) =>
    index % 2 === 0 ? [[Number(text), Number(numbers[index + 1] ?? "-1")] as const] : [],
  );
  return { pieces, sizeBytes: Number(size), dataStart };
}

/** The content with its holes as zeros; undefined where pieces overlap, lie outside, or hold more than is stored. */
export function sparseContent(stored: Content, map: SparseMap): Content | undefined {
  const { pieces, sizeBytes } = map;
  let [end, at] = [0, 0];
  const places: (readonly [from: SizeBytes, to: SizeBytes, stored: SizeBytes])[] = [];
  for (const [from, length] of pieces) {
    if (length < 0 || from < end || from + length > sizeBytes || at + length > stored.sizeBytes) return undefined;
    if (length > 0) places.push([from, from + length, at]);
    [end, at] = [from + length, at + length];
  }
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) return undefined;
  return {
    sizeBytes,
    read: (offset, length) => {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, sizeBytes - offset)));
      for (const [from, to, where] of places) {
        const [first, last] = [Math.max(from, offset), Math.min(to, offset + bytes.length)];
        if (first < last) stored.read(where + first - from, last - first).copy(bytes, first - offset);
      }
      return bytes;
    },
  };
}

import { isPlainDeflate } from "../../../artifact/deflate-scan.ts";
import { zipContent, type Zip, type ZipEntry } from "../../../artifact/zip.ts";
import { Fault } from "../../../model/fault.ts";
import { sameButUmask } from "./mode.ts";
import { equalBytes, inside, type Pair, type Walk } from "./pair.ts";
import { timeExtras } from "./zip-extra.ts";

/** Bits that tell the level of deflate (APPNOTE 4.4.4). */
const LEVEL_FLAGS = 6;
const DEFLATED = 8;

/** Compares two zip files (jar, wheel, …) entry by entry, paired by name. */
export function compareZip(a: Zip, b: Zip, pair: Pair, walk: Walk): void {
  const { found } = walk;
  const { path } = pair;
  const [first, second] = [byName(a.entries), byName(b.entries)];
  if (first === undefined || second === undefined) {
    found.differ("order", path, path, "a name that comes twice: programs differ in which they unpack");
    return;
  }
  for (const [name, entry] of first) {
    const other = second.get(name);
    if (other === undefined) found.differ("only-in-first", path, inside(pair, name), `${entry.sizeBytes} bytes`);
    else compareEntry(entry, other, pair, walk);
  }
  for (const [name, entry] of second) {
    if (!first.has(name)) found.differ("only-in-second", path, inside(pair, name), `${entry.sizeBytes} bytes`);
  }
  compareOrder(first, second, pair, walk);
  if (!equalBytes(a.comment, b.comment)) found.differ("zip-comment", path, path, "another comment of the archive");
  if (!equalBytes(a.gaps, b.gaps)) {
    const detail = `${a.gaps.length} bytes that belong to no entry against ${b.gaps.length}`;
    found.differ("zip-gap", path, path, detail);
  }
}

function byName(entries: readonly ZipEntry[]): Map<string, ZipEntry> | undefined {
  const names = new Map(entries.map((entry) => [entry.name, entry]));
  return names.size === entries.length ? names : undefined;
}

/** The order of the directory and that of the data. */
function compareOrder(
  first: ReadonlyMap<string, ZipEntry>,
  second: ReadonlyMap<string, ZipEntry>,
  { path }: Pair,
  { found }: Walk,
): void {
  const orders = [first, second].map((own, side) => {
    const other = side === 0 ? second : first;
    const common = [...own.values()].filter(({ name }) => other.has(name));
    return [common, common.toSorted((x, y) => x.localOffset - y.localOffset)].map((list) =>
      list.map(({ name }) => name),
    );
  });
  for (const index of [0, 1]) {
    const [order, other] = [orders[0]?.[index] ?? [], orders[1]?.[index] ?? []];
    const at = order.findIndex((name, position) => name !== other[position]);
    if (at >= 0) return found.forgive("zip-order", path, path, `entry ${at + 1} is ${order[at]} against ${other[at]}`);
  }
}

function compareEntry(a: ZipEntry, b: ZipEntry, pair: Pair, walk: Walk): void {
  const { found } = walk;
  const archive = pair.path;
  const path = inside(pair, a.name);
  if (a.dosTime !== b.dosTime || a.dosDate !== b.dosDate) {
    found.forgive("zip-mtime", archive, path, `${dosTime(a)} against ${dosTime(b)}`);
  }
  compareMode(a, b, archive, path, walk);
  compareExtras(a, b, archive, path, walk);
  const levels = a.method === DEFLATED || b.method === DEFLATED ? LEVEL_FLAGS : 0;
  const sameHeader =
    a.madeBy === b.madeBy &&
    (a.flags | levels) === (b.flags | levels) &&
    a.internalAttributes === b.internalAttributes &&
    // Stored entries need a lower version than deflated ones: it follows from the method.
    (a.versionNeeded === b.versionNeeded || (a.method !== b.method && isPlainVersion(a) && isPlainVersion(b)));
  if (!sameHeader) found.differ("zip-header", archive, path, "versions, flags or attributes of the entry");
  if (!equalBytes(a.comment, b.comment)) found.differ("zip-comment", archive, path, "another comment of the entry");
  compareData(a, b, pair, walk);
}

function isPlainVersion({ versionNeeded }: ZipEntry): boolean {
  return versionNeeded === 10 || versionNeeded === 20;
}

function compareMode(a: ZipEntry, b: ZipEntry, archive: string, path: string, { found }: Walk): void {
  const [modeA, modeB] = [a.externalAttributes >>> 16, b.externalAttributes >>> 16];
  if (modeA !== modeB) {
    const detail = `${modeA.toString(8)} against ${modeB.toString(8)}`;
    if (sameButUmask(modeA, modeB)) found.forgive("zip-mode", archive, path, detail);
    else found.differ("mode", archive, path, `${detail}: more than a umask decides`);
  }
  if ((a.externalAttributes & 0xffff) !== (b.externalAttributes & 0xffff)) {
    found.differ("zip-header", archive, path, "other MS-DOS attributes");
  }
}

function compareExtras(a: ZipEntry, b: ZipEntry, archive: string, path: string, { found }: Walk): void {
  if (equalBytes(a.extra, b.extra) && equalBytes(a.localExtra, b.localExtra)) return;
  const [extra, other] = [timeExtras(a.extra, false), timeExtras(b.extra, false)];
  const [local, otherLocal] = [timeExtras(a.localExtra, true), timeExtras(b.localExtra, true)];
  if (extra !== undefined && local !== undefined && extra === other && local === otherLocal) {
    found.forgive("zip-extra", archive, path, "times in the extra field");
  } else {
    found.differ("zip-header", archive, path, "another extra field than times");
  }
}

function compareData(a: ZipEntry, b: ZipEntry, pair: Pair, walk: Walk): void {
  const { found } = walk;
  const path = inside(pair, a.name);
  if (a.method === b.method && equalBytes(a.compressed, b.compressed)) return;
  const [first, second] = [contentOf(a, pair, walk), contentOf(b, pair, walk)];
  if (first === undefined || second === undefined) {
    found.differ("content", pair.path, path, "the content differs and could not be unpacked");
    return;
  }
  if ([a, b].some((entry) => entry.method === DEFLATED && !isPlainDeflate(entry.compressed))) {
    const detail = "the compressed data has empty blocks or bits that no content is made of";
    found.differ("deflate-hidden", pair.path, path, detail);
  }
  if (equalBytes(first, second)) {
    const detail = `the same content in ${a.compressed.length} bytes against ${b.compressed.length}`;
    found.forgive("zip-compression", pair.path, path, detail);
  } else {
    walk.inner({ a: first, b: second, path, archive: pair.path, root: false, layers: pair.layers + 1 });
  }
}

function contentOf(entry: ZipEntry, pair: Pair, walk: Walk): Uint8Array | undefined {
  try {
    const content = zipContent(entry, pair.path, walk.budgetBytes);
    walk.budgetBytes -= content.length;
    return content;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** MS-DOS date and time as text, as written: it has no zone. */
function dosTime({ dosDate, dosTime }: ZipEntry): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = `${1980 + (dosDate >> 9)}-${two((dosDate >> 5) & 15)}-${two(dosDate & 31)}`;
  return `${date} ${two(dosTime >> 11)}:${two((dosTime >> 5) & 63)}:${two((dosTime & 31) * 2)}`;
}

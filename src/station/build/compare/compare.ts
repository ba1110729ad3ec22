import { isGzip, readGzip, type Gzip } from "../../../artifact/gzip.ts";
import { isTar } from "../../../artifact/tar-header.ts";
import { readTar } from "../../../artifact/tar.ts";
import { isZip, readZip } from "../../../artifact/zip.ts";
import type { Comparison } from "../../../model/build.ts";
import { Fault } from "../../../model/fault.ts";
import { compareContent } from "./content.ts";
import { compareGzip } from "./gzip.ts";
import { equalBytes, type Pair, type Walk } from "./pair.ts";
import { emptyDifferences } from "./record.ts";
import { compareTar } from "./tar.ts";
import { compareZip } from "./zip.ts";

/** Four tar.gz files inside each other; below, bytes are compared. */
const MAX_LAYERS = 8;
const MAX_ENTRIES = 200_000;
/** Everything that is unpacked in one comparison, both sides together. */
const MAX_UNPACKED_BYTES = 1024 * (1 << 20);

/**
 * Compares two artifacts. Strict first: equal bytes are `identical`. Else gzip, tar and zip are taken apart, and a
 * difference that a normaliser names is forgiven, each exactly one field: `gzip-header` (time, system, level mark, file
 * name), `gzip-compression`, `tar-mtime`, `tar-mode` (what a umask decides), `tar-owner`, `tar-order`, `tar-pax` (times
 * and owner), `zip-mtime`, `zip-mode`, `zip-order`, `zip-extra` (times), `zip-compression`. All else, and whatever lies in
 * a forgiven field and is not of its form, makes the artifacts `different`. `differences` tells the forgiven ones too.
 * `name` stands for the artifact itself in paths. Damaged and too large archives are compared as bytes.
 */
export function compareArtifacts(a: Uint8Array, b: Uint8Array, name: string): Comparison {
  if (equalBytes(a, b)) return { outcome: "identical", normalised: [], differences: [] };
  const walk: Walk = {
    found: emptyDifferences(),
    budgetBytes: MAX_UNPACKED_BYTES,
    inner: (pair) => comparePair(pair, walk),
  };
  comparePair({ a, b, path: name, archive: name, root: true, layers: 0 }, walk);
  // Bytes differ, so something must have been found: what no field explains is never called equal.
  if (walk.found.isEmpty())
    walk.found.differ("structure", name, name, "the bytes differ in a place that no field explains");
  return walk.found.comparison();
}

function comparePair(pair: Pair, walk: Walk): void {
  const taken = pair.layers < MAX_LAYERS ? takeApart(pair, walk) : undefined;
  if (typeof taken === "function") taken();
  else compareContent(pair, walk.found, taken);
}

/**
 * Reads both sides as the same kind of archive and gives the comparison that is to be run; a text says why an archive
 * could not be read. Nothing is recorded before both sides are read.
 */
function takeApart(pair: Pair, walk: Walk): (() => void) | string | undefined {
  const { a, b, path } = pair;
  try {
    if (isGzip(a) && isGzip(b)) {
      const [first, second] = [unpack(a, path, walk), unpack(b, path, walk)];
      return () => compareGzip(first, second, pair, walk);
    }
    if (isZip(a) && isZip(b)) {
      const [first, second] = [readZip(a, path, MAX_ENTRIES), readZip(b, path, MAX_ENTRIES)];
      return () => compareZip(first, second, pair, walk);
    }
    if (isTar(a) && isTar(b)) {
      const [first, second] = [readTar(a, path, MAX_ENTRIES), readTar(b, path, MAX_ENTRIES)];
      return () => compareTar(first, second, pair, walk);
    }
    return undefined;
  } catch (error) {
    if (error instanceof Fault)
      return `${error.facts.what}${error.facts.found === undefined ? "" : `: ${error.facts.found}`}`;
    throw error;
  }
}

function unpack(bytes: Uint8Array, path: string, walk: Walk): Gzip {
  const gzip = readGzip(bytes, path, walk.budgetBytes);
  for (const { content } of gzip.members) walk.budgetBytes -= content.length;
  return gzip;
}

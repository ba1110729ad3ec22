import type { SizeBytes } from "../../../model/digest.ts";
import type { Differences } from "./record.ts";

/** Two contents of one path. */
export interface Pair {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  /** The path as reports show it; nested archives joined by `!/`. */
  readonly path: string;
  /** The archive that the path belongs to, for grouping. */
  readonly archive: string;
  /** The artifact itself, whose entries are named without it. */
  readonly root: boolean;
  /** How many layers were taken off: gzip counts as one, what it holds as the next. */
  readonly layers: number;
}

/** What all parts of one comparison share. */
export interface Walk {
  readonly found: Differences;
  /** Bytes that may still be unpacked, so that nested bombs end. */
  budgetBytes: SizeBytes;
  /** Compares two contents that are not equal, entering archives. */
  readonly inner: (pair: Pair) => void;
}

/** The path of an entry of an archive. */
export function inside(pair: Pair, entry: string): string {
  return pair.root ? entry : `${pair.path}!/${entry}`;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

export function isZeros(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

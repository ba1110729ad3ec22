import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, type Natural, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

/** A run of digits or letters, and how many separators stand before it. */
interface Segment {
  readonly separators: number;
  readonly value: Natural | string;
}

interface ArchVersion {
  readonly epoch: Natural;
  readonly version: readonly Segment[];
  readonly release: readonly Segment[] | undefined;
}

function segmentsOf(text: string): readonly Segment[] {
  return Array.from(
    text.matchAll(/([^0-9A-Za-z]*)(?:([0-9]+)|([A-Za-z]+))/g),
    ([, between = "", digits, letters = ""]) => ({
      separators: between.length,
      value: digits === undefined ? letters : natural(digits),
    }),
  );
}

/** A version that ends is older than one that goes on with a number, and newer than one that goes on with letters. */
function compareEnds(left: Segment | undefined, right: Segment | undefined): number {
  if (left === undefined)
    return right === undefined ? 0 : typeof right.value === "string" && right.separators === 0 ? 1 : -1;
  return -compareEnds(undefined, left);
}

function compareSegments(a: readonly Segment[], b: readonly Segment[]): number {
  for (let at = 0; at < a.length || at < b.length; at += 1) {
    const [left, right] = [a[at], b[at]];
    if (left === undefined || right === undefined) return compareEnds(left, right);
    if (left.separators !== right.separators) return left.separators - right.separators;
    if (
      typeof left.value !== typeof right.value &&
      (typeof left.value === "string" || typeof right.value === "string")
    ) {
      return typeof left.value === "string" ? -1 : 1;
    }
    const order = byValue(left.value, right.value);
    if (order !== 0) return order;
  }
  return 0;
}

/** `[epoch:]version[-release]`. */
function parseVersion(text: string): ArchVersion | undefined {
  const match = /^(?:([0-9]+):)?([^\s:/<>=-]+)(?:-([0-9.]+))?$/.exec(text);
  if (match === null) return undefined;
  const [, epoch = "", version = "", release] = match;
  return {
    epoch: natural(epoch),
    version: segmentsOf(version),
    release: release === undefined ? undefined : segmentsOf(release),
  };
}

/** Arch Linux's order (vercmp(8)): rpm's of old, without `~`; releases count where both versions have one. */
export const alpmOrder: VersionOrder = orderOf({
  ecosystem: "alpm",
  parse: parseVersion,
  compare(a: ArchVersion, b: ArchVersion) {
    const order = byValue(a.epoch, b.epoch) || compareSegments(a.version, b.version);
    if (order !== 0 || a.release === undefined || b.release === undefined) return order;
    return compareSegments(a.release, b.release);
  },
});

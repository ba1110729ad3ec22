import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, type Natural, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

/** Digits, letters, or one of the two signs; what lies between only separates. */
type Segments = readonly (Natural | string)[];

interface RpmVersion {
  readonly epoch: Natural;
  readonly version: Segments;
  /** Undefined sorts below every release. */
  readonly release?: Segments;
}

function segmentsOf(text: string): Segments {
  return (text.match(/[0-9]+|[A-Za-z]+|[~^]/g) ?? []).map((part) => (/^[0-9]/.test(part) ? natural(part) : part));
}

/** `~` sorts before all, even the end; `^` after the end and before all else (rpm-version(7), "Version ordering"). */
function compareSigns(a: Natural | string | undefined, b: Natural | string | undefined): number {
  if (a === "~" || b === "~") return a === b ? 0 : a === "~" ? -1 : 1;
  if (a === b || (a !== "^" && b !== "^")) return 0;
  if (a === "^") return b === undefined ? 1 : -1;
  return a === undefined ? -1 : 1;
}

function compareSegments(a: Segments, b: Segments): number {
  for (let at = 0; at < a.length || at < b.length; at += 1) {
    const [left, right] = [a[at], b[at]];
    const sign = compareSigns(left, right);
    if (sign !== 0) return sign;
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    // A number is newer than letters.
    if ((typeof left === "string") !== (typeof right === "string")) return typeof left === "string" ? -1 : 1;
    const order = byValue(left, right);
    if (order !== 0) return order;
  }
  return 0;
}

/** `[epoch:]version[-release]`: only digits before the first colon are an epoch, and what follows the last hyphen is the release. */
function parseVersion(text: string): RpmVersion | undefined {
  const evr = text.trim();
  if (!/[0-9A-Za-z+_]/.test(evr) || /[\s\p{Cc}]/u.test(evr)) return undefined;
  const [, epoch = "", rest = ""] = /^(?:([0-9]*):)?(.*)$/.exec(evr) ?? [];
  const hyphen = rest.lastIndexOf("-");
  return {
    epoch: natural(epoch),
    version: segmentsOf(hyphen === -1 ? rest : rest.slice(0, hyphen)),
    ...(hyphen !== -1 && { release: segmentsOf(rest.slice(hyphen + 1)) }),
  };
}

/** rpm's order of EVRs (rpm-version(7)), for every distribution that installs with it. No epoch is the epoch 0. */
export const rpmOrder: VersionOrder = orderOf({
  ecosystem: "rpm",
  parse: parseVersion,
  compare(a: RpmVersion, b: RpmVersion) {
    const order = byValue(a.epoch, b.epoch) || compareSegments(a.version, b.version);
    if (order !== 0 || (a.release === undefined && b.release === undefined)) return order;
    if (a.release === undefined || b.release === undefined) return a.release === undefined ? -1 : 1;
    return compareSegments(a.release, b.release);
  },
});

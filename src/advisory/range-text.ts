import { cleanText } from "../artifact/clean-text.ts";
import type { AffectedRange, RangeEvent, VersionOrder } from "../model/advisory.ts";

/** A record may name a million boundaries; these are all that one comparison can need. */
interface Nearest {
  /** The last one that the version has reached. */
  readonly before?: Bound;
  /** The first one that it has not. */
  readonly after?: Bound;
}

interface Bound {
  readonly kind: string;
  readonly version: string;
}

const boundOf = (event: RangeEvent): Bound => {
  const [kind = "", version = ""] = Object.entries(event)[0] as [string, string];
  return { kind, version };
};

/** Before all versions (OSV schema 1.7, "affected[].ranges[].events"), and what the order can place. */
const isStart = ({ kind, version }: Bound): boolean => kind === "introduced" && version === "0";

function compareTo(order: VersionOrder, bound: Bound, version: string): number {
  return isStart(bound) ? -1 : order.compare(bound.version, version);
}

/** Whether the version has come to this boundary: `last_affected` ends after itself. */
function isReached(order: VersionOrder, bound: Bound, version: string): boolean {
  const difference = compareTo(order, bound, version);
  return bound.kind === "last_affected" ? difference < 0 : difference <= 0;
}

function isLater(order: VersionOrder, a: Bound, b: Bound | undefined): boolean {
  if (b === undefined || isStart(b)) return true;
  return !isStart(a) && order.compare(a.version, b.version) >= 0;
}

function nearest(events: readonly RangeEvent[], version: string, order: VersionOrder): Nearest | Bound {
  let before: Bound | undefined;
  let after: Bound | undefined;
  for (const event of events) {
    const bound = boundOf(event);
    if (bound.kind === "limit") continue;
    if (!isStart(bound) && !order.valid(bound.version)) return bound;
    if (isReached(order, bound, version)) {
      if (isLater(order, bound, before)) before = bound;
    } else if (after === undefined || !isLater(order, bound, after)) after = bound;
  }
  return { ...(before && { before }), ...(after && { after }) };
}

/**
 * The comparison that decides whether a range holds a version, as one line: `4.0.0 (introduced) <= 4.17.20 < 4.17.21 (fixed)`. What
 * follows the version is the next boundary, so that a person sees how far away it is.
 */
export function rangeComparison({ events }: AffectedRange, version: string, order: VersionOrder): string {
  const found = nearest(events, version, order);
  if ("kind" in found) return `${named(found)} is no version that can be compared`;
  const { before, after } = found;
  const left = before === undefined ? "" : `${named(before)} ${before.kind === "last_affected" ? "<" : "<="} `;
  const right = after === undefined ? "" : ` ${after.kind === "last_affected" ? "<=" : "<"} ${named(after)}`;
  const inside = before?.kind === "introduced";
  return `${inside ? "affected" : "not affected"}: ${left}${cleanText(version, 100)}${right}`;
}

function named({ kind, version }: Bound): string {
  return kind === "introduced" && version === "0"
    ? "the first version"
    : `${cleanText(version, 100)} (${kind.replace("_", " ")})`;
}

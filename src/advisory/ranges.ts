import type { Advisory, AffectedRange, MatchReason, RangeEvent, VersionOrder } from "../model/advisory.ts";

/** Whether one version is affected, and by which version that ends, where the record knows it. */
export interface Evaluation {
  /** Why the version is affected: the list's word before that of a range. Undefined: it is not. */
  readonly reason?: MatchReason;
  /** `fixed` events that end the intervals in which the version lies. */
  readonly fixed: readonly string[];
  /** The first boundary that the order does not understand: its range could not be evaluated. */
  readonly unreadable?: string;
}

interface Boundary {
  readonly kind: "introduced" | "fixed" | "last_affected" | "limit";
  readonly version: string;
}

function boundaryOf(event: RangeEvent): Boundary {
  if ("introduced" in event) return { kind: "introduced", version: event.introduced };
  if ("fixed" in event) return { kind: "fixed", version: event.fixed };
  if ("last_affected" in event) return { kind: "last_affected", version: event.last_affected };
  return { kind: "limit", version: event.limit };
}

/** `0` is before all versions and `*` after all (OSV schema 1.7, "affected[].ranges[].events"). */
function compareBoundary(order: VersionOrder, a: Boundary, version: string): number {
  if (a.kind === "introduced" && a.version === "0") return -1;
  if (a.kind === "limit" && a.version === "*") return 1;
  return order.compare(a.version, version);
}

function readable(order: VersionOrder, { kind, version }: Boundary): boolean {
  return (kind === "introduced" && version === "0") || (kind === "limit" && version === "*") || order.valid(version);
}

/** Compares two boundaries; at one version `last_affected` ends after all else, the rest keeps the record's order. */
function laterBoundary(order: VersionOrder, a: Boundary, b: Boundary): Boundary {
  if (b.kind === "introduced" && b.version === "0") return a;
  const difference = compareBoundary(order, a, b.version);
  if (difference !== 0) return difference > 0 ? a : b;
  return a.kind === "last_affected" ? a : b;
}

/**
 * OSV's evaluation algorithm without its sort: the state after all events is that of the latest event at or before the
 * version, which one pass finds, so that a record with a million events costs a million comparisons.
 */
function evaluateRange(range: AffectedRange, version: string, order: VersionOrder): Evaluation {
  let latest: Boundary | undefined;
  let next: Boundary | undefined;
  let limited = false;
  let withinLimit = false;
  for (const event of range.events) {
    const boundary = boundaryOf(event);
    if (!readable(order, boundary)) return { fixed: [], unreadable: boundary.version };
    const difference = compareBoundary(order, boundary, version);
    if (boundary.kind === "limit") {
      limited = true;
      withinLimit ||= difference > 0;
    } else if (boundary.kind === "last_affected" ? difference < 0 : difference <= 0) {
      latest = latest === undefined ? boundary : laterBoundary(order, latest, boundary);
    } else if (next === undefined || order.compare(boundary.version, next.version) < 0) {
      next = boundary;
    }
  }
  if (latest?.kind !== "introduced" || (limited && !withinLimit)) return { fixed: [] };
  const until = next === undefined ? {} : { until: eventOf(next) };
  return {
    reason: { by: "range", ...(latest.version !== "0" && { introduced: latest.version }), ...until },
    fixed: next?.kind === "fixed" ? [next.version] : [],
  };
}

function eventOf({ kind, version }: Boundary): Exclude<RangeEvent, { introduced: string }> | never {
  if (kind === "fixed") return { fixed: version };
  return kind === "last_affected" ? { last_affected: version } : { limit: version };
}

/** By text first: most lists hold the version as it is. */
function listed(versions: readonly string[], version: string, order: VersionOrder): MatchReason | undefined {
  if (versions.includes(version)) return { by: "versions", listed: version };
  const same = versions.find((other) => order.valid(other) && order.compare(other, version) === 0);
  return same === undefined ? undefined : { by: "versions", listed: same };
}

/**
 * Whether this record affects `version`, which must be valid in `order`: the union of its list of versions and its ranges
 * (OSV schema 1.7, "Evaluation"). GIT ranges speak of commits and are passed over.
 */
export function evaluateAdvisory(advisory: Advisory, version: string, order: VersionOrder): Evaluation {
  let reason = listed(advisory.versions, version, order);
  let unreadable: string | undefined;
  const fixed: string[] = [];
  for (const range of advisory.ranges) {
    if (range.type === "GIT") continue;
    const evaluation = evaluateRange(range, version, order);
    reason ??= evaluation.reason;
    unreadable ??= evaluation.unreadable;
    fixed.push(...evaluation.fixed);
  }
  return { ...(reason && { reason }), fixed, ...(unreadable !== undefined && { unreadable }) };
}

/** Every `fixed` version that a record names, whatever the branch. */
export function fixedVersions(advisory: Advisory): readonly string[] {
  return advisory.ranges
    .filter((range) => range.type !== "GIT")
    .flatMap((range) => range.events.flatMap((event) => ("fixed" in event ? [event.fixed] : [])));
}

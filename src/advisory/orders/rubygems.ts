import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, type Natural, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

type Segment = Natural | string;

/** Gem::Version, `VERSION_PATTERN`. */
const VERSION = /^[0-9]+(?:\.[0-9a-zA-Z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

function withoutFinalZeros(segments: readonly Segment[]): readonly Segment[] {
  return segments.slice(0, segments.findLastIndex((segment) => segment !== 0) + 1);
}

/** `1.0.a10` has the segments 1, a, 10; zeros before the first letter and at the end do not count (Gem::Version#canonical_segments). */
function parseVersion(text: string): readonly Segment[] | undefined {
  const version = text.trim();
  if (!VERSION.test(version)) return undefined;
  const parts = version.replaceAll("-", ".pre.").match(/[0-9]+|[a-zA-Z]+/g) ?? [];
  const segments = parts.map((part) => (/^[0-9]/.test(part) ? natural(part) : part));
  const letters = segments.findIndex((segment) => typeof segment === "string");
  if (letters === -1) return withoutFinalZeros(segments);
  return [...withoutFinalZeros(segments.slice(0, letters)), ...withoutFinalZeros(segments.slice(letters))];
}

function compareSegments(a: Segment, b: Segment): number {
  if (typeof a === "string" && typeof b === "string") return byValue(a, b);
  // A letter makes a prerelease: it comes before any number, and before none.
  if (typeof a === "string" || typeof b === "string") return typeof a === "string" ? -1 : 1;
  return byValue(a, b);
}

/** RubyGems' order (documentation of Gem::Version, "How Prerelease Versions Sort"); a missing segment is 0. */
export const rubygemsOrder: VersionOrder = orderOf({
  ecosystem: "RubyGems",
  parse: parseVersion,
  compare(a: readonly Segment[], b: readonly Segment[]) {
    for (let at = 0; at < a.length || at < b.length; at += 1) {
      const order = compareSegments(a[at] ?? 0, b[at] ?? 0);
      if (order !== 0) return order;
    }
    return 0;
  },
});

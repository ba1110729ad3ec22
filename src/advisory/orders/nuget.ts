import type { VersionOrder } from "../../model/advisory.ts";
import { orderOf } from "./order-of.ts";
import { compareSemver, parseSemver } from "./semver.ts";

/**
 * NuGet's order (learn.microsoft.com, "Package versioning"): Semantic Versioning 2.0 with a fourth number; labels are compared
 * without regard to case, build metadata not at all.
 */
export const nugetOrder: VersionOrder = orderOf({
  ecosystem: "NuGet",
  parse: (text) => parseSemver(text.toLowerCase()),
  compare: compareSemver,
});

import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, compareLists, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

function orderOfNumbers(ecosystem: string, version: RegExp, separator: RegExp): VersionOrder {
  return orderOf({
    ecosystem,
    parse: (text) => (version.test(text) ? text.split(separator).map(natural) : undefined),
    // `1.0` comes before `1.0.0`.
    compare: (a, b) => compareLists(a, b, byValue),
  });
}

/** R's packages: numbers between `.` and `-` (Writing R Extensions, "The DESCRIPTION file"; R's `numeric_version`). */
export const cranOrder: VersionOrder = orderOfNumbers("CRAN", /^[0-9]+(?:[.-][0-9]+)*$/, /[.-]/);

/** Haskell's packages: numbers between dots (Package Versioning Policy, "Version numbers"; Data.Version). */
export const hackageOrder: VersionOrder = orderOfNumbers("Hackage", /^[0-9]+(?:\.[0-9]+)*$/, /\./);

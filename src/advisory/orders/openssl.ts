import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, comparePadded, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

/**
 * OpenSSL's releases: three numbers, until 1.1.1 with letters for patches (`z` is followed by `za`), since then as Semantic
 * Versioning (OpenSSL release strategy, "Versioning"). Candidates come before their release.
 */
export const opensslOrder: VersionOrder = orderOf({
  ecosystem: "OpenSSL",
  parse(text) {
    const match = /^([0-9]+(?:\.[0-9]+)*)([a-z]*)(?:-(alpha|beta|pre)-?([0-9]+))?$/.exec(text);
    if (match === null) return undefined;
    const [, numbers = "", letters = "", stage, candidate = ""] = match;
    return {
      numbers: numbers.split(".").map(natural),
      letters,
      // By the alphabet, and none after all of it.
      stage: stage ?? "release",
      candidate: natural(candidate),
    };
  },
  compare: (a, b) =>
    comparePadded(a.numbers, b.numbers) ||
    byValue(a.letters, b.letters) ||
    byValue(a.stage, b.stage) ||
    byValue(a.candidate, b.candidate),
});

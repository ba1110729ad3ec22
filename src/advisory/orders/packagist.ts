import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, type Natural, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

type Part = Natural | string;

/** What Composer lets follow the numbers: a stability with its own number, and `dev`. */
const MODIFIER = "[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)([.-]?[0-9]+(?:[.-][0-9]+)*)?)?([.-]?dev)?";
const CLASSICAL = new RegExp(`^v?([0-9]{1,5})(\\.[0-9]+)?(\\.[0-9]+)?(\\.[0-9]+)?${MODIFIER}$`);
/** As `CLASSICAL`, up to what Composer refuses. */
const BEGINNING = new RegExp(`^v?([0-9]{1,5})(\\.[0-9]+)?(\\.[0-9]+)?(\\.[0-9]+)?${MODIFIER}(?=[._+-][^#]*$)`);
const DATED = new RegExp(`^v?([0-9]{4}(?:[.:-]?[0-9]{2}){1,6}(?:[.:-]?[0-9]{1,3})?)${MODIFIER}$`);
const BRANCH = /^v?([0-9]+|x|\*)(?:\.([0-9]+|x|\*))?(?:\.([0-9]+|x|\*))?(?:\.([0-9]+|x|\*))?[.-]?dev$/;

/** What Composer writes for the `x` of a branch, to sort it after all releases of it. */
const BRANCH_END = "9999999";

function withModifier(version: string, stability = "", number = "", dev = ""): string {
  if (stability === "stable") return version;
  const suffix = stability === "" ? "" : `-${stability}${number.replace(/^[.-]+/, "")}`;
  return version + suffix + (dev === "" ? "" : "-dev");
}

function fourNumbers([, major, minor = ".0", patch = ".0", fourth = ".0", ...modifier]: RegExpExecArray): string {
  return withModifier(`${major}${minor}${patch}${fourth}`, ...modifier);
}

/** What Composer refuses, and advisories have (`3.0.0b1.post1`): the beginning in normal form, and what follows as it is. */
function asFarAsPossible(text: string): string {
  const beginning = BEGINNING.exec(text);
  return beginning === null ? text.replace(/^v/, "") : fourNumbers(beginning) + text.slice(beginning[0].length);
}

/** Composer's normal form (composer/semver, VersionParser::normalize): four numbers, stability, number, dev. */
function normalise(version: string): string {
  const text = version.replace(/^([^,\s+]+)\+\S+$/, "$1");
  const classical = CLASSICAL.exec(text);
  if (classical !== null) return fourNumbers(classical);
  const dated = DATED.exec(text);
  if (dated !== null) {
    const [, date = "", ...modifier] = dated;
    return withModifier(date.replaceAll(/[^0-9]/g, "."), ...modifier);
  }
  const branch = BRANCH.exec(text);
  if (branch === null) return asFarAsPossible(text);
  return `${[1, 2, 3, 4].map((at) => (/^[0-9]+$/.test(branch[at] ?? "") ? branch[at] : BRANCH_END)).join(".")}-dev`;
}

/** The forms that PHP's version_compare() knows, in its order; a number stands at `#`, and what is no form before them all. */
const FORMS: readonly (readonly [start: string, rank: number])[] = [
  ["dev", 1],
  ["a", 2],
  ["b", 3],
  ["rc", 4],
  ["#", 5],
  ["p", 6],
];
const NUMBER_RANK = 5;

function rankOf(part: Part | undefined): number {
  if (typeof part !== "string") return NUMBER_RANK;
  return FORMS.find(([start]) => part.startsWith(start))?.[1] ?? 0;
}

function parseVersion(text: string): readonly Part[] | undefined {
  const version = text.trim().toLowerCase();
  if (!/^v?[0-9]/.test(version)) return undefined;
  const parts = normalise(version).match(/[0-9]+|[a-z]+|#/g) ?? [];
  return parts.map((part) => (/^[0-9]/.test(part) ? natural(part) : part));
}

/** As PHP does: part by part, where a missing part stands before a number and with the numbers among the forms. */
function compareParts(a: readonly Part[], b: readonly Part[]): number {
  for (let at = 0; at < a.length || at < b.length; at += 1) {
    const [left, right] = [a[at], b[at]];
    const order = rankOf(left) - rankOf(right);
    if (order !== 0) return order;
    if (typeof left === "string" || typeof right === "string") continue;
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const difference = byValue(left, right);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Packagist's order: Composer's normal form, compared by PHP's version_compare(). A branch by name (`dev-main`) has no place in
 * it. `#` is equal to any number, which is no order: it can be compared, and is no version.
 */
export const packagistOrder: VersionOrder = orderOf({
  ecosystem: "Packagist",
  parse: parseVersion,
  compare: compareParts,
  accepts: (text) => /^[0-9a-z.+_*:~-]+$/i.test(text.trim()),
});

import { byCodeUnit } from "../../artifact/entry-path.ts";
import type { VersionOrder } from "../../model/advisory.ts";

/** The registry's own bound (node-semver MAX_LENGTH); longer text is no version. */
const MAX_LENGTH = 256;

/**
 * Optional `v` or `=`, then numbers. No two parts of the pattern can match the same text in two ways, so that it takes
 * linear time.
 */
const HEAD = /^[v=]*[\t ]*([0-9]+(?:\.[0-9]+)*)/;
const IDENTIFIER = /^[0-9A-Za-z-]+$/;
const NUMBER = /^[0-9]+$/;

interface NpmVersion {
  /** Without leading zeros; a missing part is equal to 0. */
  readonly numbers: readonly string[];
  /** Empty: a release. */
  readonly prerelease: readonly string[];
}

/** Numbers of any length, as text: the registry has dates and hashes of 20 digits and more. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || byCodeUnit(a, b);
}

function withoutZeros(digits: string): string {
  let start = 0;
  while (start < digits.length - 1 && digits[start] === "0") start += 1;
  return start === 0 ? digits : digits.slice(start);
}

/** The identifiers of what follows the numbers; undefined where it is no version. */
function parsePrerelease(tail: string): readonly string[] | undefined {
  if (tail === "") return [];
  const hyphen = tail.startsWith("-");
  const identifiers = (hyphen || tail.startsWith(".") ? tail.slice(1) : tail).split(".");
  // `1.x` and `1.2.*` are ranges. After a hyphen advisories write `1.2.0-*` for "any prerelease", which `*` sorts below.
  const wild = hyphen ? [] : ["x", "X"];
  if (!identifiers.every((part) => (IDENTIFIER.test(part) && !wild.includes(part)) || (hyphen && part === "*"))) {
    return undefined;
  }
  return identifiers.map((part) => (NUMBER.test(part) ? withoutZeros(part) : part));
}

function parseVersion(text: string): NpmVersion | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const version = text.trim();
  const head = HEAD.exec(version);
  if (head === null) return undefined;
  const plus = version.indexOf("+", head[0].length);
  const prerelease = parsePrerelease(version.slice(head[0].length, plus === -1 ? undefined : plus));
  return prerelease && { numbers: (head[1] ?? "").split(".").map(withoutZeros), prerelease };
}

function compareIdentifiers(a: string, b: string): number {
  const numberA = NUMBER.test(a);
  const numberB = NUMBER.test(b);
  if (numberA && numberB) return compareNumbers(a, b);
  if (numberA !== numberB) return numberA ? -1 : 1;
  return byCodeUnit(a, b);
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (const [at, part] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    const order = compareIdentifiers(part, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareVersions(a: NpmVersion, b: NpmVersion): number {
  for (let at = 0; at < Math.max(a.numbers.length, b.numbers.length); at += 1) {
    const order = compareNumbers(a.numbers[at] ?? "0", b.numbers[at] ?? "0");
    if (order !== 0) return order;
  }
  return comparePrereleases(a.prerelease, b.prerelease);
}

/**
 * npm's order: Semantic Versioning 2.0, section 11, read as loosely as node-semver's `loose` (prefix `v` or `=`, leading
 * zeros, a prerelease without hyphen) and beyond it as advisories write boundaries: one, two or more than three numbers
 * (`1.1`, `0.9.7.1`, `1.0.0.beta.3`). Build metadata takes no part. `compare` gives NaN-free order only over what `valid`
 * accepts; other text sorts below every version.
 */
export const npmOrder: VersionOrder = {
  ecosystem: "npm",
  valid: (version) => parseVersion(version) !== undefined,
  compare(a, b) {
    const left = parseVersion(a);
    const right = parseVersion(b);
    if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
    return compareVersions(left, right);
  },
};

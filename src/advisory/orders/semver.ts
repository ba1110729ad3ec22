import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, compareLists, comparePadded, type Natural, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

/**
 * Optional `v` or `=`, then numbers. No two parts of the pattern can match the same text in two ways, so that it takes
 * linear time.
 */
const HEAD = /^[v=]*[\t ]*([0-9]+(?:\.[0-9]+)*)/;
const IDENTIFIER = /^[0-9A-Za-z-]+$/;
const NUMBER = /^[0-9]+$/;

/** Numbers sort below text (Semantic Versioning 2.0, section 11.4.3). */
export type Identifier = Natural | string;

export interface SemanticVersion {
  /** A missing part is equal to 0. */
  readonly numbers: readonly Natural[];
  /** Empty: a release. */
  readonly prerelease: readonly Identifier[];
  /** What follows the `+`; undefined: no `+`. */
  readonly build?: readonly Identifier[];
}

function identifiersOf(text: string): readonly Identifier[] {
  return text.split(".").map((part) => (NUMBER.test(part) ? natural(part) : part));
}

/** The identifiers of what follows the numbers; undefined where it is no version. */
function parsePrerelease(tail: string): readonly Identifier[] | undefined {
  if (tail === "") return [];
  const hyphen = tail.startsWith("-");
  const text = hyphen || tail.startsWith(".") ? tail.slice(1) : tail;
  // `1.x` and `1.2.*` are ranges. After a hyphen advisories write `1.2.0-*` for "any prerelease", which `*` sorts below.
  const wild = hyphen ? [] : ["x", "X"];
  const good = text
    .split(".")
    .every((part) => (IDENTIFIER.test(part) && !wild.includes(part)) || (hyphen && part === "*"));
  return good ? identifiersOf(text) : undefined;
}

/**
 * Semantic Versioning 2.0 read as loosely as node-semver's `loose` (prefix `v` or `=`, leading zeros, a prerelease without
 * hyphen) and beyond it as advisories write boundaries: one, two or more than three numbers (`1.1`, `0.9.7.1`,
 * `1.0.0.beta.3`). Undefined: no version.
 */
export function parseSemver(text: string): SemanticVersion | undefined {
  const version = text.trim();
  const head = HEAD.exec(version);
  if (head === null) return undefined;
  const plus = version.indexOf("+", head[0].length);
  const prerelease = parsePrerelease(version.slice(head[0].length, plus === -1 ? undefined : plus));
  if (prerelease === undefined) return undefined;
  const numbers = (head[1] ?? "").split(".").map(natural);
  return { numbers, prerelease, ...(plus !== -1 && { build: identifiersOf(version.slice(plus + 1)) }) };
}

export function compareIdentifiers(a: Identifier, b: Identifier): number {
  if (typeof a === "string" && typeof b === "string") return byValue(a, b);
  if (typeof a === "string" || typeof b === "string") return typeof a === "string" ? 1 : -1;
  return byValue(a, b);
}

/** The order of section 11: build metadata takes no part. */
export function compareSemver(a: SemanticVersion, b: SemanticVersion): number {
  const order = comparePadded(a.numbers, b.numbers);
  if (order !== 0) return order;
  if (a.prerelease.length === 0 || b.prerelease.length === 0) return b.prerelease.length - a.prerelease.length;
  return compareLists(a.prerelease, b.prerelease, compareIdentifiers);
}

/** As section 11, and where that finds no difference by the build: none first, then identifier by identifier. */
function compareWithBuild(a: SemanticVersion, b: SemanticVersion): number {
  return compareSemver(a, b) || compareLists(a.build ?? [], b.build ?? [], compareIdentifiers);
}

/**
 * npm's order: Semantic Versioning 2.0, section 11. `compare` gives a total order over what `valid` accepts; other text
 * sorts below every version.
 */
export const npmOrder: VersionOrder = orderOf({ ecosystem: "npm", parse: parseSemver, compare: compareSemver });

/** Semantic Versioning 2.0, for the ecosystems that ask for it. */
export const semverOrder: VersionOrder = orderOf({ ecosystem: "semver", parse: parseSemver, compare: compareSemver });

/** Pub orders by the build too (pub_semver, `Version.compareTo`: "build identifiers … are compared"). */
export const pubOrder: VersionOrder = orderOf({ ecosystem: "Pub", parse: parseSemver, compare: compareWithBuild });

/** Julia's `VersionNumber`: build numbers count (manual, "Version Number Literals"); the binaries' packages live by them (`1.1.23+0`). */
export const juliaOrder: VersionOrder = orderOf({ ecosystem: "Julia", parse: parseSemver, compare: compareWithBuild });

/**
 * Bitnami's packages: `VERSION-REVISION`, where the revision counts builds of one version and is later than none
 * (bitnami/go-version, "Bitnami versions"): Semantic Versioning would take it for a prerelease.
 */
export const bitnamiOrder: VersionOrder = orderOf({
  ecosystem: "Bitnami",
  parse(text) {
    const revision = /^(.*[0-9])-([0-9]+)$/.exec(text);
    const version = parseSemver(revision?.[1] ?? text);
    return version && { version, revision: natural(revision?.[2] ?? "") };
  },
  compare: (a, b) => compareSemver(a.version, b.version) || byValue(a.revision, b.revision),
});

/** Go's toolchain writes `go1.21rc2` and `1.21.3-custom` (go.dev/doc/toolchain, "Version selection"), the vulnerability database `1.21.0-rc.2`. */
const TOOLCHAIN = /^(?:go)?([0-9]+\.[0-9]+(?:\.[0-9]+)?)(beta|rc)([0-9]+)$/;

/** Go modules: Semantic Versioning with `v` (go.dev/ref/mod, "Versions"), and the releases of Go itself. */
export const goOrder: VersionOrder = orderOf({
  ecosystem: "Go",
  parse(text) {
    const release = TOOLCHAIN.exec(text);
    if (release !== null) return parseSemver(`${release[1]}-${release[2]}.${release[3]}`);
    return parseSemver(/^go[0-9]/.test(text) ? (text.slice(2).split(" ", 1)[0] ?? "") : text);
  },
  compare: compareSemver,
});

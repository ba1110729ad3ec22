import { isFields, textAt, textsAt } from "../fields.ts";
import { commitDigest, normaliseName, type Origin, vcsOrigin, withoutCredentials } from "./names.ts";
import type { Requirement } from "./requirement.ts";
import { type Clause, parseSpecifier } from "./version.ts";

/** A constraint of poetry's: any of several lists of comparisons. */
export type Constraint = readonly (readonly Clause[])[];

const MAX_LENGTH = 1000;

/** Poetry's version constraints (its documentation, "Dependency specification"): `^`, `~`, `*`, `||` beside PEP 440's. */
export function parseConstraint(written: string): Constraint | undefined {
  if (written.length > MAX_LENGTH) return undefined;
  const ways = written.split("||").map(wayOf);
  return ways.every((way) => way !== undefined) ? ways : undefined;
}

function wayOf(text: string): readonly Clause[] | undefined {
  const clauses: Clause[] = [];
  // Comparisons are separated by commas or blanks; a blank after an operator separates nothing.
  for (const part of text.replace(/([<>=!~^])\s+/g, "$1").split(/[\s,]+/)) {
    if (part === "" || part === "*") continue;
    const more = part.startsWith("^")
      ? caret(part.slice(1))
      : /^~(?!=)/.test(part)
        ? tilde(part.slice(1))
        : plain(part);
    if (more === undefined) return undefined;
    clauses.push(...more);
  }
  return clauses;
}

function plain(part: string): readonly Clause[] | undefined {
  return parseSpecifier(/^v?\d/.test(part) ? `==${part}` : part);
}

const RELEASE = /^v?(\d{1,9}(?:\.\d{1,9})*)/;

/** `^1.2.3`: below the next change of the first number that is not 0. */
function caret(version: string): readonly Clause[] | undefined {
  const numbers = RELEASE.exec(version)?.[1]?.split(".").map(Number);
  if (numbers === undefined) return undefined;
  const first = numbers.findIndex((number) => number !== 0);
  return between(version, numbers, first < 0 ? numbers.length - 1 : first);
}

/** `~1.2.3`: below the next minor version; `~1` below the next major. */
function tilde(version: string): readonly Clause[] | undefined {
  const numbers = RELEASE.exec(version)?.[1]?.split(".").map(Number);
  return numbers === undefined ? undefined : between(version, numbers, Math.min(1, numbers.length - 1));
}

function between(version: string, numbers: readonly number[], at: number): readonly Clause[] {
  const next = [...numbers.slice(0, at), (numbers[at] ?? 0) + 1].join(".");
  return [
    { operator: ">=", version },
    { operator: "<", version: next },
  ];
}

/** A need in one of poetry's forms. */
export interface PoetryNeed {
  readonly requirement: Requirement;
  readonly constraint: Constraint;
  readonly written: string;
  readonly origin: Origin | undefined;
  readonly folder: string | undefined;
}

/** Reads `"^1.0"` or `{version = "^1.0", extras = […], markers = "…", git = "…"}`; undefined for another form. */
export function poetryNeed(name: string, value: unknown): PoetryNeed | undefined {
  const table = typeof value === "string" ? { version: value } : value;
  if (!isFields(table)) return undefined;
  const version = textAt(table, "version") ?? "*";
  const constraint = parseConstraint(version);
  if (constraint === undefined) return undefined;
  const git = textAt(table, "git");
  const url = textAt(table, "url");
  const folder = textAt(table, "path");
  const commit = textAt(table, "rev");
  const known = commitDigest(commit).gitCommit === undefined ? undefined : commit;
  return {
    requirement: {
      name: normaliseName(name),
      extras: textsAt(table, "extras").map(normaliseName),
      // One way is what a list of comparisons can say.
      clauses: constraint.length === 1 ? (constraint[0] ?? []) : [],
      url: git ?? url,
      marker: textAt(table, "markers"),
    },
    constraint,
    written: version,
    origin:
      git !== undefined
        ? vcsOrigin("git", git, known)
        : url !== undefined
          ? { key: "download_url", url: withoutCredentials(url) }
          : undefined,
    folder: folder !== undefined && git === undefined ? folder : undefined,
  };
}

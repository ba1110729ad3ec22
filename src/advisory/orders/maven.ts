import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, type Natural, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

/** A number, or the place of a qualifier: known ones by rank, others after them by text. */
type Value = Natural | { readonly rank: number; readonly text: string };

interface Token {
  readonly hyphen: boolean;
  readonly value: Value;
}

const QUALIFIERS = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
const RELEASES = ["", "final", "ga", "release"];
const SHORT: Readonly<Record<string, string>> = { a: "alpha", b: "beta", m: "milestone" };
const RELEASE = { rank: QUALIFIERS.indexOf(""), text: "" };

function qualifier(text: string, beforeNumber: boolean): Value {
  const full = (beforeNumber && Object.hasOwn(SHORT, text) ? SHORT[text] : undefined) ?? (text === "cr" ? "rc" : text);
  if (RELEASES.includes(full)) return RELEASE;
  const rank = QUALIFIERS.indexOf(full);
  return rank === -1 ? { rank: QUALIFIERS.length, text: full } : { rank, text: "" };
}

/** Separators are kept, a step between digits and other characters is a hyphen, and nothing between two separators is 0. */
function tokensOf(version: string): Token[] {
  const tokens: Token[] = [];
  let hyphen = false;
  let afterSeparator = true;
  const parts = version.match(/[.-]|[0-9]+|[^0-9.-]+/g) ?? [];
  for (const [at, part] of parts.entries()) {
    if (part === "." || part === "-") {
      if (afterSeparator) tokens.push({ hyphen, value: 0 });
      [hyphen, afterSeparator] = [part === "-", true];
      continue;
    }
    const value = /^[0-9]/.test(part) ? natural(part) : qualifier(part, /^[0-9]/.test(parts[at + 1] ?? ""));
    tokens.push({ hyphen: hyphen || !afterSeparator, value });
    afterSeparator = false;
  }
  return tokens;
}

const isNull = ({ value }: Token): boolean => value === 0 || value === RELEASE;

/** Takes away zeros and release qualifiers at the end, and before each hyphen that remains. */
function trim(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = [];
  for (const token of tokens) {
    if (token.hyphen) while (kept.length > 1 && isNull(kept.at(-1) ?? token)) kept.pop();
    kept.push(token);
  }
  while (kept.length > 1 && isNull(kept.at(-1) ?? { hyphen: false, value: 0 })) kept.pop();
  return kept;
}

function parseVersion(text: string): readonly Token[] | undefined {
  const version = text.trim().toLowerCase();
  return version === "" || /[\s\p{Cc}]/u.test(version) ? undefined : trim(tokensOf(version));
}

/** Of unlike tokens: `.qualifier` < `-qualifier` < `-number` < `.number`. */
function kindOf({ hyphen, value }: Token): number {
  if (typeof value === "object") return hyphen ? 1 : 0;
  return hyphen ? 2 : 3;
}

/** What stands against a token where the other version has ended: a release against a qualifier, and 0 against a number. */
function padding({ hyphen, value }: Token): Token {
  return { hyphen, value: hyphen || typeof value === "object" ? RELEASE : 0 };
}

function compareTokens(a: Token, b: Token): number {
  const order = kindOf(a) - kindOf(b);
  if (order !== 0) return order;
  if (typeof a.value === "object" && typeof b.value === "object") {
    return a.value.rank - b.value.rank || byValue(a.value.text, b.value.text);
  }
  return byValue(a.value as Natural, b.value as Natural);
}

function compareVersions(a: readonly Token[], b: readonly Token[]): number {
  for (let at = 0; at < a.length || at < b.length; at += 1) {
    const [left, right] = [a[at], b[at]];
    const token = left ?? right;
    if (token === undefined) continue;
    const order = compareTokens(left ?? padding(token), right ?? padding(token));
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * Maven's order as its specification has it (POM Reference, "Version Order Specification"), case-insensitive. By that text a zero
 * before a qualifier counts, so that of `1`, `1-1` and `1.0.x` each is below the next, in a circle; Maven 4's code differs there.
 */
export const mavenOrder: VersionOrder = orderOf({
  ecosystem: "Maven",
  parse: parseVersion,
  compare: compareVersions,
  accepts: (text) => /[0-9A-Za-z]/.test(text),
});

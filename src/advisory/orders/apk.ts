import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, type Natural, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

/** Kinds of tokens; of two versions that are equal so far, the one whose next kind is earlier in this list is the later one. */
const KIND = { first: 0, number: 1, letter: 2, suffix: 3, suffixNumber: 4, hash: 5, revision: 6, end: 7, invalid: 8 };

interface Token {
  readonly kind: number;
  readonly text: string;
  readonly value: Natural;
}

/** Before the version that they follow, and after it (apk-package(5), "Package names and versions"). */
const PRERELEASES = ["alpha", "beta", "pre", "rc"];
const POSTRELEASES = ["cvs", "svn", "git", "hg", "p"];
const NONE = PRERELEASES.length;

const END: Token = { kind: KIND.end, text: "", value: 0 };

/**
 * What follows the first number: `.3`, `b` (before a number in old versions: `5.1p1`), `_rc1`, `~hash` and `-r2`; what is
 * nothing of these ends the match and makes the version invalid. Digits may be missing for the sake of comparing: apk reads none as 0.
 */
const PART =
  /\.[0-9]*|[a-z]|(?<=[a-z])[0-9]+|_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*|~[0-9a-f]+|-r(?:[0-9]+|(?![a-z]))/y;

const VALID =
  /^[0-9]+(?:\.[0-9]+)*(?:[a-z](?:[0-9]+(?:\.[0-9]+)*)?)?(?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*)*(?:~[0-9a-f]+)?(?:-r[0-9]+)?$/;

function tokensOf(part: string): readonly Token[] {
  const digits = /[0-9]+$/.exec(part)?.[0] ?? "";
  const value = natural(digits);
  if (part.startsWith(".")) return [{ kind: KIND.number, text: digits, value }];
  if (part.startsWith("-r")) return [{ kind: KIND.revision, text: digits, value }];
  if (part.startsWith("~")) return [{ kind: KIND.hash, text: part, value: 0 }];
  if (part.startsWith("_")) {
    const name = part.slice(1, part.length - digits.length);
    const pre = PRERELEASES.indexOf(name);
    const suffix = { kind: KIND.suffix, text: name, value: pre === -1 ? NONE + 1 + POSTRELEASES.indexOf(name) : pre };
    return digits === "" ? [suffix] : [suffix, { kind: KIND.suffixNumber, text: digits, value }];
  }
  if (/^[a-z]/.test(part)) return [{ kind: KIND.letter, text: part, value: 0 }];
  return [{ kind: KIND.number, text: part, value }];
}

/** All tokens in their due order; the last one is `invalid` where the text is no version from there on. */
function parseVersion(text: string): readonly Token[] {
  const [digits = ""] = /^[0-9]*/.exec(text) ?? [];
  const tokens: Token[] = [{ kind: KIND.first, text: digits, value: natural(digits) }];
  const part = new RegExp(PART);
  part.lastIndex = digits.length;
  while (part.lastIndex < text.length) {
    const found = part.exec(text)?.[0];
    const next = found === undefined ? [] : tokensOf(found);
    const [last, first] = [tokens.at(-1)?.kind ?? KIND.first, next[0]?.kind ?? KIND.invalid];
    // Numbers and suffixes come any number of times, a suffix's own number and a letter's between them.
    const repeats = first === KIND.number || first === KIND.suffix;
    const inOrder = first > last || (repeats && last - first <= 1);
    if (!inOrder || first === KIND.invalid) {
      tokens.push({ ...END, kind: KIND.invalid });
      break;
    }
    tokens.push(...next);
  }
  return tokens;
}

function compareTokens(a: Token, b: Token): number {
  // A number after a dot that begins with 0 is the digits of a fraction, as in Gentoo (PMS 3.3).
  const fraction = a.kind === KIND.number && (a.text.startsWith("0") || b.text.startsWith("0"));
  if (fraction || a.kind === KIND.letter || a.kind === KIND.hash) return byValue(a.text, b.text);
  return byValue(a.value, b.value);
}

function compareVersions(a: readonly Token[], b: readonly Token[]): number {
  for (let at = 0; ; at += 1) {
    const [left, right] = [a[at] ?? END, b[at] ?? END];
    if (left.kind !== right.kind) {
      if (left.kind === KIND.suffix && left.value < NONE) return -1;
      if (right.kind === KIND.suffix && right.value < NONE) return 1;
      return right.kind - left.kind;
    }
    if (left.kind >= KIND.end) return 0;
    const order = compareTokens(left, right);
    if (order !== 0) return order;
  }
}

/** The order of Alpine, Wolfi and what else apk installs (apk-package(5), apk-tools 3). */
export const apkOrder: VersionOrder = orderOf({
  ecosystem: "apk",
  parse: parseVersion,
  compare: compareVersions,
  accepts: (text) => VALID.test(text),
});

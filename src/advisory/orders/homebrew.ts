import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, type Natural, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

/** Text has a place among prereleases, none, and later text; numbers have their own way. */
type Token = Natural | { readonly rank: number; readonly text: string; readonly number: Natural };

const TOKEN = /alpha[0-9]*|a[0-9]+|beta[0-9]*|b[0-9]+|pre[0-9]*|rc[0-9]*|p[0-9]*|\.post[0-9]+|[0-9]+|[a-z]+/gi;
const PRERELEASES = [/^a(?:lpha|[0-9])/i, /^b(?:eta|[0-9])/i, /^pre/i, /^rc/i];
const NOTHING = PRERELEASES.length;

function tokenOf(text: string): Token {
  if (/^[0-9]/.test(text)) return natural(text);
  const place = PRERELEASES.findIndex((pattern) => pattern.test(text));
  const rank = place === -1 ? NOTHING + 1 : place;
  const digits = /[0-9]+$/.exec(text)?.[0] ?? "";
  return { rank, text: place === -1 ? text.slice(0, text.length - digits.length) : "", number: natural(digits) };
}

interface PackageVersion {
  readonly tokens: readonly Token[];
  readonly revision: Natural;
}

/** `VERSION[_REVISION]` (PkgVersion). `HEAD` is a branch and has no place. */
function parseVersion(text: string): PackageVersion | undefined {
  const match = /^([0-9][0-9A-Za-z.,+_-]*?)(?:_([0-9]+))?$/.exec(text.trim());
  if (match === null) return undefined;
  return { tokens: ((match[1] ?? "").match(TOKEN) ?? []).map(tokenOf), revision: natural(match[2] ?? "") };
}

function compareText(a: Token | undefined, b: Token | undefined): number {
  const [left, right] = [typeof a === "object" ? a : undefined, typeof b === "object" ? b : undefined];
  return (
    byValue(left?.rank ?? NOTHING, right?.rank ?? NOTHING) ||
    byValue(left?.text ?? "", right?.text ?? "") ||
    byValue(left?.number ?? 0, right?.number ?? 0)
  );
}

/** Token by token; a zero that stands where the other version has text, or nothing, is passed over. */
function compareTokens(a: readonly Token[], b: readonly Token[]): number {
  let [left, right] = [0, 0];
  while (left < a.length || right < b.length) {
    const [x, y] = [a[left], b[right]];
    const numbers = [x !== undefined && typeof x !== "object", y !== undefined && typeof y !== "object"];
    if (numbers[0] !== numbers[1]) {
      if (numbers[0] ? x !== 0 : y !== 0) return numbers[0] ? 1 : -1;
      if (numbers[0]) left += 1;
      else right += 1;
      continue;
    }
    const order = typeof x === "object" || typeof y === "object" ? compareText(x, y) : byValue(x ?? 0, y ?? 0);
    if (order !== 0) return order;
    left += 1;
    right += 1;
  }
  return 0;
}

/** Homebrew's order (documentation of the classes Version and PkgVersion). */
export const homebrewOrder: VersionOrder = orderOf({
  ecosystem: "Homebrew",
  parse: parseVersion,
  compare: (a, b) => compareTokens(a.tokens, b.tokens) || byValue(a.revision, b.revision),
});

import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, type Natural, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

const SUFFIXES = ["alpha", "beta", "pre", "rc", "", "p"];
/** No suffix: between `_rc` and `_p`. */
const NONE = { rank: SUFFIXES.indexOf(""), number: 0 as Natural };

interface GentooVersion {
  readonly numbers: readonly string[];
  readonly letter: string;
  readonly suffixes: readonly { readonly rank: number; readonly number: Natural }[];
  readonly revision: Natural;
}

/** Package Manager Specification 8, section 3.2. */
const VERSION = /^([0-9]+(?:\.[0-9]+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|p)[0-9]*)*)(?:-r([0-9]+))?$/;

function parseVersion(text: string): GentooVersion | undefined {
  const match = VERSION.exec(text);
  if (match === null) return undefined;
  const [, numbers = "", letter = "", suffixes = "", revision = ""] = match;
  return {
    numbers: numbers.split("."),
    letter,
    suffixes: Array.from(suffixes.matchAll(/_([a-z]+)([0-9]*)/g), ([, name = "", digits = ""]) => ({
      rank: SUFFIXES.indexOf(name),
      number: natural(digits),
    })),
    revision: natural(revision),
  };
}

/** After the first number one that begins with 0 is the digits of a fraction (algorithm 3.3). */
function compareNumbers(a: readonly string[], b: readonly string[]): number {
  for (const [at, left] of a.entries()) {
    const right = b[at];
    if (right === undefined) return 1;
    const fraction = at > 0 && (left.startsWith("0") || right.startsWith("0"));
    const order = fraction
      ? byValue(left.replace(/0+$/, ""), right.replace(/0+$/, ""))
      : byValue(natural(left), natural(right));
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareVersions(a: GentooVersion, b: GentooVersion): number {
  let order = compareNumbers(a.numbers, b.numbers) || byValue(a.letter, b.letter);
  for (let at = 0; order === 0 && (at < a.suffixes.length || at < b.suffixes.length); at += 1) {
    const [left, right] = [a.suffixes[at] ?? NONE, b.suffixes[at] ?? NONE];
    order = left.rank - right.rank || byValue(left.number, right.number);
  }
  return order || byValue(a.revision, b.revision);
}

/** Gentoo's order (Package Manager Specification 8, section 3.3). */
export const gentooOrder: VersionOrder = orderOf({
  ecosystem: "Gentoo",
  parse: parseVersion,
  compare: compareVersions,
});

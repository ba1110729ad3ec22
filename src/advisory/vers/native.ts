import { cleanText } from "../../artifact/clean-text.ts";
import { Fault } from "../../model/fault.ts";
import { canonicalVersion } from "./canonical-version.ts";
import { parseIntervals } from "./intervals.ts";
import { schemeOrder } from "./schemes.ts";
import { type Comparator, sortConstraints, type Vers, type VersConstraint } from "./vers.ts";

/** Which number of a version a shorthand counts up, the first being 0. */
type Bound = (numbers: readonly string[]) => number;

interface Notation {
  /** `~1.2.3`, `~> 1.2.3` or `~= 1.2.3`. */
  readonly tilde?: Bound;
  /** `^1.2.3` */
  readonly caret?: Bound;
  /** What follows the version that ends a shorthand: Conan shuts its prereleases out with a `-`. */
  readonly ending?: string;
}

/** The first number that is not 0, of three. */
const firstPart: Bound = (numbers) => {
  const at = numbers.findIndex((number) => !/^0+$/.test(number));
  return at === -1 ? numbers.length - 1 : at;
};
const lastButOne: Bound = (numbers) => Math.max(0, numbers.length - 2);
const second: Bound = (numbers) => Math.min(1, numbers.length - 1);

/** Types whose native ranges are read. Where a shorthand is not named the notation has none. */
const NOTATIONS: Readonly<Record<string, Notation>> = {
  npm: { tilde: second, caret: firstPart },
  golang: {},
  composer: { tilde: lastButOne, caret: firstPart },
  gem: { tilde: lastButOne },
  pypi: { tilde: lastButOne },
  conan: { tilde: second, caret: firstPart, ending: "-" },
};

const MAX_LENGTH = 1 << 14;

/** Of a text in which one blank stands for any number of them. */
const TERM = /(>=|<=|!=|~>|~=|={1,3}|>|<|~|\^)? ?([^\s,|=<>!~^][^\s,|]*)/g;

function nativeFault(text: string, found: string): Fault {
  return new Fault({
    code: "WB-VERS-NATIVE",
    kind: "input",
    what: "a version range is not in its ecosystem's notation",
    where: cleanText(text.slice(0, 200), 120),
    found,
  });
}

/** The version after all that begin with the numbers before and at `index`. */
function counted(numbers: readonly string[], index: number): string {
  return [...numbers.slice(0, index), String(BigInt(numbers[index] ?? "0") + 1n)].join(".");
}

const leadingNumbers = (version: string): readonly string[] =>
  /^v?([0-9]+(?:\.[0-9]+)*)/.exec(version)?.[1]?.split(".") ?? [];

function between(type: string, low: string, high: string): readonly VersConstraint[] {
  return [
    { comparator: ">=", version: canonicalVersion(type, low) },
    { comparator: "<", version: canonicalVersion(type, high) },
  ];
}

/** `1.2.x` or `1.2.*`: all of 1.2. Everything but that is no list of constraints. */
function wildcard(type: string, operator: string, numbers: readonly string[], text: string): readonly VersConstraint[] {
  if (operator === "!=") throw nativeFault(text, `!=${numbers.join(".")}.*, which VERS cannot say`);
  const [low = "", high = ""] = [numbers.join("."), counted(numbers, numbers.length - 1)];
  if (operator === "<") return [{ comparator: "<", version: canonicalVersion(type, low) }];
  if (operator === "<=") return [{ comparator: "<", version: canonicalVersion(type, high) }];
  if (operator === ">") return [{ comparator: ">=", version: canonicalVersion(type, high) }];
  return between(type, low, high);
}

/** One operator and version. */
function constraintsOf(type: string, operator: string, version: string, text: string): readonly VersConstraint[] {
  const { tilde, caret, ending = "" } = NOTATIONS[type] ?? {};
  // Conan lets prereleases in with a `-` behind a version.
  const bare = ending === "" ? version : version.replace(/-$/, "");
  if (/^[*xX]$/.test(bare)) return [{ comparator: ">=", version: canonicalVersion(type, "0.0.0") }];
  const numbers = leadingNumbers(bare);
  if (/^v?[0-9.]+\.[xX*](?:\.[xX*])*$/.test(bare)) return wildcard(type, operator, numbers, text);
  if (operator === "^" || operator.startsWith("~")) {
    const bound = operator === "^" ? caret : tilde;
    if (bound === undefined || numbers.length === 0) throw nativeFault(text, `${operator}${cleanText(version, 60)}`);
    return between(type, bare, counted(numbers, bound(numbers)) + ending);
  }
  const comparator = operator.startsWith("=") || operator === "" ? "=" : (operator as Comparator);
  return [{ comparator, version: canonicalVersion(type, bare) }];
}

/** npm's and Composer's `1.2 - 2.3`. */
function hyphenRange(type: string, text: string): readonly VersConstraint[] | undefined {
  const match = /^ ?([0-9v]\S*) - ([0-9v]\S*) ?$/.exec(text);
  if (match === null) return undefined;
  const [, low = "", high = ""] = match;
  return [
    { comparator: ">=", version: canonicalVersion(type, low) },
    { comparator: "<=", version: canonicalVersion(type, high) },
  ];
}

function alternativeOf(type: string, text: string, whole: string): readonly VersConstraint[] {
  const range = hyphenRange(type, text);
  if (range !== undefined) return range;
  // Conan's options follow a comma.
  const terms = type === "conan" ? (text.split(",")[0] ?? "") : text;
  const constraints: VersConstraint[] = [];
  let end = 0;
  for (const match of terms.matchAll(TERM)) {
    if (!/^[\s,]*$/.test(terms.slice(end, match.index))) break;
    constraints.push(...constraintsOf(type, match[1] ?? "", match[2] ?? "", whole));
    end = match.index + match[0].length;
  }
  if (!/^[\s,]*$/.test(terms.slice(end))) throw nativeFault(whole, `"${cleanText(terms.slice(end), 60)}"`);
  return constraints;
}

/** nginx's security page: `0.7.52-0.8.39`; `1.4.1+` ends with its branch where that is a stable one, of an even number. */
function nginxConstraints(text: string, whole: string): readonly VersConstraint[] {
  const [, low = "", plus, high] = /^\s*([0-9.]+)(?:(\+)|-([0-9.]+))?\s*$/.exec(text) ?? [];
  if (low === "") throw nativeFault(whole, `"${cleanText(text, 60)}"`);
  if (high !== undefined)
    return [
      { comparator: ">=", version: low },
      { comparator: "<=", version: high },
    ];
  if (plus === undefined) return [{ comparator: "=", version: low }];
  const numbers = low.split(".");
  const stable = Number(numbers[1] ?? "0") % 2 === 0;
  const end: VersConstraint = { comparator: "<", version: `${counted(numbers, 1)}.0` };
  return [{ comparator: ">=", version: low }, ...(stable ? [end] : [])];
}

/** The constraints of each alternative; an empty list is all versions. */
function alternatives(type: string, text: string): readonly (readonly VersConstraint[])[] {
  if (type === "nginx") return text.split(",").map((part) => nginxConstraints(part, text));
  if (type === "openssl") return text.split(",").map((part) => [{ comparator: "=", version: part.trim() }]);
  if (type === "maven" || type === "nuget") {
    const lists = parseIntervals(type, text);
    if (lists === undefined) throw nativeFault(text, "no intervals");
    return lists;
  }
  if (!Object.hasOwn(NOTATIONS, type)) throw nativeFault(text, `the type ${cleanText(type, 40)}, which is not read`);
  return text.split(/\|\|?/).map((part) => alternativeOf(type, part, text));
}

/**
 * The VERS of a range in its ecosystem's own notation: of npm, golang, composer, gem, pypi, conan (alternatives between `||`), maven
 * and nuget (intervals), nginx and openssl (between commas). All constraints in version order and none taken away: `simplifyVers`
 * does that. It reads as the VERS test suite does, by which `2.1` in npm's is that one version, and `>=2.2.x` all of 2.2.
 * Fault: WB-VERS-NATIVE.
 */
export function versOfNative(type: string, text: string): Vers {
  if (text.length > MAX_LENGTH) throw nativeFault(text, `more than ${MAX_LENGTH} characters`);
  const lists = alternatives(type, text.trim().replaceAll(/\s+/g, " "));
  const order = schemeOrder(type);
  if (lists.length === 0 || (type === "npm" && /^[*xX]?$/.test(text.trim()))) return { type, constraints: "*" };
  const first = (list: readonly VersConstraint[]): string => list[0]?.version ?? "";
  const sorted = order === undefined ? lists : lists.toSorted((a, b) => order.compare(first(a), first(b)));
  return { type, constraints: sortConstraints(sorted.flat(), order) };
}

import { cleanText } from "../../artifact/clean-text.ts";
import type { VersionOrder } from "../../model/advisory.ts";
import { Fault } from "../../model/fault.ts";
import { schemeOrder } from "./schemes.ts";

const COMPARATORS = [">=", "<=", "!=", ">", "<"] as const;

export type Comparator = (typeof COMPARATORS)[number] | "=";

/** One signpost of a range. `version` is decoded. */
export interface VersConstraint {
  readonly comparator: Comparator;
  readonly version: string;
}

/** A version range specifier (VERS; package-url/vers-spec). `*` stands for every version, which it does alone. */
export interface Vers {
  /** Lower case, e.g. `npm`: mostly the type of a package URL. */
  readonly type: string;
  /** In version order where the type is known. */
  readonly constraints: "*" | readonly VersConstraint[];
}

/** A range comes out of a document: more text, or more signposts, is no range. */
const MAX_LENGTH = 1 << 20;
const MAX_CONSTRAINTS = 10_000;

function versFault(text: string, found: string): Fault {
  return new Fault({
    code: "WB-VERS-INVALID",
    kind: "input",
    what: "a text is no version range",
    where: cleanText(text.slice(0, 200), 120),
    expected: "vers:TYPE/CONSTRAINT|CONSTRAINT…, e.g. vers:npm/>=1.0.0|<1.2.3",
    found,
  });
}

function decode(written: string, text: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    throw versFault(text, "a percent sign that begins no encoded character");
  }
}

function parseConstraint(part: string, text: string): VersConstraint {
  const comparator = COMPARATORS.find((one) => part.startsWith(one));
  // `=` is not written in canonical form, and has been by tools of the time before it was said so.
  const equals = comparator === undefined && part.startsWith("=");
  const version = decode(part.slice(equals ? 1 : (comparator ?? "").length), text);
  if (version === "") throw versFault(text, part === "" ? "an empty constraint" : "a comparator without a version");
  return { comparator: comparator ?? "=", version };
}

/** In version order; those of one version keep theirs. */
export function sortConstraints(
  constraints: readonly VersConstraint[],
  order: VersionOrder | undefined,
): readonly VersConstraint[] {
  return order === undefined ? constraints : constraints.toSorted((a, b) => order.compare(a.version, b.version));
}

/**
 * Reads a VERS as documents have it: blanks, capitals in `vers:TYPE`, any order, repeated versions and empty constraints at the
 * ends are let pass; `versProblems` tells them. Fault: WB-VERS-INVALID.
 */
export function parseVers(text: string): Vers {
  if (text.length > MAX_LENGTH) throw versFault(text, `more than ${MAX_LENGTH} characters`);
  const match = /^vers:([a-z][a-z0-9.-]*)\/([^]*)$/i.exec(text.replaceAll(/[ \t\r\n]+/g, ""));
  if (match === null) throw versFault(text, "no vers:TYPE/ at the beginning");
  const [, name = "", list = ""] = match;
  const type = name.toLowerCase();
  const parts = list.replace(/^\|/, "").replace(/\|$/, "").split("|");
  if (parts.length > MAX_CONSTRAINTS) throw versFault(text, `more than ${MAX_CONSTRAINTS} constraints`);
  if (parts.includes("*")) {
    if (parts.length > 1) throw versFault(text, "a `*` beside other constraints");
    return { type, constraints: "*" };
  }
  if (type === "all" || type === "none") throw versFault(text, `\`${type}\` with something else than \`*\``);
  const constraints = parts.map((part) => parseConstraint(part, text));
  return { type, constraints: sortConstraints(constraints, schemeOrder(type)) };
}

/** What separates constraints or could be taken for a comparator, the percent sign, and what is no printable ASCII. */
const ENCODED = /[><=!*|%]|[^\u0021-\u007e]+/gu;

function encode(version: string): string {
  return version.replaceAll(ENCODED, (part) =>
    part === "!" || part === "*"
      ? `%${part.charCodeAt(0).toString(16).toUpperCase()}`
      : encodeURIComponent(part.toWellFormed()),
  );
}

/** The text of a range, its constraints as they are. `simplifyVers` makes it the canonical one. */
export function printVers({ type, constraints }: Vers): string {
  const list =
    constraints === "*"
      ? "*"
      : constraints
          .map(({ comparator, version }) => (comparator === "=" ? "" : comparator) + encode(version))
          .join("|");
  return `vers:${type}/${list}`;
}

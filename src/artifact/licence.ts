import { cleanText } from "../artifact/clean-text.ts";
import type { LicenceClaim, Technique } from "../model/sbom.ts";
import { SPDX_EXCEPTION_IDS, SPDX_LICENCE_IDS } from "../artifact/spdx-ids.ts";

/** A licence text as understood: `expression` is canonical where `spdx` is true, else the text as found (bounded). */
export interface Licence {
  readonly expression: string;
  readonly spdx: boolean;
  /** The text as found, where it was repaired. */
  readonly written?: string;
}

/** Longer texts are no expression that anybody wrote by hand. */
const MAX_TEXT = 1000;
/** Programs write longer ones, of a whole distribution; beyond this it is no expression. */
const MAX_EXPRESSION = 65_536;
const MAX_DEPTH = 32;

/** Spellings that mean exactly one identifier; anything that could mean two (e.g. "BSD", "GPL") stays as found. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ["apache 2.0", "Apache-2.0"],
  ["apache 2", "Apache-2.0"],
  ["apache2", "Apache-2.0"],
  ["apache2.0", "Apache-2.0"],
  ["apache license 2.0", "Apache-2.0"],
  ["apache license, version 2.0", "Apache-2.0"],
  ["apache license version 2.0", "Apache-2.0"],
  ["apache-2", "Apache-2.0"],
  ["mit license", "MIT"],
  ["the mit license", "MIT"],
  ["isc license", "ISC"],
  ["bsd 2-clause", "BSD-2-Clause"],
  ["bsd 3-clause", "BSD-3-Clause"],
  ["mozilla public license 2.0", "MPL-2.0"],
  ["mpl 2.0", "MPL-2.0"],
  ["cc0 1.0", "CC0-1.0"],
]);

let known: { readonly ids: Map<string, string>; readonly exceptions: Map<string, string> } | undefined;

function byLowerCase(list: string): Map<string, string> {
  return new Map(
    list
      .trim()
      .split(/\s+/)
      .map((id) => [id.toLowerCase(), id]),
  );
}

function lists(): NonNullable<typeof known> {
  known ??= { ids: byLowerCase(SPDX_LICENCE_IDS), exceptions: byLowerCase(SPDX_EXCEPTION_IDS) };
  return known;
}

const REFERENCE = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$/;
const ADDITION = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?AdditionRef-[A-Za-z0-9.-]+$/;

function licenceId(token: string): string | undefined {
  if (REFERENCE.test(token)) return token;
  const { ids } = lists();
  // "GPL-2.0+" is itself an (old) identifier, so the whole token is asked first.
  const whole = ids.get(token.toLowerCase());
  if (whole !== undefined || !token.endsWith("+")) return whole;
  const id = ids.get(token.slice(0, -1).toLowerCase());
  return id === undefined ? undefined : `${id}+`;
}

function exceptionId(token: string): string | undefined {
  return ADDITION.test(token) ? token : lists().exceptions.get(token.toLowerCase());
}

/** A text as an expression: canonical, with what was repaired in it; or what is wrong, in words. */
type Reading = { readonly expression: string; readonly repaired: boolean } | { readonly problem: string };

/**
 * Tokens of an expression: parentheses, operators, and what stands between them as one operand, for common spellings have
 * blanks ("Apache License 2.0").
 */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  let operand: string[] = [];
  const close = (): void => {
    if (operand.length > 0) tokens.push(operand.join(" "));
    operand = [];
  };
  for (const [word] of text.matchAll(/[()]|[^\s()]+/g)) {
    if (!/^(?:[()]|and|or|with)$/i.test(word)) operand.push(word);
    else {
      close();
      tokens.push(word);
    }
  }
  close();
  return tokens;
}

const shown = (token: string): string => cleanText(token, 80);

/** A machine with four states instead of recursion. */
function read(text: string): Reading {
  let state: "operand" | "licence" | "exception" | "end" = "operand";
  let depth = 0;
  let out = "";
  let repaired = false;
  for (const token of tokensOf(text)) {
    let word: string;
    if (state === "operand") {
      if (token === "(") {
        depth += 1;
        if (depth > MAX_DEPTH) return { problem: `is nested deeper than ${MAX_DEPTH}` };
        out += out === "" || out.endsWith("(") ? "(" : " (";
        continue;
      }
      if (/^(?:\)|and|or|with)$/i.test(token)) return { problem: `has no licence before ${token}` };
      const spelling = SPELLINGS.get(token.toLowerCase());
      const id = spelling ?? licenceId(token);
      if (id === undefined) return { problem: `names ${shown(token)}, which is not on the SPDX License List` };
      repaired ||= spelling !== undefined;
      word = id;
      state = "licence";
    } else if (state === "exception") {
      const id = exceptionId(token);
      if (id === undefined) return { problem: `names ${shown(token)}, which is no exception of the SPDX License List` };
      word = id;
      state = "end";
    } else if (token === ")") {
      depth -= 1;
      if (depth < 0) return { problem: "closes a parenthesis that was not opened" };
      out += ")";
      state = "end";
      continue;
    } else {
      word = token.toUpperCase();
      if (!/^(?:AND|OR|WITH)$/.test(word)) return { problem: `has no operator before ${shown(token)}` };
      if (word === "WITH" && state !== "licence") return { problem: "has WITH after more than one licence" };
      repaired ||= token !== word && token !== word.toLowerCase();
      state = word === "WITH" ? "exception" : "operand";
    }
    out += out === "" || out.endsWith("(") ? word : ` ${word}`;
  }
  if (state === "operand" || state === "exception") return { problem: "ends where a licence or exception is expected" };
  return depth === 0 ? { expression: out, repaired } : { problem: "leaves a parenthesis open" };
}

/**
 * Reads a licence text as an SPDX licence expression (SPDX 2.3 annex D, SPDX 3.0.1 annex B with `AdditionRef-`; licence list
 * 3.28.0), repairing the case of identifiers and operators and common spellings, and says so (`written`). `NONE`, `NOASSERTION`, `UNLICENSED` and
 * `SEE LICENSE IN …` are no expressions: they come back as found with `spdx: false`, one line without control characters.
 * Never throws.
 */
export function parseLicence(text: string): Licence {
  const trimmed = text.trim();
  const reading = trimmed.length > MAX_TEXT ? { problem: "is too long" } : read(trimmed);
  return "problem" in reading
    ? { expression: cleanText(trimmed, MAX_TEXT), spdx: false }
    : {
        expression: reading.expression,
        spdx: true,
        ...(reading.expression !== trimmed && { written: cleanText(trimmed, MAX_TEXT) }),
      };
}

/**
 * What is wrong with a text that a document gives as a licence expression, in words that follow its name; undefined where
 * nothing is. What `parseLicence` repairs by its spelling is wrong in a document, and what is meant is said; the case of an
 * identifier is free (annex D.2), that of an operator is all capitals or none.
 */
export function expressionProblem(text: string): string | undefined {
  if (text.length > MAX_EXPRESSION) return `is longer than ${MAX_EXPRESSION} characters`;
  const reading = read(text.trim());
  if ("problem" in reading) return reading.problem;
  return reading.repaired ? `is no licence expression; ${shown(reading.expression)} is meant` : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim() === "" ? undefined : value;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "type")) return undefined;
  const type: unknown = Reflect.get(value, "type");
  return typeof type === "string" && type.trim() !== "" ? type : undefined;
}

/**
 * The claims in a `license` or `licenses` field of npm in any of its historical forms: a text, `{type, url}`, or a list of
 * either. A list of several is several claims: whether they mean "and" or "or" was never defined.
 */
export function licenceClaims(field: unknown, technique: Technique): LicenceClaim[] {
  const texts = (Array.isArray(field) ? field.slice(0, 16) : [field]).map(textOf).filter((text) => text !== undefined);
  return [...new Set(texts)].map((text) => ({ ...parseLicence(text), technique }));
}

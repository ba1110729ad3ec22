import { cleanText } from "../artifact/clean-text.ts";
import type { LicenceClaim, Technique } from "../model/sbom.ts";
import { SPDX_EXCEPTION_IDS, SPDX_LICENCE_IDS } from "../artifact/spdx-ids.ts";

/** A licence text as understood: `expression` is canonical where `spdx` is true, else the text as found (bounded). */
export interface Licence {
  readonly expression: string;
  readonly spdx: boolean;
}

/** Longer texts are no expression that anybody wrote by hand. */
const MAX_TEXT = 1000;
const MAX_DEPTH = 32;

/** Spellings that mean exactly one identifier; anything that could mean two (e.g. "BSD", "GPL") stays as found. */
const SPELLINGS: Readonly<Record<string, string>> = {
  "apache 2.0": "Apache-2.0",
  "apache 2": "Apache-2.0",
  "apache license 2.0": "Apache-2.0",
  "apache license, version 2.0": "Apache-2.0",
  "apache-2": "Apache-2.0",
  "mit license": "MIT",
  "the mit license": "MIT",
  "isc license": "ISC",
  "bsd 2-clause": "BSD-2-Clause",
  "bsd 3-clause": "BSD-3-Clause",
  "mozilla public license 2.0": "MPL-2.0",
};

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

function operator(token: string): string | undefined {
  return token === "AND" || token === "and" || token === "OR" || token === "or" ? token.toUpperCase() : undefined;
}

/** The canonical expression, or undefined where the text is none. A machine with four states instead of recursion. */
function canonical(text: string): string | undefined {
  const tokens = text.replaceAll("(", " ( ").replaceAll(")", " ) ").trim().split(/\s+/);
  let state: "operand" | "licence" | "exception" | "end" = "operand";
  let depth = 0;
  let out = "";
  for (const token of tokens) {
    let word: string | undefined;
    if (state === "operand") {
      if (token === "(") {
        depth += 1;
        if (depth > MAX_DEPTH) return undefined;
        out += "(";
        continue;
      }
      word = licenceId(token);
      state = "licence";
    } else if (state === "exception") {
      word = exceptionId(token);
      state = "end";
    } else if (token === ")") {
      depth -= 1;
      if (depth < 0) return undefined;
      out += ")";
      state = "end";
      continue;
    } else if (state === "licence" && (token === "WITH" || token === "with")) {
      word = "WITH";
      state = "exception";
    } else {
      word = operator(token);
      state = "operand";
    }
    if (word === undefined) return undefined;
    out += out === "" || out.endsWith("(") ? word : ` ${word}`;
  }
  return depth === 0 && (state === "licence" || state === "end") ? out : undefined;
}

/**
 * Reads a licence text as an SPDX licence expression (SPDX 2.3, annex D; licence list 3.28.0), repairing the case of
 * identifiers and operators. `NONE`, `NOASSERTION`, `UNLICENSED` and `SEE LICENSE IN …` are no expressions: they come back
 * as found with `spdx: false`, one line without control characters. Never throws.
 */
export function parseLicence(text: string): Licence {
  const trimmed = text.trim();
  if (trimmed.length > MAX_TEXT) return asFound(trimmed);
  const lower = trimmed.toLowerCase();
  if (Object.hasOwn(SPELLINGS, lower)) return { expression: SPELLINGS[lower] ?? trimmed, spdx: true };
  const expression = canonical(trimmed);
  return expression === undefined ? asFound(trimmed) : { expression, spdx: true };
}

/** Packages write what they like there, control characters included, and documents and reports show it. */
function asFound(text: string): Licence {
  return { expression: cleanText(text, MAX_TEXT), spdx: false };
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

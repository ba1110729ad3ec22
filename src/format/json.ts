import { Fault } from "../model/fault.ts";
import type { Json } from "../model/statement.ts";
import { locateSyntaxProblem } from "./json-syntax.ts";

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_DEPTH = 200;
/** Lists, objects and what is in them. So many take some 100 MB, and an inventory of them three times that; an SBOM of 30 MB has as many. */
const MAX_VALUES = 1_000_000;

/**
 * Parses JSON (RFC 8259, UTF-8, a byte order mark is passed over) within bounds: `maxBytes` (default 64 MiB), `maxDepth`
 * (default 200), a million values. `where` names the text in messages.
 *
 * A name `__proto__` becomes an own property like any other (`JSON.parse` defines, it does not assign), and changes no
 * prototype; readers here ask `Object.hasOwn` first, and none copies names of a document onto a plain object by
 * assignment. Of a name given twice the last counts. That is safe for what is signed: the signature is over bytes.
 *
 * Faults: WB-JSON-SYNTAX, WB-JSON-TOO-DEEP, WB-JSON-TOO-LARGE, WB-JSON-UTF8.
 */
export function parseJson(
  bytes: Uint8Array | string,
  where: string,
  limits: { maxBytes?: number; maxDepth?: number } = {},
): Json {
  const maxBytes = limits.maxBytes ?? MAX_BYTES;
  const sizeBytes = typeof bytes === "string" ? Buffer.byteLength(bytes) : bytes.byteLength;
  if (sizeBytes > maxBytes) {
    throw tooLarge(where, `${maxBytes} bytes`, `${sizeBytes} bytes`);
  }
  const text = typeof bytes === "string" ? bytes : decode(bytes, where);
  refuseUnbounded(text, where, limits.maxDepth ?? MAX_DEPTH);
  try {
    return JSON.parse(text) as Json;
  } catch {
    const problem = locateSyntaxProblem(text);
    throw new Fault({
      code: "WB-JSON-SYNTAX",
      kind: "input",
      what: `not valid JSON: ${problem.what} (column ${problem.column})`,
      where: `${where}:${problem.line}`,
      fix: "correct the text, or write the file anew with the tool that made it",
    });
  }
}

function decode(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Fault({
      code: "WB-JSON-UTF8",
      kind: "input",
      what: "a JSON text is not valid UTF-8",
      where,
      fix: "save the file as UTF-8",
    });
  }
}

/**
 * One linear pass over the text before anything is built, so that a million brackets cost no memory. Strings are passed over
 * by `indexOf`, which costs a lockfile of 1 MB 2 ms; a loop over every character costs 5 to 7 before it is compiled.
 */
function refuseUnbounded(text: string, where: string, maxDepth: number): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at = stringEnd(text, at) + 1) {
    const quote = text.indexOf('"', at);
    const end = quote === -1 ? text.length : quote;
    for (; at < end; at += 1) {
      // With bit 5 set, `[` is `{` and `]` is `}`.
      const unit = text.charCodeAt(at) | 0x20;
      if (unit === 0x7d) depth -= 1;
      else if (unit === 0x7b) {
        values += 1;
        if (++depth > maxDepth) throw tooDeep(where, maxDepth);
      } else if (unit === 0x2c) values += 1;
    }
  }
  if (values > MAX_VALUES) throw tooLarge(where, `${MAX_VALUES} values`, `${values} values`);
}

/** The closing quote of the string that opens at `quote`: the first one after an even number of backslashes. */
function stringEnd(text: string, quote: number): number {
  for (let end = text.indexOf('"', quote + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === 0x5c) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}

function tooLarge(where: string, most: string, found: string): Fault {
  const what = "a JSON text is larger than is read";
  return new Fault({ code: "WB-JSON-TOO-LARGE", kind: "input", what, where, expected: `at most ${most}`, found });
}

function tooDeep(where: string, maxDepth: number): Fault {
  return new Fault({
    code: "WB-JSON-TOO-DEEP",
    kind: "input",
    what: "a JSON text is nested deeper than is read",
    where,
    expected: `at most ${maxDepth} levels`,
  });
}

/**
 * The canonical form of RFC 8785 (JSON Canonicalization Scheme): no blanks, names sorted by UTF-16 code units, numbers and
 * strings as ECMAScript writes them. Faults: WB-JSON-CANONICAL for what has no such form (a lone surrogate, NaN, Infinity).
 */
export function canonicalJson(value: Json): string {
  if (typeof value === "string") return canonicalString(value);
  if (typeof value === "number" && !Number.isFinite(value)) throw noForm("a number that is not finite");
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    // An absent optional field is `undefined` in a typed object: not a member, as JSON.stringify has it.
    if (member !== undefined) members.push(`${canonicalString(name)}:${canonicalJson(member)}`);
  }
  return `{${members.join(",")}}`;
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw noForm("a lone surrogate");
  return JSON.stringify(text);
}

function noForm(found: string): Fault {
  return new Fault({
    code: "WB-JSON-CANONICAL",
    kind: "input",
    what: `${found} has no canonical JSON form`,
    expected: "well-formed Unicode text and finite numbers (RFC 8785)",
  });
}

/** `Array.isArray` for read-only arrays. */
export function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** For people: two blanks a level, names in the given order, a final line feed. */
export function prettyJson(value: Json): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** What a terminal or a page would obey and JSON does not escape: C1 controls, bidirectional and invisible characters (see `cleanText`). */
const OBEYED =
  /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** JSON for programs that people look at too: as `prettyJson`, with every such character escaped, which loses nothing. */
export function harmlessJson(value: Json): string {
  return harmlessJsonText(prettyJson(value));
}

/** A JSON text with such characters escaped: they stand in its strings alone. */
export function harmlessJsonText(text: string): string {
  return text.replace(OBEYED, escaped);
}

function escaped(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

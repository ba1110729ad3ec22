import { parse, TomlError } from "smol-toml";
import { cleanText } from "../../artifact/clean-text.ts";
import { parseJson } from "../../format/json.ts";
import type { Entry } from "../../model/artifact.ts";
import { Fault, type FaultCode } from "../../model/fault.ts";
import { isTable, type Table } from "./tables.ts";

/** What a file is, for faults: how it is called, which codes it has and how it is made anew. */
export interface DocumentKind {
  readonly called: string;
  readonly syntax: FaultCode;
  readonly form: FaultCode;
  readonly fix: string;
}

/** The largest lockfiles seen in public projects have a fifth of this. */
const MAX_BYTES = 16 * 1024 * 1024;
/** No package manager nests deeper than six. */
const MAX_DEPTH = 64;

/** A lockfile of the tool that `fix` names. */
export function lockfile(fix: string): DocumentKind {
  return { called: "the lockfile", syntax: "WB-LOCKFILE-SYNTAX", form: "WB-LOCKFILE-FORM", fix };
}

export const MANIFEST: DocumentKind = {
  called: "the manifest",
  syntax: "WB-MANIFEST-SYNTAX",
  form: "WB-MANIFEST-FORM",
  fix: "correct the file",
};

/** A parsed file and its text. */
export interface Document {
  readonly file: string;
  readonly text: string;
  readonly table: Table;
  readonly kind: DocumentKind;
}

/** Reads TOML 1.0. Throws the kind's codes, with the line. */
export function readToml(entry: Entry, kind: DocumentKind): Document {
  const text = utf8(entry, kind);
  try {
    // Dates come as objects that nobody here reads; a number past 2^53 must not stop the rest.
    const table = parse(text, { maxDepth: MAX_DEPTH, integersAsBigInt: "asNeeded" }) as Table;
    return { file: entry.path, text, table, kind };
  } catch (error) {
    if (error instanceof Fault) throw error;
    const at = error instanceof TomlError ? `:${error.line}` : "";
    const problem =
      error instanceof TomlError ? (error.message.split("\n")[0] ?? "") : "its tables are nested too deep";
    throw new Fault({
      code: kind.syntax,
      kind: "input",
      what: `${kind.called} is not TOML: ${cleanText(problem.replace(/^Invalid TOML document: /, ""), 120)}`,
      where: `${cleanText(entry.path, 300)}${at}`,
      fix: kind.fix,
    });
  }
}

/** Reads a JSON object. Throws the kind's codes, with the line. */
export function readJson(entry: Entry, kind: DocumentKind): Document {
  const text = utf8(entry, kind);
  let value: unknown;
  try {
    value = parseJson(text, entry.path, { maxBytes: MAX_BYTES });
  } catch (error) {
    throw error instanceof Fault ? new Fault({ ...error.facts, code: kind.syntax, fix: kind.fix }) : error;
  }
  const document = { file: entry.path, text, table: {}, kind };
  if (!isTable(value)) throw formFault(document, "the whole file", "an object", value);
  return { ...document, table: value };
}

function utf8(entry: Entry, kind: DocumentKind): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(entry.bytes(MAX_BYTES));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault({
      code: kind.syntax,
      kind: "input",
      what: `${kind.called} is not UTF-8`,
      where: cleanText(entry.path, 300),
      fix: kind.fix,
    });
  }
}

/** Valid syntax, but not the form that the tool writes. */
export function formFault({ file, kind }: Document, at: string, expected: string, found: unknown): Fault {
  return new Fault({
    code: kind.form,
    kind: "input",
    what: `${kind.called} does not have the form of its tool`,
    where: `${cleanText(file, 300)}: ${cleanText(at)}`,
    expected,
    found: kindOf(found),
    fix: kind.fix,
  });
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return cleanText(JSON.stringify(value), 80);
  return typeof value === "object" ? "a table" : cleanText(String(value), 80);
}

/** The tables of an array of tables that a lockfile has. Throws the kind's form code where it is something else. */
export function tablesAt(document: Document, key: string): readonly Table[] {
  const value = Object.hasOwn(document.table, key) ? document.table[key] : undefined;
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw formFault(document, key, "a list of tables", value);
  return value.map((item: unknown, index) => {
    if (!isTable(item)) throw formFault(document, `${key}[${index}]`, "a table", item);
    return item;
  });
}

/**
 * The 1-based lines of `name = …` in each `[[key]]` of a TOML text, in order; undefined where it is written otherwise. Text inside
 * of multi-line strings and comments is no key.
 */
export function nameLines(
  text: string,
  key: string,
  names: readonly (string | undefined)[],
): readonly (number | undefined)[] {
  const found: (number | undefined)[] = [];
  let inside: '"""' | "'''" | undefined;
  let open = false;
  for (const [index, line] of text.split("\n").entries()) {
    const began = inside;
    inside = stringAfter(line, inside);
    if (began !== undefined) continue;
    if (line.startsWith("[")) {
      open = line.startsWith(`[[${key}]]`);
      if (open) found.push(undefined);
      continue;
    }
    if (!open || !line.startsWith("name")) continue;
    const [, double, single] = /^name\s*=\s*(?:"([^"\\]*)"|'([^']*)')/.exec(line) ?? [];
    const name = double ?? single;
    if (name === undefined || name !== names[found.length - 1]) continue;
    found[found.length - 1] = index + 1;
    open = false;
  }
  // Written in another way (inline tables, dotted keys): no line rather than a wrong one.
  return found.length === names.length ? found : names.map(() => undefined);
}

/** Which multi-line string is open after a line. */
function stringAfter(line: string, before: '"""' | "'''" | undefined): '"""' | "'''" | undefined {
  let open = before;
  for (let at = 0; ;) {
    if (open === undefined) {
      const double = line.indexOf('"""', at);
      const single = line.indexOf("'''", at);
      if (double < 0 && single < 0) return undefined;
      open = single < 0 || (double >= 0 && double < single) ? '"""' : "'''";
      at = (open === '"""' ? double : single) + 3;
    } else {
      const close = line.indexOf(open, at);
      if (close < 0) return open;
      at = close + 3;
      open = undefined;
    }
  }
}

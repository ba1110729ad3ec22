import type { Entry } from "../../model/artifact.ts";
import type { Fault } from "../../model/fault.ts";
import { type DocumentKind, formFault as faultOfForm, lockfileKind, manifestKind, readText } from "../document.ts";
import { fieldOf, type Fields, isFields, readJsonFields } from "../fields.ts";
import { parseToml } from "../toml.ts";

/** A lockfile of the tool that `fix` names. */
export const lockfile = (fix: string): DocumentKind => lockfileKind("the lockfile", fix);

export const MANIFEST = manifestKind("the manifest");

/** A parsed file and its text. */
export interface Document {
  readonly file: string;
  readonly text: string;
  readonly table: Fields;
  readonly kind: DocumentKind;
}

/** Reads TOML 1.0. Throws the kind's codes, with the line. */
export function readToml(entry: Entry, kind: DocumentKind): Document {
  const text = readText(entry, kind);
  return { file: entry.path, text, table: parseToml(text, entry.path, kind), kind };
}

/** Reads a JSON object. Throws the kind's codes, with the line. */
export function readJson(entry: Entry, kind: DocumentKind): Document {
  const { fields, text } = readJsonFields(entry, kind);
  return { file: entry.path, text, table: fields, kind };
}

/** Valid syntax, but not the form that the tool writes. */
export function formFault({ file, kind }: Document, at: string, expected: string, found: unknown): Fault {
  return faultOfForm(kind, file, at, expected, found);
}

/** The tables of an array of tables that a lockfile has. Throws the kind's form code where it is something else. */
export function tablesAt(document: Document, key: string): readonly Fields[] {
  const value = fieldOf(document.table, key);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw formFault(document, key, "a list of tables", value);
  return value.map((item: unknown, index) => {
    if (!isFields(item)) throw formFault(document, `${key}[${index}]`, "a table", item);
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

import { parse, TomlError } from "smol-toml";
import { type DocumentKind, syntaxFault } from "./document.ts";

/** A table or object of foreign keys: ask it by `fieldOf` only. */
export type Table = Readonly<Record<string, unknown>>;

/** No package manager nests deeper than six. */
const MAX_DEPTH = 64;

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The table's own value of this key: `__proto__` and the like are keys as any other. */
export function fieldOf(table: Table, key: string): unknown {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The text of this key; undefined where there is none, or something else. */
export function textAt(table: Table, key: string): string | undefined {
  const value = fieldOf(table, key);
  return typeof value === "string" ? value : undefined;
}

/** The table of this key; an empty one where there is none, or something else. */
export function tableAt(table: Table, key: string): Table {
  const value = fieldOf(table, key);
  return isTable(value) ? value : {};
}

/** Reads TOML 1.0. Throws the kind's syntax code, with the line. */
export function parseToml(text: string, file: string, kind: DocumentKind): Table {
  try {
    // A number past 2^53 must not stop the rest.
    return parse(text, { maxDepth: MAX_DEPTH, integersAsBigInt: "asNeeded" }) as Table;
  } catch (error) {
    if (!(error instanceof TomlError)) throw syntaxFault(kind, file, undefined, "its tables are nested too deep");
    const problem = error.message.split("\n")[0] ?? "";
    throw syntaxFault(kind, file, error.line, problem.replace(/^Invalid TOML document: /u, ""));
  }
}

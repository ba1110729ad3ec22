import { parseJson } from "../format/json.ts";
import type { Entry } from "../model/artifact.ts";
import { Fault } from "../model/fault.ts";
import { type DocumentKind, formFault, readText } from "./document.ts";

/** An object of foreign keys: ask it by `fieldOf` only. */
export type Fields = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 64;
const MAX_BYTES = 64 * 1024 * 1024;
const NONE: Fields = Object.freeze(Object.create(null) as Fields);

/** Whether a value is an object of JSON or YAML, or a table of TOML (whose dates are objects, too). */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The object's own value of this key: `__proto__` and the like are keys as any other. */
export function fieldOf(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** The text of this key, not empty; undefined where there is none, or something else. */
export function textAt(fields: Fields, key: string): string | undefined {
  const value = fieldOf(fields, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The object of this key; an empty one where there is none, or something else. */
export function fieldsAt(fields: Fields, key: string): Fields {
  const value = fieldOf(fields, key);
  return isFields(value) ? value : NONE;
}

/** The objects in the list of this key; none where there is no list. */
export function listAt(fields: Fields, key: string): readonly Fields[] {
  return valuesAt(fields, key).filter(isFields);
}

/** The list of this key; an empty one where there is none, or something else. */
export function valuesAt(fields: Fields, key: string): readonly unknown[] {
  const value = fieldOf(fields, key);
  return Array.isArray(value) ? value : [];
}

/** The texts in the list of this key; anything else in it is passed over. */
export function textsAt(fields: Fields, key: string): readonly string[] {
  return valuesAt(fields, key).filter((value) => typeof value === "string");
}

/** A file of JSON, and its text for the search of lines. Throws the kind's syntax code. */
export function readJson(entry: Entry, kind: DocumentKind): { readonly value: unknown; readonly text: string } {
  const text = readText(entry, kind, MAX_BYTES);
  try {
    return { value: parseJson(text, entry.path, { maxDepth: MAX_DEPTH, maxBytes: MAX_BYTES }), text };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault({ ...error.facts, code: kind.syntax, fix: kind.fix });
  }
}

/** A file that is one JSON object, and its text. Throws the kind's codes. */
export function readJsonFields(entry: Entry, kind: DocumentKind): { readonly fields: Fields; readonly text: string } {
  const { value, text } = readJson(entry, kind);
  if (!isFields(value)) throw formFault(kind, entry.path, "the whole file", "an object", value);
  return { fields: value, text };
}

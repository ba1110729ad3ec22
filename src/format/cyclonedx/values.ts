import type { Json } from "../../model/statement.ts";
import type {
  BooleanType,
  CycloneDxVersion,
  Field,
  Foreign,
  ListType,
  NumberType,
  Span,
  TextType,
  Type,
} from "./form.ts";
import { of, wrap } from "./form.ts";

/** Simple values, and the small lists that many forms share. */

export const TEXT: TextType = { kind: "text" };
export const BOOLEAN: BooleanType = { kind: "boolean" };
export const INTEGER: NumberType = { kind: "number", integer: true };
export const NATURAL: NumberType = { kind: "number", integer: true, min: 0 };
export const DECIMAL: NumberType = { kind: "number", integer: false };
/** A confidence, a score: from 0 to 1. */
export const SHARE: NumberType = { kind: "number", integer: false, min: 0, max: 1 };
export const TIME: TextType = { kind: "text", collapse: true, format: "time" };
export const DATE: TextType = { kind: "text", collapse: true, format: "date" };
export const IRI: TextType = { kind: "text", collapse: true, format: "iri" };
export const EMAIL: TextType = { kind: "text", format: "email" };

export const REF: TextType = { kind: "text", minLength: 1, role: "ref" };
export const LINK: TextType = { kind: "text", minLength: 1, role: "link" };
/** Before 1.5 a reference could be empty. */
export const OLD_REF: TextType = { kind: "text", role: "ref" };
export const OLD_LINK: TextType = { kind: "text", role: "link" };

export const VERSION: TextType = { kind: "text", maxLength: 1024 };
export const VERSION_RANGE: TextType = { kind: "text", minLength: 1, maxLength: 4096 };

/** Values by the version that brought them. */
export function values(byVersion: Readonly<Partial<Record<CycloneDxVersion, string>>>, fallback?: string): TextType {
  const all = new Map<string, CycloneDxVersion>();
  for (const [version, words] of Object.entries(byVersion)) {
    for (const word of words.split(/\s+/)) if (word !== "") all.set(word, version as CycloneDxVersion);
  }
  return { kind: "text", values: all, ...(fallback !== undefined && { fallback }) };
}

/** As strict as the schema: the pattern holds for the whole value. */
export function matching(pattern: RegExp, says: string, more: Partial<TextType> = {}): TextType {
  return { kind: "text", pattern, says, ...more };
}

export const EO: Foreign = { elements: true, attributes: "other" };
export const EA: Foreign = { elements: true, attributes: "any" };
export const E: Foreign = { elements: true };
export const O: Foreign = { attributes: "other" };
export const EA_LAST: Foreign = { ...EA, last: true };
export const A: Foreign = { attributes: "any" };

export const HASH_ALGORITHMS = values({
  "1.2": "MD5 SHA-1 SHA-256 SHA-384 SHA-512 SHA3-256 SHA3-384 SHA3-512 BLAKE2b-256 BLAKE2b-384 BLAKE2b-512 BLAKE3",
  "1.7": "Streebog-256 Streebog-512",
});

export function hashes(span: Span = {}): Field {
  return wrap("hashes", "hash", of("hash"), span);
}

export function properties(span: Span = {}): Field {
  return wrap("properties", "property", of("property"), { ...span, foreign: EA });
}

export function externalReferences(span: Span = {}): Field {
  return wrap("externalReferences", "reference", of("externalReference"), span);
}

/** References to other objects, each as the attribute `ref` of an element. */
export function refs(
  name: string,
  element: string,
  options: { unique?: true; foreign?: Foreign } = {},
  link: TextType = LINK,
  span: Span = {},
): Field {
  return wrap(name, element, link, { ...options, ...span, attribute: "ref" });
}

export function texts(name: string, element: string, span: Span = {}): Field {
  return wrap(name, element, TEXT, span);
}

export function list(item: Type, element: string, foreign?: Foreign): ListType {
  return { kind: "list", item, element, ...(foreign !== undefined && { foreign }) };
}

export function isObject(value: Json): boolean {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** For the choice between shapes of an object. */
export function having(...members: readonly string[]): (value: Json) => boolean {
  return (value) => isObject(value) && members.some((member) => Object.hasOwn(value as object, member));
}

export function isText(value: Json): boolean {
  return typeof value === "string";
}

import { cleanText } from "../../artifact/clean-text.ts";
import { expressionProblem } from "../../artifact/licence.ts";
import { parsePurl } from "../../artifact/purl.ts";
import { Fault } from "../../model/fault.ts";
import type { Json, JsonObject } from "../../model/statement.ts";
import { isArray } from "../json.ts";
import { Fingerprints, surfaceOf } from "./same.ts";
import { isRecord, mixesLicences, optionFor, shapesOf } from "./shapes.ts";
import { checkNumber, checkText } from "./check-text.ts";
import { type Dialect, type ListType, stands, type TextType, type Type, type UnionType } from "./form.ts";
import { viewOf } from "./forms.ts";
import { pointer, type Problem } from "./problem.ts";

/** More are not worth reading; a hostile document could have a million. */
export const MAX_PROBLEMS = 1000;
const BOM_LINK = /^urn:cdx:/;
/** Hex digits of a hash (CycloneDX, "Hash Objects"; the schema takes any of these lengths for any algorithm). */
const HASH_LENGTHS: Readonly<Record<string, number>> = {
  MD5: 32,
  "SHA-1": 40,
  "SHA-256": 64,
  "SHA-384": 96,
  "SHA-512": 128,
  "SHA3-256": 64,
  "SHA3-384": 96,
  "SHA3-512": 128,
  "BLAKE2b-256": 64,
  "BLAKE2b-384": 96,
  "BLAKE2b-512": 128,
  BLAKE3: 64,
  "Streebog-256": 64,
  "Streebog-512": 128,
};

/**
 * Compares a document in the shape of JSON with the tables, and with what the text of the specification demands beyond them:
 * references unique and resolved, package URLs, licence expressions, lengths of hashes. Recursion is bounded by the depth that the readers allow.
 */
export function checkDocument(document: JsonObject, dialect: Dialect): readonly Problem[] {
  const checker = new Checker(dialect);
  checker.object("bom", document, "");
  if (dialect.syntax === "json" && document["specVersion"] !== dialect.version) {
    checker.add("schema", "/specVersion", dialect.version, document["specVersion"]);
  }
  checker.links();
  return checker.problems;
}

class Checker {
  readonly problems: Problem[] = [];
  readonly dialect: Dialect;
  readonly refs = new Map<string, string>();
  readonly #prints = new Fingerprints();
  readonly #links: { readonly value: string; readonly path: string }[] = [];

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  add(kind: "schema" | "rule", path: string, expected: string, found: Json | undefined): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    const code = kind === "schema" ? "WB-CYCLONEDX-SCHEMA" : "WB-CYCLONEDX-RULE";
    this.problems.push({ code, path, expected, found: show(found) });
  }

  object(name: string, value: Json, path: string): void {
    if (!isRecord(value)) return this.add("schema", path, "an object", value);
    const view = viewOf(name, this.dialect);
    for (const [member, content] of Object.entries(value)) {
      const field = view.byName.get(member);
      const at = pointer(path, member);
      if (field !== undefined) this.value(field.type, content, at);
      else if (!this.open(view.form.open))
        this.add("schema", at, `no such member in CycloneDX ${this.named()}`, content);
    }
    for (const { name: member } of view.required) {
      if (!Object.hasOwn(value, member)) this.add("schema", path, `a member ${member}`, undefined);
    }
    for (const rule of view.rules) {
      const broken = rule.check(value);
      if (broken === undefined) continue;
      const kind = rule.prose === this.dialect.syntax ? "rule" : "schema";
      this.add(kind, broken.member === "" ? path : pointer(path, broken.member), broken.expected, value[broken.member]);
    }
    if (name === "hash") this.hash(value, path);
  }

  /** The JSON schemas of 1.2 and 1.3 take members that they do not know; only their `-strict` twins do not. */
  open(span: object | undefined): boolean {
    if (this.dialect.syntax === "xml") return false;
    return this.dialect.version < "1.4" || (span !== undefined && stands(span, this.dialect));
  }

  named(): string {
    return `${this.dialect.version} ${this.dialect.syntax.toUpperCase()}`;
  }

  value(type: Type, value: Json, path: string): void {
    switch (type.kind) {
      case "object":
        return this.object(type.form, value, path);
      case "list":
        return this.list(type, value, path);
      case "union":
        return this.union(type, value, path);
      case "boolean":
        if (typeof value !== "boolean") this.add("schema", path, "true or false", value);
        return undefined;
      case "number": {
        const expected = typeof value === "number" ? checkNumber(type, value) : "a number";
        if (expected !== undefined) this.add("schema", path, expected, value);
        return undefined;
      }
      case "text":
        return this.text(type, value, path);
    }
  }

  text(type: TextType, value: Json, path: string): void {
    const expected = typeof value === "string" ? checkText(type, value, this.dialect) : "a text";
    if (expected !== undefined) this.add("schema", path, expected, value);
    if (typeof value !== "string" || type.role === undefined || value === "") return;
    if (type.role === "link") this.#links.push({ value, path });
    else if (type.role === "purl") this.purl(value, path);
    else if (type.role === "expression") this.expression(value, path);
    else {
      const first = this.refs.get(value);
      // XML's schema demands it; JSON's cannot.
      const kind = this.dialect.syntax === "xml" ? "schema" : "rule";
      if (first !== undefined) this.add(kind, path, `a reference of its own, not that of ${first}`, value);
      else this.refs.set(value, path);
    }
  }

  list(type: ListType, value: Json, path: string): void {
    if (!isArray(value)) return this.add("schema", path, "a list", value);
    for (const [index, item] of value.entries()) this.value(type.item, item, pointer(path, index));
    if (type.min !== undefined && value.length < type.min) this.add("schema", path, "a list that is not empty", value);
    if (type.max !== undefined && value.length > type.max) this.add("schema", path, `at most ${type.max}`, value);
    if (type.unique === true && this.dialect.syntax === "json") this.unique(value, path);
    if (type.licences?.some((span) => stands(span, this.dialect)) === true && mixesLicences(value)) {
      this.add("schema", path, "either licences or one expression", value);
    }
  }

  unique(items: readonly Json[], path: string): void {
    if (items.length < 2) return;
    const bySurface = new Map<string, { readonly first: Json; full?: Set<string> }>();
    for (const [index, item] of items.entries()) {
      const surface = surfaceOf(item);
      const same = bySurface.get(surface);
      if (same === undefined) {
        bySurface.set(surface, { first: item });
        continue;
      }
      same.full ??= new Set([this.#prints.of(same.first)]);
      const print = this.#prints.of(item);
      if (same.full.has(print))
        this.add("schema", pointer(path, index), "an item that is not in the list already", item);
      same.full.add(print);
    }
  }

  union(type: UnionType, value: Json, path: string): void {
    const option = optionFor(type, value, this.dialect);
    if (option === undefined) return this.add("schema", path, shapesOf(type, this.dialect), value);
    if (option.member === undefined) return this.value(option.type, value, path);
    const { [option.member]: inner, ...others } = value as JsonObject;
    for (const [member, content] of Object.entries(others)) {
      const another = type.options.some(
        (one) =>
          one.member === undefined &&
          one.type.kind === "object" &&
          viewOf(one.type.form, this.dialect).byName.has(member),
      );
      if (another || !this.open(undefined))
        this.add("schema", pointer(path, member), `${option.member} alone`, content);
    }
    return this.value(option.type, inner ?? null, pointer(path, option.member));
  }

  hash({ alg, content }: JsonObject, path: string): void {
    if (typeof alg !== "string" || typeof content !== "string" || !Object.hasOwn(HASH_LENGTHS, alg)) return;
    const digits = HASH_LENGTHS[alg];
    if (/^[0-9a-f]*$/i.test(content) && content.length !== digits) {
      this.add("rule", pointer(path, "content"), `${digits} hex digits for ${alg}`, content);
    }
  }

  purl(value: string, path: string): void {
    try {
      parsePurl(value, true);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.add("rule", path, "a package URL", value);
    }
  }

  expression(value: string, path: string): void {
    const problem = expressionProblem(value);
    if (problem !== undefined) this.add("rule", path, `an SPDX licence expression, and this ${problem}`, value);
  }

  links(): void {
    for (const { value, path } of this.#links) {
      if (!this.refs.has(value) && !BOM_LINK.test(value)) this.add("rule", path, "a reference of this document", value);
    }
  }
}

export function show(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return `"${cleanText(value, 80)}"`;
  if (isArray(value)) return `a list of ${value.length}`;
  return value !== null && typeof value === "object" ? "an object" : String(value);
}

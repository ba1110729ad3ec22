import type { Json, JsonObject } from "../../model/statement.ts";

/**
 * The words in which the tables beside this file describe CycloneDX's object model (ECMA-424; cyclonedx.org, "JSON Reference"
 * and "XML Reference" of 1.2 to 1.7). One table serves both syntaxes: it validates, reads XML into the shape of the JSON
 * document, writes XML from it, and says what another version or syntax cannot hold.
 *
 * The official JSON schemas are not used, though a validator for them is at hand in tests: they say nothing of XML, of which
 * the tables are needed anyway, nor of what was new when; and two descriptions of one model would part.
 */

/** Oldest first. */
export const CYCLONEDX_VERSIONS = ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"] as const;
export type CycloneDxVersion = (typeof CYCLONEDX_VERSIONS)[number];
export type CycloneDxSyntax = "json" | "xml";

/** The documents in which something stands; both ends are included, an absent end is open. */
export interface Span {
  readonly since?: CycloneDxVersion;
  readonly until?: CycloneDxVersion;
  readonly only?: CycloneDxSyntax;
}

/** One kind of document: what a form looks like depends on both. */
export interface Dialect {
  readonly version: CycloneDxVersion;
  readonly syntax: CycloneDxSyntax;
}

/** Versions compare as texts: `1.2` to `1.7`. */
export function stands({ since, until, only }: Span, { version, syntax }: Dialect): boolean {
  return (
    (since === undefined || since <= version) &&
    (until === undefined || version <= until) &&
    (only === undefined || only === syntax)
  );
}

export interface TextType {
  readonly kind: "text";
  /** XML drops blanks around the value (xs:token, xs:anyURI, xs:dateTime); JSON never does. */
  readonly collapse?: true;
  /** The allowed values, each with the version that brought it. */
  readonly values?: ReadonlyMap<string, CycloneDxVersion>;
  /** Written for a value that the target does not have; without it the member is left out. */
  readonly fallback?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: RegExp;
  /** What `pattern` demands, in words. */
  readonly says?: string;
  readonly format?: "time" | "date" | "iri" | "email" | "licence" | "cpe";
  /** `ref` names the object it stands in, `link` names another one (or a BOM-Link), `expression` is one of licences. */
  readonly role?: "ref" | "link" | "purl" | "expression";
}

export interface NumberType {
  readonly kind: "number";
  readonly integer: boolean;
  readonly min?: number;
  readonly max?: number;
}

export interface BooleanType {
  readonly kind: "boolean";
}

export interface ObjectType {
  readonly kind: "object";
  /** Name of the form: by name, because components hold components. */
  readonly form: string;
}

export interface ListType {
  readonly kind: "list";
  readonly item: Type;
  /** Element of an item inside the wrapper; a union's options bring their own. */
  readonly element?: string;
  /** The item is a text in this attribute of an otherwise empty element. */
  readonly attribute?: string;
  readonly unique?: true;
  readonly min?: number;
  readonly max?: number;
  /** Either licences or a single expression, as before 1.7. */
  readonly licences?: readonly Span[];
  /** All items stand in the same kind of element. */
  readonly uniform?: true;
  readonly foreign?: Foreign;
}

export interface UnionType {
  readonly kind: "union";
  readonly options: readonly Option[];
}

/** One of several shapes. The first that stands in the dialect and fits is taken. */
export interface Option extends Span {
  readonly type: Type;
  /** The item's element in a list. */
  readonly element?: string;
  /** The value is the content of this child element. */
  readonly child?: string;
  /** In JSON the value is the only member, of this name, of an object. */
  readonly member?: string;
  readonly fits: (value: Json) => boolean;
}

export type Type = TextType | NumberType | BooleanType | ObjectType | ListType | UnionType;

/** Content of other name spaces that an element takes: elements, attributes of other name spaces, or any attributes. */
export interface Foreign {
  readonly elements?: true;
  readonly attributes?: "other" | "any";
  /** Of a wrapper: only after all items, where others take them after each. */
  readonly last?: true;
}

export interface Field extends Span {
  /** Member of the JSON object. */
  readonly name: string;
  readonly type: Type;
  /** How it stands in XML. */
  readonly place: "attribute" | "element" | "repeated" | "content";
  /** Name of the attribute or element in XML. */
  readonly element: string;
  /** The attribute or content is that of this child element. */
  readonly within?: string;
  readonly required?: true | CycloneDxSyntax;
  /** XML: the element may stand several times, where JSON has one: lists are joined, others kept as extensions. */
  readonly many?: true;
  /** XML: what an empty element says (its default). */
  readonly empty?: string;
  /** Written where the target demands the member and the document has none. */
  readonly filler?: Json;
}

/** What a table of members cannot say. The member it is about, and what is expected; undefined where all is well. */
export interface Rule extends Span {
  readonly check: (value: JsonObject) => { readonly member: string; readonly expected: string } | undefined;
  /** Said by the text of the specification, not by its schema. */
  readonly prose?: CycloneDxSyntax;
}

/** An object. Fields stand in the order of the XML schema. */
export interface Form {
  readonly fields: readonly Field[];
  readonly foreign: Foreign;
  readonly rules: readonly Rule[];
  /** XML: the sequence may begin anew; the elements that each round of it has. */
  readonly rounds: readonly string[] | undefined;
  /** JSON: members that the form does not name are allowed. */
  readonly open: Span | undefined;
}

export type Forms = Readonly<Record<string, Form>>;

interface FieldOptions extends Span {
  readonly required?: true | CycloneDxSyntax;
  readonly element?: string;
  readonly within?: string;
  readonly many?: true;
  readonly empty?: string;
  readonly filler?: Json;
}

function field(place: Field["place"]) {
  return (name: string, type: Type, options: FieldOptions = {}): Field => ({
    element: name,
    ...options,
    name,
    type,
    place,
  });
}

export const attr = field("attribute");
/** A child element; of a list, the wrapper. */
export const el = field("element");
/** The text of the element itself. */
export const content = field("content");

/** Elements repeated without a wrapper. */
export function flat(
  name: string,
  item: Type,
  options: FieldOptions & Pick<ListType, "attribute" | "max" | "unique"> = {},
): Field {
  const { attribute, max, unique, ...rest } = options;
  const type: ListType = {
    kind: "list",
    item,
    ...(attribute !== undefined && { attribute }),
    ...(max !== undefined && { max }),
    ...(unique !== undefined && { unique }),
  };
  return { element: name, ...rest, name, type, place: "repeated" };
}

/** A wrapper around the items. */
export function wrap(
  name: string,
  element: string,
  item: Type,
  options: FieldOptions & Omit<ListType, "kind" | "item" | "element"> = {},
): Field {
  const { attribute, unique, min, max, foreign, ...rest } = options;
  const type: ListType = {
    kind: "list",
    item,
    element,
    ...(attribute !== undefined && { attribute }),
    ...(unique !== undefined && { unique }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(foreign !== undefined && { foreign }),
  };
  return { element: name, ...rest, name, type, place: "element" };
}

export function of(form: string): ObjectType {
  return { kind: "object", form };
}

export function form(
  fields: readonly Field[],
  options: { foreign?: Foreign; rules?: readonly Rule[]; rounds?: readonly string[]; open?: Span } = {},
): Form {
  return {
    fields,
    foreign: options.foreign ?? {},
    rules: options.rules ?? [],
    rounds: options.rounds,
    open: options.open,
  };
}

export function exactlyOne(members: readonly string[], span: Span = {}): Rule {
  const expected = `exactly one of ${members.join(", ")}`;
  return {
    ...span,
    check: (value) => (count(value, members) === 1 ? undefined : { member: extra(value, members), expected }),
  };
}

export function atMostOne(members: readonly string[], span: Span = {}): Rule {
  const expected = `at most one of ${members.join(", ")}`;
  return {
    ...span,
    check: (value) => (count(value, members) <= 1 ? undefined : { member: extra(value, members), expected }),
  };
}

export function atLeastOne(members: readonly string[], span: Span = {}): Rule {
  const expected = `one of ${members.join(", ")}`;
  return { ...span, check: (value) => (count(value, members) > 0 ? undefined : { member: "", expected }) };
}

/** `member` stands only beside `other`. */
export function needs(member: string, other: string, span: Span = {}): Rule {
  return {
    ...span,
    check: (value) =>
      Object.hasOwn(value, member) && !Object.hasOwn(value, other)
        ? { member, expected: `${other} beside it` }
        : undefined,
  };
}

function count(value: JsonObject, members: readonly string[]): number {
  return members.filter((member) => Object.hasOwn(value, member)).length;
}

/** The member that is one too many; the object itself where there is none. */
function extra(value: JsonObject, members: readonly string[]): string {
  return members.filter((member) => Object.hasOwn(value, member))[1] ?? "";
}

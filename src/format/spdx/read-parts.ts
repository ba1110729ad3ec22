import { canonicalExpression } from "./expression.ts";
import type { SpdxAnnotation, SpdxChecksum, SpdxRelationship } from "./model.ts";
import { algorithmName, upperName } from "./names.ts";
import { asString, Fields, within } from "../shape.ts";

/** What is gathered while a document is read. */
export interface Reading {
  readonly namespace: string | undefined;
  readonly annotations: SpdxAnnotation[];
  /** Said by nesting, not by a relationship of its own. */
  readonly relationships: SpdxRelationship[];
  readonly unread: string[];
}

const MAX_UNREAD = 100;

/** The optional texts among these members. An empty one counts as absent. */
export function texts<const K extends string>(fields: Fields, names: readonly K[]): { readonly [P in K]?: string } {
  const found: { [P in K]?: string } = {};
  for (const name of names) {
    const value = fields.optionalString(name);
    if (value !== undefined && value !== "") found[name] = value;
  }
  return found;
}

/** The optional licence expressions among these members, canonical. */
export function expressions<const K extends string>(
  fields: Fields,
  names: readonly K[],
): { readonly [P in K]?: string } {
  const found: { [P in K]?: string } = {};
  for (const [name, value] of Object.entries(texts(fields, names)) as [K, string][])
    found[name] = canonicalExpression(value);
  return found;
}

export function expressionList(fields: Fields, name: string): readonly string[] {
  return sorted(fields.optionalList(name, asString).map(canonicalExpression));
}

export function textList(fields: Fields, name: string): readonly string[] {
  return sorted(fields.optionalList(name, asString));
}

/** Each item once, in an order that only the items decide. */
export function sorted<T extends string | object>(items: readonly T[]): readonly T[] {
  if (items.length < 2) return items;
  const byKey = new Map(items.map((item) => [typeof item === "string" ? item : keyOf(item), item]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

/** Elements sort by their identifier first. Members are in the fixed order in which the readers here set them. */
function keyOf(item: object): string {
  return JSON.stringify(item);
}

export function readChecksum(fields: Fields, reading: Reading): SpdxChecksum {
  seen(fields, ["algorithm", "checksumValue"], reading);
  return {
    algorithm: algorithmName(fields.string("algorithm")),
    checksumValue: fields.string("checksumValue").trim().toLowerCase(),
  };
}

export function readChecksums(fields: Fields, reading: Reading): readonly SpdxChecksum[] {
  return sorted(fields.optionalList("checksums", (value, place) => readChecksum(new Fields(value, place), reading)));
}

/** `true` and `false`, also as the texts that XML and YAML give. */
export function optionalFlag(fields: Fields, name: string): boolean | undefined {
  const value = fields.get(name);
  if (value === undefined || value === null || value === "") return undefined;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw fields.fault(name, "true or false");
}

/** A natural number, also as a text of digits. */
export function natural(fields: Fields, name: string): number {
  const value = fields.get(name);
  const number = typeof value === "string" && /^[0-9]{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
  throw fields.fault(name, "a natural number");
}

/** Notes members that are not known: a document may have them, but nobody reads them. */
export function seen(fields: Fields, known: readonly string[], reading: Reading, more: readonly string[] = []): void {
  for (const name of Object.keys(fields.raw)) {
    if (known.includes(name) || more.includes(name) || reading.unread.length >= MAX_UNREAD) continue;
    reading.unread.push(within(fields.place, name).path);
  }
}

/** The annotations of one element; tag-value names the element in each annotation, which comes here as `spdxElementId`. */
export function readAnnotations(fields: Fields, element: string, reading: Reading): void {
  fields.optionalList("annotations", (value, place) => {
    const annotation = new Fields(value, place);
    seen(annotation, ["annotator", "annotationDate", "annotationType", "comment", "spdxElementId"], reading);
    reading.annotations.push({
      spdxElementId: annotation.optionalString("spdxElementId") ?? element,
      annotator: annotation.string("annotator"),
      annotationDate: annotation.string("annotationDate"),
      annotationType: upperName(annotation.string("annotationType")),
      comment: annotation.optionalString("comment") ?? "",
    } satisfies SpdxAnnotation);
  });
}

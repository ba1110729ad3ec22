import type { Json, JsonObject } from "../../model/statement.ts";
import { isArray } from "../json.ts";
import { type Dialect, type Option, stands, type UnionType } from "./form.ts";

/** Which of several shapes a value has. */

/** XML names what JSON only shows by its members: an organisation and a person of whom nothing but the name is told. */
const CHILD = Symbol("child element");

export function childOf(value: Json): string | undefined {
  return value !== null && typeof value === "object" ? (value as { [CHILD]?: string })[CHILD] : undefined;
}

/** Not enumerable: no part of the document. */
export function nameChild(value: object, child: string): void {
  Object.defineProperty(value, CHILD, { value: child });
}

/** The option of a union that a value takes in a dialect. */
export function optionFor(type: UnionType, value: Json, dialect: Dialect): Option | undefined {
  const options = type.options.filter((option) => stands(option, dialect));
  const child = dialect.syntax === "xml" ? childOf(value) : undefined;
  const named = child === undefined ? undefined : options.find((option) => option.child === child);
  return named ?? options.find((option) => option.fits(value));
}

/** What a union takes, for messages. */
export function shapesOf(type: UnionType, dialect: Dialect): string {
  const options = type.options.filter((option) => stands(option, dialect));
  if (options.some(({ child }) => child !== undefined)) {
    return "an organization (with url, address or contact) or a person (with email or phone)";
  }
  const names = options.map(
    (option) => option.member ?? (option.type.kind === "object" ? "an object" : `a ${option.type.kind}`),
  );
  return [...new Set(names)].join(" or ");
}

export function isRecord(value: Json | undefined): value is JsonObject {
  return value !== undefined && value !== null && typeof value === "object" && !isArray(value);
}

/** Several claims of which one is an expression. */
export function mixesLicences(items: readonly Json[]): boolean {
  return items.length > 1 && items.some((item) => isRecord(item) && Object.hasOwn(item, "expression"));
}

import { canonicalJson, isArray } from "../json.ts";
import type { Node } from "./node.ts";
import { problem, type TestProblem } from "./test.ts";
import { parseInstant } from "./time.ts";

/** The words in which the tables beside this file describe the JSON schemas of CSAF, and the check by them. */

export interface TextShape {
  readonly kind: "text";
  /** Of any length, also empty. */
  readonly empty?: true;
  readonly values?: readonly string[];
  readonly pattern?: RegExp;
  /** What the pattern demands, in words. */
  readonly says?: string;
  readonly format?: "time" | "uri";
}

export interface ListShape {
  readonly kind: "list";
  readonly item: Shape;
  readonly min: number;
  readonly unique: boolean;
}

export interface ObjectShape {
  readonly kind: "object";
  readonly members: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
  /** How many members there are at least and at most. */
  readonly min?: number;
  readonly max?: number;
  /** Other members are allowed. */
  readonly open: boolean;
}

/** A value that a function checks: CVSS, and objects that hold themselves. */
export interface OwnShape {
  readonly kind: "own";
  readonly check: (node: Node) => readonly TestProblem[];
}

export type Shape = TextShape | ListShape | ObjectShape | OwnShape | { readonly kind: "boolean" };

/** Longer texts than any real value with a pattern: they are refused before it sees them. */
const MAX_PATTERN = 65_536;
/** Every problem is told, but of a document that is something else altogether no more than so many. */
const MAX_PROBLEMS = 1000;

/** What is said of a member that its object does not have. */
export const NO_MEMBER = "there is no such member";

/** Where a value is not of a shape. */
export function checkShape(shape: Shape, node: Node): readonly TestProblem[] {
  switch (shape.kind) {
    case "text":
      return checkText(shape, node);
    case "boolean":
      return typeof node.value === "boolean" ? [] : [problem(node, "true or false is due here")];
    case "own":
      return shape.check(node);
    case "list":
      return checkList(shape, node);
    case "object":
      return checkObject(shape, node);
  }
}

function checkText(shape: TextShape, node: Node): readonly TestProblem[] {
  const { text } = node;
  if (text === undefined) return [problem(node, "a text is due here")];
  if (text === "" && shape.empty !== true) return [problem(node, "the text is empty")];
  if (shape.values !== undefined) {
    return shape.values.includes(text) ? [] : [problem(node, `is none of ${shape.values.join(", ")}`)];
  }
  if (shape.pattern !== undefined && (text.length > MAX_PATTERN || !shape.pattern.test(text))) {
    return [problem(node, `is not ${shape.says ?? "of the form that is due here"}`)];
  }
  if (shape.format === "time" && parseInstant(text) === undefined) {
    return [problem(node, "is no date-time, as 2026-01-31T12:00:00Z")];
  }
  return shape.format === "uri" && !isUri(text) ? [problem(node, "is no URI")] : [];
}

/** RFC 3986 as far as it decides on single characters; a URI has a scheme. */
function isUri(text: string): boolean {
  return (
    text.length <= MAX_PATTERN &&
    /^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]*$/.test(text) &&
    !/["<>\\^`{|}]|%(?![0-9a-fA-F]{2})/.test(text)
  );
}

function checkList({ item, min, unique }: ListShape, node: Node): readonly TestProblem[] {
  if (node.value === undefined || !isArray(node.value)) return [problem(node, "a list is due here")];
  if (node.value.length < min) return [problem(node, `a list of at least ${min} is due here`)];
  const found: TestProblem[] = [];
  const seen = new Set<string>();
  for (const one of node.items()) {
    if (found.length >= MAX_PROBLEMS) break;
    for (const each of checkShape(item, one)) found.push(each);
    if (!unique) continue;
    const key = one.text ?? `\0${keyOf(one)}`;
    if (seen.has(key)) found.push(problem(one, "stands in the list before"));
    seen.add(key);
  }
  return found;
}

/** A lone surrogate has no canonical form; it is compared as it stands. */
function keyOf(node: Node): string {
  const text = JSON.stringify(node.value ?? null);
  return /\\u[dD][89a-fA-F]/.test(text) ? text : canonicalJson(node.value ?? null);
}

function checkObject(shape: ObjectShape, node: Node): readonly TestProblem[] {
  if (node.object === undefined) return [problem(node, "an object is due here")];
  const names = Object.keys(node.object);
  const found = shape.required
    .filter((name) => !node.has(name))
    .map((name) => problem(node.at(name), `${name} is missing`));
  if (names.length < (shape.min ?? 0)) found.push(problem(node, `has fewer than ${shape.min ?? 0} members`));
  if (names.length > (shape.max ?? names.length)) found.push(problem(node, `has more than ${shape.max ?? 0} members`));
  for (const member of node.members()) {
    if (found.length >= MAX_PROBLEMS) break;
    const own = Object.hasOwn(shape.members, member.key) ? shape.members[member.key] : undefined;
    if (own !== undefined) for (const each of checkShape(own, member)) found.push(each);
    else if (!shape.open) found.push(problem(member, NO_MEMBER));
  }
  return found;
}

export const text = (options: Omit<TextShape, "kind"> = {}): TextShape => ({ kind: "text", ...options });
export const oneOf = (values: string): TextShape => text({ values: values.trim().split(/\s+/) });
export const list = (item: Shape, options: { min?: number; unique?: true } = {}): ListShape => ({
  kind: "list",
  item,
  min: options.min ?? 1,
  unique: options.unique ?? false,
});

/** An object; names with a `!` after them are required. */
export function object(
  members: Readonly<Record<string, Shape>>,
  options: { min?: number; max?: number; open?: boolean } = {},
): ObjectShape {
  const names = Object.keys(members);
  return {
    kind: "object",
    members: Object.fromEntries(names.map((name) => [name.replace(/!$/, ""), members[name] as Shape])),
    required: names.filter((name) => name.endsWith("!")).map((name) => name.slice(0, -1)),
    open: options.open ?? false,
    ...(options.min !== undefined && { min: options.min }),
    ...(options.max !== undefined && { max: options.max }),
  };
}

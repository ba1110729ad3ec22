import { cleanText } from "../artifact/clean-text.ts";
import type { Json, JsonObject } from "../model/statement.ts";
import { isArray } from "./json.ts";
import { below } from "./shape.ts";
import { type Form, type ObjectForm, RECORD, type SchemaCheck } from "./osv-forms.ts";

/** One thing that a record does against OSV's schema. */
export interface OsvProblem {
  /** JSON pointer (RFC 6901). */
  readonly path: string;
  readonly check: SchemaCheck;
  /** `warning`: an id prefix or ecosystem that the schema does not know and that is read all the same. */
  readonly level: "error" | "warning";
  readonly what: string;
}

const MAX_PROBLEMS = 100;

/**
 * Compares a record with OSV's JSON schema (1.7.5). A record is valid by the schema where nothing is told, warnings included. After
 * 100 problems no more are looked for.
 */
export function validateOsv(record: Json): readonly OsvProblem[] {
  const problems: OsvProblem[] = [];
  walk(RECORD, record, "", problems);
  return problems;
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== undefined && value !== null && typeof value === "object" && !isArray(value);
}

function tell(problems: OsvProblem[], path: string, expected: string, rest: Partial<OsvProblem> = {}): void {
  if (problems.length >= MAX_PROBLEMS) return;
  problems.push({ path, check: "conforms-to-schema", level: "error", what: `expected ${expected}`, ...rest });
}

/** By the forms and not by the document, so that nesting costs no stack. */
function walk(form: Form, value: Json, path: string, problems: OsvProblem[]): void {
  if (problems.length >= MAX_PROBLEMS) return;
  switch (form.is) {
    case "text":
      if (typeof value !== "string") tell(problems, path, "a text");
      else if (form.fits?.(value) === false) {
        const what = `expected ${form.says ?? "another text"}, found "${cleanText(value, 60)}"`;
        tell(problems, path, "", { what, level: form.tolerated === true ? "warning" : "error" });
      }
      return;
    case "list":
      if (value === null && form.orNull === true) return;
      if (!isArray(value)) tell(problems, path, "a list");
      else for (const [index, item] of value.entries()) walk(form.item, item, below(path, index), problems);
      return;
    case "object":
      if (isObject(value)) walkObject(form, value, path, problems);
      else tell(problems, path, "an object");
  }
}

function walkObject(form: ObjectForm, value: JsonObject, path: string, problems: OsvProblem[]): void {
  for (const name of form.required ?? []) {
    if (!Object.hasOwn(value, name)) tell(problems, below(path, name), "it to be there");
  }
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const own = Object.hasOwn(form.members, name) ? form.members[name] : undefined;
    if (own !== undefined) walk(own, member, below(path, name), problems);
    else if (form.closed === true) tell(problems, cleanText(below(path, name), 120), "no member of this name");
  }
  for (const rule of form.rules ?? []) {
    const broken = rule(value);
    if (broken === undefined) continue;
    const at = broken.at.reduce<string>(below, path);
    tell(problems, at, broken.expected, broken.check === undefined ? {} : { check: broken.check });
  }
}

import { cleanText } from "../../artifact/clean-text.ts";
import { Fault } from "../../model/fault.ts";
import type { Fields } from "./place.ts";

/** Bounds that no lockfile of npm's reaches; they keep time and memory in proportion to the file. */
export const MAX_POSITION = 2048;
export const MAX_NESTING = 64;

/** `WB-LOCKFILE-FORM`: valid JSON, but not the form of a lockfile. */
export function formFault(file: string, at: string, expected: string, found: unknown): Fault {
  return new Fault({
    code: "WB-LOCKFILE-FORM",
    kind: "input",
    what: "the lockfile does not have the form that npm writes",
    where: `${cleanText(file)}: ${cleanText(at)}`,
    expected,
    found: kindOf(found),
    fix: "write it anew with npm install --package-lock-only",
  });
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string" || typeof value === "number") return cleanText(JSON.stringify(value), 80);
  return typeof value === "object" ? "an object" : String(value);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object of names to ranges, or undefined where there is none. `true` is what npm 5 wrote for "see package.json". */
export function needsOf(value: unknown, file: string, at: string): Fields | undefined {
  if (isFields(value)) return value;
  if (value === undefined || value === null || typeof value === "boolean") return undefined;
  // npm 2 and some registries wrote an empty list for "none".
  if (Array.isArray(value) && value.length === 0) return undefined;
  throw formFault(file, at, "an object of names and ranges", value);
}

/** A text, or undefined. Old lockfiles have `false` where there is no text (`resolved`). */
export function textOf(value: unknown, file: string, at: string): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (value === undefined || value === null || typeof value === "boolean") return undefined;
  throw formFault(file, at, "a text", value);
}

import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry } from "../../model/artifact.ts";
import { Fault } from "../../model/fault.ts";
import { kindOf } from "../document.ts";
import { type Fields, isFields } from "../fields.ts";

/** Bounds that no lockfile of npm's reaches; they keep time and memory in proportion to the file. */
export const MAX_POSITION = 2048;
export const MAX_NESTING = 64;

/** Who writes a lockfile, with the command that writes it anew. */
export const LOCK_WRITERS = {
  npm: "npm install --package-lock-only",
  yarn: "yarn install",
  pnpm: "pnpm install --lockfile-only",
  bun: "bun install --lockfile-only",
} as const;
export type LockWriter = keyof typeof LOCK_WRITERS;

/** `WB-LOCKFILE-FORM`: the syntax is right, but not the form of a lockfile. `at` is a line or a place in the file. */
export function formFault(
  file: string,
  at: string | number,
  expected: string,
  found: unknown,
  writer: LockWriter = "npm",
): Fault {
  return new Fault({
    code: "WB-LOCKFILE-FORM",
    kind: "input",
    what: `the lockfile does not have the form that ${writer} writes`,
    where: typeof at === "number" ? `${cleanText(file)}:${at}` : `${cleanText(file)}: ${cleanText(at)}`,
    expected,
    found: kindOf(found),
    fix: `write it anew with ${LOCK_WRITERS[writer]}`,
  });
}

/** `WB-LOCKFILE-SYNTAX`: no such text as `writer` writes. */
export function syntaxFault(facts: Omit<Fault["facts"], "code" | "kind">, writer: LockWriter): Fault {
  const fix = `restore the file, or write it anew with ${LOCK_WRITERS[writer]}`;
  return new Fault({ ...facts, code: "WB-LOCKFILE-SYNTAX", kind: "input", fix });
}

/** The largest lockfiles seen in public projects have two fifths of this. */
export const MAX_LOCKFILE_BYTES = 32 * 1024 * 1024;

/** The text of a lockfile. Throws `WB-LOCKFILE-SYNTAX` for what is not UTF-8, and the faults of the source. */
export function lockText(entry: Entry, writer: LockWriter): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(entry.bytes(MAX_LOCKFILE_BYTES));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw syntaxFault({ what: "the lockfile is not UTF-8", where: entry.path }, writer);
  }
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

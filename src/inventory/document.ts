import { cleanText } from "../artifact/clean-text.ts";
import type { Entry } from "../model/artifact.ts";
import type { SizeBytes } from "../model/digest.ts";
import { Fault, type FaultCode } from "../model/fault.ts";

/** What a file is, for faults: how it is called, which codes it has, and how it is made anew. */
export interface DocumentKind {
  readonly called: string;
  readonly syntax: FaultCode;
  readonly form: FaultCode;
  readonly fix: string;
}

/** The largest lockfiles seen in public projects have a fifth of this. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A lockfile; `fix` says how its tool writes it anew. */
export function lockfileKind(called: string, fix: string): DocumentKind {
  return { called, syntax: "WB-LOCKFILE-SYNTAX", form: "WB-LOCKFILE-FORM", fix };
}

/** A manifest, which people write. */
export function manifestKind(called: string): DocumentKind {
  return { called, syntax: "WB-MANIFEST-SYNTAX", form: "WB-MANIFEST-FORM", fix: "correct the file" };
}

/** The text of a file without its byte order mark, at most 16 MiB. Throws the kind's syntax code where it is not UTF-8. */
export function readText(entry: Entry, kind: DocumentKind, limit: SizeBytes = MAX_BYTES): string {
  const bytes = entry.bytes(limit);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw syntaxFault(kind, entry.path, undefined, "it is not UTF-8");
  }
}

/** The kind's syntax code, with the line where it is known. */
export function syntaxFault(kind: DocumentKind, file: string, line: number | undefined, problem: string): Fault {
  return new Fault({
    code: kind.syntax,
    kind: "input",
    what: `${kind.called} cannot be read: ${cleanText(problem, 160)}`,
    where: `${cleanText(file, 300)}${line === undefined ? "" : `:${line}`}`,
    fix: kind.fix,
  });
}

/** The kind's form code: valid syntax, but not the form that its tool writes. */
export function formFault(kind: DocumentKind, file: string, at: string, expected: string, found: unknown): Fault {
  return new Fault({
    code: kind.form,
    kind: "input",
    what: `${kind.called} does not have the form of its tool`,
    where: `${cleanText(file, 300)}: ${cleanText(at)}`,
    expected,
    found: kindOf(found),
    fix: kind.fix,
  });
}

/** What a value is, for people; texts are cut. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return cleanText(JSON.stringify(value.slice(0, 80)), 80);
  return typeof value === "object" ? "a table" : cleanText(String(value), 80);
}

import { isName, normaliseName } from "./names.ts";
import { type Clause, parseSpecifier } from "./version.ts";

/** What asks for a distribution (PEP 508). */
export interface Requirement {
  /** Normalised (PEP 503). */
  readonly name: string;
  /** Normalised. */
  readonly extras: readonly string[];
  readonly clauses: readonly Clause[];
  readonly url: string | undefined;
  readonly marker: string | undefined;
}

const MAX_LENGTH = 16 * 1024;
const HEAD = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?\s*/;

/** Reads `name[extra] >= 1.0 ; marker`, `name (>=1.0)`, `name @ URL ; marker`. Undefined where the text is none of them. */
export function parseRequirement(written: string): Requirement | undefined {
  const text = written.trim();
  const head = text.length > MAX_LENGTH ? null : HEAD.exec(text);
  const name = head?.[1];
  if (head === null || name === undefined || !isName(name)) return undefined;
  const extras = extrasOf(head[2]);
  if (extras === undefined) return undefined;
  const rest = text.slice(head[0].length);
  if (rest.startsWith("@")) {
    // A URL may hold `;`: the marker's has white space before it.
    const [, url = "", marker] = /^@\s*(\S+)(?:\s+;(.*))?\s*$/s.exec(rest) ?? [];
    return url === "" ? undefined : { name: normaliseName(name), extras, clauses: [], url, marker: marker?.trim() };
  }
  const semicolon = rest.indexOf(";");
  const specifier = (semicolon < 0 ? rest : rest.slice(0, semicolon)).trim();
  const bare = specifier.startsWith("(") && specifier.endsWith(")") ? specifier.slice(1, -1) : specifier;
  const clauses = parseSpecifier(bare);
  if (clauses === undefined) return undefined;
  const marker = semicolon < 0 ? undefined : rest.slice(semicolon + 1).trim();
  return { name: normaliseName(name), extras, clauses, url: undefined, marker };
}

function extrasOf(written: string | undefined): readonly string[] | undefined {
  const names = (written ?? "").split(",").map((extra) => extra.trim());
  const given = names.filter((extra) => extra !== "");
  return given.every(isName) ? given.map(normaliseName) : undefined;
}

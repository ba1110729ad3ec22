import type { IndexIdentity } from "../model/advisory.ts";
import type { FaultKind } from "../model/fault.ts";
import { Fault } from "../model/fault.ts";
import { cleanText } from "../artifact/clean-text.ts";

/** "WBAX" in SQLite's header field for the kind of file. */
export const APPLICATION_ID = 0x57424158;
/** Raised with every change of the schema or of the records' form: another version is refused, never guessed. */
export const FORM_VERSION = 2;

/**
 * Bodies lie in a rowid table: a large body inside a WITHOUT ROWID tree costs three times the room. `crc` is the CRC-32 of
 * the body's UTF-8, so that a look-up notices a flipped bit that SQLite cannot.
 */
export const SCHEMA: readonly (readonly [name: string, sql: string])[] = [
  ["adv", "CREATE TABLE adv(n INTEGER PRIMARY KEY, crc INTEGER, body TEXT)"],
  ["aff", "CREATE TABLE aff(eco TEXT, name TEXT, n INTEGER, PRIMARY KEY(eco, name, n)) WITHOUT ROWID"],
  ["meta", "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID"],
];

/** What the file says of itself, as JSON in `meta`. */
export interface IndexMeta {
  readonly identity: IndexIdentity;
  /** Rows of `adv`. */
  readonly advisories: number;
}

/** The fault for a file that is no index, of another version, or damaged. */
export function indexFault(path: string, found: string, code: "FORM" | "DIGEST" = "FORM"): Fault {
  const kind: FaultKind = code === "FORM" ? "unchecked" : "refused";
  return new Fault({
    code: `WB-INDEX-${code}`,
    kind,
    what: code === "FORM" ? "the advisory index cannot be used" : "the advisory index does not have its own digest",
    where: cleanText(path, 300),
    expected: code === "FORM" ? `an advisory index of form ${FORM_VERSION}` : "records that give the stated digest",
    found: cleanText(found),
    fix: "build it anew: waybill db build --from DIR --output FILE",
  });
}

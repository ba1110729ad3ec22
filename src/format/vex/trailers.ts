import type { Timestamp } from "../../model/digest.ts";
import type { CarryOver, CycloneDxJustification, ExactStatus } from "../../model/vex.ts";
import { parseTimestamp } from "../timestamp.ts";
import { CARRY_OVERS, EXACT_STATUSES, FINER } from "./words.ts";

/** What a statement says for which a form may have no member of its own. */
export interface Extras {
  readonly expires?: Timestamp;
  readonly carryOver?: CarryOver;
  readonly evidence?: readonly string[];
  readonly author?: string;
  readonly supplier?: string;
  readonly statementId?: string;
  readonly issued?: Timestamp;
  readonly updated?: Timestamp;
  readonly exact?: ExactStatus;
  readonly finer?: CycloneDxJustification;
}

const PREFIX = "Waybill-";
const LINE = /^Waybill-([A-Z][A-Za-z-]*): (\S.*)$/u;
/** In the order in which they are written. */
const NAMES = {
  Expires: "expires",
  "Carry-Over": "carryOver",
  Evidence: "evidence",
  Author: "author",
  Supplier: "supplier",
  Id: "statementId",
  Issued: "issued",
  Updated: "updated",
  State: "exact",
  Justification: "finer",
} as const satisfies Record<string, keyof Extras>;

/**
 * Notes for people followed by a last paragraph of `Waybill-Name: value` lines, as git writes trailers: OpenVEX 0.2.0 forbids
 * members of one's own, and in a note whoever reads it sees what the statement is bound to. Undefined: there is nothing to say.
 */
export function withTrailers(notes: string | undefined, extras: Extras): string | undefined {
  const lines = Object.entries(NAMES).flatMap(([name, key]) => {
    const value = extras[key];
    const values = typeof value === "string" ? [value] : (value ?? []);
    return values.map((one) => `${PREFIX}${name}: ${one.replaceAll(/\s+/gu, " ").trim()}`);
  });
  if (lines.length === 0) return notes === "" ? undefined : notes;
  return [...(notes === undefined || notes === "" ? [] : [notes, ""]), ...lines].join("\n");
}

/** The notes without their last paragraph where that is one of trailers, and what the trailers say. Unknown ones are kept as notes. */
export function splitTrailers(text: string | undefined): { readonly notes?: string; readonly extras: Extras } {
  if (text === undefined || text === "") return { extras: {} };
  const at = text.lastIndexOf("\n\n");
  const last = at < 0 ? text : text.slice(at + 2);
  if (!last.startsWith(PREFIX)) return { notes: text, extras: {} };
  const extras = readLines(last.trimEnd().split("\n"));
  if (extras === undefined) return { notes: text, extras: {} };
  return at < 0 ? { extras } : { notes: text.slice(0, at), extras };
}

function readLines(lines: readonly string[]): Extras | undefined {
  const found: { -readonly [K in keyof Extras]: Extras[K] } = {};
  const evidence: string[] = [];
  for (const line of lines) {
    const [, name = "", value = ""] = LINE.exec(line) ?? [];
    const key = Object.hasOwn(NAMES, name) ? NAMES[name as keyof typeof NAMES] : undefined;
    if (key === undefined) return undefined;
    if (key === "evidence") evidence.push(value);
    else if (key === "carryOver") found.carryOver = CARRY_OVERS.find((one) => one === value) ?? "none";
    else if (key === "exact") Object.assign(found, only("exact", EXACT_STATUSES, value));
    else if (key === "finer") Object.assign(found, only("finer", FINER, value));
    else if (key === "author" || key === "supplier" || key === "statementId") found[key] = value;
    else {
      const time = parseTimestamp(value);
      // An expiry that cannot be read must not become none.
      if (time !== undefined) found[key] = time;
      else if (key === "expires") found.expires = "0001-01-01T00:00:00Z";
    }
  }
  if (evidence.length > 0) found.evidence = evidence;
  return found;
}

function only(key: keyof Extras, words: readonly string[], value: string): Extras {
  return words.includes(value) ? { [key]: value } : {};
}

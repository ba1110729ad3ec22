import type { Timestamp } from "../model/digest.ts";
import type { Json } from "../model/statement.ts";
import { csafToOsv, isCsaf } from "./csaf-to-osv.ts";
import { ghsaToOsv, isGhsa } from "./ghsa.ts";

/** How a record is converted. */
export interface ToOsvOptions {
  /** GitHub: also ratings and where knowledge ends. */
  readonly complete: boolean;
  /** CSAF: the time that the record states for itself. */
  readonly at?: Timestamp;
}

/**
 * An advisory of GitHub's API, or one of Red Hat's in CSAF, as an OSV record; anything else as it is, for then it is one already.
 * Faults: WB-ADVISORY-FORM with the JSON pointer.
 */
export function toOsv(value: Json, where: string, { complete, at }: ToOsvOptions): Json {
  if (isGhsa(value)) return ghsaToOsv(value, where, complete);
  return isCsaf(value) ? csafToOsv(value, where, at) : value;
}

import type { FindingKind, Severity } from "../model/advisory.ts";
import { worstOfNewest } from "./cvss.ts";
import { isArray } from "./json.ts";
import { Fields } from "./shape.ts";

/** Ids of records about malicious packages: OpenSSF's, and lists of compromised versions. */
const MALICIOUS_ID = /^(?:MAL|COMPROMISED)-/;
/** "Embedded Malicious Code": how GitHub's advisories mark malware. */
const MALICIOUS_CWE = "CWE-506";

const SEVERITIES: Readonly<Record<string, Severity>> = {
  none: "none",
  low: "low",
  moderate: "medium",
  medium: "medium",
  high: "high",
  important: "high",
  critical: "critical",
};

/** Whether a record says of itself that it is about malice; `ids` are its own and its aliases. */
export function isMalicious(root: Fields, ids: readonly string[]): boolean {
  const specific = root.optionalObject("database_specific");
  const cwes = specific?.get("cwe_ids");
  return (
    ids.some((id) => MALICIOUS_ID.test(id)) ||
    specific?.get("malicious") === true ||
    specific?.get("type") === "malicious" ||
    (cwes !== undefined && isArray(cwes) && cwes.includes(MALICIOUS_CWE))
  );
}

/** What kind of finding one `affected` entry makes in a record that is not about malice. */
export function readKind(affected: Fields): FindingKind {
  return informational(affected) === "unmaintained" ? "unmaintained" : "vulnerable";
}

/** RustSec: `unmaintained`, `unsound` (a weakness that safe code can reach: vulnerable) or `notice`. */
function informational(affected: Fields): string | undefined {
  const value = affected.optionalObject("database_specific")?.get("informational");
  return typeof value === "string" ? value : undefined;
}

/** The CVSS vectors of a record or of an `affected` entry, as given. */
export function readVectors(fields: Fields): string[] {
  return fields
    .optionalList("severity", (value, place) => new Fields(value, place))
    .filter((severity) => String(severity.get("type")).startsWith("CVSS_V"))
    .map((severity) => severity.string("score"));
}

/**
 * The worst word that the database itself gives, else that of the vectors' score (`worstOfNewest`), else `unknown`. A notice
 * that nothing rates is `none`.
 */
export function readSeverity(sources: readonly Fields[], vectors: readonly string[]): Severity {
  const words = sources.flatMap((source) => {
    const word = source.optionalObject("database_specific")?.get("severity");
    const severity = typeof word === "string" ? SEVERITIES[word.toLowerCase()] : undefined;
    return severity === undefined ? [] : [severity];
  });
  if (words.length > 0) return worst(words);
  const scored = worstOfNewest(vectors);
  if (scored !== undefined) return scored.severity;
  return sources.some((source) => informational(source) === "notice") ? "none" : "unknown";
}

function worst(severities: readonly Severity[]): Severity {
  return (["critical", "high", "medium", "low"] as const).find((one) => severities.includes(one)) ?? "none";
}

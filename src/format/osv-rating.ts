import type { FindingKind, Severity } from "../model/advisory.ts";
import type { Json } from "../model/statement.ts";
import { worstOfNewest } from "./cvss.ts";
import { isArray } from "./json.ts";
import { Fields } from "./shape.ts";

/** Ids of records about malicious packages: OpenSSF's, and lists of compromised versions. */
const MALICIOUS_ID = /^(?:MAL|COMPROMISED)-/;
/** "Embedded Malicious Code": how GitHub's advisories mark malware. */
const MALICIOUS_CWE = "CWE-506";

/** What databases and distributions call a severity. Debian's "unimportant" and Ubuntu's "negligible" do no harm in practice. */
const SEVERITIES: Readonly<Record<string, Severity>> = {
  none: "none",
  unimportant: "none",
  negligible: "none",
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
 * The words that a record or an `affected` entry has for its severity: the database's own, Ubuntu's priority (OSV schema 1.7,
 * `severity[].type` Ubuntu; `ubuntu_priority` before) and Debian's urgency.
 */
function readWords(source: Fields): readonly Severity[] {
  // What has another form than it should says nothing here, and spoils nothing else.
  const of = (value: Json | undefined, name: string): Json | undefined =>
    typeof value === "object" && value !== null && !isArray(value) ? value[name] : undefined;
  const specific = source.get("ecosystem_specific");
  const rated = source.get("severity");
  const ratings = rated !== undefined && isArray(rated) ? rated : [];
  const words = [
    of(source.get("database_specific"), "severity"),
    of(specific, "urgency"),
    of(specific, "ubuntu_priority"),
    ...ratings.flatMap((one) => (of(one, "type") === "Ubuntu" ? [of(one, "score")] : [])),
  ];
  return words.flatMap((word) => {
    const name = typeof word === "string" ? word.toLowerCase() : "";
    const severity = Object.hasOwn(SEVERITIES, name) ? SEVERITIES[name] : undefined;
    return severity === undefined ? [] : [severity];
  });
}

/**
 * The worst word that the database or the distribution gives itself, else that of the vectors' score (`worstOfNewest`), else
 * `unknown`. A notice that nothing rates is `none`.
 */
export function readSeverity(sources: readonly Fields[], vectors: readonly string[]): Severity {
  const words = sources.flatMap(readWords);
  if (words.length > 0) return worst(words);
  const scored = worstOfNewest(vectors);
  if (scored !== undefined) return scored.severity;
  return sources.some((source) => informational(source) === "notice") ? "none" : "unknown";
}

function worst(severities: readonly Severity[]): Severity {
  return (["critical", "high", "medium", "low"] as const).find((one) => severities.includes(one)) ?? "none";
}

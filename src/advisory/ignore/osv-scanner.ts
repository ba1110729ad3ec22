import { sha256 } from "../../artifact/digest.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import type { DocumentKind } from "../../inventory/document.ts";
import { type Fields, fieldOf, fieldsAt, listAt, textAt } from "../../inventory/fields.ts";
import { parseToml } from "../../inventory/toml.ts";
import type { Timestamp } from "../../model/digest.ts";
import type { IgnoreScope, VexDocument, VexStatement } from "../../model/vex.ts";
import { parseTimestamp } from "../../format/timestamp.ts";
import { ignoreStatement, textOfFile } from "./statement.ts";

const KIND: DocumentKind = {
  called: "osv-scanner.toml",
  syntax: "WB-IGNORE-FORM",
  form: "WB-IGNORE-FORM",
  fix: "correct the file, or do not name it",
};
const KNOWN = ["IgnoredVulns", "PackageOverrides"];

/**
 * Reads osv-scanner's configuration (its documentation, "Configuration") as statements of whoever keeps the file: `IgnoredVulns`
 * about every package, `PackageOverrides` about every vulnerability of a package. `folder`: where the file was found, as it counts
 * for the files beside it alone; absent for one that a flag names, which counts for all. What is not heeded is told.
 * Faults: WB-IGNORE-FORM with the line.
 */
export function parseOsvScannerToml(bytes: Uint8Array, where: string, folder?: string): VexDocument {
  const root = parseToml(textOfFile(bytes, where), where, KIND);
  const unheeded: string[] = Object.keys(root)
    .filter((key) => !KNOWN.includes(key))
    .map((key) => `${where}: ${cleanText(key, 60)} is not heeded here`);
  const bound: IgnoreScope = { paths: [], ...(folder !== undefined && { folder }) };
  const statements = [
    ...listAt(root, "IgnoredVulns").flatMap((entry) => ignoredVulnerability(entry, bound, where, unheeded)),
    ...listAt(root, "PackageOverrides").flatMap((entry) => packageOverride(entry, bound, where, unheeded)),
  ];
  return { form: "ignore file", author: where, digest: sha256(bytes), statements, unheeded };
}

function ignoredVulnerability(
  entry: Fields,
  ignore: IgnoreScope,
  where: string,
  unheeded: string[],
): readonly VexStatement[] {
  const id = textAt(entry, "id");
  if (id === undefined) {
    unheeded.push(`${where}: an entry of IgnoredVulns without an id`);
    return [];
  }
  return [ignoreStatement({ id, ignore, where, reason: textAt(entry, "reason"), until: timeAt(entry, "ignoreUntil") })];
}

function packageOverride(
  entry: Fields,
  bound: IgnoreScope,
  where: string,
  unheeded: string[],
): readonly VexStatement[] {
  const whole = fieldOf(entry, "ignore") === true;
  const vulnerabilities = fieldOf(fieldsAt(entry, "vulnerability"), "ignore") === true;
  const [name, version, ecosystem] = ["name", "version", "ecosystem"].map((key) => textAt(entry, key));
  const called = cleanText(name ?? ecosystem ?? "a package", 80);
  if (fieldOf(entry, "license") !== undefined) unheeded.push(`${where}: ${called}: its licence is not overridden here`);
  if (!whole && !vulnerabilities) return [];
  // Heeding it without its group would ignore more than was asked.
  if (fieldOf(entry, "group") !== undefined) {
    unheeded.push(`${where}: ${called}: an override for a group is not heeded here`);
    return [];
  }
  const ignore: IgnoreScope = {
    ...bound,
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    ...(ecosystem !== undefined && { ecosystem }),
  };
  const until = timeAt(entry, "effectiveUntil");
  return [ignoreStatement({ id: undefined, ignore, where, reason: textAt(entry, "reason"), until })];
}

/** A date or time of TOML, or a text of one. One that cannot be read has passed: it must not become none. */
function timeAt(entry: Fields, key: string): Timestamp | undefined {
  const value = fieldOf(entry, key);
  if (value === undefined) return undefined;
  const date =
    value instanceof Date ? new Date(value.getTime()) : new Date(typeof value === "string" ? value : Number.NaN);
  const time = Number.isNaN(date.getTime()) ? undefined : parseTimestamp(date.toISOString());
  return time ?? "0001-01-01T00:00:00Z";
}

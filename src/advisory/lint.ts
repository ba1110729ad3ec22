import { cleanText } from "../artifact/clean-text.ts";
import { below } from "../format/shape.ts";
import { isCsaf } from "../format/csaf-to-osv.ts";
import { isGhsa } from "../format/ghsa.ts";
import { isArray } from "../format/json.ts";
import type { SchemaCheck } from "../format/osv-forms.ts";
import { validateOsv } from "../format/osv-validate.ts";
import type { Json, JsonObject } from "../model/statement.ts";
import { lintAffected } from "./lint-affected.ts";

/** What is looked for. The names are those of OSV's own linter where that has the check (docs/advisories.md, "Records"). */
export type LintCheck =
  | SchemaCheck
  | "affected-data-exists"
  | "valid-aliases"
  | "valid-upstream"
  | "valid-related"
  | "range-is-distinct"
  | "range-can-be-evaluated"
  | "package-exists"
  | "package-name-is-normal"
  | "package-purl-valid"
  | "package-versions-given";

/** One thing that is wrong with a record, or that will not do what its author means. */
export interface LintProblem {
  /** JSON pointer (RFC 6901). */
  readonly path: string;
  readonly check: LintCheck;
  /** `warning`: the record is read, and may be meant so. */
  readonly level: "error" | "warning";
  readonly what: string;
}

/** The names of an ecosystem's packages, in the ecosystem's normal form; undefined where they are not known. */
export type KnownNames = (ecosystem: string) => ReadonlySet<string> | undefined;

/** Takes a problem at a place below the record. */
export type Report = (
  path: readonly (string | number)[],
  check: LintCheck,
  what: string,
  level?: LintProblem["level"],
) => void;

const MAX_PROBLEMS = 200;

/**
 * What is wrong with an OSV record: by its schema (`validateOsv`), and beyond it by the text of the specification. Works off line:
 * whether a package exists is known for the ecosystems of `names` alone. At most 200 problems.
 */
export function lintOsv(record: Json, names: KnownNames = () => undefined): readonly LintProblem[] {
  const other = isGhsa(record) ? "an advisory of GitHub's API" : isCsaf(record) ? "a CSAF document" : undefined;
  if (other !== undefined) {
    const what = `${other}, not an OSV record: waybill db convert makes one of it`;
    return [{ path: "", check: "conforms-to-schema", level: "error", what }];
  }
  const problems: LintProblem[] = [...validateOsv(record)];
  const report: Report = (path, check, what, level = "error") => {
    if (problems.length < MAX_PROBLEMS) problems.push({ path: path.reduce<string>(below, ""), check, level, what });
  };
  if (record === null || typeof record !== "object" || isArray(record)) return problems;
  lintIds(record, report);
  const affected = record["affected"];
  const entries = affected !== undefined && affected !== null && isArray(affected) ? affected : [];
  const withdrawn = record["withdrawn"] !== undefined && record["withdrawn"] !== null;
  if (entries.length === 0 && !withdrawn)
    report(["affected"], "affected-data-exists", "the record names nothing that is affected");
  // A malicious package is taken down: that it is not there any more is no mistake.
  const known: KnownNames = String(record["id"]).startsWith("MAL-") ? () => undefined : names;
  for (const [index, entry] of entries.entries()) lintAffected(entry, ["affected", index], known, report);
  return problems;
}

const listOf = (record: JsonObject, name: string): readonly string[] => {
  const value = record[name];
  return value !== undefined && value !== null && isArray(value) ? value.filter((id) => typeof id === "string") : [];
};

/** OSV schema, "aliases", "upstream", "related": each names other records once, and no record in two of these ways. */
function lintIds(record: JsonObject, report: Report): void {
  const seen = new Map<string, string>();
  for (const name of ["aliases", "upstream", "related"] as const) {
    const check = `valid-${name}` as const;
    for (const [index, id] of listOf(record, name).entries()) {
      const before = seen.get(id);
      const shown = cleanText(id, 60);
      if (id === record["id"]) report([name, index], check, `${name} names the record itself`);
      else if (before === name) report([name, index], check, `${shown} stands twice in ${name}`);
      else if (before !== undefined && name === "upstream")
        report([name, index], check, `${shown} is an alias and cannot be upstream too`);
      else if (before !== undefined)
        report([name, index], "valid-related", `${shown} stands in ${before} already`, "warning");
      if (id !== id.trim()) report([name, index], check, `"${shown}" has blanks around it`);
      if (before === undefined) seen.set(id, name);
    }
  }
  const cves = listOf(record, "aliases").filter((id) => id.startsWith("CVE-"));
  if (new Set(cves).size > 1) {
    // The specification: aliases are ids of "the same vulnerability"; what an advisory fixes besides is upstream or related.
    const what = `${new Set(cves).size} CVEs are aliases: they count as one flaw; what fixes several names them in upstream or related`;
    report(["aliases"], "valid-aliases", what, "warning");
  }
}

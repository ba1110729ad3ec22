import { cleanText } from "../artifact/clean-text.ts";
import { spokenPurl } from "../artifact/purl.ts";
import type { Finding, IndexIdentity, Reachability, SsvcAssessment } from "../model/advisory.ts";
import type { Timestamp } from "../model/digest.ts";
import type { Component, ComponentRef, Sbom } from "../model/sbom.ts";
import type { JsonObject } from "../model/statement.ts";
import { findingOutput, purlsOf } from "./output.ts";

/** One record beside a component, as the explanation tells it. */
interface Told {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly modified: Timestamp;
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly affects: boolean;
  readonly comparisons: readonly string[];
}

/** Why a component has a finding, or none. */
interface Explained {
  readonly component: Component;
  readonly outcome: string;
  readonly findings: readonly Finding[];
  readonly records: readonly Told[];
  readonly told: readonly string[];
}

/** What an explanation is about. */
export interface ExplainInput {
  readonly source: string;
  readonly asked: { readonly id?: string; readonly purl?: string };
  readonly sbom: Sbom;
  readonly database: IndexIdentity;
  readonly explanations: readonly Explained[];
}

/** Records that say no are shown up to this number; `--format json` has all. */
const SHOWN = 10;

/** `waybill.explain/1` (docs/schemas.md). */
export function explainOutput({ source, asked, sbom, database, explanations }: ExplainInput): JsonObject {
  const purls = purlsOf(sbom);
  return {
    schema: "waybill.explain/1",
    source,
    asked: { ...asked },
    database: { digest: database.digest, modified: database.modified },
    explanations: explanations.map(({ component, outcome, findings, records, told }) => ({
      component: componentJson(component),
      outcome,
      findings: findings.map((finding) => findingOutput(finding, purls, database.modified)),
      records: records.map((record) => ({ ...record })),
      told,
    })),
  };
}

function componentJson({ purl, name, version, ecosystem, scope, occurrences }: Component): JsonObject {
  const locations = occurrences.map(({ path, line }) => ({ path, ...(line !== undefined && { line }) }));
  return { purl: purl ?? null, name, version: version ?? null, ecosystem, scope, locations };
}

/** The same for people. */
export function explainText(input: ExplainInput): string {
  const { asked, source, sbom, database, explanations } = input;
  const shown = (ref: ComponentRef): string => spokenPurl(purlsOf(sbom).get(ref) ?? ref);
  const about = [asked.purl, asked.id].filter((one) => one !== undefined).join(" ");
  const head =
    explanations.length === 0
      ? [
          `${cleanText(about, 200)}: nothing in ${cleanText(source, 200)} is about it: no record of that name speaks of a package of this source`,
        ]
      : [];
  const parts = explanations.flatMap((one) => [...explanationLines(one, shown), ""]);
  const index = `index of ${database.modified}, sha256:${database.digest.slice(0, 12)}`;
  return [...head, ...parts, index].map((line) => cleanText(line, 2000)).join("\n");
}

function explanationLines(
  { component, outcome, findings, records, told }: Explained,
  shown: (ref: ComponentRef) => string,
): string[] {
  const { name, version, ecosystem } = component;
  const yes = records.filter(({ affects }) => affects);
  const no = records.filter(({ affects }) => !affects);
  return [
    `${name} ${version ?? ""} (${ecosystem}): ${outcome}`,
    ...findings.flatMap((finding) => findingLines(finding, shown)),
    ...yes.flatMap((record) => recordLines(record, "says yes")),
    ...no.slice(0, SHOWN).flatMap((record) => recordLines(record, "says no")),
    ...(no.length > SHOWN ? [`  and ${no.length - SHOWN} more records that say no`] : []),
    ...component.occurrences
      .slice(0, SHOWN)
      .map(({ path, line }) => `  in ${path}${line === undefined ? "" : `:${line}`}`),
    ...told.map((what) => `  ${what}`),
  ];
}

function findingLines(finding: Finding, shown: (ref: ComponentRef) => string): string[] {
  const { id, ids, kind, severity, summary, url, fixed, paths, vex, rating, reachability } = finding;
  const others = ids.filter((one) => one !== id);
  const cvss =
    rating.cvss === undefined ? "" : `, CVSS ${rating.cvss.version} ${rating.cvss.score} ${rating.cvss.vector}`;
  const epss = rating.epss === undefined ? "" : `, EPSS ${rating.epss.score} of ${rating.epss.date}`;
  const kev = rating.exploited === undefined ? "" : `, known to be exploited since ${rating.exploited.added} (KEV)`;
  return [
    `  ${id}: ${summary}`,
    ...(others.length > 0 ? [`    also called ${others.join(", ")}`] : []),
    `    ${kind}, ${severity}; risk ${rating.risk}${cvss}${epss}${kev}`,
    ...(rating.ssvc === undefined ? [] : ssvcLines(rating.ssvc)),
    `    ${fixed.length === 0 ? "no fix known" : `fixed in ${fixed.join(", ")}`}`,
    ...paths.map((path) => `    because ${path.map(shown).join(" > ")}`),
    ...(vex === undefined
      ? []
      : [
          `    statement: ${vex.status}${vex.justification === undefined ? "" : ` (${vex.justification})`}, by ${vex.author}`,
        ]),
    ...(reachability === undefined ? [] : [`    ${reachabilityText(reachability)}`]),
    ...(url === undefined ? [] : [`    ${url}`]),
  ];
}

/** The decision, and each point that it rests on with how it is known. */
function ssvcLines({ role, decision, points }: SsvcAssessment): string[] {
  return [
    `    SSVC for the ${role}: ${decision}`,
    ...points.map(({ name, value, by, why }) => `      ${name}: ${value} (${by}: ${why})`),
  ];
}

function reachabilityText(reachability: Reachability): string {
  if (reachability.found === "unknown") return `affected code: not known: ${reachability.why}`;
  const by = reachability.by === "symbols" ? "functions of the program" : "bytes of the artifact";
  const hint = reachability.found === "absent" ? "; a hint, no proof" : "";
  return `affected code: ${reachability.found}, by the ${by}: ${reachability.evidence.join(", ")}${hint}`;
}

function recordLines({ id, aliases, modified, ecosystem, name, version, comparisons }: Told, says: string): string[] {
  const alias = aliases.length === 0 ? "" : `, alias of ${aliases.slice(0, 5).join(", ")}`;
  return [
    `  ${id} ${says} (${ecosystem}, ${name}, of ${modified}${alias}), asked about ${version}`,
    ...comparisons.map((one) => `    ${one}`),
  ];
}

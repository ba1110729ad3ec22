import { matchPurl } from "../artifact/purl.ts";
import type { Advisory, AdvisoryIndex, AffectedRange, Finding, MatchResult, VersionOrder } from "../model/advisory.ts";
import type { Timestamp } from "../model/digest.ts";
import type { Component, Sbom } from "../model/sbom.ts";
import { candidateOf, incomparable } from "./candidate.ts";
import type { Overrule } from "./overrule-file.ts";
import { Overrules } from "./overrule.ts";
import { rangeComparison } from "./range-text.ts";
import { evaluateAdvisory } from "./ranges.ts";
import { type AskedGroups, Records } from "./records.ts";

const MAX_RECORDS = 200;
const MAX_COMPARISONS = 50;
const MAX_COMPONENTS = 1000;

/** What is asked: an advisory by any id of its group, a package by its package URL, or both. */
export interface Question {
  readonly id?: string;
  readonly purl?: string;
}

/** One record beside a component: what was compared, and what came of it. */
export interface ExplainedRecord {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly modified: Timestamp;
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly affects: boolean;
  /** One line for the list or for each range: `4.0.0 <= 4.17.20 < 4.17.21 (fixed), by npm's order`. */
  readonly comparisons: readonly string[];
}

/** Why a component has a finding, or why it has none. */
export interface Explanation {
  readonly component: Component;
  readonly outcome: "finding" | "not affected" | "not judged" | "no record";
  readonly findings: readonly Finding[];
  readonly records: readonly ExplainedRecord[];
  /** Why it was not judged, and what else was told of it. */
  readonly told: readonly string[];
}

function comparisonsOf(
  { versions, ranges }: Advisory,
  version: string,
  order: VersionOrder,
  listed: boolean,
): string[] {
  const by = `by ${order.ecosystem}'s order`;
  const list =
    versions.length === 0 ? [] : [`${version} is ${listed ? "" : "not "}in its list of ${versions.length} versions`];
  const each = (range: AffectedRange): string[] => {
    if (range.type === "GIT") return ["a range of commits, which says nothing of versions"];
    return [`${rangeComparison(range, version, order)}, ${by}`];
  };
  return [...list, ...ranges.flatMap(each)].slice(0, MAX_COMPARISONS);
}

function explainRecord(advisory: Advisory, version: string, order: VersionOrder): ExplainedRecord {
  const { id, aliases, modified, ecosystem, name } = advisory;
  const { reason } = evaluateAdvisory(advisory, version, order);
  const comparisons = comparisonsOf(advisory, version, order, reason?.by === "versions");
  return { id, aliases, modified, ecosystem, name, version, affects: reason !== undefined, comparisons };
}

/** Groups about the asked id; those that a finding rests on first, then the others. */
function recordsOf(
  { groups, versionOf }: AskedGroups,
  { id }: Question,
  order: VersionOrder,
): readonly ExplainedRecord[] {
  const wanted = id === undefined ? groups : groups.filter(({ ids }) => ids.includes(id));
  return wanted
    .flatMap((group) => group.advisories.map((one) => explainRecord(one, versionOf(one), order)))
    .sort((a, b) => Number(b.affects) - Number(a.affects))
    .slice(0, MAX_RECORDS);
}

/** `purl` as asked stands for any version and for any qualifiers that it does not name. */
function isAsked({ purl, name }: Component, { purl: asked }: Question): boolean {
  if (asked === undefined) return true;
  return purl === undefined ? asked === name : matchPurl(asked, purl);
}

/**
 * Explains findings, and why a package has none: for each component that the question is about the records of its package, the
 * comparison that was made with each, and what came of it. `result` is that of `match` for the same SBOM, index and overrules.
 * Components in the order of their refs; at most 1,000, with 200 records each. Faults: WB-INDEX-FORM.
 */
export function explain(
  { sbom, index, result }: { readonly sbom: Sbom; readonly index: AdvisoryIndex; readonly result: MatchResult },
  question: Question,
  { overrules = [], at = "" }: { readonly overrules?: readonly Overrule[]; readonly at?: Timestamp } = {},
): readonly Explanation[] {
  const records = new Records(index, new Overrules(overrules, at));
  const explained: Explanation[] = [];
  for (const component of sbom.components) {
    if (component.own || !isAsked(component, question)) continue;
    const one = explainComponent(component, question, { index, result, records });
    // An id alone asks for what it is about, not for everything that it is not about.
    if (
      one !== undefined &&
      (question.purl !== undefined || one.outcome === "finding" || one.outcome === "not affected")
    ) {
      explained.push(one);
    }
    if (explained.length >= MAX_COMPONENTS) break;
  }
  return explained;
}

function explainComponent(
  component: Component,
  question: Question,
  {
    index,
    result,
    records,
  }: { readonly index: AdvisoryIndex; readonly result: MatchResult; readonly records: Records },
): Explanation | undefined {
  const { ref } = component;
  const { id } = question;
  const findings = result.findings.filter((one) => isOf(one, component) && (id === undefined || one.ids.includes(id)));
  const told = [...result.unknown, ...(result.notes ?? [])]
    .filter(({ where }) => where === ref)
    .map(({ what }) => what);
  for (const one of result.overruled ?? []) {
    if (one.component !== ref || (id !== undefined && one.id !== id)) continue;
    told.push(
      `${one.id}: overruled locally (${one.action}) by ${one.owner} until ${one.expires.slice(0, 10)}: ${one.reason}`,
    );
  }
  const ready = candidateOf(component, index);
  if ("because" in ready) {
    const why = ready.because === "ecosystem" ? `not matched: ${ready.what}` : ready.what;
    const outcome = findings.length > 0 ? "finding" : "not judged";
    return { component, outcome, findings, records: [], told: told.includes(why) ? told : [...told, why] };
  }
  if (incomparable(ready) !== undefined) {
    return { component, outcome: findings.length > 0 ? "finding" : "not judged", findings, records: [], told };
  }
  const explained = recordsOf(records.groupsFor(ready), question, ready.order);
  if (explained.length === 0 && findings.length === 0 && id !== undefined && told.length === 0) return undefined;
  const without = explained.length === 0 ? "no record" : "not affected";
  return { component, outcome: findings.length > 0 ? "finding" : without, findings, records: explained, told };
}

/** One finding stands for all builds of a release. */
function isOf(finding: Finding, { ref, ecosystem, name, version }: Component): boolean {
  return (
    finding.component === ref ||
    (finding.ecosystem === ecosystem && finding.name === name && finding.version === version)
  );
}

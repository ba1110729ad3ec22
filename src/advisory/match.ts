import type { VexDocument } from "../format/openvex.ts";
import { reasonPaths } from "../inventory/paths.ts";
import type { AdvisoryIndex, Finding, MatchResult, VersionOrder } from "../model/advisory.ts";
import type { Purl } from "../model/digest.ts";
import type { Component, Sbom, Unknown } from "../model/sbom.ts";
import { cleanText } from "../artifact/clean-text.ts";
import { byCodeUnit } from "../artifact/entry-path.ts";
import { judgeGroup } from "./finding.ts";
import { groupByAlias, type AliasGroup } from "./groups.ts";
import { versionOrder } from "./order.ts";
import { findClaim } from "./vex.ts";

const MAX_PATHS = 3;

/** A component that has all that matching needs. */
interface Candidate {
  readonly component: Component;
  readonly version: string;
  readonly purl: Purl;
  readonly order: VersionOrder;
}

/** Why a component cannot be matched, or the component ready for it. */
function candidate(component: Component): Candidate | string {
  const { version, purl, ecosystem } = component;
  if (version === undefined) return "not matched: it has no version";
  if (purl === undefined) return "not matched: it has no package URL, so no registry's advisories speak of it";
  const order = versionOrder(ecosystem);
  if (order === undefined) return `not matched: the version order of ${cleanText(ecosystem, 60)} is not known here`;
  if (!order.valid(version)) return `not matched: "${cleanText(version, 60)}" is no ${order.ecosystem} version`;
  return { component, version, purl, order };
}

function locationsOf(component: Component): Finding["locations"] {
  const seen = new Map<string, Finding["locations"][number]>();
  for (const { path, line } of component.occurrences) {
    seen.set(`${path}\n${line ?? ""}`, line === undefined ? { path } : { path, line });
  }
  return [...seen.values()].sort((a, b) => byCodeUnit(a.path, b.path) || (a.line ?? 0) - (b.line ?? 0));
}

/** Looks up each package once, however many of its versions are there. */
function groupsOf(index: AdvisoryIndex): (component: Component) => readonly AliasGroup[] {
  const known = new Map<string, readonly AliasGroup[]>();
  return ({ ecosystem, name }) => {
    const key = `${ecosystem}\n${name}`;
    let groups = known.get(key);
    if (groups === undefined) known.set(key, (groups = groupByAlias(index.lookup(ecosystem, name))));
    return groups;
  };
}

function findingsOf(
  { component, version, purl, order }: Candidate,
  groups: readonly AliasGroup[],
  sbom: Sbom,
  index: AdvisoryIndex,
  vex: readonly VexDocument[],
  unknown: Unknown[],
): readonly Finding[] {
  const findings: Finding[] = [];
  let paths: Finding["paths"] | undefined;
  for (const group of groups) {
    const judgement = judgeGroup(group, version, order, index);
    if (judgement === undefined) continue;
    if ("boundary" in judgement) {
      const what = `${cleanText(judgement.id, 80)} could not be judged: "${cleanText(judgement.boundary, 60)}" is no version`;
      unknown.push({ where: component.ref, what });
      continue;
    }
    const subject = sbom.subject.purl;
    const question = { ids: judgement.ids, component: purl, ...(subject === undefined ? {} : { subject }) };
    const claim = findClaim(vex, question);
    const { ref, name, ecosystem, scope } = component;
    // The same for all findings of a component, and a walk through the graph.
    paths ??= reasonPaths(sbom, ref, MAX_PATHS);
    findings.push({
      component: ref,
      purl,
      name,
      version,
      ecosystem,
      scope,
      locations: locationsOf(component),
      ...judgement,
      paths,
      ...(claim === undefined ? {} : { vex: claim }),
    });
  }
  return findings;
}

/**
 * Matches an SBOM's components with an advisory index: one finding for each (component, group of aliased advisories), sorted
 * by component and id, each with the OpenVEX statement that speaks of it. Components of the project itself (`own`) are not
 * looked at and not counted. What could not be matched is in `unknown`, never silently clean.
 * Faults: WB-INDEX-FORM where the index turns out to be damaged.
 */
export function match(sbom: Sbom, index: AdvisoryIndex, vex: readonly VexDocument[] = []): MatchResult {
  const groups = groupsOf(index);
  const findings: Finding[] = [];
  const unknown: Unknown[] = [];
  let components = 0;
  for (const component of sbom.components) {
    if (component.own) continue;
    components += 1;
    const ready = candidate(component);
    if (typeof ready === "string") unknown.push({ where: component.ref, what: ready });
    else findings.push(...findingsOf(ready, groups(component), sbom, index, vex, unknown));
  }
  findings.sort((a, b) => byCodeUnit(a.component, b.component) || byCodeUnit(a.id, b.id));
  unknown.sort((a, b) => byCodeUnit(a.where, b.where) || byCodeUnit(a.what, b.what));
  return { database: index.identity, components, findings, unknown };
}

import { byCodeUnit } from "../artifact/entry-path.ts";
import { cleanText } from "../artifact/clean-text.ts";
import { supportEnd } from "../inventory/os/end-of-life.ts";
import { reasonPaths } from "../inventory/paths.ts";
import type { AdvisoryIndex, Finding, MatchResult } from "../model/advisory.ts";
import type { Timestamp } from "../model/digest.ts";
import type { Component, Sbom, Unknown } from "../model/sbom.ts";
import type { VexDocument } from "../model/vex.ts";
import { type Candidate, candidateOf, incomparable, type Unmatched } from "./candidate.ts";
import type { DistributionTarget } from "./distributions.ts";
import { judgeGroup, type Judgement } from "./finding.ts";
import { joinSamePackage } from "./same-package.ts";
import { listedOnly, Records } from "./records.ts";
import { judgeNotes } from "./notes.ts";
import type { Overrule } from "./overrule-file.ts";
import { Overrules } from "./overrule.ts";
import { ratingInScope } from "./risk.ts";
import { VexStatements } from "./vex.ts";

const MAX_PATHS = 3;

/** What else a judgement is made by. */
export interface MatchBy {
  readonly vex?: readonly VexDocument[];
  readonly overrules?: readonly Overrule[];
  /** The time of judgement, which ends overrules and statements. */
  readonly at?: Timestamp;
}

function locationsOf(component: Component): Finding["locations"] {
  const seen = new Map<string, Finding["locations"][number]>();
  for (const { path, line } of component.occurrences) {
    seen.set(`${path}\n${line ?? ""}`, line === undefined ? { path } : { path, line });
  }
  return [...seen.values()].sort((a, b) => byCodeUnit(a.path, b.path) || (a.line ?? 0) - (b.line ?? 0));
}

/** One run: what all components of an SBOM have in common. */
class Matching {
  readonly #sbom: Sbom;
  readonly #index: AdvisoryIndex;
  readonly #vex: VexStatements;
  readonly #overrules: Overrules;
  readonly #records: Records;
  readonly #byRef: ReadonlyMap<string, Component>;
  readonly #unmatched = new Map<string, { readonly what: string; count: number }>();
  readonly #distributions = new Map<string, DistributionTarget>();
  readonly findings: Finding[] = [];
  readonly unknown: Unknown[] = [];
  readonly notes: Unknown[] = [];
  components = 0;

  constructor(sbom: Sbom, index: AdvisoryIndex, { vex = [], overrules = [], at = "" }: MatchBy) {
    this.#sbom = sbom;
    this.#index = index;
    this.#vex = new VexStatements(vex, sbom, at);
    this.#overrules = new Overrules(overrules, at);
    this.#records = new Records(index, this.#overrules);
    const owned = sbom.components.some(({ ownedBy }) => ownedBy !== undefined);
    this.#byRef = new Map(owned ? sbom.components.map((component) => [component.ref, component]) : []);
  }

  add(component: Component): void {
    // The system as a whole is no package: its packages are judged one by one.
    if (component.kind === "operating-system" && component.purl === undefined) return;
    this.components += 1;
    for (const judgement of judgeNotes(component)) this.#find(component, component.version ?? "", judgement);
    const judge = this.#judgeOf(component);
    if (judge !== undefined) {
      this.notes.push({
        where: component.ref,
        what: `judged by its distribution: its files came with ${cleanText(judge, 200)}`,
      });
      return;
    }
    if (isLeastToolchain(component)) {
      const what = `not matched: at least Go ${component.version ?? ""} builds this; which one does, its program tells`;
      this.notes.push({ where: component.ref, what });
      return;
    }
    const ready = candidateOf(component, this.#index);
    if ("because" in ready) this.#tell(component, ready);
    else this.#match(ready);
  }

  /** The project itself is not its own dependency; that its very release has records is told, and no finding. */
  addOwn(component: Component): void {
    if (component.purl === undefined || component.version === undefined) return;
    const ready = candidateOf(component, this.#index);
    if ("because" in ready || incomparable(ready) !== undefined) return;
    const { groups, versionOf } = this.#records.groupsFor(ready);
    for (const group of groups) {
      const judgement = judgeGroup(group, versionOf, ready.order, this.#index);
      if (judgement === undefined || "boundary" in judgement) continue;
      this.notes.push({
        where: component.ref,
        what: `part of this project: records speak of a release of this name and version: ${judgement.ids.join(", ")}`,
      });
    }
  }

  /** The package of the distribution that mends this one: one judgement, its (trivy, wazuh: the same flaw told twice, backports missed). */
  #judgeOf({ ownedBy }: Component): string | undefined {
    const owner = ownedBy === undefined ? undefined : this.#byRef.get(ownedBy);
    if (owner === undefined) return undefined;
    const ready = candidateOf(owner, this.#index);
    // A distribution of which no records are held mends nothing that we could tell: then the package is judged as what it is.
    return "because" in ready ? undefined : owner.ref;
  }

  #meet(distribution: DistributionTarget | undefined): void {
    if (distribution === undefined) return;
    this.#distributions.set(`${distribution.id} ${distribution.release}`, distribution);
  }

  #match(candidate: Candidate): void {
    const { component, target, order } = candidate;
    this.#meet(target.distribution);
    const asked = this.#records.groupsFor(candidate);
    if (asked.groups.length === 0) return;
    const wrong = incomparable(candidate);
    if (wrong !== undefined) this.unknown.push({ where: component.ref, what: wrong });
    // A list may name what no order understands.
    const { groups, versionOf } = wrong === undefined ? asked : listedOnly(asked);
    for (const group of groups) {
      const judgement = judgeGroup(group, versionOf, order, this.#index);
      if (judgement === undefined) continue;
      if ("boundary" in judgement) {
        const what = `${cleanText(judgement.id, 80)} could not be judged: "${cleanText(judgement.boundary, 60)}" is no version`;
        this.unknown.push({ where: component.ref, what });
        continue;
      }
      this.#find(component, component.version ?? target.packages[0]?.version ?? "", judgement);
    }
  }

  #find(component: Component, version: string, judgement: Judgement): void {
    const { ref, purl, name, ecosystem, scope } = component;
    for (const { id } of judgement.records) this.#overrules.tellAdded(id, component);
    this.findings.push({
      component: ref,
      ...(purl !== undefined && { purl }),
      name,
      version,
      ecosystem,
      scope,
      locations: locationsOf(component),
      ...judgement,
      rating: ratingInScope(judgement.rating, judgement.kind, scope),
      paths: this.#pathsTo(ref),
      ...this.#vex.about(judgement.ids, component),
    });
  }

  /** The same for all findings of a component, and a walk through the graph. */
  #last: { readonly ref: string; readonly paths: Finding["paths"] } | undefined;
  #pathsTo(ref: string): Finding["paths"] {
    if (this.#last?.ref !== ref) this.#last = { ref, paths: reasonPaths(this.#sbom, ref, MAX_PATHS) };
    return this.#last.paths;
  }

  #tell({ ref }: Component, unmatched: Unmatched): void {
    if (unmatched.because === "component") {
      this.unknown.push({ where: ref, what: unmatched.what });
      return;
    }
    this.#meet(unmatched.distribution);
    const before = this.#unmatched.get(unmatched.ecosystem);
    if (before === undefined) this.#unmatched.set(unmatched.ecosystem, { what: unmatched.what, count: 1 });
    else before.count += 1;
  }

  /** What is said once for all components of an ecosystem or of a distribution. */
  summary(): readonly Unknown[] {
    const whole = [...this.#unmatched].map(([ecosystem, { what, count }]) => ({
      where: cleanText(ecosystem, 60),
      what: `not matched: ${count} ${count === 1 ? "component" : "components"}: ${what}`,
    }));
    // By the index's own date: the same index gives the same answer on every day.
    const day = this.#index.identity.modified.slice(0, 10);
    const ended = [...this.#distributions.values()].flatMap(({ id, release }) => {
      const end = supportEnd(OS_IDS.get(id) ?? id, release);
      if (end === undefined || end.updates >= day) return [];
      const more =
        end.extended === undefined
          ? ""
          : end.extended >= day
            ? `; who has extended support gets them until ${end.extended}`
            : `, extended support on ${end.extended}`;
      return [
        {
          where: `${id} ${end.release}`,
          what: `updates for all ended on ${end.updates}${more}: what became known later may have no record`,
        },
      ];
    });
    return [...whole, ...ended];
  }

  /** What is told beside the findings. */
  get told(): Pick<MatchResult, "notes" | "overruled"> {
    const { result } = this.#overrules;
    return { ...(this.notes.length > 0 && { notes: this.notes }), ...(result.length > 0 && { overruled: result }) };
  }
}

/**
 * Go's standard library as `go.mod` asks for it: the least toolchain that will do. What builds is often a newer one (Go Modules
 * Reference, "go directive"), so that findings of it would be guesses.
 */
function isLeastToolchain({ ecosystem, name, occurrences }: Component): boolean {
  const asked = occurrences.length > 0 && occurrences.every(({ technique }) => technique === "declared");
  return ecosystem === "Go" && name === "stdlib" && asked;
}

/** Namespaces of package URLs that are not the `ID` of os-release. */
const OS_IDS: ReadonlyMap<string, string> = new Map([["redhat", "rhel"]]);

/**
 * Matches an SBOM's components with an advisory index: one finding for each (package and version, group of aliased advisories), sorted
 * by component and id, each with the OpenVEX statement that speaks of it. Components of the project itself (`own`) make
 * no findings and are not counted. What could not be matched is in `unknown`, never silently clean.
 * Faults: WB-INDEX-FORM where the index turns out to be damaged.
 */
export function match(sbom: Sbom, index: AdvisoryIndex, by: MatchBy = {}): MatchResult {
  const matching = new Matching(sbom, index, by);
  for (const component of sbom.components) {
    if (component.own) matching.addOwn(component);
    else matching.add(component);
  }
  const findings = joinSamePackage(matching.findings);
  const unknown = [...matching.unknown, ...matching.summary()];
  unknown.sort((a, b) => byCodeUnit(a.where, b.where) || byCodeUnit(a.what, b.what));
  return { database: index.identity, components: matching.components, findings, unknown, ...matching.told };
}

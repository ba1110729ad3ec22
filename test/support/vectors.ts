import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { openSource } from "../../src/artifact/open.ts";
import { printPurl, parsePurl } from "../../src/artifact/purl.ts";
import { extractors } from "../../src/inventory/extractors.ts";
import type { Extraction } from "../../src/model/extractor.ts";
import type { Component, Subject } from "../../src/model/sbom.ts";
import { Fault } from "../../src/model/fault.ts";
import { shared } from "./shared.ts";

/** A case of `extractors-SUITE/cases.jsonl`, see the README of the vectors. */
export interface VectorCase {
  readonly id: string;
  readonly fixture: string;
  readonly expectError: boolean;
  readonly packages: readonly {
    readonly name: string;
    readonly version?: string;
    readonly id?: string;
    readonly purl?: string;
  }[];
  readonly edges?: readonly { readonly from: string; readonly to: readonly string[] }[] | null;
}

/** How the cases of one upstream extractor are scored. */
export interface Scoring {
  readonly suite: "scalibr" | "trivy" | "syft";
  /** `extractor`, `parser` or `cataloger` of the cases. */
  readonly upstream: string;
  /** Only cases whose id contains one of these; default all. */
  readonly only?: readonly string[];
  /** Ours: the id in the list of extractors. */
  readonly ours: string;
  /** What ours says, in the upstream's names: one `name@version` each; default `name@version` (syft: the package URL) of every component that is not the project's own. */
  readonly told?: (component: Component) => string | undefined;
  /** The upstream counts the project itself among its packages. */
  readonly withSubject?: true;
  /** The case's own package in the same form; default `name@version`. */
  readonly wanted?: (item: VectorCase["packages"][number]) => string | undefined;
  /** Cases that are decided otherwise here, each with who is right and why. They count as differences, and must differ. */
  readonly differs?: Readonly<Record<string, string>>;
}

interface Row extends VectorCase {
  readonly extractor?: string;
  readonly parser?: string;
  readonly cataloger?: string;
}

function rowsOf(folder: string, { upstream, only }: Scoring): readonly Row[] {
  const rows = readFileSync(join(folder, "cases.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
  return rows.filter(
    (row) =>
      (row.extractor ?? row.parser ?? row.cataloger) === upstream &&
      (only === undefined || only.some((part) => row.id.includes(part))),
  );
}

/** Reads one fixture by one of our extractors, whatever the file is called; a folder is given whole to a group. */
export async function extractFixture(path: string, id: string): Promise<Extraction> {
  const extractor = extractors.find((one) => one.id === id);
  if (extractor === undefined) throw new Error(`there is no extractor ${id}`);
  const folder = statSync(path).isDirectory();
  const source = await openSource(`dir:${folder ? path : dirname(path)}`);
  try {
    const files = [...source.entries()].filter(({ kind }) => kind === "file");
    const entries = folder ? files : files.filter((entry) => entry.path === basename(path));
    if (extractor.kind === "group") return await extractor.extract(entries, source);
    const [entry] = entries;
    if (entry === undefined || entries.length > 1) throw new Error(`${path}: ${id} reads one file`);
    return await extractor.extract(entry, source);
  } finally {
    source.close();
  }
}

/** As upstreams write it: a package without a version is its name. */
const versioned = ({ name, version }: { readonly name: string; readonly version?: string }): string =>
  version === undefined || version === "" ? name : `${name}@${version}`;

const told = (component: Component): string | undefined => (component.own ? undefined : versioned(component));
/** As `told`, the project's own members included. */
export const toldWithOwn = (component: Component): string => versioned(component);
const wanted = (item: VectorCase["packages"][number]): string => versioned(item);

const sorted = (values: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(values.filter((value) => value !== undefined))].sort();

/** syft's cases name package URLs: both sides in canonical form. */
export const canonicalPurl = ({ purl }: { readonly purl?: string }): string | undefined =>
  purl === undefined || purl === "" ? undefined : printPurl(parsePurl(purl));

/** The project itself in the form of a component, which it is to those who count it. */
const asComponent = (subject: Subject): Component => ({
  ...subject,
  ref: subject.purl ?? subject.name,
  ecosystem: "",
  scope: "runtime",
  direct: false,
  licences: [],
  occurrences: [],
  own: false,
});

/** One test for the cases of one upstream extractor: every case exact, but for those that are named with a reason. */
export function scoreVectors(scoring: Scoring): void {
  test(`${scoring.suite} ${scoring.upstream}: packages of every case are exact`, async (t) => {
    const folder = shared(t, `vectors/extractors-${scoring.suite}`);
    if (folder === undefined) return;
    const rows = rowsOf(folder, scoring);
    assert.ok(rows.length > 0, "the suite has cases of this extractor");
    const wrong: string[] = [];
    for (const row of rows) {
      const problem = await compareCase(folder, row, scoring);
      const excused = scoring.differs?.[row.id];
      if (problem !== undefined && excused === undefined) wrong.push(`${row.id}: ${problem}`);
      if (problem === undefined && excused !== undefined) wrong.push(`${row.id}: is exact, and listed as different`);
    }
    assert.deepEqual(wrong, []);
  });
}

async function compareCase(folder: string, row: Row, scoring: Scoring): Promise<string | undefined> {
  let extraction: Extraction;
  try {
    extraction = await extractFixture(join(folder, row.fixture), scoring.ours);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return row.expectError ? undefined : `refused: ${error.facts.code} ${error.facts.what}`;
  }
  if (row.expectError) return "read, and should be refused";
  const syft = scoring.suite === "syft";
  const tell = scoring.told ?? (syft ? canonicalPurl : told);
  const { subject } = extraction;
  const project = scoring.withSubject === true && subject !== undefined ? [asComponent(subject)] : [];
  const ours = sorted([...project, ...extraction.components].map(tell));
  const theirs = sorted((row.packages ?? []).map(scoring.wanted ?? (syft ? canonicalPurl : wanted)));
  const missed = theirs.filter((one) => !ours.includes(one));
  const extra = ours.filter((one) => !theirs.includes(one));
  return missed.length + extra.length === 0 ? undefined : `missed ${missed.join(", ")}; extra ${extra.join(", ")}`;
}

/** How the ends of an upstream's edges are told. */
interface EdgeNames {
  readonly idOf?: (id: string) => string;
  readonly withSubject?: boolean;
}

/**
 * One test for the edges of trivy's cases: each edge that it names is there, and between its packages no other. `nameOf` gives our
 * components its ids, `idOf` brings its ids into the same form. `withSubject`: upstream counts the project itself among the packages.
 */
export function scoreEdges(
  upstream: string,
  ours: string,
  nameOf: (component: Component) => string = versioned,
  differs: Readonly<Record<string, string>> = {},
  { idOf = (id) => id, withSubject = false }: EdgeNames = {},
): void {
  test(`trivy ${upstream}: every edge of every case is exact`, async (t) => {
    const folder = shared(t, "vectors/extractors-trivy");
    if (folder === undefined) return;
    const wrong: string[] = [];
    for (const row of rowsOf(folder, { suite: "trivy", upstream, ours })) {
      // Upstream writes null where it has none.
      if ((row.edges ?? []).length === 0) continue;
      const { subject, components, dependencies } = await extractFixture(join(folder, row.fixture), ours);
      const names = new Map(components.map((component) => [component.ref, nameOf(component)]));
      if (withSubject && subject !== undefined) names.set(subject.purl ?? subject.name, versioned(subject));
      const found = new Set(
        dependencies.flatMap(({ from, to }) => {
          const [a, b] = [names.get(from), names.get(to)];
          return a === undefined || b === undefined ? [] : [`${a} → ${b}`];
        }),
      );
      const theirs = new Set(
        (row.edges ?? []).flatMap(({ from, to }) => to.map((each) => `${idOf(from)} → ${idOf(each)}`)),
      );
      const known = new Set(row.packages.map((item) => idOf(item.id ?? versioned(item))));
      const missed = [...theirs].filter((edge) => !found.has(edge));
      const extra = [...found].filter((edge) => !theirs.has(edge) && edge.split(" → ").every((end) => known.has(end)));
      const excused = differs[row.id] !== undefined;
      if (missed.length + extra.length > 0 !== excused)
        wrong.push(`${row.id}: missed ${missed.join(", ")}; extra ${extra.join(", ")}`);
    }
    assert.deepEqual(wrong, []);
  });
}

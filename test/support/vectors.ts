import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { openSource } from "../../src/artifact/open.ts";
import { parsePurl, printPurl } from "../../src/artifact/purl.ts";
import { collect } from "../../src/inventory/collect.ts";
import { extractors } from "../../src/inventory/extractors.ts";
import type { Source } from "../../src/model/artifact.ts";
import type { Extraction } from "../../src/model/extractor.ts";
import { Fault } from "../../src/model/fault.ts";
import type { Component, Sbom, Subject } from "../../src/model/sbom.ts";
import { memorySource } from "./memory-source.ts";
import { type NameOurs, type NameTheirs, type Scoring, type VectorCase, versioned } from "./scoring.ts";
import { shared } from "./shared.ts";

/** All cases of a suite. */
export function casesOf(folder: string): readonly VectorCase[] {
  return readFileSync(join(folder, "cases.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as VectorCase);
}

/** The upstream's extractor that a case is of. */
export const upstreamOf = ({ extractor, parser, cataloger }: VectorCase): string =>
  extractor ?? parser ?? cataloger ?? "";

/** Whether a case is scored so. */
export const isScoredBy = (row: VectorCase, { upstream, only }: Scoring): boolean =>
  upstreamOf(row) === upstream && (only?.some((part) => row.id.includes(part) || row.fixture.includes(part)) ?? true);

async function extractFrom(source: Source, id: string, path?: string): Promise<Extraction> {
  const extractor = extractors.find((one) => one.id === id);
  if (extractor === undefined) throw new Error(`there is no extractor ${id}`);
  const files = [...source.entries()].filter(({ kind }) => kind === "file");
  const entries = path === undefined ? files : files.filter((entry) => entry.path === path);
  if (extractor.kind === "group") return await extractor.extract(entries, source);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) throw new Error(`${path ?? "the folder"}: ${id} reads one file`);
  return await extractor.extract(entry, source);
}

/** Reads one fixture as a case is scored: by one of our extractors, whatever the file is called; a folder is given whole to a group. */
export async function readCase(
  folder: string,
  row: VectorCase,
  { ours, place, release }: Scoring,
): Promise<Extraction | Sbom> {
  const path = join(folder, row.fixture);
  if (place !== undefined) {
    const told = row.options?.osrelease ?? release;
    const files = { [place]: readFileSync(path), ...(told !== undefined && { "etc/os-release": told }) };
    return await extractFrom(memorySource(files), ours ?? "", place);
  }
  const whole = statSync(path).isDirectory();
  const source = await openSource(ours === undefined ? path : `dir:${whole ? path : dirname(path)}`);
  try {
    return ours === undefined
      ? await collect(source)
      : await extractFrom(source, ours, whole ? undefined : basename(path));
  } finally {
    source.close();
  }
}

/** syft's cases name package URLs: both sides in canonical form; what has none cannot be compared. */
export const canonicalPurl = ({ purl }: { readonly purl?: string }): string | undefined =>
  purl === undefined || purl === "" ? undefined : printPurl(parsePurl(purl));

const sorted = (values: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(values.filter((value) => value !== undefined))].sort();

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

/** How one case came out. */
export type Outcome =
  | { readonly is: "exact" }
  /** With what the scoring's `apart` leaves out; `own`: without the project's own members and nothing else. */
  | { readonly is: "apart"; readonly own: boolean }
  | { readonly is: "different"; readonly how: string };

/** Compares one case: packages as sets. */
export async function judgeCase(folder: string, row: VectorCase, scoring: Scoring): Promise<Outcome> {
  let read: Extraction | Sbom;
  try {
    read = await readCase(folder, row, scoring);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (row.expectError === true) return { is: "exact" };
    return { is: "different", how: `refused: ${error.facts.code} ${error.facts.what}` };
  }
  if (row.expectError === true) return { is: "different", how: "read, and should be refused" };
  const { subject, components } = read;
  const packages = row.packages ?? [];
  const byUrl = scoring.suite === "syft" && packages.some(({ purl }) => purl !== undefined && purl !== "");
  const project = scoring.withSubject === true && subject !== undefined ? [asComponent(subject)] : [];
  const tell: NameOurs = scoring.told ?? (byUrl ? canonicalPurl : versioned);
  const want: NameTheirs = scoring.wanted ?? (byUrl ? canonicalPurl : versioned);
  // The distribution itself is a component here, and in no upstream's list of packages.
  const all = [...project, ...components.filter(({ kind }) => kind !== "operating-system")];
  if (difference(all, tell, packages, want) === undefined) return { is: "exact" };
  const others = all.filter(({ own }) => !own);
  if (difference(others, tell, packages, want) === undefined) return { is: "apart", own: true };
  const { without, told, wanted } = scoring.apart ?? {};
  const left = all.filter((component) => without?.(component) !== true);
  if (difference(left, told ?? tell, packages, wanted ?? want) === undefined) return { is: "apart", own: false };
  const how = difference(
    left.filter(({ own }) => !own),
    told ?? tell,
    packages,
    wanted ?? want,
  );
  return how === undefined ? { is: "apart", own: false } : { is: "different", how };
}

function difference(
  components: readonly Component[],
  tell: NameOurs,
  packages: VectorCase["packages"],
  want: NameTheirs,
): string | undefined {
  const ours = sorted(components.map(tell));
  const theirs = sorted((packages ?? []).map(want));
  const missed = theirs.filter((one) => !ours.includes(one));
  const extra = ours.filter((one) => !theirs.includes(one));
  return missed.length + extra.length === 0 ? undefined : `missed ${missed.join(", ")}; extra ${extra.join(", ")}`;
}

/** trivy's edges: each that it names is there, and between its packages no other. */
export async function judgeEdges(folder: string, row: VectorCase, scoring: Scoring): Promise<string | undefined> {
  const { nameOf = versioned, idOf = (id: string) => id } = scoring.edges ?? {};
  const { subject, components, dependencies } = await readCase(folder, row, scoring);
  const names = new Map(components.map((component) => [component.ref, nameOf(component)]));
  if (scoring.withSubject === true && subject !== undefined)
    names.set(subject.purl ?? subject.name, nameOf(asComponent(subject)));
  const found = new Set(
    dependencies.flatMap(({ from, to }) => {
      const [a, b] = [names.get(from), names.get(to)];
      return a === undefined || b === undefined ? [] : [`${a} → ${b}`];
    }),
  );
  const theirs = new Set(
    (row.edges ?? []).flatMap(({ from, to }) => to.map((each) => `${idOf(from)} → ${idOf(each)}`)),
  );
  const known = new Set((row.packages ?? []).map((item) => idOf(item.id ?? versioned(item))));
  const missed = [...theirs].filter((edge) => !found.has(edge));
  const extra = [...found].filter((edge) => !theirs.has(edge) && edge.split(" → ").every((end) => known.has(end)));
  return missed.length + extra.length === 0 ? undefined : `missed ${missed.join(", ")}; extra ${extra.join(", ")}`;
}

/** Upstream writes null where it has none. */
export const hasEdges = ({ edges }: VectorCase): boolean => (edges ?? []).length > 0;

/** Tests of each scoring: every case exact, or apart from what is named; those that are named as different are so. */
export function scoreVectors(scorings: readonly Scoring[]): void {
  for (const scoring of scorings) {
    const { suite, upstream, only = [], differs } = scoring;
    test(`${suite} ${upstream} ${only.join(" ")}: packages and edges of every case are exact`, async (t) => {
      const folder = shared(t, `vectors/extractors-${suite}`);
      if (folder === undefined) return;
      const rows = casesOf(folder).filter((row) => isScoredBy(row, scoring));
      assert.ok(rows.length > 0, "the suite has cases of this extractor");
      const wrong: string[] = [];
      let apart = 0;
      const hold = (id: string, problem: string | undefined, excused: boolean): void => {
        if (problem !== undefined && !excused) wrong.push(`${id}: ${problem}`);
        if (problem === undefined && excused) wrong.push(`${id}: is exact, and listed as different`);
      };
      for (const row of rows) {
        const outcome = await judgeCase(folder, row, scoring);
        if (outcome.is === "apart") apart += 1;
        hold(row.id, outcome.is === "different" ? outcome.how : undefined, differs?.[row.id] !== undefined);
        if (suite !== "trivy" || !hasEdges(row)) continue;
        const excused = scoring.edges?.differs?.[row.id] !== undefined;
        hold(`${row.id}, edges`, await judgeEdges(folder, row, scoring), excused);
      }
      assert.deepEqual(wrong, []);
      assert.ok(scoring.apart === undefined || apart > 0, "what is left out by name makes a difference somewhere");
    });
  }
}

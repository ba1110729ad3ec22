import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { extractors } from "../../src/inventory/extractors.ts";
import type { Extraction } from "../../src/model/extractor.ts";
import { Fault } from "../../src/model/fault.ts";
import type { Component } from "../../src/model/sbom.ts";
import { memorySource } from "./memory-source.ts";
import { shared } from "./shared.ts";

interface Row {
  readonly id: string;
  readonly extractor?: string;
  readonly cataloger?: string;
  readonly fixture: string;
  readonly expectError?: boolean;
  readonly packages: readonly { readonly name: string; readonly version: string; readonly purl?: string }[];
  readonly options?: { readonly osrelease?: string };
}

/** How the cases of one list of packages are scored: each fixture is put where the list lies in a root file system. */
export interface SystemScoring {
  readonly suite: "scalibr" | "syft";
  readonly upstream: string;
  /** Only fixtures whose path has this in it. */
  readonly only?: string;
  readonly ours: string;
  /** Where the list lies. */
  readonly place: string;
  /** Given to cases that come without one. */
  readonly release?: string;
  /** By default `name@version`. */
  readonly told?: (component: Component) => string;
  readonly wanted?: (item: Row["packages"][number]) => string;
  /** Cases that are decided otherwise here, by number in the list, each with who is right and why. */
  readonly differs?: Readonly<Record<number, string>>;
}

async function readAt(scoring: SystemScoring, row: Row, bytes: Buffer): Promise<Extraction> {
  const extractor = extractors.find(({ id }) => id === scoring.ours);
  assert.ok(extractor !== undefined, `there is an extractor ${scoring.ours}`);
  const release = row.options?.osrelease ?? scoring.release;
  const source = memorySource({
    [scoring.place]: bytes,
    ...(release !== undefined && { "etc/os-release": release }),
  });
  const entries = [...source.entries()].filter(({ path }) => path === scoring.place);
  if (extractor.kind === "group") return extractor.extract(entries, source);
  const [entry] = entries;
  assert.ok(entry !== undefined);
  return extractor.extract(entry, source);
}

async function compare(scoring: SystemScoring, row: Row, bytes: Buffer): Promise<string | undefined> {
  let extraction: Extraction;
  try {
    extraction = await readAt(scoring, row, bytes);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return row.expectError === true ? undefined : `refused: ${error.facts.what}`;
  }
  if (row.expectError === true) return "read, and should be refused";
  const named = ({ name, version }: { readonly name: string; readonly version?: string }): string =>
    `${name}@${version ?? ""}`;
  const ours = extraction.components.filter(({ kind }) => kind === undefined).map(scoring.told ?? named);
  const theirs = row.packages.map(scoring.wanted ?? named);
  return ours.toSorted().join() === theirs.toSorted().join() ? undefined : `${ours.join()} is not ${theirs.join()}`;
}

/** One test for the cases of one upstream extractor: every case exact, but for those that are named with a reason. */
export function scoreSystems(scoring: SystemScoring): void {
  test(`${scoring.suite} ${scoring.upstream} ${scoring.only ?? ""}: packages of every case are exact`, async (t) => {
    const folder = shared(t, `vectors/extractors-${scoring.suite}`);
    if (folder === undefined) return;
    const rows = readFileSync(join(folder, "cases.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Row)
      .filter((row) => (row.extractor ?? row.cataloger) === scoring.upstream)
      .filter(({ fixture }) => scoring.only === undefined || fixture.includes(scoring.only));
    assert.ok(rows.length > 0, "the suite has cases of this extractor");
    const wrong: string[] = [];
    for (const [index, row] of rows.entries()) {
      const problem = await compare(scoring, row, readFileSync(join(folder, row.fixture)));
      if ((problem === undefined) === (scoring.differs?.[index] !== undefined)) {
        wrong.push(`${index} ${row.id}: ${problem ?? "is exact, and listed as different"}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
}

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { buildIndex } from "../../src/advisory/build.ts";
import { openIndex } from "../../src/advisory/index-file.ts";
import { match } from "../../src/advisory/match.ts";
import type { MatchResult } from "../../src/model/advisory.ts";
import { collectFrom } from "../../src/station/collect-from.ts";
import { shared } from "../support/shared.ts";

interface Expected {
  readonly input: string;
  /** What osv-scanner said where it could not read the file. */
  readonly peer_failed?: string | null;
  readonly expected: readonly { readonly name: string; readonly version: string; readonly ids: readonly string[] }[];
}

interface Input {
  readonly ecosystem: string;
  readonly name: string;
  readonly truth: Expected;
  readonly result: MatchResult;
}

/** Pairs that the peer gives and this does not; docs/accuracy.md, "Advisories", argues each. */
const MISSED = [
  // Part of the project itself: told as a note.
  "crates.io bat@0.15.0 RUSTSEC-2021-0106",
  "crates.io bat@0.18.0 RUSTSEC-2021-0106",
  "crates.io grep-cli@0.1.5 RUSTSEC-2021-0071",
  // 0.9.7.1 came after 0.9.7, which has the fix.
  "npm ember@0.9.7.1 RETIREJS-ember-n14-0.9.7",
];

/** Pairs that this gives and the peer does not, though the records imply them; argued in the same place. */
const EXTRA: readonly RegExp[] = [
  /^npm set-value@(?:0\.4\.3|2\.0\.0) GHSA-4jqc-8m5r-9rpr$/u,
  /^PyPI tensorflow-cpu@1\.15\.4 PYSEC-/u,
  /^PyPI recurly@2\.0 PYSEC-2017-68$/u,
  /^PyPI xml2dict@0\.1\.1 GHSA-gp6m-vqhm-5cm5$/u,
];

/** Inputs, pairs wanted, found (of inputs that the peer reads), missed, extra. */
const COUNTS = {
  Go: [4, 116, 116, 0, 0],
  Maven: [4, 324, 324, 0, 0],
  Packagist: [2, 51, 51, 0, 0],
  PyPI: [7, 578, 784, 0, 206],
  RubyGems: [7, 1101, 1101, 0, 0],
  "crates.io": [13, 312, 309, 3, 0],
  npm: [10, 1807, 1812, 1, 6],
};

/** One spelling on both sides: the truth has Maven's artifact alone, and PyPI's names as its lists write them. */
function pair(ecosystem: string, name: string, version: string, id: string): string {
  const spelt =
    ecosystem === "PyPI"
      ? name.replace(/[-_.]+/gu, "-").toLowerCase()
      : ecosystem === "Maven"
        ? name.slice(name.indexOf(":") + 1)
        : name;
  const plain = ecosystem === "Go" || ecosystem === "Packagist" ? version.replace(/^v(?=\d)/u, "") : version;
  return `${ecosystem} ${spelt}@${plain} ${id}`;
}

const wantedOf = ({ ecosystem, truth }: Input): ReadonlySet<string> =>
  new Set(truth.expected.flatMap(({ name, version, ids }) => ids.map((id) => pair(ecosystem, name, version, id))));

/** Records of this mirror; ids that only aliases name are none. */
const foundOf = ({ ecosystem, result }: Input): ReadonlySet<string> =>
  new Set(
    result.findings.flatMap(({ name, version, records }) =>
      records.map(({ id }) => pair(ecosystem, name, version, id)),
    ),
  );

async function scanAll(mirror: string, lockfiles: string): Promise<readonly Input[]> {
  const folder = mkdtempSync(join(tmpdir(), "waybill-lockfiles-"));
  try {
    const path = join(folder, "advisories.db");
    await buildIndex(mirror, path, Object.keys(COUNTS));
    const index = openIndex(path);
    const inputs: Input[] = [];
    for (const ecosystem of readdirSync(lockfiles).sort()) {
      for (const name of readdirSync(join(lockfiles, ecosystem)).sort()) {
        const input = join(lockfiles, ecosystem, name);
        const truth = JSON.parse(readFileSync(join(input, "expected.json"), "utf8")) as Expected;
        inputs.push({ ecosystem, name, truth, result: match(await collectFrom(join(input, truth.input)), index) });
      }
    }
    index.close();
    return inputs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("every (package, advisory) pair of the 47 real inputs is found, and what differs from the peer is argued", async (t) => {
  const mirror = shared(t, "data/osv-mirror");
  const lockfiles = shared(t, "data/lockfiles");
  if (mirror === undefined || lockfiles === undefined) return;
  const inputs = await scanAll(mirror, lockfiles);
  assert.equal(inputs.length, 47);
  const counts: Record<string, number[]> = {};
  const missed: string[] = [];
  const unread = inputs.filter(({ truth }) => truth.peer_failed);
  for (const input of inputs) {
    const [wanted, found] = [wantedOf(input), unread.includes(input) ? new Set<string>() : foundOf(input)];
    const lacking = [...wanted].filter((one) => !found.has(one));
    const extra = [...found].filter((one) => !wanted.has(one));
    const row = (counts[input.ecosystem] ??= [0, 0, 0, 0, 0]);
    for (const [index, value] of [1, wanted.size, found.size, lacking.length, extra.length].entries())
      row[index] = (row[index] ?? 0) + value;
    missed.push(...lacking);
    assert.deepEqual(
      extra.filter((one) => !EXTRA.some((argued) => argued.test(one))),
      [],
      `${input.ecosystem} ${input.name}: not implied by the records`,
    );
  }
  for (const [ecosystem, [files = 0, wanted = 0, found = 0, lacking = 0, extra = 0]] of Object.entries(counts)) {
    const percent = (part: number, whole: number): string => ((100 * part) / whole).toFixed(2);
    t.diagnostic(
      `${ecosystem}: ${files} inputs, ${wanted} pairs wanted, ${found} found; recall ${percent(wanted - lacking, wanted)} %, precision ${percent(found - extra, found)} %`,
    );
  }
  assert.deepEqual(missed.sort(), [...MISSED].sort());
  assert.deepEqual(counts, COUNTS);
  const notes = inputs.flatMap(({ result }) => result.notes ?? []).map(({ what }) => what);
  for (const id of ["RUSTSEC-2021-0106", "RUSTSEC-2021-0071"])
    assert.ok(
      notes.some((what) => what.includes(id)),
      `${id} is told of the project itself`,
    );

  const [goat, ...others] = unread;
  assert.ok(goat !== undefined && others.length === 0);
  assert.equal(`${goat.ecosystem}/${goat.name}`, "npm/NodeGoat@2021-01-27");
  const pairs = foundOf(goat);
  // Where a later input has the same release of a package, the peer gives the same records for it.
  const known = new Set(
    inputs.filter((one) => one.ecosystem === "npm" && one !== goat).flatMap((one) => [...wantedOf(one)]),
  );
  const releases = new Set([...known].map((one) => one.slice(0, one.lastIndexOf(" "))));
  const alike = [...pairs].filter((one) => releases.has(one.slice(0, one.lastIndexOf(" "))));
  t.diagnostic(
    `NodeGoat@2021-01-27, which the peer cannot read: ${pairs.size} pairs; ${alike.length} of releases that the peer judged elsewhere`,
  );
  assert.deepEqual(
    alike.filter((one) => !known.has(one) && !EXTRA.some((argued) => argued.test(one))),
    [],
  );
  assert.deepEqual([pairs.size, alike.length], [154, 150]);
});

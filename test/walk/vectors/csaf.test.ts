import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { CsafVersion } from "../../../src/format/csaf/document.ts";
import { isCpe } from "../../../src/artifact/cpe.ts";
import { schemeOrder } from "../../../src/advisory/vers/schemes.ts";
import { type CsafReport, validateCsaf, type ValidateOptions } from "../../../src/format/csaf/validate.ts";
import { shared } from "../../support/shared.ts";

/** OASIS's own test documents: `failures` must fail the test, `valid` must pass it (testcases.json). */
interface Case {
  readonly name: string;
  readonly result?: string;
  /** Whether the whole document passes the mandatory tests. */
  readonly valid: boolean;
}
interface TestCases {
  readonly tests: readonly {
    readonly id: string;
    readonly group: "mandatory" | "optional" | "recommended" | "informative";
    readonly failures?: readonly Case[];
    readonly valid?: readonly Case[];
  }[];
}
interface Outcome {
  readonly id: string;
  readonly passed: boolean;
  readonly errors?: readonly { readonly instance_path: string }[];
  readonly warnings?: readonly { readonly instance_path: string }[];
  readonly infos?: readonly { readonly instance_path: string }[];
}

const CONTEXT: ValidateOptions = {
  now: new Date("2026-11-24T00:00:00Z"),
  compareVersions: (type, one, other) => {
    const order = schemeOrder(type);
    return order?.valid(one) === true && order.valid(other) ? order.compare(one, other) : undefined;
  },
};

const ACCURACY = readFileSync(join(import.meta.dirname, "../../../docs/accuracy.md"), "utf8");

/** Tests with documents that nothing here runs: docs/accuracy.md tells why. */
const NOT_RUN: Readonly<Record<CsafVersion, readonly string[]>> = {
  "2.0": ["6.3.6", "6.3.7", "6.3.8"],
  "2.1": ["6.3.6", "6.3.7", "6.3.8", "6.3.16"],
};

/** Documents that their list calls valid, or not, against another mandatory test: docs/accuracy.md argues each. */
const OTHERWISE: Readonly<Record<CsafVersion, readonly string[]>> = {
  "2.0": ["6-2-08-02", "6-2-09-02"],
  "2.1": [
    "6-1-10-13",
    "6-1-27-13-16",
    "6-1-50-14",
    "6-1-50-15",
    "6-1-54-14",
    "6-2-08-02",
    "6-2-09-02",
    "6-2-19-19",
    "6-2-20-02",
    "6-2-21-02",
    "6-2-34-03",
    "6-2-39-02-01",
    "6-2-42-02",
    "6-2-39-03-01",
    "6-2-45-01",
    "6-2-45-02",
    "6-2-54-03-01",
    "6-3-21-01-02",
    "6-3-21-01-12",
  ],
};

/** Results whose places are not those of their own text: docs/accuracy.md. */
const OTHER_PLACES = ["6-1-27-08-02"];

const shortName = (name: string): string => name.replace(/^.*-(?=6-\d-)/, "").replace(".json", "");

const places = (report: CsafReport, id: string): readonly string[] =>
  report.problems.flatMap(({ test: of, fails, path }) => (of === id && fails ? [path] : [])).toSorted();

for (const version of ["2.0", "2.1"] as const) {
  test(`CSAF ${version}: each test decides as OASIS's documents say`, async (t) => {
    const folder = shared(t, `vectors/csaf/${version}`);
    if (folder === undefined) return;
    const { tests } = JSON.parse(readFileSync(join(folder, "testcases.json"), "utf8")) as TestCases;
    const counts: Record<string, { tests: number; right: number; documents: number; decided: number }> = {};
    const overall = { documents: 0, right: 0 };
    const results = { outcomes: 0, right: 0 };
    const wrong: string[] = [];
    const otherwise = new Set<string>();
    const notRun: string[] = [];
    for (const { id, group, failures = [], valid = [] } of tests) {
      const count = (counts[group] ??= { tests: 0, right: 0, documents: 0, decided: 0 });
      count.tests += 1;
      let right = true;
      for (const { name, result, valid: whole } of [...failures, ...valid]) {
        count.documents += 1;
        const report = validateCsaf(readFileSync(join(folder, name)), name, CONTEXT);
        overall.documents += 1;
        if ((report.outcome === "valid") === whole) overall.right += 1;
        else otherwise.add(shortName(name));
        if (!report.testsRun.includes(id)) {
          right = false;
          if (notRun.at(-1) !== id) notRun.push(id);
          continue;
        }
        const fails = places(report, id).length > 0;
        if (fails === failures.some((one) => one.name === name)) count.decided += 1;
        else {
          right = false;
          wrong.push(`${id} ${name}: ${fails ? "fails" : "passes"}`);
        }
        if (result === undefined) continue;
        for (const outcome of outcomesOf(join(folder, result), id)) {
          results.outcomes += 1;
          const due = [...(outcome.errors ?? []), ...(outcome.warnings ?? []), ...(outcome.infos ?? [])];
          const found = places(report, outcome.id);
          const same = JSON.stringify(due.map(({ instance_path: path }) => path).toSorted()) === JSON.stringify(found);
          if (same) results.right += 1;
          else if (!OTHER_PLACES.includes(shortName(name)))
            wrong.push(`${outcome.id} in ${result}: ${found.join(" ")}`);
        }
      }
      if (right) count.right += 1;
    }
    for (const [group, { tests: all, right, documents, decided }] of Object.entries(counts)) {
      const row = `| ${version} | ${group} | ${all} | ${right} | ${documents} | ${decided} |`;
      assert.ok(ACCURACY.includes(row), `docs/accuracy.md does not have ${row}`);
    }
    t.diagnostic(JSON.stringify({ counts, overall, results, notRun }));
    assert.deepEqual(wrong, []);
    assert.deepEqual(notRun, NOT_RUN[version]);
    assert.deepEqual([...otherwise].toSorted(), OTHERWISE[version].toSorted());
    assert.equal(counts["mandatory"]?.right, version === "2.0" ? 43 : 81);
    if (version === "2.1") assert.deepEqual(results, { outcomes: 63, right: 62 });
  });
}

/** The outcome of the test itself, and of others where the file tells them; of a test told several times the first. */
function outcomesOf(file: string, id: string): readonly Outcome[] {
  assert.ok(existsSync(file), file);
  const { primary_result: first, secondary_results: others = [] } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly primary_result: Outcome;
    readonly secondary_results?: readonly Outcome[];
  };
  assert.equal(first.id, id);
  return [first, ...others];
}

test("CPE names are those of OASIS's lists", (t) => {
  const folder = shared(t, "vectors/csaf/2.1/cpe");
  if (folder === undefined) return;
  const counts = { valid: 0, invalid: 0 };
  for (const kind of ["valid", "invalid"] as const) {
    for (const line of readFileSync(join(folder, kind, "cpe.txt"), "utf8").split("\n")) {
      if (line === "") continue;
      assert.equal(isCpe(line), kind === "valid", line);
      counts[kind] += 1;
    }
  }
  t.diagnostic(JSON.stringify(counts));
  assert.deepEqual(counts, { valid: 10, invalid: 9 });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { explain, type Explanation, type Question } from "../../../src/advisory/explain.ts";
import { match } from "../../../src/advisory/match.ts";
import { explainText } from "../../../src/format/explain.ts";
import type { Json } from "../../../src/model/statement.ts";
import { componentOf, indexOf, osv, sbomOf } from "../../support/records.ts";

const RECORDS: readonly Json[] = [
  osv("GHSA-aaaa-bbbb-cccc", "npm", "widget", [{ introduced: "1.0.0" }, { fixed: "1.2.0" }], {
    aliases: ["CVE-2026-1"],
  }),
  osv("GHSA-dddd-eeee-ffff", "npm", "widget", [{ introduced: "2.0.0" }, { last_affected: "2.3.0" }]),
];

function ask(question: Question, ...purls: readonly string[]): readonly Explanation[] {
  const sbom = sbomOf(purls.map((purl) => componentOf(purl)));
  const index = indexOf(RECORDS, ["npm"]);
  return explain({ sbom, index, result: match(sbom, index) }, question);
}

test("a finding is explained by the record, its range and the comparison that was made", () => {
  const [one, ...more] = ask({ id: "CVE-2026-1" }, "pkg:npm/widget@1.1.0", "pkg:npm/other@1.0.0");
  assert.equal(more.length, 0);
  assert.equal(one?.outcome, "finding");
  assert.deepEqual(
    one.records.map(({ id, affects, comparisons }) => ({ id, affects, comparisons })),
    [
      {
        id: "GHSA-aaaa-bbbb-cccc",
        affects: true,
        comparisons: ["affected: 1.0.0 (introduced) <= 1.1.0 < 1.2.0 (fixed), by npm's order"],
      },
    ],
  );
});

test("a package without a finding is explained by the nearest boundary of each record", () => {
  const [one] = ask({ purl: "pkg:npm/widget" }, "pkg:npm/widget@1.2.0");
  assert.equal(one?.outcome, "not affected");
  assert.deepEqual(
    one.records.map(({ comparisons }) => comparisons[0]),
    [
      "not affected: 1.2.0 (fixed) <= 1.2.0, by npm's order",
      "not affected: 1.2.0 < 2.0.0 (introduced), by npm's order",
    ],
  );
  const [late] = ask({ purl: "pkg:npm/widget", id: "GHSA-dddd-eeee-ffff" }, "pkg:npm/widget@2.3.1");
  assert.deepEqual(late?.records[0]?.comparisons, ["not affected: 2.3.0 (last affected) < 2.3.1, by npm's order"]);
});

test("what no record is about, and what was not judged, says so", () => {
  assert.deepEqual(ask({ id: "CVE-1999-1" }, "pkg:npm/widget@1.1.0"), []);
  assert.equal(ask({ purl: "pkg:npm/other" }, "pkg:npm/other@1.0.0")[0]?.outcome, "no record");
  const [open] = ask({ purl: "pkg:pypi/widget" }, "pkg:pypi/widget@1.0");
  assert.equal(open?.outcome, "not judged");
  assert.match(open.told.join(), /holds no records of PyPI/u);
});

test("the text keeps hostile names from a terminal", () => {
  const sbom = sbomOf([componentOf("pkg:npm/widget@1.1.0", { name: "wid\u001b[31mget\u202e" })]);
  const index = indexOf([
    osv("GHSA-aaaa-bbbb-cccc", "npm", "widget", [{ introduced: "0" }], { summary: "a\u001b]0;b" }),
  ]);
  const explanations = explain({ sbom, index, result: match(sbom, index) }, { purl: "pkg:npm/widget" });
  const text = explainText({ source: "\u001b[2J", asked: {}, sbom, database: index.identity, explanations });
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(text, /[\u001b\u202e]/u);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsTable, type TableView } from "../../../src/format/findings/table.ts";
import { displayWidth } from "../../../src/format/report/width.ts";
import { golden } from "../../support/golden.ts";
import { CLEAN, FOUND, finding, RESULT, resultOf, scanOf } from "./findings-sample.ts";

const view = (columns: number, more: Partial<TableView> = {}): TableView => ({
  columns,
  all: false,
  verbose: false,
  paint: (_role, text) => text,
  indexDays: () => 4,
  ...more,
});

test("the table is read at 80 and at 200 columns: no line is wider, whatever the names", () => {
  const long = finding("qs", "GHSA-9999-9999-9999", {
    name: `@acme/${"very-long-name-".repeat(3)}`,
    summary: "長い説明文".repeat(60),
    fixed: [`1.0.0-${"a".repeat(90)}`],
    paths: [["root", ...Array.from({ length: 30 }, (_, i) => `pkg:npm/step-${i}@1.0.0`), "end"]],
  });
  const wide = resultOf([scanOf([...FOUND, long])]);
  for (const columns of [80, 200]) {
    const text = findingsTable(wide, view(columns));
    for (const line of text.split("\n")) {
      // A fix is never cut: a version that is half told is a wrong one.
      if (!line.includes("1.0.0-aaa")) assert.ok(displayWidth(line) <= columns, `${columns}: ${line}`);
    }
    golden(`findings/table-${columns}.txt`, `${findingsTable(RESULT, view(columns))}\n`);
  }
  golden("findings/table-verbose.txt", `${findingsTable(RESULT, view(100, { all: true, verbose: true }))}\n`);
});

test("settled findings are counted and shown with all", () => {
  assert.doesNotMatch(findingsTable(RESULT, view(100)), /Open redirect/);
  assert.match(findingsTable(RESULT, view(100)), /1 more settled by statements/);
  const all = findingsTable(RESULT, view(100, { all: true }));
  assert.match(all, /not affected: vulnerable code not in execute path; Open redirect/);
});

test("no finding says so with the age of the index, and an old index says what it lacks", () => {
  const clean = findingsTable(CLEAN, view(100));
  assert.match(clean, /^no findings in 6 components$/m);
  assert.match(clean, /newest record of 2026-11-20, 4 days old$/m);
  assert.match(findingsTable(CLEAN, view(100, { indexDays: () => 93 })), /93 days old: [^]*waybill db update/);
});

test("what to do first names the removal of what is malicious and the version that ends a package's findings", () => {
  const text = findingsTable(RESULT, view(100));
  assert.match(text, /1\. remove event-stream 3\.3\.6: 1 malicious$/m);
  assert.match(text, /2\. upgrade lodash 4\.17\.15 to 4\.17\.21 or later: 1 critical, 1 medium, KEV, ransomware$/m);
});

test("what was overruled here is told", () => {
  assert.match(
    findingsTable(CLEAN, view(200)),
    /^GHSA-ssss-tttt-uuuu does not count until 2027-01-01, says security@acme.example: names the wrong package$/m,
  );
});

test("several sources are told apart", () => {
  const text = findingsTable(resultOf([scanOf(FOUND, { source: "a" }), scanOf([], { source: "b" })]), view(100));
  assert.match(text, /^a$/m);
  assert.match(text, /^b\n\nno findings/m);
});

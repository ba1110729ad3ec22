import assert from "node:assert/strict";
import { test } from "node:test";
import { SCAN_FORMS } from "../../src/cli/scan-forms.ts";
import type { TableView } from "../../src/format/findings/table.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { finding, resultOf, scanOf, SHOP } from "../unit/format/findings-sample.ts";

const MANY = 50_000;
const VIEW: TableView = { columns: 100, all: true, verbose: true, paint: (_role, text) => text, indexDays: () => 1 };

/** Many findings in many packages, each with all that a finding can have. */
const findings = Array.from({ length: MANY }, (_, at) => {
  const name = `package-${at % 10_000}`;
  const ref = `pkg:npm/${name}@1.0.${at % 7}`;
  return finding("qs", `GHSA-${at}`, {
    component: ref,
    purl: ref,
    name,
    ids: [`CVE-2026-${at}`],
    summary: `What is wrong with it, and how it is used by somebody who should not, number ${at}`,
    fixed: ["6.7.3", "6.8.0"],
    locations: [{ path: `services/${at % 50}/package-lock.json`, line: at }],
    paths: [["root", "pkg:npm/express@4.17.0", ref]],
    ...(at % 10 === 0 && {
      vex: {
        status: "not_affected",
        justification: "component_not_present",
        author: "Acme",
        document: "5".repeat(64),
      } as const,
    }),
  });
});
const RESULT = resultOf([scanOf(findings, { sbom: SHOP })]);

for (const [form, { load }] of Object.entries(SCAN_FORMS)) {
  test(`${form}: ${MANY} findings take seconds, and no more of a page or comment than its readers take`, async (t) => {
    const print = await load();
    const before = cpuMilliseconds();
    const text = print(RESULT, VIEW);
    const took = cpuMilliseconds() - before;
    t.diagnostic(`${form}: ${Math.round(took)} ms of CPU, ${(text.length / 1e6).toFixed(1)} million characters`);
    assert.ok(took < 20_000, `${took} ms`);
    const most = form === "html" ? 8e6 : form === "markdown" ? 65_536 : 2000 * MANY;
    assert.ok(text.length <= most, `${text.length} characters`);
  });
}

test("one finding of endless texts is bounded in every form for people", async () => {
  const endless = "x".repeat(10_000_000);
  const places = Array.from({ length: 100_000 }, (_, line) => ({ path: "package-lock.json", line: line + 1 }));
  const way = Array.from({ length: 100_000 }, (_, at) => `pkg:npm/step-${at}@1.0.0`);
  const big = finding("qs", "GHSA-1", {
    name: endless,
    summary: endless,
    version: endless,
    fixed: [endless],
    ids: [endless],
    locations: places,
    paths: [way],
  });
  for (const form of ["table", "text", "github", "markdown", "html", "junit", "gitlab", "gitlab-container"]) {
    const print = await (SCAN_FORMS[form] as (typeof SCAN_FORMS)[string]).load();
    const before = cpuMilliseconds();
    assert.ok(print(resultOf([scanOf([big])]), VIEW).length < 200_000, form);
    assert.ok(cpuMilliseconds() - before < 5000, form);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { cyclonedxFindings } from "../../../src/format/findings/cyclonedx.ts";
import { githubAnnotations } from "../../../src/format/findings/github.ts";
import { gitlabReport } from "../../../src/format/findings/gitlab.ts";
import { findingsHtml } from "../../../src/format/findings/html.ts";
import { findingsJson } from "../../../src/format/findings/json.ts";
import { junit } from "../../../src/format/findings/junit.ts";
import { findingsMarkdown } from "../../../src/format/findings/markdown.ts";
import { findingsText } from "../../../src/format/findings/text.ts";
import { golden } from "../../support/golden.ts";
import { gitlabSchema } from "../../support/gitlab-schema.ts";
import { assertValid, validatorOf } from "../../support/schemas.ts";
import { CLEAN, FOUND, finding, RESULT, resultOf, scanOf } from "./findings-sample.ts";

test("every form has its golden file", () => {
  golden("findings/scan.json", findingsJson(RESULT));
  golden("findings/scan.txt", findingsText(RESULT, { all: false }));
  golden("findings/scan.github.txt", githubAnnotations(RESULT));
  golden("findings/scan.gitlab.json", gitlabReport("dependency_scanning")(RESULT));
  golden("findings/scan.gitlab-container.json", gitlabReport("container_scanning")(RESULT));
  golden("findings/scan.junit.xml", junit(RESULT));
  golden("findings/scan.md", findingsMarkdown(RESULT));
  golden("findings/scan.cdx.json", cyclonedxFindings(RESULT));
  golden("findings/scan.html", findingsHtml(RESULT));
});

test("JSON of one source is scan/1, of several a list of them, and its order is no judgement", () => {
  const one = JSON.parse(findingsJson(RESULT)) as { schema: string; findings: { component: { purl: string } }[] };
  assert.equal(one.schema, "waybill.scan/1");
  const purls = one.findings.map(({ component }) => component.purl);
  assert.deepEqual(purls, purls.toSorted());
  const two = JSON.parse(findingsJson(resultOf([scanOf(FOUND), scanOf([], { source: "b" })]))) as {
    schema: string;
    scans: unknown[];
  };
  assert.equal(two.schema, "waybill.scans/1");
  assert.deepEqual(two.scans[0], one);
});

test("text is a line a finding, and nothing where nothing is found", () => {
  assert.equal(findingsText(CLEAN, { all: false }), "");
  assert.equal(findingsText(RESULT, { all: false }).split("\n").length, FOUND.length);
  assert.equal(findingsText(RESULT, { all: true }).split("\n").length, FOUND.length + 1);
});

test("annotations: ten of a level as GitHub shows, the rest as folded lines of the log, settled ones not at all", () => {
  const many = Array.from({ length: 13 }, (_, at) => finding("qs", `GHSA-${at}`, { severity: "high" }));
  const lines = githubAnnotations(
    resultOf([scanOf([...many, finding("express", "GHSA-x", { severity: "low" })])]),
  ).split("\n");
  assert.equal(lines.filter((line) => line.startsWith("::error ")).length, 10);
  assert.equal(lines.filter((line) => line.startsWith("::notice ")).length, 1);
  const [open, close] = [lines.findIndex((line) => line.startsWith("::group::3 more")), lines.indexOf("::endgroup::")];
  assert.equal(close - open - 1, 3);
  assert.doesNotMatch(githubAnnotations(RESULT), /Open redirect/);
});

test("GitLab's reports are what its schemas ask for, and an entry keeps its id", () => {
  for (const kind of ["dependency_scanning", "container_scanning"] as const) {
    const validate = validatorOf(gitlabSchema(kind));
    for (const result of [RESULT, CLEAN]) assertValid(validate, JSON.parse(gitlabReport(kind)(result)), kind);
    assert.equal(validate({ ...(JSON.parse(gitlabReport(kind)(CLEAN)) as object), version: "15" }), false);
  }
  const ids = (line: number): readonly string[] => {
    const moved = finding("qs", "GHSA-1", { locations: [{ path: "package-lock.json", line }] });
    const report = JSON.parse(gitlabReport("dependency_scanning")(resultOf([scanOf([moved])]))) as {
      vulnerabilities: { id: string }[];
    };
    return report.vulnerabilities.map(({ id }) => id);
  };
  assert.deepEqual(ids(1), ids(900));
});

test("JUnit: what lets the scan fail is a failure, the rest passes, settled is skipped; counts are right", () => {
  const strict = { ...RESULT, fails: ({ severity }: { severity: string }) => severity === "critical" };
  const count = (text: string, pattern: RegExp): number => Array.from(text.matchAll(pattern)).length;
  for (const [result, failures] of [
    [RESULT, 6],
    [strict, 2],
    [CLEAN, 0],
  ] as const) {
    const text = junit(result);
    assert.equal(count(text, /<failure /g), failures);
    assert.match(
      text,
      new RegExp(`<testsuites name="waybill scan" tests="${count(text, /<testcase /g)}" failures="${failures}"`),
    );
    assert.equal(count(text, /<skipped /g), result === CLEAN ? 0 : 1);
  }
});

test("a comment has at most 65,536 characters and says truly what it leaves out", () => {
  const packages = Array.from({ length: 400 }, (_, at) => `pkg-${at}`);
  const many = packages.flatMap((name) =>
    [1, 2].map((n) => finding("qs", `GHSA-${n}`, { name, component: name, summary: "word ".repeat(20) })),
  );
  for (const scans of [[scanOf(many)], [scanOf(many), scanOf(many, { source: "b" }), scanOf([], { source: "c" })]]) {
    const text = findingsMarkdown(resultOf(scans));
    assert.ok(text.length <= 65_536, String(text.length));
    const shown = Array.from(text.matchAll(/^#### /gm)).length;
    const left = Array.from(text.matchAll(/\*\*([\d,]+) findings in ([\d,]+) more packages/g), ([, f, p]) =>
      [f, p].map((n) => Number(n?.replace(",", ""))),
    );
    const full = scans.filter(({ matched }) => matched.findings.length > 0).length;
    assert.equal(shown + left.reduce((sum, [, p]) => sum + (p as number), 0), 400 * full);
    for (const [findings, packages] of left) assert.equal(findings, (packages as number) * 2);
  }
});

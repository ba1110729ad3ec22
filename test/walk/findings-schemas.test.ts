import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { buildIndex } from "../../src/advisory/build.ts";
import { openIndex } from "../../src/advisory/index-file.ts";
import { match } from "../../src/advisory/match.ts";
import { cyclonedxFindings } from "../../src/format/findings/cyclonedx.ts";
import { gitlabReport } from "../../src/format/findings/gitlab.ts";
import { sarif } from "../../src/format/findings/sarif.ts";
import type { ScanResult } from "../../src/format/findings/scanned.ts";
import { collectFrom } from "../../src/station/collect-from.ts";
import { gitlabSchema } from "../support/gitlab-schema.ts";
import { assertValid, cyclonedxValidator, sarifValidator, validatorOf } from "../support/schemas.ts";
import { shared } from "../support/shared.ts";
import { CLEAN, FOUND, RESULT, resultOf, scanOf } from "../unit/format/findings-sample.ts";

const FORMS = [
  ["SARIF 2.1.0", sarifValidator(), sarif],
  ["CycloneDX 1.6", cyclonedxValidator(), cyclonedxFindings],
  ["GitLab 15.2.1", validatorOf(gitlabSchema("dependency_scanning")), gitlabReport("dependency_scanning")],
  ["GitLab 15.2.1, images", validatorOf(gitlabSchema("container_scanning")), gitlabReport("container_scanning")],
] as const;

function assertAll(result: ScanResult): void {
  for (const [form, validate, print] of FORMS) assertValid(validate, JSON.parse(print(result)), form);
}

test("the validators refuse what is against the schemas", () => {
  for (const [form, validate, print] of FORMS) {
    assert.equal(validate({ ...(JSON.parse(print(CLEAN)) as object), version: [] }), false, form);
  }
});

test("findings of every kind, none, and those of several sources are valid in every form with a schema", () => {
  assertAll(RESULT);
  assertAll(CLEAN);
  assertAll(resultOf([scanOf(FOUND), scanOf([], { source: "other" })]));
});

test("the findings of real projects are valid in every form with a schema", async (t) => {
  const [bench, data] = [shared(t, "bench"), shared(t, "data")];
  if (bench === undefined || data === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "waybill-forms-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "index.db");
  await buildIndex(join(data, "osv-mirror"), path, ["npm"]);
  const index = openIndex(path);
  t.after(() => index.close());
  const inputs = [join(bench, "npm-lock"), join(data, "lockfiles/npm/nodejs-goof@2021-06-15")];
  let findings = 0;
  for (const source of inputs) {
    const sbom = await collectFrom(source);
    const matched = match(sbom, index);
    findings += matched.findings.length;
    assertAll(resultOf([{ source, under: "", sbom, matched }]));
  }
  t.diagnostic(`${findings} findings of 2 projects`);
  assert.ok(findings > 150, String(findings));
});

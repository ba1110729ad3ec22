import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../../../src/model/fault.ts";
import { tighten } from "../../../src/policy/tighten.ts";
import { policyOf } from "./facts.ts";

/** pinned, project, and the line of the project's file that loosens; 0 where nothing does. */
const CASES: readonly (readonly [pinned: string, project: string, line: number])[] = [
  ["package: { sbom: { mode: warn } }", "package:\n  sbom: { mode: enforce }", 0],
  ["package: { sbom: { mode: enforce } }", "package:\n  sbom: { mode: warn }", 3],
  ["package: { sbom: { mode: enforce } }", "package:\n  sbom: {}", 3],
  ["package: { sbom: { mode: enforce } }", "package:\n  manifest: { mode: observe }", 0],
  ["package: { sbom: { mode: enforce } }", "extends: [waybill:baseline@1]", 0],
  ["package: { sbom: { minimum: ntia } }", "package:\n  sbom: {}", 3],
  ["package: { sbom: { minimum: ntia } }", "package:\n  sbom: { minimum: ntia, complete: true }", 0],
  ["package: { sbom: { formats: [cyclonedx, spdx] } }", "package:\n  sbom: { formats: [cyclonedx] }", 3],
  ["build: { provenance: { enforceFrom: 2026-12-01 } }", "build:\n  provenance: { enforceFrom: 2027-01-01 }", 3],
  ["build: { provenance: { enforceFrom: 2026-12-01 } }", "build:\n  provenance: { enforceFrom: 2026-11-01 }", 0],
  ["build: { provenance: { mode: enforce } }", "build:\n  provenance: { enforceFrom: 2026-11-01 }", 3],
  ["build: { provenance: { mode: warn } }", "build:\n  provenance: { enforceFrom: 2027-01-01 }", 0],
  ["build: { provenance: { level: SLSA_BUILD_L2 } }", "build:\n  provenance: { level: SLSA_BUILD_L1 }", 3],
  ["build: { provenance: { level: SLSA_BUILD_L2 } }", "build:\n  provenance: { level: SLSA_BUILD_L3 }", 0],
  ["build: { provenance: { builders: [waybill] } }", "build:\n  provenance: { builders: [waybill, github-hosted] }", 3],
  ["build: { provenance: { source: clean } }", "build:\n  provenance: {}", 3],
  ["build: { hermetic: { network: [a.example] } }", "build:\n  hermetic: {}", 3],
  ["build: { hermetic: { network: [a.example] } }", "build:\n  hermetic: { network: [b.example] }", 3],
  ["build: { hermetic: { network: [a.example] } }", "build:\n  hermetic: { network: [] }", 0],
  ["build: { reproducible: { rebuilds: 2 } }", "build:\n  reproducible: { rebuilds: 1 }", 3],
  ["build: { reproducible: { equality: identical } }", "build:\n  reproducible: { rebuilds: 3 }", 3],
  ["package: { signed-by: [a, b] }", "package:\n  signed-by: [a]", 0],
  ["package: { signed-by: [a] }", "package:\n  signed-by: [a, b]", 3],
  ["package: { signed-by: [a] }", "package:\n  signed-by: []", 3],
  ["package: { signed-by: { by: [a, b], threshold: 2 } }", "package:\n  signed-by: [a, b]", 3],
  ["package: { licenses: { deny: [MIT] } }", "package:\n  licenses: { deny: [ISC] }", 3],
  ["package: { licenses: { deny: [MIT] } }", "package:\n  licenses: { deny: [MIT, ISC], unknown: deny }", 0],
  ["package: { licenses: { allow: [MIT] } }", "package:\n  licenses: { allow: [MIT, ISC] }", 3],
  ["package: { licenses: { unknown: deny } }", "package:\n  licenses: { unknown: allow }", 3],
  ["package: { vulnerabilities: { deny: HIGH } }", "package:\n  vulnerabilities: { deny: CRITICAL }", 3],
  ["package: { vulnerabilities: { deny: HIGH } }", "package:\n  vulnerabilities: { deny: LOW }", 0],
  ["package: { vulnerabilities: { deny: HIGH } }", "package:\n  vulnerabilities: { deny: 'severity >= LOW' }", 3],
  [
    "package: { vulnerabilities: { deny: 'ssvc >= SCHEDULED', ssvc: { exposure: open } } }",
    "package:\n  vulnerabilities: { deny: 'ssvc >= SCHEDULED', ssvc: { exposure: small } }",
    3,
  ],
  [
    "package: { vulnerabilities: { deny: 'ssvc >= SCHEDULED', ssvc: { exposure: open } } }",
    "package:\n  vulnerabilities: { deny: 'ssvc >= SCHEDULED', ssvc: { exposure: open } }",
    0,
  ],
  ["package: { vulnerabilities: { deny: HIGH } }", "package:\n  vulnerabilities: { ssvc: { exposure: small } }", 0],
  ["package: { vulnerabilities: {} }", "package:\n  vulnerabilities: { grace: 7d }", 3],
  ["package: { vulnerabilities: { grace: 7d } }", "package:\n  vulnerabilities: { grace: 1d, vex: ignore }", 0],
  ["package: { vulnerabilities: { vex: ignore } }", "package:\n  vulnerabilities: { vex: trusted }", 3],
  ["package: { known-malware: {} }", "package:\n  known-malware: { sources: [ghsa] }", 3],
  ["package: { known-malware: { sources: [ghsa] } }", "package:\n  known-malware: {}", 0],
  ["install: { verify: { require: [package.sbom] } }", "install:\n  verify: { require: [build.provenance] }", 3],
  ["install: { freshness: { maxAge: 30d } }", "install:\n  freshness: { maxIndexAge: 1d }", 3],
  ["install: { freshness: { maxAge: 30d } }", "install:\n  freshness: { maxAge: 4w }", 0],
  ["install: { identity: { expect: required } }", "install:\n  identity: {}", 3],
  [
    "install: { custom: [{ id: a, cel: 'false', message: m }] }",
    "install:\n  custom: [{ id: a, cel: 'true', message: m }]",
    3,
  ],
  [
    `install: { custom: [{ id: a, cel: 'true ${" ".repeat(250)} && 1 == 2', message: m }] }`,
    `install:\n  custom: [{ id: a, cel: 'true ${" ".repeat(250)}', message: m }]`,
    3,
  ],
  ["package: { licenses: { unknown: deny } }", "package:\n  licenses: { unknown: deny, allow: ['*'] }", 3],
  ["package: { licenses: { unknown: deny } }", "package:\n  licenses: { unknown: deny, allow: [LicenseRef-Own] }", 3],
  ["package: { licenses: { unknown: deny } }", "package:\n  licenses: { unknown: deny, allow: [MIT] }", 0],
  ["package: { licenses: { unknown: allow } }", "package:\n  licenses: { unknown: allow, allow: ['*'] }", 0],
  // A rule that is only required at install has its parameters there.
  [
    "install: { verify: { require: [build.provenance] } }",
    "build:\n  provenance: { level: SLSA_BUILD_L0, mode: enforce }",
    3,
  ],
  [
    "install: { verify: { require: [build.provenance] } }",
    "build:\n  provenance: { level: SLSA_BUILD_L2, mode: observe }",
    0,
  ],
  ["package: { sbom: { mode: enforce } }", "package:\n  sbom: { mode: observe }", 3],
  ["package: { sbom: { mode: enforce } }", "package:\n  sbom: { mode: enforce, enforceFrom: 2099-01-01 }", 3],
  ["extends: [waybill:strict@1]", "extends: [waybill:baseline@1]\nbuild:\n  provenance: {}", 4],
  ["extends: [waybill:strict@1]", "mode: enforce\nbuild:\n  provenance:", 4],
  ["ingest: { min-age: { days: 7 } }", "ingest:\n  min-age: { days: 1 }", 3],
  ["ingest: { deny: ['pkg:npm/a'] }", "ingest:\n  deny: []", 3],
];

for (const [pinned, project, line] of CASES) {
  void test(`${line === 0 ? "tightens" : "loosens"}: ${pinned} | ${project.split("\n").at(-1)?.trim()}`, async () => {
    const [before, own] = [await policyOf(pinned), await policyOf(project)];
    if (line === 0) {
      assert.ok(tighten(before, own).rules.length >= before.rules.length);
      return;
    }
    assert.throws(
      () => tighten(before, own),
      (error) =>
        error instanceof Fault && error.facts.code === "WB-POLICY-LOOSENS" && error.facts.where === `p.yaml:${line}`,
    );
  });
}

void test("the pinned exceptions and trust stay, the project's exceptions are refused", async () => {
  const exception =
    "exceptions:\n  - { rule: package.sbom, subject: 'pkg:npm/a', owner: o, reason: r, expires: 2026-12-01 }";
  const pinned = await policyOf(`package: { sbom: {} }\n${exception}`);
  const merged = tighten(pinned, await policyOf("package: { manifest: {} }"));
  assert.equal(merged.exceptions.length, 1);
  assert.match(merged.input.origin, /tightened by p\.yaml/);
  assert.notEqual(merged.input.digest, pinned.input.digest);
  const project = await policyOf(exception);
  assert.throws(
    () => tighten(pinned, project),
    (error) => error instanceof Fault && error.facts.code === "WB-POLICY-LOOSENS" && error.facts.where === "p.yaml:3",
  );
});

void test("what the project requires at install is judged by the pinned parameters, not by defaults", async () => {
  const pinned = await policyOf("package: { sbom: { minimum: ntia } }");
  const merged = tighten(pinned, await policyOf("install: { verify: { require: [package.sbom] } }"));
  const verify = merged.rules.find(({ rule }) => rule.id === "install.verify");
  assert.match(verify?.rule.explain(verify.params) ?? "", /NTIA/);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sha256 } from "../../../src/artifact/digest.ts";
import { explainPolicy } from "../../../src/policy/explain.ts";
import { baseline, parsePolicy } from "../../../src/policy/policy-file.ts";
import { RULE_IDS } from "../../../src/policy/rules.ts";
import { golden } from "../../support/golden.ts";
import { faultOf, policyOf } from "./facts.ts";

/** The example of the design, but for what this version says it does not do: certificate identities and Rego. */
const EXAMPLE = `
extends: [waybill:baseline@1]
mode: warn
ingest:
  min-age:        { days: 7, mode: enforce, release-early: { advisory-fix: reviewed, rebuilt: true } }
  known-malware:  { mode: enforce, sources: [osv:MAL, ghsa] }
  namespace:      { "@acme/*": internal-only, "pkg:pypi/acme-*": internal-only, mode: enforce }
  trust-downgrade: { within: major }
  licenses:       { deny: [AGPL-3.0-only, SSPL-1.0], unknown: warn }
  deny:           ["pkg:npm/left-pad"]
build:
  provenance:     { level: SLSA_BUILD_L2, builders: [github-hosted], enforceFrom: 2027-01-15 }
  hermetic:       { network: [registry.acme.example] }
  reproducible:   { rebuilds: 2, environments: [debian-12, debian-13] }
package:
  sbom:           { formats: [cyclonedx, spdx], minimum: ntia }
  signed-by:      [acme-release]
  manifest:       { mode: enforce }
  licenses:       { allow: [MIT, "Apache-2.0 WITH LLVM-exception", "BSD-*"] }
  vulnerabilities: { deny: HIGH }
  known-malware:  {}
install:
  verify:         { require: [build.provenance, package.sbom, package.signed-by], digest: mutate }
  vulnerabilities: { deny: "severity >= HIGH && fixed && (kev || epss > 0.1)", grace: 14d, vex: trusted }
  known-malware:
  freshness:      { maxAge: 90d, maxTrustAge: 30d, maxIndexAge: 48h }
  licenses:       { deny: [AGPL-3.0-only] }
  identity:       { expect: "pkg:npm/%40acme/*" }
  custom:         [ { id: acme.no-root, cel: "config.user != 'root'", message: "runs as root" } ]
exceptions:
  - { rule: ingest.licenses, subject: "pkg:npm/foo@2.1.0", owner: "@payments", reason: "paid licence #881", expires: 2027-02-01 }
`;

void test("the example of the design parses: every rule id is in it", async () => {
  const policy = await policyOf(EXAMPLE);
  assert.deepEqual(
    policy.rules.map(({ rule }) => rule.id),
    RULE_IDS,
  );
  const provenance = policy.rules.find(({ rule }) => rule.id === "build.provenance");
  assert.equal(provenance?.enforceFrom, "2027-01-15T00:00:00Z");
  assert.equal(provenance?.mode, "enforce", "a date means enforce, whatever the mode of the file");
  assert.equal(policy.exceptions[0]?.expires, "2027-02-01T00:00:00Z");
  assert.equal(policy.input.digest, sha256(`version: 1\n${EXAMPLE}`));
  golden("policy/example.txt", explainPolicy(policy));
});

void test("a preset's name never changes its meaning", async () => {
  assert.equal(baseline().input.digest, "6f4d3dba97a182b42ef3eed5ca99dc6567625402f57ccee287a137c247b03542");
  golden("policy/strict.txt", explainPolicy(await policyOf("extends: [waybill:strict@1]")));
});

void test("the example of the guide parses", async () => {
  const guide = readFileSync(join(import.meta.dirname, "../../../docs/policy.md"), "utf8");
  const example = guide.split("```yaml\n")[1]?.split("```")[0] ?? "";
  const policy = await parsePolicy(Buffer.from(example), "docs/policy.md", "docs/policy.md");
  assert.equal(policy.trust[0]?.name, "acme-release");
  for (const id of RULE_IDS) assert.ok(guide.includes(id.replace("ingest", "")), `the guide does not name ${id}`);
});

void test("what a file says of a preset's rule keeps the rest of it", async () => {
  const ruleOf = async (yaml: string, id: string) =>
    (await policyOf(`extends: [waybill:baseline@1]\n${yaml}`)).rules.find(({ rule }) => rule.id === id);
  const verify = await ruleOf("install:\n  verify: { mode: warn }", "install.verify");
  assert.equal(verify?.mode, "warn");
  assert.match(verify?.rule.explain(verify.params) ?? "", /package\.manifest/);
  const provenance = await ruleOf("build:\n  provenance: { level: SLSA_BUILD_LEVEL_2 }", "build.provenance");
  assert.equal(provenance?.mode, "enforce", "stricter parameters must not lower the mode");
  assert.match(provenance?.rule.explain(provenance.params) ?? "", /LEVEL_2/);
  const linked = await ruleOf("build:\n  provenance: { level: SLSA_BUILD_L2 }", "install.verify");
  assert.match(linked?.rule.explain(linked.params) ?? "", /build\.provenance \(provenance of SLSA_BUILD_LEVEL_2/);
  assert.equal((await ruleOf("mode: observe\nbuild: { hermetic: {} }", "build.hermetic"))?.mode, "observe");
});

const TYPOS: readonly (readonly [yaml: string, code: string, line: number, hint?: string])[] = [
  ["pakage: {}", "WB-POLICY-UNKNOWN-KEY", 2, "did you mean package?"],
  ["package:\n  sbmo: {}", "WB-POLICY-UNKNOWN-RULE", 3, "did you mean package.sbom?"],
  ["package:\n\n  sbom:\n    formts: [spdx]", "WB-POLICY-UNKNOWN-KEY", 5, "did you mean formats?"],
  ["package:\n  sbom:\n    formats: [cyclonedx,\n      spx]", "WB-POLICY-VALUE", 5, "did you mean spdx?"],
  ["package:\n  sbom: { formats: [spdx] }", "WB-POLICY-VALUE", 3],
  ["package:\n  sbom: { complete: yes }", "WB-POLICY-VALUE", 3],
  ["package:\n  vulnerabilities:\n    ssvc: { exposure: opne }", "WB-POLICY-VALUE", 4, "did you mean open?"],
  ["package:\n  vulnerabilities:\n    ssvc: { exposur: open }", "WB-POLICY-UNKNOWN-KEY", 4, "did you mean exposure?"],
  ["package:\n  vulnerabilities:\n    ssvc: open", "WB-POLICY-VALUE", 4],
  ["mode: enfroce", "WB-POLICY-VALUE", 2, "did you mean enforce?"],
  ["build:\n  provenance: { mode: warm }", "WB-POLICY-VALUE", 3, "did you mean warn?"],
  ["build:\n  provenance: { mode: warn, enforceFrom: 2027-01-15 }", "WB-POLICY-VALUE", 3],
  ["build:\n  provenance: { enforceFrom: soon }", "WB-POLICY-VALUE", 3],
  ["build:\n  provenance: { enforceFrom: 2027-02-30 }", "WB-POLICY-VALUE", 3],
  ["build:\n  provenance: { level: L2 }", "WB-POLICY-VALUE", 3],
  ["build:\n  provenance:\n    builders: [githab-hosted]", "WB-POLICY-VALUE", 4, "did you mean github-hosted?"],
  ["build:\n  hermetic: { network: [https://a.example/] }", "WB-POLICY-VALUE", 3],
  ["build:\n  reproducible: { rebuilds: -1 }", "WB-POLICY-VALUE", 3],
  ["build: [provenance]", "WB-POLICY-VALUE", 2],
  ["package:\n  manifest: { all: true }", "WB-POLICY-UNKNOWN-KEY", 3],
  ["package:\n  licenses: { deny: [AGPL-3.0-onyl] }", "WB-POLICY-VALUE", 3],
  ["package:\n  signed-by: { by: acme }", "WB-POLICY-VALUE", 3],
  ["package:\n  signed-by:\n    - acme\n    - 7", "WB-POLICY-VALUE", 5],
  ["package:\n  known-malware: { sources: [osv] }", "WB-POLICY-VALUE", 3],
  ["install:\n  vulnerabilities: { grace: fortnight }", "WB-POLICY-VALUE", 3],
  ["install:\n  vulnerabilities:\n    deny: severity >", "WB-POLICY-CEL", 4],
  ["install:\n  vulnerabilities:\n    deny: severty >= HIGH", "WB-POLICY-CEL", 4],
  ["install:\n  vulnerabilities:\n    deny: severity + 1", "WB-POLICY-CEL", 4],
  ["install:\n  verify: { require: [package.vulnerabilities] }", "WB-POLICY-VALUE", 3],
  ["install:\n  freshness: { maxAge: 90 }", "WB-POLICY-VALUE", 3],
  ["install:\n  identity: { expect: demo }", "WB-POLICY-VALUE", 3],
  ["install:\n  custom:\n    - { rego: policies/extra.rego }", "WB-POLICY-REGO", 4],
  ["install:\n  custom:\n    - { id: a, cel: 'true' }", "WB-POLICY-VALUE", 4],
  ["ingest:\n  min-age: { day: 7 }", "WB-POLICY-UNKNOWN-KEY", 3, "did you mean days?"],
  ["ingest:\n  min-age:\n    days: 7\n    release-early: { rebuild: true }", "WB-POLICY-UNKNOWN-KEY", 5],
  ["ingest:\n  namespace:\n    acme: internal-only", "WB-POLICY-VALUE", 4],
  ["ingest:\n  namespace:\n    '@acme/*': internal", "WB-POLICY-VALUE", 4],
  ["ingest:\n  deny: [left-pad]", "WB-POLICY-VALUE", 3],
  ["ingest:\n  trust-downgrade: { within: week }", "WB-POLICY-VALUE", 3],
  ["extends: [waybill:baselin@1]", "WB-POLICY-VALUE", 2, "did you mean waybill:baseline@1?"],
  ["trust:\n  a: { issuer: https://id.example, subject: x }", "WB-POLICY-VALUE", 3],
  ["trust:\n  a: { kye: x }", "WB-TRUST-UNKNOWN-KEY", 3],
  [
    "exceptions:\n  - { rule: package.sbmo, subject: 'pkg:npm/a', owner: o, reason: r, expires: 2026-12-01 }",
    "WB-POLICY-UNKNOWN-RULE",
    3,
  ],
  ["exceptions:\n  - { rule: package.sbom, subject: 'pkg:npm/a', owner: o, reason: r }", "WB-POLICY-VALUE", 3],
  [
    "exceptions:\n  - { rule: package.sbom, subject: 'pkg:npm/a', reason: r, expires: 2026-12-01 }",
    "WB-POLICY-VALUE",
    3,
  ],
  [
    "exceptions:\n  - { rule: package.sbom, subject: everything, owner: o, reason: r, expires: 2026-12-01 }",
    "WB-POLICY-VALUE",
    3,
  ],
  ["exceptions:\n  - rule: package.sbom\n    until: 2026-12-01", "WB-POLICY-UNKNOWN-KEY", 4],
  ["mode: warn\nmode: enforce", "WB-POLICY-SYNTAX", 3],
  ["package: {", "WB-POLICY-SYNTAX", 2],
  ["package: !!js/function x", "WB-POLICY-SYNTAX", 2],
  ["package:\n  __proto__: { polluted: true }", "WB-POLICY-UNKNOWN-RULE", 3],
  ["__proto__: { polluted: true }", "WB-POLICY-UNKNOWN-KEY", 2],
  ["package:\n  sbom:\n    __proto__: { complete: true }", "WB-POLICY-UNKNOWN-KEY", 4],
];

for (const [yaml, code, line, hint] of TYPOS) {
  void test(`${code} at line ${line}: ${yaml.split("\n").at(-1)?.trim()}`, async () => {
    const facts = await faultOf(policyOf(yaml));
    assert.equal(facts.code, code);
    assert.equal(facts.where, `p.yaml:${line}`);
    assert.equal(facts.kind, "input");
    if (hint !== undefined) assert.equal(facts.fix, hint);
    assert.equal(Reflect.get({}, "polluted"), undefined);
  });
}

void test("a policy says its version", async () => {
  for (const text of ["", "mode: warn", "version: 2", "version: '1'", "- a", "7"]) {
    const { code, where } = await faultOf(parsePolicy(Buffer.from(text), "p.yaml", "p.yaml"));
    assert.equal(code, "WB-POLICY-VALUE", text);
    assert.equal(where, "p.yaml:1");
  }
});

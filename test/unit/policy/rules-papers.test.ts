import assert from "node:assert/strict";
import { test } from "node:test";
import { manifestPredicate, rebuildPredicate } from "../../../src/format/predicates.ts";
import { vsaPredicate } from "../../../src/format/slsa.ts";
import type { RebuildResult } from "../../../src/model/build.ts";
import type { Facts } from "../../../src/model/policy.ts";
import { type JsonObject, PREDICATE_TYPES } from "../../../src/model/statement.ts";
import type { Evidence } from "../../../src/model/trust.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { baseline } from "../../../src/policy/policy-file.ts";
import {
  BUILDER,
  component,
  evidence,
  exchange,
  factsOf,
  provenanceEvidence,
  refusal,
  said,
  sbomEvidence,
  sbomOf,
  SHA,
  trustEntry,
} from "./facts.ts";

type Case = readonly [name: string, yaml: string, facts: Partial<Facts>, outcome: string, found: RegExp];

function table(rule: string, cases: readonly Case[]): void {
  const [station, own] = rule.split(".");
  for (const [name, yaml, facts, outcome, found] of cases) {
    void test(`${rule}: ${name}`, async () => {
      const result = await said(rule, `${station}:\n  ${own}: ${yaml}`, factsOf(facts));
      assert.equal(result[0], outcome, result[1]);
      assert.match(result[1], found);
    });
  }
}

const GITHUB = "https://github.com/actions/runner/github-hosted";
const provenance = provenanceEvidence();
const elsewhere = provenanceEvidence({}, { subject: "0".repeat(64) });
const broken = evidence("provenance", { buildDefinition: {} });
const dirty = { source: { uri: "file:demo", digests: {}, dirty: true } };

table("build.provenance", [
  [
    "verified",
    "{}",
    { evidence: [provenance] },
    "pass",
    /LEVEL_1 by https:\/\/waybill\.dev.*signed by acme.*code\.example/,
  ],
  ["absent", "{}", {}, "fail", /none among 0 papers/],
  ["of another artifact", "{}", { evidence: [elsewhere] }, "fail", /none among 1 papers/],
  [
    "refused, not absent",
    "{}",
    { refusals: [refusal("provenance")] },
    "fail",
    /line 7 was refused \(WB-VERIFY-SIGNATURE\)/,
  ],
  ["refused beside a good one", "{}", { evidence: [provenance], refusals: [refusal("provenance")] }, "fail", /refused/],
  ["unchecked", "{}", { refusals: [refusal("provenance", "unchecked")] }, "unchecked", /could not be checked/],
  [
    "unchecked beside a good one",
    "{}",
    { evidence: [provenance], refusals: [refusal("provenance", "unchecked")] },
    "pass",
    /LEVEL_1/,
  ],
  ["a paper that cannot be read", "{}", { refusals: [refusal(undefined)] }, "fail", /WB-VERIFY-SIGNATURE/],
  ["a refused SBOM beside it", "{}", { evidence: [provenance], refusals: [refusal("spdx")] }, "pass", /LEVEL_1/],
  ["malformed", "{}", { evidence: [broken] }, "fail", /WB-PROVENANCE-FORM/],
  ["level not reached", "{ level: SLSA_BUILD_L2 }", { evidence: [provenance] }, "fail", /LEVEL_1/],
  [
    "a workstation shows level 1 whatever trust grants",
    "{ level: SLSA_BUILD_L2 }",
    { evidence: [provenanceEvidence({}, { level: "SLSA_BUILD_LEVEL_3" })] },
    "fail",
    /LEVEL_1/,
  ],
  [
    "a hosted builder at its level",
    "{ level: SLSA_BUILD_LEVEL_3, builders: [github-hosted] }",
    { evidence: [provenanceEvidence({}, { level: "SLSA_BUILD_LEVEL_3" }, GITHUB)] },
    "pass",
    /LEVEL_3/,
  ],
  ["another builder", "{ builders: [github-hosted] }", { evidence: [provenance] }, "fail", /waybill\.dev/],
  ["dirty sources are said", "{}", { evidence: [provenanceEvidence(dirty)] }, "pass", /uncommitted changes/],
  ["dirty sources are refused", "{ source: clean }", { evidence: [provenanceEvidence(dirty)] }, "fail", /uncommitted/],
]);

const other = evidence("provenance", {
  buildDefinition: { buildType: "https://other.example/build", externalParameters: {} },
  runDetails: { builder: { id: GITHUB } },
});
const ALLOW = "{ network: [registry.acme.example] }";
const two = ["https://registry.acme.example:8443/a", "https://evil.example/x"].map(exchange);

table("build.hermetic", [
  ["recorded", "{}", { evidence: [provenance] }, "pass", /1 answers from one host, all recorded/],
  [
    "allowed host, any port",
    ALLOW,
    { evidence: [provenanceEvidence({ exchanges: two.slice(0, 1) })] },
    "pass",
    /recorded/,
  ],
  ["another host", ALLOW, { evidence: [provenanceEvidence({ exchanges: two })] }, "fail", /evil\.example/],
  [
    "a host that ends alike",
    ALLOW,
    { evidence: [provenanceEvidence({ exchanges: [exchange("https://evilregistry.acme.example/")] })] },
    "fail",
    /evilregistry/,
  ],
  [
    "user info that looks like the host",
    ALLOW,
    { evidence: [provenanceEvidence({ exchanges: [exchange("https://registry.acme.example@evil.example/")] })] },
    "fail",
    /evil\.example/,
  ],
  ["no network allowed", "{ network: [] }", { evidence: [provenance] }, "fail", /registry\.acme/],
  ["no sandbox", "{}", { evidence: [provenanceEvidence({ mode: "none" })] }, "fail", /not shut off/],
  ["not recorded", "{}", { evidence: [provenanceEvidence({ network: "unrestricted" })] }, "fail", /not shut off/],
  ["another's build type", "{}", { evidence: [other] }, "unchecked", /does not record the network/],
  ["no provenance", "{}", {}, "fail", /none among/],
  ["refused provenance", "{}", { refusals: [refusal("provenance")] }, "fail", /WB-VERIFY-SIGNATURE/],
]);

function rebuild(outcome: RebuildResult["outcome"], by: string, first: string = SHA): Evidence {
  const result: RebuildResult = {
    outcome,
    normalised: outcome === "equivalent" ? ["gzip-mtime"] : [],
    differences: outcome === "different" ? [{ path: "a.js", cause: "content", detail: "", fix: "sort the list" }] : [],
    factors: ["path"],
    first,
    second: outcome === "identical" ? first : "1".repeat(64),
  };
  return evidence("rebuild", rebuildPredicate(result, BUILDER), { by });
}

table("build.reproducible", [
  [
    "by the builder itself",
    "{}",
    { evidence: [provenance, rebuild("identical", "acme")] },
    "pass",
    /self-reproduced bit for bit/,
  ],
  [
    "self does not count",
    "{ rebuilds: 1 }",
    { evidence: [provenance, rebuild("identical", "acme")] },
    "fail",
    /self-reproduced/,
  ],
  ["by another", "{ rebuilds: 1 }", { evidence: [provenance, rebuild("identical", "bob")] }, "pass", /by 1 other: bob/],
  [
    "twice the same principal",
    "{ rebuilds: 2 }",
    { evidence: [provenance, rebuild("identical", "bob"), rebuild("identical", "bob")] },
    "fail",
    /by 1 other/,
  ],
  [
    "two principals",
    "{ rebuilds: 2 }",
    { evidence: [provenance, rebuild("identical", "bob"), rebuild("identical", "eve")] },
    "pass",
    /by 2 others: bob, eve/,
  ],
  [
    "without provenance nobody is another",
    "{ rebuilds: 1 }",
    { evidence: [rebuild("identical", "bob")] },
    "fail",
    /self-reproduced/,
  ],
  [
    "equivalent, normaliser named",
    "{}",
    { evidence: [provenance, rebuild("equivalent", "bob")] },
    "pass",
    /gzip-mtime/,
  ],
  [
    "equivalent is not identical",
    "{ equality: identical }",
    { evidence: [provenance, rebuild("equivalent", "bob")] },
    "fail",
    /only after gzip-mtime/,
  ],
  [
    "different",
    "{}",
    { evidence: [provenance, rebuild("identical", "bob"), rebuild("different", "eve")] },
    "fail",
    /by eve differs: a\.js/,
  ],
  [
    "of another artifact",
    "{}",
    { evidence: [provenance, rebuild("identical", "bob", "0".repeat(64))] },
    "fail",
    /another artifact/,
  ],
  ["none", "{}", { evidence: [provenance] }, "fail", /no rebuild/],
  ["refused", "{}", { refusals: [refusal("rebuild")] }, "fail", /WB-VERIFY-SIGNATURE/],
  ["not checked", "{}", { refusals: [refusal("rebuild", "unchecked")] }, "unchecked", /could not be checked/],
  [
    "environments are not named",
    "{ environments: [debian-13] }",
    { evidence: [provenance, rebuild("identical", "bob")] },
    "unchecked",
    /environment/,
  ],
]);

void test("build.reproducible: the builder's key under another name is the builder", async () => {
  const again = rebuild("identical", "bob");
  const sameKey = { ...again, signer: { ...again.signer, identity: provenance.signer.identity } } as Evidence;
  const facts = factsOf({ evidence: [provenance, sameKey] });
  const [outcome, found] = await said("build.reproducible", "build: { reproducible: { rebuilds: 1 } }", facts);
  assert.equal(outcome, "fail");
  assert.match(found, /self-reproduced/);
});

const contents = sbomOf([component("left")]);
const sbom = sbomEvidence(contents);
const spdx = evidence("spdx", {});

/** The same SBOM with a supplier for each component, and other changes. */
function supplied(change: JsonObject = {}): Evidence {
  const { predicate } = sbom.statement;
  const metadata = predicate["metadata"] as JsonObject;
  const components = predicate["components"] as readonly JsonObject[];
  const publisher = "Acme";
  return evidence("cyclonedx", {
    ...predicate,
    metadata: { ...metadata, component: { ...(metadata["component"] as JsonObject), publisher } },
    components: components.map((one) => ({ ...one, publisher })),
    ...change,
  });
}

const FORMATS = "{ formats: [cyclonedx, spdx] }";

table("package.sbom", [
  ["agrees", "{}", { evidence: [sbom] }, "pass", /1 components, complete, by acme; it agrees/],
  ["NTIA's minimum", "{ minimum: ntia, complete: true }", { evidence: [supplied()] }, "pass", /agrees/],
  [
    "NTIA's minimum without a supplier",
    "{ minimum: ntia }",
    { evidence: [sbom] },
    "fail",
    /without supplier name \(demo, left\)$/,
  ],
  [
    "NTIA's minimum without edges",
    "{ minimum: ntia }",
    { evidence: [supplied({ dependencies: [] })] },
    "fail",
    /without dependency relationship \(demo, left\)$/,
  ],
  [
    "a component without version",
    "{ minimum: ntia }",
    { evidence: [sbomEvidence(sbomOf([{ ...component("left"), version: undefined } as never]))] },
    "fail",
    /without .*left/,
  ],
  [
    "incomplete",
    "{ complete: true }",
    { evidence: [sbomEvidence({ ...contents, completeness: { ...contents.completeness, components: "incomplete" } })] },
    "fail",
    /incomplete/,
  ],
  [
    "of the sources",
    "{}",
    { evidence: [sbomEvidence({ ...contents, lifecycle: "source" })] },
    "fail",
    /lifecycle source/,
  ],
  [
    "a component unsaid",
    "{}",
    { evidence: [sbom], inspected: sbomOf([component("left"), component("evil")]) },
    "fail",
    /in the bytes and not in the SBOM: evil@1\.0\.0/,
  ],
  [
    "another version",
    "{}",
    { evidence: [sbom], inspected: sbomOf([component("left", [], { version: "2.0.0" })]) },
    "fail",
    /left 2\.0\.0 \(claimed 1\.0\.0\)/,
  ],
  ["second format missing", FORMATS, { evidence: [sbom] }, "fail", /none among/],
  ["both formats", FORMATS, { evidence: [sbom, spdx] }, "pass", /signed by acme/],
  ["absent", "{}", {}, "fail", /none among/],
  ["refused", "{}", { refusals: [refusal("cyclonedx")] }, "fail", /WB-VERIFY-SIGNATURE/],
  ["malformed", "{}", { evidence: [evidence("cyclonedx", { bomFormat: "x" })] }, "fail", /WB-/],
]);
void test("package.sbom: the bytes were not looked at", async () => {
  const { inspected: _, ...facts } = factsOf({ evidence: [sbom] });
  assert.equal((await said("package.sbom", "package: { sbom: {} }", facts))[0], "unchecked");
});

const manifest = (papers: readonly string[]): Evidence =>
  evidence(
    "manifest",
    manifestPredicate(
      papers.map((digest) => ({ digest, predicateType: PREDICATE_TYPES.spdx })),
      "2026-11-20T10:00:00Z",
    ),
  );
const full = manifest([spdx.paper]);

table("package.manifest", [
  ["complete", "{}", { evidence: [spdx, full] }, "pass", /all listed papers are there/],
  ["a paper stripped", "{}", { evidence: [full] }, "fail", new RegExp(`stripped: sha256:${spdx.paper}`)],
  ["a paper added", "{}", { evidence: [spdx, full, sbom] }, "pass", /1 added later/],
  ["no manifest", "{}", { evidence: [spdx] }, "fail", /none among 1 papers/],
  ["manifest refused", "{}", { evidence: [spdx], refusals: [refusal("manifest")] }, "fail", /WB-VERIFY-SIGNATURE/],
  ["malformed", "{}", { evidence: [evidence("manifest", { papers: 7 })] }, "fail", /WB-MANIFEST-FORM/],
]);

const trust = { entries: ["acme", "bob"].map((name) => trustEntry(name)), input: { origin: "t", digest: "" } };
const byBob = evidence("provenance", {}, { by: "bob" });

table("package.signed-by", [
  ["any trusted signer", "[]", { evidence: [spdx] }, "pass", /signed by acme/],
  ["the named one", "[acme]", { evidence: [spdx] }, "pass", /signed by acme/],
  ["another", "[bob]", { trust, evidence: [spdx] }, "fail", /0 of 1; the papers are signed by acme/],
  ["a name that trust does not know", "[release]", { evidence: [spdx] }, "fail", /no trust entry is called release/],
  ["threshold counts principals", "{ threshold: 2 }", { evidence: [spdx, sbom] }, "fail", /1 of 2/],
  ["threshold met", "{ by: [acme, bob], threshold: 2 }", { trust, evidence: [spdx, byBob] }, "pass", /acme, bob/],
  ["nothing signed", "[]", {}, "fail", /nobody who is trusted/],
  [
    "a verdict vouches for nothing",
    "[]",
    { evidence: [evidence("vsa", {}), evidence("verdict", {}), rebuild("identical", "acme")] },
    "fail",
    /nobody/,
  ],
  ["a refused signature", "[]", { refusals: [refusal("spdx")] }, "fail", /WB-VERIFY-SIGNATURE/],
  ["not checked", "[]", { refusals: [refusal("spdx", "unchecked")] }, "unchecked", /could not be checked/],
]);

const INSTALL = { station: "install" } as const;
table("install.verify", [
  [
    "all that is required",
    "{}",
    { ...INSTALL, evidence: [provenance, sbom] },
    "pass",
    /2 verified papers name this digest/,
  ],
  ["one is missing", "{}", { ...INSTALL, evidence: [provenance] }, "fail", /none among/],
  [
    "only what is required",
    "{ require: [build.provenance] }",
    { ...INSTALL, evidence: [provenance] },
    "pass",
    /LEVEL_1/,
  ],
  [
    "a refused paper",
    "{}",
    { ...INSTALL, evidence: [provenance, sbom], refusals: [refusal("cyclonedx")] },
    "fail",
    /refused/,
  ],
  [
    "nothing could be checked",
    "{ require: [build.provenance] }",
    { ...INSTALL, refusals: [refusal("provenance", "unchecked")] },
    "unchecked",
    /could not/,
  ],
]);

void test("install.verify: a producer's verdict informs and never satisfies", async () => {
  const policy = baseline();
  const shipped = evaluate(policy, factsOf());
  // As favourable as it can be: the same policy, this resource, PASSED.
  const summary = vsaPredicate(
    { ...shipped, decision: "allow", inputs: { ...shipped.inputs, policy: policy.input } },
    { id: "https://waybill.dev/verifier/ship", version: "1" },
    "pkg:npm/demo@1.0.0",
    [],
    ["SLSA_BUILD_LEVEL_3"],
  );
  const verdict = evaluate(policy, factsOf({ station: "install", evidence: [evidence("vsa", summary)] }));
  assert.equal(verdict.decision, "deny");
  const reasons = verdict.reasons.filter(({ rule }) => rule === "install.verify");
  assert.equal(reasons.filter(({ outcome }) => outcome === "fail").length, 4);
  assert.match(reasons.at(-1)?.found ?? "", /says PASSED .* it informs and satisfies nothing here/);
});

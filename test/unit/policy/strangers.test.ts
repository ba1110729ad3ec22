import assert from "node:assert/strict";
import { test } from "node:test";
import { manifestPredicate } from "../../../src/format/predicates.ts";
import type { Facts } from "../../../src/model/policy.ts";
import { PREDICATE_TYPES, type PredicateName } from "../../../src/model/statement.ts";
import type { Evidence } from "../../../src/model/trust.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";
import {
  component,
  evidence,
  factsOf,
  policyOf,
  provenanceEvidence,
  refusal,
  sbomEvidence,
  sbomOf,
  strangersPaper,
} from "./facts.ts";

const GOOD: Readonly<Partial<Record<PredicateName, Evidence>>> = {
  provenance: provenanceEvidence(),
  cyclonedx: sbomEvidence(sbomOf([component("left")])),
  spdx: evidence("spdx", {}),
};
const listing = (papers: readonly string[]): Evidence =>
  evidence(
    "manifest",
    manifestPredicate(
      papers.map((digest) => ({ digest, predicateType: PREDICATE_TYPES.spdx })),
      "2026-11-20T10:00:00Z",
    ),
  );
const own = Object.values(GOOD);
const whole = listing(own.map(({ paper }) => paper));

/** Every rule that requires a paper, with the type that it requires. */
const RULES: readonly (readonly [rule: string, yaml: string, type: PredicateName])[] = [
  ["build.provenance", "build: { provenance: { mode: enforce } }", "provenance"],
  ["build.hermetic", "build: { hermetic: { mode: enforce } }", "provenance"],
  ["package.sbom", "package: { sbom: { mode: enforce } }", "cyclonedx"],
  ["package.sbom", "package: { sbom: { mode: enforce, formats: [cyclonedx, spdx] } }", "spdx"],
  ["package.manifest", "package: { manifest: { mode: enforce } }", "manifest"],
];
const REQUIRE = "install: { verify: { mode: enforce, require: [build.provenance, package.sbom, package.manifest] } }";

async function judge(
  yaml: string,
  papers: readonly Evidence[],
  refusals: Facts["refusals"],
  more: Partial<Facts> = {},
) {
  const all = [...papers.map(({ paper }) => paper), ...refusals.map(({ paper }) => paper)];
  return evaluate(await policyOf(yaml), factsOf({ evidence: papers, refusals, papers: all, ...more }));
}

for (const [rule, yaml, type] of RULES) {
  const stranger = strangersPaper(type);

  void test(`${rule}: a stranger's ${type} beside a good one does not refuse, and is said by line, digest and code`, async () => {
    const { decision, reasons } = await judge(yaml, [...own, whole], [stranger]);
    assert.equal(decision, "warn");
    const [said] = reasons.filter(({ outcome }) => outcome === "fail");
    assert.deepEqual([said?.rule, said?.mode, said?.evidence], [rule, "warn", [stranger.paper]]);
    assert.match(
      said?.found ?? "",
      /line 9 was refused \(WB-VERIFY-KEY-UNKNOWN\).*sha256:555555555555 is on no signed list/u,
    );
    assert.ok(reasons.some(({ outcome }) => outcome === "pass"));
  });

  void test(`${rule}: a stranger's ${type} that a trusted manifest lists is a refusal`, async () => {
    const listed = listing([...own.map(({ paper }) => paper), stranger.paper]);
    // Any one of several lists will do.
    for (const lists of [[listed], [whole, listed]]) {
      const { decision, reasons } = await judge(yaml, [...own, ...lists], [stranger]);
      assert.equal(decision, "deny");
      assert.ok(reasons.some(({ found, mode }) => mode === "enforce" && /WB-VERIFY-KEY-UNKNOWN/u.test(found)));
    }
  });

  void test(`${rule}: a ${type} that claims a trusted key and is not signed by it is a refusal`, async () => {
    const { decision, reasons } = await judge(yaml, [...own, whole], [refusal(type)]);
    assert.equal(decision, "deny");
    assert.ok(reasons.some(({ found, mode }) => mode === "enforce" && /WB-VERIFY-SIGNATURE/u.test(found)));
  });

  void test(`${rule}: a stranger's ${type} alone is a refusal, and so it is where the manifest is not whole`, async () => {
    const others = own.filter(({ statement }) => statement.predicateType !== PREDICATE_TYPES[type]);
    const alone = type === "manifest" ? own : [...others, listing(others.map(({ paper }) => paper))];
    assert.equal((await judge(yaml, alone, [stranger])).decision, "deny");
    const short = listing([...own.map(({ paper }) => paper), "4".repeat(64)]);
    assert.equal((await judge(yaml, [...own, short], [stranger])).decision, "deny");
    if (type !== "manifest") assert.equal((await judge(yaml, own, [stranger])).decision, "deny", "no manifest at all");
  });
}

void test("at install a stranger's paper of each type is said once, also of a type that nothing requires", async () => {
  for (const type of ["provenance", "cyclonedx", "manifest", "openvex", "vsa"] as const) {
    const { decision, reasons } = await judge(REQUIRE, [...own, whole], [strangersPaper(type)], { station: "install" });
    assert.equal(decision, "warn", type);
    assert.equal(reasons.filter(({ found }) => /line 9 was refused/u.test(found)).length, 1, type);
  }
});

void test("a manifest of a stranger makes no list: what it lists is as unlisted as itself", async () => {
  const strangers = [strangersPaper("manifest"), strangersPaper("provenance", "6".repeat(64))];
  const { decision } = await judge(REQUIRE, [...own, whole], strangers, { station: "install" });
  assert.equal(decision, "warn");
});

void test("ten thousand papers of strangers end soon, in a verdict that stays short", async () => {
  const many = Array.from({ length: 10_000 }, (_, index) =>
    strangersPaper("provenance", index.toString(16).padStart(64, "7")),
  );
  const begin = cpuMilliseconds();
  const { decision, reasons } = await judge(REQUIRE, [...own, whole], many, { station: "install" });
  assert.ok(cpuMilliseconds() - begin < 2000, `${cpuMilliseconds() - begin} ms of CPU`);
  assert.equal(decision, "warn");
  assert.ok(reasons.length < 20, String(reasons.length));
  assert.ok(reasons.some(({ found }) => found === "9995 more were added and refused"));
});

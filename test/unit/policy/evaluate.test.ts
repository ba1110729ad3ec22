import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { npmPurl } from "../../../src/artifact/purl.ts";
import type { Facts, Verdict } from "../../../src/model/policy.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { exitCodeOf } from "../../../src/policy/exit-code.ts";
import { baseline } from "../../../src/policy/policy-file.ts";
import {
  AT,
  component,
  factsOf,
  faultOf,
  finding,
  matchedOf,
  outcomesOf,
  policyOf,
  PURL,
  sbomOf,
  SHA,
} from "./facts.ts";

const NO_INDEX: Facts["matched"] = { known: false, why: "no advisory index" };
const HIGH = matchedOf([finding("GHSA-1", "high", { ids: ["CVE-2026-1", "GHSA-1"] })]);
const WARN_RULE = "package:\n  vulnerabilities: { mode: warn }";

async function judge(yaml: string, more: Partial<Facts>): Promise<Verdict> {
  return evaluate(await policyOf(yaml), factsOf(more));
}

void test("mode and outcome decide: only enforce denies, and unchecked is never fine", async () => {
  const cases = [
    ["observe", HIGH, "allow", 0],
    ["warn", HIGH, "warn", 0],
    ["enforce", HIGH, "deny", 1],
    ["observe", NO_INDEX, "allow", 0],
    ["warn", NO_INDEX, "warn", 0],
    ["enforce", NO_INDEX, "deny", 3],
    ["enforce", matchedOf([]), "allow", 0],
  ] as const;
  for (const [mode, matched, decision, code] of cases) {
    const verdict = await judge(`package:\n  vulnerabilities: { mode: ${mode} }`, { matched });
    assert.deepEqual([verdict.decision, exitCodeOf(verdict)], [decision, code], `${mode} ${matched.known}`);
  }
});

void test("any enforced failure makes the exit code 1; a failure that only warns does not", async () => {
  const both = "package:\n  signed-by: { mode: enforce }\n  known-malware: { mode: enforce }";
  assert.equal(exitCodeOf(await judge(both, { matched: NO_INDEX })), 1);
  const soft = "package:\n  signed-by: { mode: warn }\n  known-malware: { mode: enforce }";
  assert.equal(exitCodeOf(await judge(soft, { matched: NO_INDEX })), 3);
});

void test("a rule is enforced from its date on, judged at the time of the facts", async () => {
  const yaml = "mode: warn\npackage:\n  vulnerabilities: { enforceFrom: 2026-12-01 }";
  const early = await judge(yaml, { matched: HIGH, at: "2026-11-30T23:59:59Z" });
  assert.equal(early.decision, "warn");
  assert.match(early.reasons[0]?.expected ?? "", /enforced from 2026-12-01/);
  assert.equal((await judge(yaml, { matched: HIGH, at: "2026-12-01T00:00:00Z" })).decision, "deny");
});

void test("all reasons are given, each rule at its station, and the inputs are recorded", async () => {
  const vex = [
    { origin: "b.json", digest: "b" },
    { origin: "a.json", digest: "a" },
  ];
  const policy = baseline();
  const verdict = evaluate(policy, factsOf({ vex, matched: HIGH }));
  assert.deepEqual(outcomesOf(verdict), [
    "build.provenance fail",
    "build.hermetic fail",
    "package.sbom fail",
    "package.signed-by fail",
    "package.manifest fail",
    "package.known-malware pass",
    "package.vulnerabilities fail",
  ]);
  assert.deepEqual(verdict.inputs, {
    policy: policy.input,
    trust: { origin: "trust.yaml", digest: "7".repeat(64) },
    advisories: { origin: "osv", digest: "9".repeat(64) },
    vex: [vex[1], vex[0]],
  });
  assert.deepEqual([verdict.subject.digest, verdict.at], [SHA, AT]);
  assert.equal(evaluate(policy, factsOf({ matched: NO_INDEX })).inputs.advisories, null);
});

void test("check asks only what sources can answer, and never lets the gate's rules pass", async () => {
  const policy = await policyOf(
    "extends: [waybill:baseline@1]\ningest: { deny: ['pkg:npm/x'] }\npackage: { licenses: {} }",
  );
  const sources = evaluate(policy, factsOf(), "sources");
  assert.deepEqual(outcomesOf(sources), [
    "package.licenses pass",
    "package.known-malware pass",
    "package.vulnerabilities pass",
  ]);
  assert.deepEqual(outcomesOf(evaluate(policy, factsOf({ station: "ingest" }))), ["ingest.deny unchecked"]);
});

const exception = (subject: string, expires = "2026-12-24", rule = "package.vulnerabilities"): string =>
  `exceptions:\n  - { rule: ${rule}, subject: "${subject}", owner: o, reason: r, expires: ${expires} }`;

void test("an exception covers the purl, the advisory or an alias that it names, and nothing else", async () => {
  const cases = [
    ["pkg:npm/left@1.0.0", "excepted"],
    ["pkg:npm/*", "excepted"],
    ["GHSA-1", "excepted"],
    ["CVE-2026-1", "excepted"],
    ["CVE-2026-2", "fail"],
    ["pkg:npm/left@1.0.1", "fail"],
    [PURL, "fail"],
    [`sha256:${SHA}`, "fail"],
  ] as const;
  for (const [subject, outcome] of cases) {
    const { reasons } = await judge(`${WARN_RULE}\n${exception(subject)}`, { matched: HIGH });
    assert.deepEqual(
      reasons.map((reason) => reason.outcome),
      [outcome],
      subject,
    );
  }
});

void test("an exception by digest or by the artifact's own purl covers what is about the artifact", async () => {
  const yaml = "package:\n  signed-by: { mode: enforce }\n";
  for (const [subject, decision] of [
    [`sha256:${SHA}`, "allow"],
    [PURL, "allow"],
    [`sha256:${"0".repeat(64)}`, "deny"],
  ] as const) {
    const verdict = await judge(`${yaml}${exception(subject, "2026-12-24", "package.signed-by")}`, {});
    assert.equal(verdict.decision, decision, subject);
    if (decision === "allow") assert.equal(verdict.reasons[0]?.exception?.owner, "o");
  }
});

void test("an exception excuses a failure, never a rule that could not be checked", async () => {
  const yaml = `package:\n  vulnerabilities: { mode: enforce }\n${exception("pkg:npm/*")}`;
  const verdict = await judge(yaml, { matched: NO_INDEX });
  assert.deepEqual([verdict.decision, exitCodeOf(verdict)], ["deny", 3]);
});

void test("an expired exception fails and is a reason of its own; one that nothing needs is only noted", async () => {
  const yaml = `package:\n  vulnerabilities: { mode: enforce }\n${exception("GHSA-1", "2026-11-24T10:00:00Z")}`;
  const needed = await judge(yaml, { matched: HIGH });
  assert.equal(needed.decision, "deny");
  assert.deepEqual(
    needed.reasons.map(({ outcome, mode }) => `${outcome} ${mode}`),
    ["fail enforce", "fail enforce"],
  );
  assert.match(needed.reasons[1]?.found ?? "", /expired on 2026-11-24/);
  assert.match(needed.reasons[1]?.fix ?? "", /p\.yaml:5/);
  const idle = await judge(yaml, { matched: matchedOf([]) });
  assert.equal(idle.decision, "allow");
  assert.deepEqual(
    idle.reasons.map(({ outcome, mode }) => `${outcome} ${mode}`),
    ["pass enforce", "fail observe"],
  );
  const renewed = await judge(`${yaml}\n  - ${exception("GHSA-1").split("\n  - ")[1]}`, { matched: HIGH });
  assert.equal(renewed.decision, "allow");
});

void test("an exception runs at most 90 days from the time of judgement", async () => {
  const yaml = `${WARN_RULE}\n${exception("GHSA-1", "2027-02-22T10:00:00Z")}`;
  assert.equal((await judge(yaml, { matched: HIGH })).decision, "allow");
  const { code, where } = await faultOf(judge(yaml, { matched: HIGH, at: "2026-11-24T09:59:59Z" }));
  assert.deepEqual([code, where], ["WB-POLICY-EXCEPTION-TERM", "p.yaml:5"]);
});

void test("adding an exception never changes a reason of another rule", async () => {
  const yaml = "extends: [waybill:baseline@1]\npackage: { licenses: { deny: [MIT] } }\n";
  const matched = matchedOf([finding("GHSA-1", "high"), finding("MAL-1", "critical", { kind: "malicious" })]);
  const facts = factsOf({ matched, inspected: sbomOf([component("left"), component("right")]) });
  const before = evaluate(await policyOf(yaml), facts);
  const rules = [...new Set(before.reasons.map(({ rule }) => rule))];
  const subjects = ["pkg:npm/*", npmPurl("left"), "GHSA-1", "MAL-1", `sha256:${SHA}`, PURL];
  const property = fc.asyncProperty(
    fc.constantFrom(...rules),
    fc.constantFrom(...subjects),
    fc.constantFrom("2026-10-01", "2026-12-01"),
    async (rule, subject, expires) => {
      const after = evaluate(await policyOf(`${yaml}${exception(subject, expires, rule)}`), facts);
      const others = (verdict: Verdict) => verdict.reasons.filter((reason) => reason.rule !== rule);
      assert.deepEqual(others(after), others(before));
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

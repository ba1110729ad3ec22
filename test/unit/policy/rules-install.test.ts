import assert from "node:assert/strict";
import { test } from "node:test";
import type { Facts } from "../../../src/model/policy.ts";
import type { Evidence } from "../../../src/model/trust.ts";
import { component, evidence, factsOf, finding, matchedOf, PURL, said, sbomOf } from "./facts.ts";

const paper = (type: "manifest" | "spdx", value: string | null): Evidence =>
  evidence(type, { papers: [] }, { time: { value, source: value === null ? "none" : "signer" } });

type Case = readonly [name: string, yaml: string, facts: Partial<Facts>, outcome: string, found: RegExp];

function table(rule: string, cases: readonly Case[]): void {
  const own = rule.slice("install.".length);
  for (const [name, yaml, facts, outcome, found] of cases) {
    void test(`${rule}: ${name}`, async () => {
      const result = await said(rule, `install:\n  ${own}: ${yaml}`, factsOf({ station: "install", ...facts }));
      assert.equal(result[0], outcome, result[1]);
      assert.match(result[1], found);
    });
  }
}

const MAX = "{ maxAge: 7d }";
table("install.freshness", [
  ["no limit", "{}", {}, "pass", /no limit/],
  [
    "fresh, by the signer's word",
    MAX,
    { evidence: [paper("spdx", "2026-11-20T10:00:00Z")] },
    "pass",
    /signer's word.*4 days old/,
  ],
  ["stale", MAX, { evidence: [paper("spdx", "2026-11-01T10:00:00Z")] }, "fail", /23 days old/],
  [
    "the oldest paper counts",
    MAX,
    { evidence: [paper("spdx", "2026-11-01T10:00:00Z"), paper("spdx", "2026-11-20T10:00:00Z")] },
    "fail",
    /2026-11-01/,
  ],
  [
    "the newest manifest speaks for all",
    MAX,
    { evidence: [paper("spdx", "2026-11-01T10:00:00Z"), paper("manifest", "2026-11-20T10:00:00Z")] },
    "pass",
    /2026-11-20/,
  ],
  [
    "from the future",
    MAX,
    { evidence: [paper("spdx", "2026-11-25T10:00:00Z")] },
    "fail",
    /after the time of judgement/,
  ],
  ["clocks differ a little", MAX, { evidence: [paper("spdx", "2026-11-24T10:04:00Z")] }, "pass", /0 days/],
  ["no signing time", MAX, { evidence: [paper("spdx", null)] }, "unchecked", /do not say when/],
  [
    "one of two without time",
    MAX,
    { evidence: [paper("spdx", null), paper("spdx", "2026-11-20T10:00:00Z")] },
    "unchecked",
    /do not say when/,
  ],
  ["no papers", MAX, {}, "unchecked", /no verified paper/],
  ["index fresh", "{ maxIndexAge: 5d }", {}, "pass", /4 days old/],
  ["index stale", "{ maxIndexAge: 48h }", {}, "fail", /4 days old/],
  ["no index", "{ maxIndexAge: 5d }", { matched: { known: false, why: "none" } }, "unchecked", /no advisory index/],
  ["trust has no date", "{ maxTrustAge: 5d }", {}, "unchecked", /does not say when/],
]);

const { stated: _, ...unstated } = factsOf();
table("install.identity", [
  ["not asked", "{}", {}, "pass", /name and version not asked/],
  ["not asked, though it must be", "{ expect: required }", {}, "fail", /not asked/],
  ["as asked", "{}", { expected: PURL }, "pass", /pkg:npm\/demo@1\.0\.0/],
  ["another version", "{}", { expected: "pkg:npm/demo@1.0.1" }, "fail", /demo@1\.0\.0/],
  ["another name", "{}", { expected: "pkg:npm/dem0@1.0.0" }, "fail", /demo@1\.0\.0/],
  ["any version asked", "{}", { expected: "pkg:npm/demo" }, "pass", /demo/],
  ["not of the policy's pattern", "{ expect: 'pkg:npm/%40acme/*' }", { expected: PURL }, "fail", /demo/],
  ["of the policy's pattern", "{ expect: 'pkg:npm/de*' }", {}, "pass", /demo/],
]);
void test("install.identity: bytes that state nothing cannot be compared", async () => {
  const facts: Facts = { ...unstated, station: "install", expected: PURL };
  assert.equal((await said("install.identity", "install: { identity: {} }", facts))[0], "unchecked");
});

const check = (cel: string): string => `[{ id: acme.check, cel: '${cel}', message: not as we like it }]`;
table("install.custom", [
  ["true", check('artifact.name.endsWith(".tgz")'), {}, "pass", /true/],
  ["false gives the message", check('artifact.kind == "image"'), {}, "fail", /not as we like it/],
  [
    "over components",
    check(
      'components.all(c, c.licenses.exists_one(l, l == "MIT"))'.replace(
        ".exists_one(l, l",
        ".size() == 1 && (c.licenses[0]",
      ),
    ),
    { inspected: sbomOf([component("left")]) },
    "pass",
    /true/,
  ],
  [
    "over findings",
    check('!findings.exists(f, f.severity == "low")'),
    { matched: matchedOf([finding("G-1", "low")]) },
    "fail",
    /not as/,
  ],
  [
    "over papers",
    check('"spdx" in predicates && "acme" in signers'),
    { evidence: [paper("spdx", null)] },
    "pass",
    /true/,
  ],
  ["an image's configuration is not known", check('config.user != "root"'), {}, "unchecked", /no data for config/],
  [
    "findings without an index",
    check("findings.size() == 0"),
    { matched: { known: false, why: "none" } },
    "unchecked",
    /no data for findings/,
  ],
  ["a member that is not there", check("artifact.owner == 1"), {}, "unchecked", /owner/],
  ["none", "[]", {}, "pass", /none is written/],
]);

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding } from "../../../src/model/advisory.ts";
import type { Facts } from "../../../src/model/policy.ts";
import { vulnsPredicate } from "../../../src/format/predicates.ts";
import { judgeLicence } from "../../../src/policy/licence-choice.ts";
import { AT, component, evidence, factsOf, finding, matchedOf, reasonsFor, said, sbomOf } from "./facts.ts";

const NO_INDEX: Facts["matched"] = { known: false, why: "no advisory index" };
const vex = (status: "not_affected" | "fixed" | "affected" | "under_investigation") =>
  ({ status, author: "acme", document: "6".repeat(64), justification: "code_not_reachable" }) as const;
const high = finding("GHSA-1", "high");
const low = finding("GHSA-2", "low");
const unfixed = finding("GHSA-3", "critical", { fixed: [] });
const unknown = finding("GHSA-4", "unknown");
const malware = finding("MAL-1", "critical", { kind: "malicious", ids: ["GHSA-9", "MAL-1"] });
const kev = finding("KEV-1", "critical", {
  rating: {
    risk: 99.2,
    cvss: { version: "3.1", vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", score: 9.8, severity: "critical" },
    exploited: { cve: "CVE-2026-1", added: "2026-11-01", ransomware: false },
  },
});
const likely = finding("EPSS-1", "high", {
  rating: { risk: 70, epss: { cve: "CVE-2026-2", score: 0.6, percentile: 0.99, date: "2026-11-20" } },
});
/** As an index tells it that holds KEV and EPSS. */
const exploitable = (findings: readonly Finding[]): Facts["matched"] => {
  const data = { records: 1, date: "2026-11-20" };
  const plain = matchedOf(findings);
  assert.ok(plain.known);
  return matchedOf(findings, { database: { ...plain.value.database, exploited: data, epss: data } });
};
const CEL = (expression: string): string => `{ deny: '${expression}' }`;

const CASES: readonly (readonly [
  name: string,
  yaml: string,
  matched: Facts["matched"],
  outcome: string,
  found: RegExp,
])[] = [
  ["none", "{}", matchedOf([]), "pass", /3 components, 0 findings/],
  ["high by default", "{}", matchedOf([high]), "fail", /left@1\.0\.0: GHSA-1 \(high\)/],
  ["low by default", "{}", matchedOf([low]), "pass", /1 findings, none of them denied/],
  ["a severity word", "{ deny: LOW }", matchedOf([low]), "fail", /GHSA-2/],
  ["unknown is below low", "{ deny: LOW }", matchedOf([unknown]), "pass", /none of them denied/],
  ["unknown can be denied", "{ deny: UNKNOWN }", matchedOf([unknown]), "fail", /GHSA-4/],
  ["no index", "{}", NO_INDEX, "unchecked", /no advisory index/],
  [
    "a component not matched",
    "{}",
    matchedOf([], { unknown: [{ where: "git", what: "no version" }] }),
    "unchecked",
    /not matched: git/,
  ],
  [
    "unmaintained is no vulnerability",
    "{ deny: NONE }",
    matchedOf([finding("U-1", "none", { kind: "unmaintained" })]),
    "pass",
    /0 findings/,
  ],
  ["CEL denies", CEL("severity >= HIGH && fixed"), matchedOf([high]), "fail", /GHSA-1/],
  ["CEL allows", CEL("severity >= HIGH && fixed"), matchedOf([unfixed]), "pass", /none of them/],
  ["CEL on scope and malice", CEL('scope == "runtime" && malicious'), matchedOf([malware]), "fail", /MAL-1/],
  ["CEL on a direct component", CEL("direct"), matchedOf([high]), "fail", /GHSA-1/],
  [
    "kev or epss",
    CEL("kev || epss > 0.5"),
    exploitable([kev]),
    "fail",
    /KEV-1 \(critical, exploited since 2026-11-01\)/,
  ],
  [
    "likely, and not in the catalog",
    CEL("kev || epss > 0.5"),
    exploitable([likely]),
    "fail",
    /EPSS-1 \(high, EPSS 0\.6\)/,
  ],
  ["neither exploited nor likely", CEL("kev || epss > 0.5"), exploitable([high]), "pass", /none of them/],
  ["risk", CEL("risk > 80.0"), exploitable([kev, high]), "fail", /KEV-1/],
  ["risk without data", CEL("risk > 80.0"), matchedOf([high]), "unchecked", /no data for risk/],
  ["the cvss score", CEL("cvss >= 9.0"), exploitable([kev]), "fail", /KEV-1/],
  ["SSVC by the defaults", CEL("ssvc >= OUT_OF_CYCLE"), exploitable([kev, likely]), "fail", /KEV-1/],
  ["SSVC does not ask for it", CEL("ssvc >= IMMEDIATE"), exploitable([kev]), "pass", /none of them/],
  [
    "SSVC as stated",
    "{ deny: 'ssvc >= IMMEDIATE', ssvc: { exposure: open, mission: mission-failure } }",
    exploitable([kev]),
    "fail",
    /KEV-1/,
  ],
  ["SSVC without data", CEL("ssvc >= OUT_OF_CYCLE"), matchedOf([high]), "unchecked", /no data for ssvc/],
  ["SSVC and malice", CEL("ssvc >= IMMEDIATE"), matchedOf([malware]), "fail", /MAL-1/],
  ["kind", CEL('kind == "malicious"'), matchedOf([high, malware]), "fail", /MAL-1/],
  ["without a statement", CEL('statement == "none"'), matchedOf([high]), "fail", /GHSA-1/],
  [
    "with a statement",
    CEL('severity >= HIGH && statement == "none"'),
    matchedOf([{ ...high, vex: vex("affected") }]),
    "pass",
    /none of them/,
  ],
  ["kev without data", CEL("severity >= HIGH && kev"), matchedOf([high]), "unchecked", /no data for kev/],
  ["epss without data", CEL("epss > 0.1 && severity >= HIGH"), matchedOf([high]), "unchecked", /no data for epss/],
  ["kev where it does not matter", CEL("kev && severity >= HIGH"), matchedOf([low]), "pass", /none of them/],
  ["kev where the rest denies", CEL("kev || severity >= HIGH"), matchedOf([high]), "fail", /GHSA-1/],
  [
    "VEX not affected",
    "{}",
    matchedOf([{ ...high, vex: vex("not_affected") }]),
    "pass",
    /VEX by acme: not_affected, code_not_reachable/,
  ],
  [
    "VEX does not excuse malicious code",
    "{}",
    matchedOf([{ ...malware, vex: vex("not_affected") }]),
    "fail",
    /MAL-1 \(critical\)/,
  ],
  ["VEX fixed", "{}", matchedOf([{ ...high, vex: vex("fixed") }]), "pass", /fixed/],
  ["VEX affected", "{}", matchedOf([{ ...high, vex: vex("affected") }]), "fail", /GHSA-1/],
  ["VEX under investigation", "{}", matchedOf([{ ...high, vex: vex("under_investigation") }]), "fail", /GHSA-1/],
  ["VEX ignored", "{ vex: ignore }", matchedOf([{ ...high, vex: vex("not_affected") }]), "fail", /GHSA-1/],
  ["no grace without a date", "{ grace: 14d }", matchedOf([high]), "fail", /no grace/],
];

for (const station of ["package", "install"] as const) {
  for (const [name, yaml, matched, outcome, found] of CASES) {
    void test(`${station}.vulnerabilities: ${name}`, async () => {
      const facts = factsOf({ station, matched });
      const result = await said(`${station}.vulnerabilities`, `${station}:\n  vulnerabilities: ${yaml}`, facts);
      assert.equal(result[0], outcome, result[1]);
      assert.match(result[1], found);
    });
  }
}

void test("vulnerabilities: grace counts from the day a flaw became known", async () => {
  const judged = (published: string) => {
    const dated = { ...high, published };
    return said(
      "package.vulnerabilities",
      "package: { vulnerabilities: { grace: 14d } }",
      factsOf({ matched: matchedOf([dated]) }),
    );
  };
  assert.deepEqual((await judged("2026-11-11T10:00:00Z"))[0], "pass");
  assert.deepEqual((await judged("2026-11-10T10:00:00Z"))[0], "fail");
});

void test("vulnerabilities: the fix is named, and what could not be matched warns at most", async () => {
  const matched = matchedOf([high, unfixed], { unknown: [{ where: "git", what: "no version" }] });
  const reasons = await reasonsFor(
    "package.vulnerabilities",
    "package: { vulnerabilities: { mode: enforce } }",
    factsOf({ matched }),
  );
  assert.deepEqual(
    reasons.map(({ outcome, mode }) => `${outcome} ${mode}`),
    ["fail enforce", "fail enforce", "unchecked warn"],
  );
  assert.equal(reasons[0]?.fix, "upgrade left to 1.0.1");
  assert.match(reasons[1]?.fix ?? "", /no fixed version/);
});

void test("install.vulnerabilities: a producer's findings are never taken for current ones", async () => {
  const clean = matchedOf([]);
  assert.ok(clean.known);
  const claim = evidence("vulns", vulnsPredicate(clean.value, AT));
  const facts = factsOf({ station: "install", evidence: [claim], matched: NO_INDEX });
  assert.equal((await said("install.vulnerabilities", "install: { vulnerabilities: {} }", facts))[0], "unchecked");
});

void test("known-malware: VEX excuses nothing, and sources choose the records", async () => {
  const judged = (yaml: string, matched: Facts["matched"]) =>
    said("package.known-malware", `package:\n  known-malware: ${yaml}`, factsOf({ matched }));
  assert.deepEqual((await judged("{}", matchedOf([high])))[0], "pass");
  assert.match((await judged("{}", matchedOf([malware])))[1], /left@1\.0\.0 is malicious: MAL-1/);
  assert.equal((await judged("{}", matchedOf([{ ...malware, vex: vex("not_affected") }])))[0], "fail");
  assert.equal((await judged("{ sources: [osv:MAL] }", matchedOf([malware])))[0], "fail");
  assert.equal((await judged("{ sources: [ghsa] }", matchedOf([{ ...malware, ids: ["MAL-1"] }])))[0], "pass");
  assert.equal((await judged("{}", NO_INDEX))[0], "unchecked");
  assert.equal((await judged("{}", matchedOf([], { unknown: [{ where: "x", what: "y" }] })))[0], "unchecked");
});

const LISTS = { deny: ["AGPL-3.0-only", "GPL-2.0-only WITH Classpath-exception-2.0", "SSPL-*"] };
const ALLOW = { deny: [], allow: ["MIT", "GPL-2.0-only WITH Classpath-exception-2.0"] };

void test("licence expressions: OR needs one allowed side, AND all; AND binds closer", () => {
  const cases = [
    ["MIT", LISTS, "allowed"],
    ["AGPL-3.0-only", LISTS, "denied"],
    ["agpl-3.0-only", LISTS, "denied"],
    ["AGPL-3.0", LISTS, "denied"],
    ["AGPL-3.0-or-later", LISTS, "allowed"],
    ["SSPL-1.0", LISTS, "denied"],
    ["MIT OR AGPL-3.0-only", LISTS, "allowed"],
    ["MIT AND AGPL-3.0-only", LISTS, "denied"],
    ["MIT OR ISC AND AGPL-3.0-only", LISTS, "allowed"],
    ["(MIT OR ISC) AND AGPL-3.0-only", LISTS, "denied"],
    ["GPL-2.0-only WITH Classpath-exception-2.0", LISTS, "denied"],
    ["GPL-2.0-only", LISTS, "allowed"],
    ["GPL-2.0-only WITH Classpath-exception-2.0", ALLOW, "allowed"],
    ["GPL-2.0-only", ALLOW, "denied"],
    ["ISC OR MIT", ALLOW, "allowed"],
    ["ISC AND MIT", ALLOW, "denied"],
    ["LicenseRef-acme", LISTS, "unknown"],
    ["LicenseRef-acme OR MIT", LISTS, "allowed"],
    ["LicenseRef-acme AND AGPL-3.0-only", LISTS, "denied"],
    ["MIT WITH AdditionRef-own", LISTS, "allowed"],
    ["MIT OR", LISTS, "unknown"],
    ["(MIT", LISTS, "unknown"],
    ["MIT)", LISTS, "unknown"],
    ["MIT ISC", LISTS, "unknown"],
    ["", LISTS, "unknown"],
    ["(".repeat(100_000), LISTS, "unknown"],
    [`${"(".repeat(150)}MIT${")".repeat(150)}`, LISTS, "allowed"],
  ] as const;
  for (const [expression, lists, expected] of cases) {
    assert.equal(judgeLicence(expression, lists), expected, expression.slice(0, 60));
  }
});

void test("licenses: what reaches the receiver is judged, by what the bytes or else the sources tell", async () => {
  const judged = (yaml: string, more: Partial<Facts>) =>
    reasonsFor("package.licenses", `mode: enforce\npackage:\n  licenses: ${yaml}`, factsOf(more));
  const agpl = component("left", ["AGPL-3.0-only"]);
  const deny = "{ deny: [AGPL-3.0-only] }";
  const outcomes = async (yaml: string, more: Partial<Facts>) =>
    (await judged(yaml, more)).map(({ outcome, mode }) => `${outcome} ${mode}`);
  assert.deepEqual(await outcomes(deny, { inspected: sbomOf([component("left")]) }), ["pass enforce"]);
  assert.deepEqual(await outcomes(deny, { inspected: sbomOf([agpl]) }), ["fail enforce"]);
  assert.deepEqual(await outcomes(deny, { inspected: sbomOf([{ ...agpl, scope: "dev" }]) }), ["pass enforce"]);
  assert.deepEqual(await outcomes(deny, { inspected: sbomOf([{ ...agpl, own: true }]) }), ["pass enforce"]);
  // Two claims were never defined to mean "or".
  assert.deepEqual(await outcomes(deny, { inspected: sbomOf([component("left", ["MIT", "AGPL-3.0-only"])]) }), [
    "fail enforce",
  ]);
  const bare = sbomOf([component("left", [])]);
  assert.deepEqual(await outcomes(deny, { inspected: bare, declared: sbomOf([agpl]) }), ["fail enforce"]);
  assert.deepEqual(await outcomes("{}", { inspected: bare }), ["fail warn"]);
  assert.deepEqual(await outcomes("{ unknown: deny }", { inspected: bare }), ["fail enforce"]);
  assert.deepEqual(await outcomes("{ unknown: allow }", { inspected: bare }), ["pass enforce"]);
  const { inspected: _, ...nothing } = factsOf();
  assert.equal((await said("package.licenses", "package: { licenses: {} }", nothing))[0], "unchecked");
});

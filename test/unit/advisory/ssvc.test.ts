import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { assessSsvc, withSsvc } from "../../../src/advisory/ssvc.ts";
import { parseSsvcContext } from "../../../src/advisory/ssvc-context.ts";
import {
  decide,
  DEPLOYER_TABLE,
  type DecisionTable,
  HUMAN_IMPACT_TABLE,
  PUBLIC_SAFETY_TABLE,
  SUPPLIER_TABLE,
  UTILITY_TABLE,
} from "../../../src/advisory/ssvc-tables.ts";
import { parseSsvcVector, printSsvcVector } from "../../../src/format/ssvc-vector.ts";
import { rateCvss } from "../../../src/format/cvss.ts";
import type { Finding, IndexIdentity, SsvcAssessment } from "../../../src/model/advisory.ts";
import { Fault } from "../../../src/model/fault.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";
import { finding } from "../policy/facts.ts";

const GOLDEN = join(import.meta.dirname, "../../golden/ssvc");

const PUBLISHED: readonly (readonly [file: string, table: DecisionTable, rows: number])[] = [
  ["deployer_patch_application_priority", DEPLOYER_TABLE, 72],
  ["supplier_patch_development_priority", SUPPLIER_TABLE, 36],
  ["human_impact", HUMAN_IMPACT_TABLE, 16],
  ["utility", UTILITY_TABLE, 4],
  ["public_safety_impact", PUBLIC_SAFETY_TABLE, 4],
];

for (const [file, table, rows] of PUBLISHED) {
  test(`SSVC: every row of the published table ${file}`, (t) => {
    const [head = "", ...lines] = readFileSync(join(GOLDEN, `${file}.csv`), "utf8")
      .trim()
      .split("\n");
    const points = table.inputs.map(({ name, version }) => `${name} v${version}`);
    assert.ok(head.startsWith(`row,${points.join(",")},`), head);
    assert.ok(head.includes(` v${table.outcome.version}`), head);
    for (const line of lines) {
      const [, ...values] = line.split(",");
      assert.equal(decide(table, values.slice(0, -1)), values.at(-1), line);
    }
    assert.equal(lines.length, rows);
    assert.equal(table.rows.length, rows);
    t.diagnostic(`${file}: ${lines.length} of ${rows} rows`);
  });
}

const DATABASE: IndexIdentity = {
  digest: "9".repeat(64),
  modified: "2026-11-20T00:00:00Z",
  sources: [],
  exploited: { records: 1, date: "2026-11-20" },
};
const { exploited: _, ...BARE } = DATABASE;

function flaw(vector: string | undefined, more: Partial<Finding["rating"]> = {}): Finding {
  const cvss = vector === undefined ? undefined : rateCvss(vector);
  return finding("GHSA-1", "high", { rating: { ...(cvss && { cvss }), risk: 1, ...more } });
}

function assessed(one: Finding, context = "", database = DATABASE): SsvcAssessment {
  const assessment = assessSsvc(one, parseSsvcContext(context, "x"), database);
  assert.ok(assessment);
  return assessment;
}

const pointOf = ({ points }: SsvcAssessment, name: string): string => {
  const point = points.find((one) => one.name === name);
  return `${point?.value ?? ""}, ${point?.by ?? ""}: ${point?.why ?? ""}`;
};

const OPEN = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
const KEV = { exploited: { cve: "CVE-1", added: "2026-01-01", ransomware: false } };

test("SSVC: what is known of a flaw is derived with its evidence", () => {
  const cases: readonly (readonly [one: Finding, point: string, told: string])[] = [
    [flaw(OPEN, KEV), "Exploitation", "active, derived: CISA lists CVE-1 as exploited since 2026-01-01"],
    [flaw(OPEN), "Exploitation", "none, derived: not in CISA's catalog of 2026-11-20"],
    [
      flaw(OPEN, { proof: "https://a.example/poc" }),
      "Exploitation",
      "public poc, derived: a demonstration is published: https://a.example/poc",
    ],
    [flaw(`${OPEN}/E:F`), "Exploitation", "public poc, derived: E:F of CVSS 3.1"],
    [flaw(`${OPEN}/E:U`), "Exploitation", "none, derived: not in CISA's catalog of 2026-11-20; E:U of CVSS 3.1"],
    [flaw("AV:N/AC:L/Au:N/C:C/I:C/A:C/E:POC"), "Exploitation", "public poc, derived: E:POC of CVSS 2.0"],
    [flaw(OPEN), "Automatable", "yes, derived: AV:N AC:L PR:N UI:N of CVSS 3.1"],
    [flaw(OPEN.replace("UI:N", "UI:R")), "Automatable", "no, derived: UI:R of CVSS 3.1"],
    [flaw("AV:L/AC:L/Au:S/C:C/I:C/A:C"), "Automatable", "no, derived: AV:L Au:S of CVSS 2.0"],
    [flaw(undefined), "Automatable", "yes, assumed: no CVSS vector says what an attack needs"],
  ];
  for (const [one, point, told] of cases) assert.equal(pointOf(assessed(one), point), told);
  const none = "none, assumed: the index holds no catalog of exploited vulnerabilities";
  assert.equal(pointOf(assessed(flaw(OPEN), "", BARE), "Exploitation"), none);
});

test("SSVC: CVSS 4.0 says itself whether an attack is automatic, and whether there are some", () => {
  const four = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N";
  assert.match(pointOf(assessed(flaw(`${four}/AU:N`)), "Automatable"), /^no, derived: AU:N/);
  assert.match(pointOf(assessed(flaw(`${four}/S:P/AU:Y`)), "Automatable"), /^yes, derived: AU:Y/);
  assert.match(pointOf(assessed(flaw(four.replace("AT:N", "AT:P"))), "Automatable"), /^no, derived: AT:P/);
  assert.match(pointOf(assessed(flaw(`${four}/E:A`)), "Exploitation"), /^active, derived: E:A/);
  assert.match(
    pointOf(assessed(flaw(`${four}/S:P`), "role=supplier"), "Technical Impact"),
    /^total, derived: VC:H VI:H/,
  );
});

test("SSVC: technical impact is total where confidentiality and integrity are lost whole", () => {
  const told = (vector?: string): string => pointOf(assessed(flaw(vector), "role=supplier"), "Technical Impact");
  assert.match(told(OPEN), /^total, derived: C:H I:H of CVSS 3\.1$/);
  assert.match(told(OPEN.replace("I:H", "I:L")), /^partial, derived/);
  assert.match(told(OPEN.replace("S:U", "S:C")), /^total, assumed: .*perhaps of another system/);
  assert.match(told(OPEN.replace("S:U/C:H", "S:C/C:L")), /^partial, derived/);
  assert.match(told("AV:N/AC:L/Au:N/C:C/I:C/A:N"), /^total, derived: C:C I:C of CVSS 2\.0/);
  assert.match(told(undefined), /^total, assumed/);
});

test("SSVC: what only the user knows is stated, or assumed as CERT/CC advises", () => {
  const alone = assessed(flaw(OPEN, KEV));
  assert.equal(alone.decision, "out-of-cycle");
  assert.match(pointOf(alone, "System Exposure"), /^open, assumed: no exposure is stated$/);
  assert.match(pointOf(alone, "Mission Impact"), /^mef support crippled, assumed/);
  assert.match(
    pointOf(alone, "Human Impact"),
    /^low, assumed: Safety Impact marginal, Mission Impact mef support crippled$/,
  );
  const stated = assessed(flaw(OPEN, KEV), "exposure=open,mission=mission-failure,safety=negligible");
  assert.equal(stated.decision, "immediate");
  assert.match(pointOf(stated, "Human Impact"), /^very high, stated/);
  assert.equal(assessed(flaw(OPEN), "exposure=small,mission=degraded,safety=negligible").decision, "defer");
  const supplier = assessed(flaw(OPEN, KEV), "role=supplier,density=concentrated,safety=negligible");
  assert.deepEqual([supplier.role, supplier.decision], ["supplier", "immediate"]);
  assert.match(pointOf(supplier, "Utility"), /^super effective, derived: Automatable yes, Value Density concentrated$/);
});

test("SSVC: it is about flaws; malicious code and an unmaintained package have no patch to be decided on", () => {
  const context = parseSsvcContext("", "x");
  for (const kind of ["malicious", "unmaintained", "yanked"] as const) {
    assert.equal(assessSsvc(finding("X", "critical", { kind }), context, DATABASE), undefined);
  }
  const findings = [flaw(OPEN), finding("M", "critical", { kind: "malicious", rating: { risk: 100 } })];
  const result = withSsvc({ database: DATABASE, components: 1, findings, unknown: [] }, context);
  assert.deepEqual(
    result.findings.map(({ rating }) => rating.ssvc?.decision),
    ["scheduled", undefined],
  );
});

test("SSVC: settings come in one line, in a small file, or from the vector of an earlier decision", () => {
  const wanted = {
    role: "deployer",
    stated: { exposure: "controlled", mission: "mef support crippled", safety: "critical" },
  };
  const file =
    "# where the shop runs\nexposure: controlled\nmission: mef-support-crippled # by the continuity plan\n\nsafety: R\n";
  for (const text of [
    "exposure=controlled,mission=MSC,safety=critical",
    "exposure:controlled, mission=MEF_Support_Crippled,safety=critical",
    file,
    "SSVCv2/E:A/EXP:C/A:Y/SI:R/MI:MSC/HI:H/DSOI:O/2026-11-20T00:00:00Z/",
  ]) {
    assert.deepEqual(parseSsvcContext(text, "x"), wanted, text);
  }
  assert.deepEqual(parseSsvcContext("role: supplier\ndensity: C", "x"), {
    role: "supplier",
    stated: { density: "concentrated" },
  });
  assert.deepEqual(parseSsvcContext("", "x"), { role: "deployer", stated: {} });
});

test("SSVC: what is no setting is refused with what there is", () => {
  const cases: readonly (readonly [text: string, expected: RegExp])[] = [
    ["exposure=public", /exposure: small, controlled, open/],
    ["mission=bad", /mef-support-crippled/],
    ["exposed=open", /^role, exposure, mission, safety, density$/],
    ["toString=open", /^role, exposure/],
    ["exposure", /^role, exposure/],
    ["role=nobody", /deployer, supplier/],
    ["exposure=open,exposure=small", /given once/],
    ["role=deployer,role=deployer", /given once/],
    ["SSVCv2/", /an SSVC vector/],
    ["a".repeat(5_000), /at most 4000/],
  ];
  for (const [text, expected] of cases) {
    assert.throws(
      () => parseSsvcContext(text, "x"),
      (error) =>
        error instanceof Fault && error.facts.code === "WB-SSVC-CONTEXT" && expected.test(error.facts.expected ?? ""),
      text.slice(0, 60),
    );
  }
});

test("SSVC: a vector is written and read without loss", () => {
  const at = "2026-11-20T00:00:00Z";
  const written = printSsvcVector(assessed(flaw(OPEN, KEV)), at);
  assert.equal(written, `SSVCv2/E:A/EXP:O/A:Y/SI:M/MI:MSC/HI:L/DSOI:O/${at}/`);
  fc.assert(
    fc.property(
      fc.constantFrom("deployer", "supplier"),
      fc.boolean(),
      fc.constantFrom("N", "M", "R", "C"),
      (role, exploited, safety) => {
        const assessment = assessed(flaw(OPEN, exploited ? KEV : {}), `role=${role},safety=${safety}`);
        const read = parseSsvcVector(printSsvcVector(assessment, at));
        assert.ok(read.known);
        assert.deepEqual(Object.fromEntries(read.value.values), {
          ...Object.fromEntries(assessment.points.map(({ key, value }) => [key, value])),
          DSOI: assessment.decision,
        });
        assert.equal(read.value.at, at);
      },
    ),
    { numRuns: 30 },
  );
  assert.ok(parseSsvcVector("SSVCv2/E:A/1632171335/").known);
  for (const text of [
    "",
    "SSVCv2",
    "SSVCv2/E:A/2026/x/",
    "SSVCv2/E:Q/1/",
    "SSVCv2/E:A/E:A/1/",
    "SSVCv2/Z:A/1/",
    "SSVCv2/E:A:A/1/",
    "SSVCv2/constructor:A/1/",
  ]) {
    assert.ok(!parseSsvcVector(text).known, text);
  }
  const start = cpuMilliseconds();
  for (const part of ["E:A/", "/", ":", "SSVCv2/"])
    assert.ok(!parseSsvcVector(`SSVCv2/${part.repeat(1_000_000)}`).known);
  assert.ok(cpuMilliseconds() - start < 500);
});

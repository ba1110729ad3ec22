import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseSsvcContext } from "../../../src/advisory/ssvc-context.ts";
import { judgeThreshold, parseThreshold } from "../../../src/advisory/threshold.ts";
import type { Finding, IndexIdentity, MatchResult, VexStatus } from "../../../src/model/advisory.ts";
import { Fault } from "../../../src/model/fault.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";
import { finding } from "../policy/facts.ts";

const DATABASE: IndexIdentity = {
  digest: "9".repeat(64),
  modified: "2026-11-20T00:00:00Z",
  sources: [],
  exploited: { records: 1, date: "2026-11-20" },
  epss: { records: 1, date: "2026-11-20" },
};
const { exploited: _, epss: __, ...BARE } = DATABASE;
const vex = (status: VexStatus): { vex: NonNullable<Finding["vex"]> } => ({
  vex: { status, author: "a", document: "0".repeat(64) },
});

function judged(text: string, findings: readonly Finding[], database: IndexIdentity = DATABASE): string {
  const result: MatchResult = { database, components: 1, findings, unknown: [] };
  const { met, unchecked } = judgeThreshold(parseThreshold(text), result);
  const told = met.map(({ condition, findings: those }) => `${condition}: ${those.map(({ id }) => id).join(" ")}`);
  return [...told, ...unchecked.map((condition) => `? ${condition}`)].join("; ");
}

const HIGH = finding("HIGH", "high", { rating: { risk: 40 } });
const LOW_DEV = finding("LOW", "low", { scope: "dev", fixed: [] });
const UNRATED = finding("UNRATED", "unknown");
const KEV = finding("KEV", "medium", {
  rating: {
    exploited: { cve: "CVE-1", added: "2026-01-01", ransomware: true },
    epss: { cve: "CVE-1", score: 0.1, percentile: 0.9, date: "2026-11-20" },
    cvss: { version: "3.1", vector: "", score: 6.5, severity: "medium" },
    ssvc: { role: "deployer", decision: "out-of-cycle", points: [] },
    risk: 86,
  },
});
const MALICIOUS = finding("MAL", "critical", { kind: "malicious", rating: { risk: 100 } });
const OLD = finding("OLD", "none", { kind: "unmaintained", fixed: [] });
const ALL = [HIGH, LOW_DEV, UNRATED, KEV, MALICIOUS, OLD];

test("--fail-on: each condition chooses its findings", () => {
  const cases: readonly (readonly [text: string, ids: string])[] = [
    ["high", "HIGH MAL"],
    ["LOW", "HIGH LOW KEV MAL"],
    ["unknown", "HIGH LOW UNRATED KEV MAL"],
    ["any", "HIGH LOW UNRATED KEV MAL OLD"],
    ["critical", "MAL"],
    ["kev", "KEV"],
    ["ransomware", "KEV"],
    ["epss>=0.1", "KEV"],
    ["epss:0.1", "KEV"],
    ["epss >= 0.10", "KEV"],
    ["epss:0", "KEV"],
    ["epss>=0.11", ""],
    ["cvss>=6.5", "KEV"],
    ["risk>=40", "HIGH KEV MAL"],
    ["ssvc>=out-of-cycle", "KEV MAL"],
    ["ssvc:immediate", "MAL"],
    ["fixable", "HIGH UNRATED KEV MAL"],
    ["runtime", "HIGH UNRATED KEV MAL OLD"],
    ["malicious", "MAL"],
    ["unmaintained", "OLD"],
    ["vulnerable", "HIGH LOW UNRATED KEV"],
    ["without-statement", "HIGH LOW UNRATED KEV MAL OLD"],
  ];
  for (const [text, ids] of cases) {
    const condition = text.toLowerCase().trim();
    assert.equal(judged(text, ALL), ids === "" ? "" : `${condition}: ${ids}`, text);
  }
});

test("--fail-on: + asks all, a comma any of them, and each that is met is told", () => {
  assert.equal(judged("low+fixable+runtime", ALL), "low+fixable+runtime: HIGH KEV MAL");
  assert.equal(judged("kev, unmaintained", ALL), "kev: KEV; unmaintained: OLD");
  assert.equal(judged("kev+low , high+fixable", ALL), "kev+low: KEV; high+fixable: HIGH MAL");
});

test("--fail-on: statements excuse flaws, never malicious code", () => {
  const findings = [
    finding("A", "high", vex("not_affected")),
    finding("B", "high", vex("fixed")),
    finding("C", "high", vex("affected")),
    finding("D", "high", vex("under_investigation")),
    finding("E", "high"),
    finding("M", "critical", { kind: "malicious", ...vex("not_affected") }),
  ];
  assert.equal(judged("high", findings), "high: C D E M");
  assert.equal(judged("high+without-statement", findings), "high+without-statement: E");
  assert.equal(judged("malicious+without-statement", findings), "");
});

test("--fail-on: an index without KEV or EPSS cannot say that nothing is exploited", () => {
  assert.equal(judged("kev", [HIGH], BARE), "? kev");
  assert.equal(judged("epss>=0.5,high", [HIGH], BARE), "high: HIGH; ? epss>=0.5");
  assert.equal(judged("kev+critical", [HIGH], BARE), "", "it would not have mattered");
  assert.equal(judged("risk>=50", [HIGH], BARE), "? risk>=50", "what is exploited has more");
  assert.equal(judged("risk>=40", [HIGH], BARE), "risk>=40: HIGH");
  const points = (by: "assumed" | "derived") => [{ name: "Exploitation", key: "E", value: "none", by, why: "" }];
  const decided = (by: "assumed" | "derived"): Finding =>
    finding("S", "high", {
      rating: { risk: 40, ssvc: { role: "deployer", decision: "scheduled", points: points(by) } },
    });
  assert.equal(judged("ssvc>=out-of-cycle", [decided("assumed")], BARE), "? ssvc>=out-of-cycle");
  assert.equal(judged("ssvc>=out-of-cycle", [decided("derived")], BARE), "");
  assert.equal(judged("ssvc>=scheduled", [decided("assumed")], BARE), "ssvc>=scheduled: S");
  assert.equal(judged("kev", [], BARE), "");
  assert.equal(judged("kev", [HIGH]), "");
  assert.equal(judged("kev", [{ ...HIGH, ...vex("not_affected") }], BARE), "");
});

test("--fail-on: what is no condition is refused with the list", () => {
  const wrong = [
    "",
    "hihg",
    "high,",
    "+high",
    "high++kev",
    "epss",
    "epss>0.1",
    "epss=0.1",
    "epss>=10",
    "epss>=-1",
    "risk>=101",
    "risk>=x",
  ];
  const hostile = [
    "cvss>=1e9",
    "ssvc>=now",
    "ssvc",
    "kev>=1",
    "toString",
    "constructor>=1",
    "__proto__",
    "\u202e\u0000high",
    "high|kev",
  ];
  for (const text of [...wrong, ...hostile]) {
    assert.throws(
      () => parseThreshold(text),
      (error) =>
        error instanceof Fault &&
        error.facts.code === "WB-USAGE-OPTION" &&
        (error.facts.expected ?? "").length > 0 &&
        !/[\u0000\u202e]/.test(error.facts.found ?? ""),
      text,
    );
  }
  assert.throws(() => parseThreshold("hihg"), /no such condition/);
  const start = cpuMilliseconds();
  for (const part of ["high,", "high+", "epss>=", " ", ">", "0.", "9"]) {
    assert.throws(() => parseThreshold(part.repeat(1_000_000)), Fault);
    assert.throws(() => parseThreshold(`epss>=${part.repeat(150)}`), Fault);
  }
  assert.ok(cpuMilliseconds() - start < 500);
});

test("--fail-on and --ssvc: whatever is written is read or refused by a Fault", () => {
  const parts = [
    "high",
    "kev",
    "epss",
    ">=",
    ":",
    "0.1",
    ",",
    "+",
    "ssvc",
    "immediate",
    " ",
    "exposure",
    "=",
    "open",
    "\n",
    "#",
  ];
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.constantFrom(...parts)).map((some) => some.join("")),
  );
  fc.assert(
    fc.property(text, (written) => {
      for (const read of [parseThreshold, (one: string) => parseSsvcContext(one, "x")]) {
        try {
          read(written);
        } catch (error) {
          assert.ok(error instanceof Fault, String(error));
        }
      }
    }),
    { numRuns: 500 },
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rate } from "../../../src/advisory/rating.ts";
import { byRisk, ratingInScope, riskOf } from "../../../src/advisory/risk.ts";
import type { Advisory, Epss, Exploited, Finding, Rating, Severity } from "../../../src/model/advisory.ts";
import type { VexStatus } from "../../../src/model/advisory.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";
import { finding } from "../policy/facts.ts";

const V31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
const V31_LOW = "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";
const V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N";
const epss = (cve: string, score: number): Epss => ({ cve, score, percentile: score, date: "2026-11-24" });
const kev = (cve: string, added = "2026-01-01", ransomware = false): Exploited => ({ cve, added, ransomware });

function advisory(more: Partial<Advisory> = {}): Advisory {
  return {
    id: "GHSA-1",
    aliases: [],
    upstream: [],
    kind: "vulnerable",
    summary: "",
    severity: "high",
    vectors: [],
    modified: "2026-11-20T00:00:00Z",
    ecosystem: "npm",
    name: "left",
    ranges: [],
    versions: [],
    symbols: [],
    ...more,
  };
}

function rated(
  advisories: readonly Advisory[],
  { exploited = [], scores = [] }: { exploited?: readonly Exploited[]; scores?: readonly Epss[] } = {},
  ids: readonly string[] = ["CVE-2026-1", "GHSA-1"],
): Rating {
  return rate(advisories, ids, advisories[0]?.kind ?? "vulnerable", advisories[0]?.severity ?? "unknown", {
    exploited: (cve) => exploited.find((one) => one.cve === cve),
    epss: (cve) => scores.find((one) => one.cve === cve),
  });
}

test("rating: the newest version of CVSS in the group counts, and KEV and EPSS of all its CVEs", () => {
  const distribution = advisory({ id: "ALSA-1", upstream: ["CVE-2026-3", "CVE-2026-2", "ALSA-0"] });
  const rating = rated([advisory({ vectors: [V31, V4] }), distribution], {
    scores: [epss("CVE-2026-1", 0.2), epss("CVE-2026-3", 0.4), epss("ALSA-0", 0.9), epss("CVE-2026-9", 0.99)],
    exploited: [kev("CVE-2026-2", "2026-02-01"), kev("CVE-2026-3", "2026-03-01", true), kev("CVE-2026-9")],
  });
  assert.deepEqual([rating.cvss?.version, rating.cvss?.score], ["4.0", 8.7]);
  assert.deepEqual([rating.epss?.cve, rating.epss?.score], ["CVE-2026-3", 0.4]);
  assert.equal(rating.exploited?.cve, "CVE-2026-3", "what ransomware uses comes first");
  assert.equal(rated([advisory(), advisory({ proof: "https://a.example/poc" })]).proof, "https://a.example/poc");
  const tied = rated([distribution], { scores: [epss("CVE-2026-3", 0.4), epss("CVE-2026-2", 0.4)] });
  assert.equal(tied.epss?.cve, "CVE-2026-2", "of equal chances the first CVE");
});

test("rating: a record that names 100,000 CVEs and vectors costs little", () => {
  let asked = 0;
  const count = (): undefined => {
    asked += 1;
    return undefined;
  };
  const upstream = Array.from({ length: 100_000 }, (_, index) => `CVE-2026-${index}`);
  const vectors = Array.from({ length: 100_000 }, () => V31);
  const start = cpuMilliseconds();
  rate([advisory({ upstream, vectors })], ["GHSA-1"], "vulnerable", "high", { exploited: count, epss: count });
  assert.ok(asked <= 4_000, `${asked}`);
  assert.ok(cpuMilliseconds() - start < 2_000);
});

test("risk: the table of docs/advisories.md", () => {
  const of = (severity: Severity, vectors: readonly string[], data: Parameters<typeof rated>[1] = {}): number =>
    rated([advisory({ severity, vectors })], data).risk;
  const chance = (score: number) => ({ scores: [epss("CVE-2026-1", score)] });
  assert.equal(of("critical", [V31], chance(1)), 98);
  assert.equal(of("critical", [V31], chance(0.1)), 73.5);
  assert.equal(of("critical", [V31], chance(0.01)), 49);
  assert.equal(of("critical", [V31]), 49, "without a score as of one in a hundred");
  assert.equal(of("critical", [V31], chance(0.001)), 24.5);
  assert.equal(of("critical", [V31], chance(0.00001)), 4.9);
  assert.equal(of("low", [V31_LOW], { exploited: [kev("CVE-2026-1")] }), 66.4);
  assert.equal(of("critical", [V31], { exploited: [kev("CVE-2026-1")], ...chance(0.0001) }), 99.2);
  assert.equal(of("high", [], chance(0.1)), 60, "a word stands for a score where there is none");
  assert.equal(of("unknown", []), 25);
  assert.equal(of("medium", [V31]), 34.5, "the word of a reviewer caps the score");
  assert.equal(of("none", [V31], chance(0.5)), 0, "unimportant, as its distribution says");
  assert.equal(riskOf("malicious", "critical", {}), 100);
  assert.equal(riskOf("unmaintained", "none", {}), 0);
});

test("risk: half in development alone, but not of malicious code", () => {
  assert.equal(ratingInScope({ risk: 49 }, "vulnerable", "dev").risk, 24.5);
  assert.equal(ratingInScope({ risk: 49 }, "vulnerable", "test").risk, 24.5);
  assert.equal(ratingInScope({ risk: 49 }, "vulnerable", "build").risk, 49);
  assert.equal(ratingInScope({ risk: 100 }, "malicious", "dev").risk, 100);
});

/** A flaw: its score in tenths, or its word where there is none; its chance; whether it is exploited, and where it runs. */
const factors = fc.record({
  score: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
  severity: fc.constantFrom<Severity>("none", "low", "medium", "high", "critical"),
  chance: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  exploited: fc.boolean(),
  scope: fc.constantFrom("dev" as const, "runtime" as const),
});
type Factors = typeof factors extends fc.Arbitrary<infer T> ? T : never;

function riskFrom({ score, severity, chance, exploited, scope }: Factors): number {
  const risk = riskOf("vulnerable", severity, {
    ...(score !== undefined && {
      cvss: { version: "3.1" as const, vector: "", score: score / 10, severity },
    }),
    ...(chance !== undefined && { epss: epss("CVE-2026-1", chance) }),
    ...(exploited && { exploited: kev("CVE-2026-1") }),
  });
  return ratingInScope({ risk }, "vulnerable", scope).risk;
}

test("risk: it lies between 0 and 100, and raising any factor never lowers it", () => {
  const severities: readonly Severity[] = ["none", "low", "medium", "high", "critical"];
  fc.assert(
    fc.property(factors, factors, (a, b) => {
      const risk = riskFrom(a);
      assert.ok(risk >= 0 && risk <= 100);
      const raised: readonly Factors[] = [
        { ...a, score: a.score === undefined ? undefined : Math.max(a.score, b.score ?? 0) },
        { ...a, chance: a.chance === undefined ? undefined : Math.max(a.chance, b.chance ?? 0) },
        {
          ...a,
          severity: severities[Math.max(severities.indexOf(a.severity), severities.indexOf(b.severity))] ?? a.severity,
        },
        { ...a, exploited: true },
        { ...a, scope: "runtime" },
      ];
      for (const one of raised) assert.ok(riskFrom(one) >= risk, JSON.stringify([a, one]));
    }),
    { numRuns: 500 },
  );
});

test("the order of work: excused last, then by risk, then by what is worse, usable and fixable, then by name", () => {
  const vex = (status: VexStatus): Finding["vex"] => ({ status, author: "a", document: "0".repeat(64) });
  const at = (risk: number, more: Partial<Rating> = {}): { rating: Rating } => ({ rating: { ...more, risk } });
  const excused = { vex: vex("not_affected") as NonNullable<Finding["vex"]> };
  const open = { vex: vex("affected") as NonNullable<Finding["vex"]> };
  const expected = [
    finding("MAL-1", "critical", { kind: "malicious", ...at(100), ...excused }),
    finding("KEV-ransomware", "critical", at(100, { exploited: kev("CVE-1", "2026-01-01", true) })),
    finding("KEV", "critical", at(100, { exploited: kev("CVE-1") })),
    finding("EPSS", "critical", at(100)),
    finding("A-affected", "high", { ...at(50), ...open }),
    finding("B-high", "high", at(50)),
    finding("C-medium-likely", "medium", at(50, { epss: epss("CVE-1", 0.3) })),
    finding("D-medium", "medium", at(50, { epss: epss("CVE-1", 0.2) })),
    finding("E-no-fix", "medium", { ...at(50, { epss: epss("CVE-1", 0.2) }), fixed: [] }),
    finding("Y-1", "none", { kind: "yanked", ...at(0) }),
    finding("U-1", "none", { kind: "unmaintained", ...at(0) }),
    finding("Z-excused", "critical", { ...at(99), ...excused }),
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(expected, { minLength: expected.length }), (shuffled) => {
      assert.deepEqual(
        shuffled.toSorted(byRisk).map(({ id }) => id),
        expected.map(({ id }) => id),
      );
    }),
    { numRuns: 50 },
  );
  const names = [
    finding("B", "low", { name: "b" }),
    finding("A", "low", { name: "a" }),
    finding("C", "low", { name: "a" }),
  ];
  assert.deepEqual(
    names.toSorted(byRisk).map(({ id }) => id),
    ["A", "C", "B"],
  );
});

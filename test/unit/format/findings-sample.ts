import type { Finding, MatchResult } from "../../../src/model/advisory.ts";
import type { Component, Sbom } from "../../../src/model/sbom.ts";
import type { Scanned, ScanResult } from "../../../src/format/findings/scanned.ts";
import { isSettled } from "../../../src/format/findings/scanned.ts";

const ROOT = "pkg:npm/%40acme/shop@2.0.0";

function component(name: string, version: string, line: number, direct: boolean): Component {
  const purl = `pkg:npm/${encodeURIComponent(name).replace("%2F", "/")}@${version}`;
  return {
    ref: purl,
    name,
    version,
    purl,
    ecosystem: "npm",
    scope: "runtime",
    direct,
    digests: {},
    licences: [],
    occurrences: [{ path: "package-lock.json", line, technique: "lockfile" }],
    own: false,
  };
}

const COMPONENTS = [
  component("@acme/日本語", "1.0.0", 60, true),
  component("event-stream", "3.3.6", 12, true),
  component("express", "4.17.0", 20, true),
  component("lodash", "4.17.15", 34, true),
  component("qs", "6.7.0", 41, false),
  component("request", "2.88.2", 50, true),
].toSorted((a, b) => (a.ref < b.ref ? -1 : 1));

export const SHOP: Sbom = {
  lifecycle: "source",
  subject: { name: "@acme/shop", version: "2.0.0", purl: ROOT, digests: {} },
  root: ROOT,
  components: COMPONENTS,
  dependencies: [
    ...COMPONENTS.filter(({ direct }) => direct).map(({ ref }) => ({ from: ROOT, to: ref, scope: "runtime" as const })),
    { from: "pkg:npm/express@4.17.0", to: "pkg:npm/qs@6.7.0", scope: "runtime" as const },
  ].toSorted((a, b) => (a.from + a.to < b.from + b.to ? -1 : 1)),
  completeness: { components: "complete", dependencies: "complete", method: "locked" },
  unknowns: [{ where: "legacy/package-lock.json", what: "not read: it is empty" }],
  licences: [],
};

/** A finding about one of the components, `more` being what is special of it. */
export function finding(name: string, id: string, more: Partial<Finding>): Finding {
  const of = COMPONENTS.find((one) => one.name === name) as Component;
  const ids = [id, ...(more.ids ?? [])].toSorted();
  return {
    component: of.ref,
    purl: of.purl as string,
    name,
    version: of.version as string,
    ecosystem: "npm",
    scope: "runtime",
    locations: of.occurrences.map(({ path, line }) => ({ path, ...(line !== undefined && { line }) })),
    id,
    kind: "vulnerable",
    severity: "high",
    summary: "",
    url: `https://advisories.example/${id}`,
    records: [
      {
        id,
        modified: "2026-11-01T00:00:00Z",
        ecosystem: "npm",
        name,
        version: of.version as string,
        reason: { by: "range", introduced: "0", until: { fixed: "9.9.9" } },
      },
    ],
    rating: { risk: 10 },
    fixed: [],
    paths: [name === "qs" ? [ROOT, "pkg:npm/express@4.17.0", of.ref] : [ROOT, of.ref]],
    ...more,
    ids,
  };
}

const VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";

/** One of everything that a scan can find, what to do first coming first. */
export const FOUND: readonly Finding[] = [
  finding("event-stream", "MAL-2018-1", {
    kind: "malicious",
    severity: "critical",
    summary: "Steals wallets",
    rating: { risk: 100 },
  }),
  finding("lodash", "GHSA-aaaa-bbbb-cccc", {
    ids: ["CVE-2020-1111", "SNYK-1"],
    severity: "critical",
    summary: "Prototype pollution in zipObjectDeep",
    published: "2020-05-01T00:00:00Z",
    rating: {
      risk: 98,
      cvss: { version: "3.1", vector: VECTOR, score: 9.8, severity: "critical" },
      epss: { cve: "CVE-2020-1111", score: 0.9754, percentile: 0.99981, date: "2026-11-20" },
      exploited: { cve: "CVE-2020-1111", added: "2021-11-03", due: "2022-05-03", ransomware: true },
    },
    fixed: ["4.17.19", "4.17.21"],
    locations: [
      { path: "package-lock.json", line: 34 },
      { path: "package-lock.json", line: 90 },
      { path: "tools/package-lock.json", line: 7 },
    ],
  }),
  finding("qs", "GHSA-dddd-eeee-ffff", {
    ids: ["CVE-2022-24999"],
    severity: "high",
    summary: "Denial of service by a query",
    rating: {
      risk: 40,
      cvss: { version: "3.1", vector: VECTOR.replace("A:H", "A:N"), score: 7.5, severity: "high" },
      epss: { cve: "CVE-2022-24999", score: 0.0312, percentile: 0.9, date: "2026-11-20" },
    },
    fixed: ["6.7.3"],
  }),
  finding("lodash", "GHSA-gggg-hhhh-iiii", {
    severity: "medium",
    summary: "Regular expression that takes long",
    rating: { risk: 20 },
    fixed: ["4.17.21"],
  }),
  finding("@acme/日本語", "GHSA-jjjj-kkkk-llll", { severity: "unknown", summary: "文字列の検証が不十分" }),
  finding("request", "GHSA-mmmm-nnnn-oooo", {
    kind: "unmaintained",
    severity: "none",
    summary: "No longer maintained",
  }),
  finding("express", "GHSA-pppp-qqqq-rrrr", {
    severity: "low",
    summary: "Open redirect",
    rating: { risk: 1 },
    fixed: ["4.19.2"],
    vex: {
      status: "not_affected",
      justification: "vulnerable_code_not_in_execute_path",
      author: "Acme Product Security",
      document: "5".repeat(64),
      at: "2026-11-10T08:00:00Z",
    },
  }),
];

const DATABASE: MatchResult["database"] = {
  digest: "d".repeat(64),
  modified: "2026-11-20T04:11:09Z",
  sources: [{ name: "GHSA", records: 3 }],
};

const OVERRULED: NonNullable<MatchResult["overruled"]> = [
  {
    id: "GHSA-ssss-tttt-uuuu",
    action: "withdraw",
    reason: "names the wrong package",
    owner: "security@acme.example",
    expires: "2027-01-01T00:00:00Z",
    expired: false,
  },
];

/** A scan of the shop with these findings. */
export function scanOf(findings: readonly Finding[], more: Partial<Scanned> = {}): Scanned {
  const unknown = [{ where: "pkg:npm/odd@x", what: 'not matched: "x" is no npm version' }];
  return {
    source: ".",
    under: "",
    sbom: SHOP,
    matched: { database: DATABASE, components: COMPONENTS.length, findings, unknown, overruled: OVERRULED },
    ...more,
  };
}

export function resultOf(scans: readonly Scanned[]): ScanResult {
  return {
    scans,
    tool: { name: "waybill", version: "0.1.0" },
    author: "Acme",
    namespace: "https://psirt.acme.example",
    at: "2026-11-24T10:00:00Z",
    fails: (one) => !isSettled(one),
    upgrade: (all) =>
      all
        .map(({ fixed }) => fixed[0])
        .reduce((a, b) => (a === undefined || b === undefined ? undefined : a > b ? a : b)),
  };
}

export const RESULT: ScanResult = resultOf([scanOf(FOUND)]);
export const CLEAN: ScanResult = resultOf([scanOf([])]);

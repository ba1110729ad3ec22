import { createHash } from "node:crypto";
import type { ReportInput, Told } from "../../src/format/report/input.ts";
import type { Finding } from "../../src/model/advisory.ts";
import type { DigestHex } from "../../src/model/digest.ts";
import type { Reason, RuleId, Verdict } from "../../src/model/policy.ts";
import type { Component, Dependency, Sbom, Scope } from "../../src/model/sbom.ts";
import { PREDICATE_TYPES } from "../../src/model/statement.ts";

/** A digest that is made up: of the words it stands for. */
export function fakeDigest(words: string): DigestHex {
  return createHash("sha256").update(words).digest("hex");
}

interface LockedPackage {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

const ARTIFACT = fakeDigest("artifact");
const NAME = "acme-semver-lite-0.4.1.tgz";

/** An SBOM from the text of a package-lock.json of version 3, good enough for a picture: one component per name and version. */
export function sbomFromLock(text: string): Sbom {
  const packages = (JSON.parse(text) as { packages: Record<string, LockedPackage> }).packages;
  const { "": root, ...locked } = packages;
  const refOf = (position: string): string => {
    const name = nameAt(position);
    return `pkg:npm/${name.replace("@", "%40")}@${packages[position]?.version}`;
  };
  const rootRef = `pkg:npm/${(root?.name ?? "").replace("@", "%40")}@${root?.version}`;
  const direct = new Set(Object.keys({ ...root?.dependencies, ...root?.devDependencies }));
  const components = new Map<string, Component>();
  const dependencies = new Map<string, Dependency>();
  for (const [position, entry] of Object.entries(locked)) {
    const name = nameAt(position);
    const scope: Scope = entry.optional === true ? "optional" : entry.dev === true ? "dev" : "runtime";
    const ref = refOf(position);
    const isDirect = position === `node_modules/${name}` && direct.has(name);
    components.set(ref, {
      ref,
      name,
      ...(entry.version === undefined ? {} : { version: entry.version }),
      purl: ref,
      ecosystem: "npm",
      scope,
      direct: isDirect || components.get(ref)?.direct === true,
      digests: { sha512: Buffer.from((entry.integrity ?? "").slice("sha512-".length), "base64").toString("hex") },
      licences:
        entry.license === undefined ? [] : [{ expression: entry.license, spdx: true, technique: "archive-verified" }],
      occurrences: [{ path: "package-lock.json", position, technique: "lockfile" }],
      own: false,
    });
  }
  for (const [position, entry] of Object.entries(packages)) {
    const needs = {
      ...entry.dependencies,
      ...entry.optionalDependencies,
      ...(position === "" ? entry.devDependencies : {}),
    };
    for (const name of Object.keys(needs)) {
      const found = resolve(position, name, packages);
      if (found === undefined) continue;
      const edge = { from: position === "" ? rootRef : refOf(position), to: refOf(found), scope: "dev" as const };
      dependencies.set(`${edge.from} ${edge.to}`, edge);
    }
  }
  return {
    lifecycle: "source",
    subject: { name: root?.name ?? "", version: root?.version ?? "", purl: rootRef, digests: {} },
    root: rootRef,
    components: [...components.values()].toSorted((a, b) => (a.ref < b.ref ? -1 : 1)),
    dependencies: [...dependencies.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge),
    completeness: { components: "complete", dependencies: "complete", method: "locked" },
    unknowns: [],
    licences: [{ expression: "MIT", spdx: true, technique: "manifest" }],
  };
}

/** A graph of `n` components in layers, each needing up to three of the next layer; runtime scope. */
export function layeredSbom(n: number): Sbom {
  const name = (i: number): string => (i % 3 === 0 ? `@acme-${i % 17}/part-${i}` : `component-number-${i}`);
  const ref = (i: number): string => `pkg:npm/${name(i).replace("@", "%40")}@${i % 7}.${i % 11}.${i % 5}`;
  const root = "pkg:npm/app@1.0.0";
  const indexes = Array.from({ length: n }, (_, i) => i);
  const licences = ["MIT", "ISC", "Apache-2.0", "BSD-3-Clause"];
  return {
    lifecycle: "source",
    subject: { name: "app", version: "1.0.0", purl: root, digests: {} },
    root,
    components: indexes.map((i) => ({
      ref: ref(i),
      name: name(i),
      version: `${i % 7}.${i % 11}.${i % 5}`,
      purl: ref(i),
      ecosystem: "npm",
      scope: i % 4 === 0 ? ("dev" as const) : ("runtime" as const),
      direct: i < 40,
      digests: {},
      licences:
        i % 50 === 0 ? [] : [{ expression: licences[i % 4] as string, spdx: true, technique: "lockfile" as const }],
      occurrences: [],
      own: false,
    })),
    dependencies: indexes.flatMap((i) => [
      ...(i < 40 ? [{ from: root, to: ref(i), scope: "runtime" as const }] : []),
      ...[i * 3 + 40, i * 3 + 41, i * 3 + 42]
        .filter((to) => to < n)
        .map((to) => ({ from: ref(i), to: ref(to), scope: "runtime" as const })),
    ]),
    completeness: { components: "complete", dependencies: "complete", method: "locked" },
    unknowns: [],
    licences: [],
  };
}

/** A shipped library with something of everything: findings, an exception, a warning. */
export function sampleReport(declared: Sbom): ReportInput {
  const analyzed: Sbom = {
    ...declared,
    lifecycle: "analyzed",
    subject: { ...declared.subject, digests: { sha256: ARTIFACT } },
    components: [],
    dependencies: [],
    completeness: { components: "complete", dependencies: "complete", method: "observed" },
  };
  return {
    verdict: sampleVerdict("warn", sampleReasons()),
    title: NAME,
    artifact: { name: NAME, digests: { sha256: ARTIFACT }, kind: "npm-package", sizeBytes: 9184 },
    version: "0.1.0",
    declared,
    analyzed,
    matched: {
      known: true,
      value: {
        database: {
          digest: fakeDigest("index"),
          modified: "2026-11-20T04:11:09Z",
          sources: [{ name: "osv bucket", records: 218_430 }],
        },
        components: declared.components.length,
        findings: sampleFindings(declared),
        unknown: [],
      },
    },
    build: sampleBuild(),
    rebuild: {
      outcome: "identical",
      normalised: [],
      differences: [],
      factors: ["path", "time", "locale", "timezone", "umask", "user", "hostname", "file-order", "cpus", "environment"],
      first: ARTIFACT,
      second: ARTIFACT,
      told: { kind: "seen" },
      party: "same",
    },
    papers: samplePapers(),
    agreement: { onlyClaimed: [], onlySeen: [] },
  };
}

/** The same as a receiver sees it: build and rebuild are what its producer says. */
export function receivedSample(declared: Sbom): ReportInput {
  const { declared: _, build, rebuild, verdict, ...rest } = sampleReport(declared);
  const said = (paper: string): Told => ({ kind: "claimed", by: "acme-release", paper: fakeDigest(`paper ${paper}`) });
  if (build?.run === undefined || rebuild === undefined) throw new Error("the sample has a build");
  const { exchangesBytes: _bytes, ...run } = build.run;
  const [output] = build.outputs;
  return {
    ...rest,
    verdict: { ...verdict, station: "install" },
    build: {
      ...build,
      told: said("provenance"),
      outputs: [{ name: output?.name ?? "", digests: output?.digests ?? {} }],
      run,
    },
    rebuild: { ...rebuild, told: said("rebuild") },
  };
}

/** A verdict about the sample artifact. */
export function sampleVerdict(decision: Verdict["decision"], reasons: readonly Reason[]): Verdict {
  return {
    station: "package",
    subject: { name: NAME, digest: ARTIFACT },
    decision,
    reasons,
    inputs: {
      policy: { origin: "waybill.policy.yaml", digest: fakeDigest("policy") },
      trust: { origin: "waybill.trust.yaml", digest: fakeDigest("trust") },
      advisories: { origin: "osv bucket of 2026-11-20", digest: fakeDigest("index") },
      vex: [{ origin: "vex/acme.openvex.json", digest: fakeDigest("vex") }],
    },
    at: "2026-11-23T10:00:00Z",
  };
}

/** One reason, for the parts that a test is not about. */
export function reason(rule: RuleId, outcome: Reason["outcome"], rest: Partial<Reason> = {}): Reason {
  return { rule, mode: "enforce", outcome, expected: "what is asked", found: "what is there", evidence: [], ...rest };
}

function sampleReasons(): readonly Reason[] {
  const provenance = [fakeDigest("paper provenance")];
  return [
    reason("build.provenance", "pass", {
      expected: "provenance of level SLSA_BUILD_LEVEL_1 or more",
      found: "SLSA_BUILD_LEVEL_1 by https://waybill.dev/builder/local-sandbox",
      evidence: provenance,
    }),
    reason("build.reproducible", "pass", {
      expected: "built again with the same bytes",
      found: "identical under 10 varied factors (self-reproduced)",
      evidence: [fakeDigest("paper rebuild")],
    }),
    reason("package.manifest", "pass", {
      expected: "every paper that the manifest lists, and no other",
      found: "5 of 5",
      evidence: [fakeDigest("paper manifest")],
    }),
    reason("package.sbom", "pass", {
      expected: "a complete SBOM in CycloneDX and SPDX that agrees with the bytes",
      found: "both, complete; nothing in the bytes that they do not list",
      evidence: [fakeDigest("paper cyclonedx"), fakeDigest("paper spdx")],
    }),
    reason("package.vulnerabilities", "fail", {
      mode: "warn",
      expected: "no finding of severity medium or more that has a fix",
      found: "GHSA-67mh-4wv8-2f99 (medium) in esbuild 0.23.1, a development dependency; fixed in 0.25.0",
      fix: "npm install --save-dev esbuild@0.25.0",
    }),
    reason("package.licenses", "excepted", {
      expected: "licences on the allowed list: MIT, ISC, BSD-2-Clause, BSD-3-Clause, Apache-2.0",
      found: "Python-2.0 in argparse 2.0.1",
      exception: {
        owner: "@legal",
        reason: "permissive, used by development tools only; reviewed in LEGAL-118",
        expires: "2027-01-31T00:00:00Z",
      },
    }),
    reason("package.known-malware", "pass", {
      expected: "no known malicious component",
      found: "none among the components",
    }),
    reason("package.signed-by", "pass", {
      expected: "every paper signed by acme-release",
      found: "6 of 6, key in scope",
      evidence: provenance,
    }),
  ];
}

function sampleFindings(sbom: Sbom): readonly Finding[] {
  const of = (name: string): Component | undefined => sbom.components.find((component) => component.name === name);
  const finding = (name: string, rest: Partial<Finding>): Finding => ({
    component: of(name)?.ref ?? name,
    name,
    version: of(name)?.version ?? "0.0.0",
    ecosystem: "npm",
    scope: "dev",
    locations: [{ path: "package-lock.json", line: 100 }],
    id: "",
    ids: [],
    kind: "vulnerable",
    records: [],
    rating: { risk: 0 },
    severity: "medium",
    summary: "",
    fixed: [],
    paths: [],
    ...rest,
  });
  return [
    finding("brace-expansion", {
      id: "GHSA-0000-0000-0001",
      ids: ["CVE-0000-00001", "GHSA-0000-0000-0001"],
      severity: "low",
      summary: "Made-up record of this sample: a pattern of nested braces takes time that grows with its square",
      url: "https://advisories.example/GHSA-0000-0000-0001",
      fixed: ["1.1.90", "2.9.0"],
      paths: [
        [
          sbom.root,
          of("eslint")?.ref ?? "eslint",
          of("minimatch")?.ref ?? "minimatch",
          of("brace-expansion")?.ref ?? "b",
        ],
        [sbom.root],
        [sbom.root],
      ],
      vex: {
        status: "not_affected",
        justification: "vulnerable_code_cannot_be_controlled_by_adversary",
        author: "security@acme.example",
        document: fakeDigest("vex"),
        at: "2026-11-02T09:30:00Z",
      },
    }),
    finding("esbuild", {
      id: "GHSA-67mh-4wv8-2f99",
      ids: ["GHSA-67mh-4wv8-2f99"],
      summary: "The development server answers requests of any web site",
      url: "https://advisories.example/GHSA-67mh-4wv8-2f99",
      fixed: ["0.25.0"],
      paths: [[sbom.root, of("esbuild")?.ref ?? "esbuild"]],
    }),
    finding("inflight", {
      id: "WAYBILL-0000-0002",
      ids: ["WAYBILL-0000-0002"],
      kind: "deprecated",
      severity: "unknown",
      summary: "Its author says: not supported, and leaks memory",
      paths: [[sbom.root, of("eslint")?.ref ?? "eslint", of("glob")?.ref ?? "glob", of("inflight")?.ref ?? "inflight"]],
    }),
  ];
}

function sampleBuild(): NonNullable<ReportInput["build"]> {
  return {
    told: { kind: "seen" },
    builderId: "https://waybill.dev/builder/local-sandbox",
    source: {
      uri: "git+https://git.acme.example/libs/semver-lite",
      digests: {
        gitCommit: fakeDigest("commit").slice(0, 40),
        gitTree: fakeDigest("tree").slice(0, 40),
      },
      dirty: false,
      ref: "refs/tags/v0.4.1",
    },
    outputs: [{ name: NAME, digests: { sha256: ARTIFACT }, sizeBytes: 9184 }],
    run: {
      commands: [
        ["npm", "ci"],
        ["npm", "run", "build", "--if-present"],
        ["npm", "pack", "--pack-destination", "/out"],
      ],
      exchanges: 163,
      exchangesBytes: 31_744_210,
      mode: "bwrap",
    },
  };
}

function samplePapers(): ReportInput["papers"] {
  const names = ["provenance", "cyclonedx", "spdx", "vulns", "rebuild", "manifest"] as const;
  return names.map((name) => ({
    predicateType: PREDICATE_TYPES[name],
    digest: fakeDigest(`paper ${name}`),
    signer: "acme-release",
    outcome: "verified",
  }));
}

function nameAt(position: string): string {
  return position.slice(position.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** Node's resolution: the nearest `node_modules` upwards. */
function resolve(from: string, name: string, packages: Record<string, LockedPackage>): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const candidate = at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (at === "") return undefined;
    if (!at.includes("/node_modules/")) at = "/node_modules/";
  }
}

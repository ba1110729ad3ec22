import { sha256 } from "../../../src/artifact/digest.ts";
import { npmPurl } from "../../../src/artifact/purl.ts";
import { cyclonedxDocument } from "../../../src/format/cyclonedx.ts";
import { provenancePredicate } from "../../../src/format/slsa.ts";
import type { Finding, MatchResult } from "../../../src/model/advisory.ts";
import type { BuildRecord } from "../../../src/model/build.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Facts, Reason, Verdict } from "../../../src/model/policy.ts";
import type { Component, Sbom } from "../../../src/model/sbom.ts";
import { type JsonObject, PREDICATE_TYPES, type PredicateName, WAYBILL_URI } from "../../../src/model/statement.ts";
import type { Check, Evidence, SigningTime, TrustEntry } from "../../../src/model/trust.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { parsePolicy, type PlacedPolicy } from "../../../src/policy/policy-file.ts";

export const AT = "2026-11-24T10:00:00Z";
export const SHA = "ab".repeat(32);
export const PURL: string = npmPurl("demo", "1.0.0");
export const BUILDER = `${WAYBILL_URI}/builder/local-bwrap/v1`;

/** A policy from YAML text; `version: 1` is put before it. */
export function policyOf(yaml: string): Promise<PlacedPolicy> {
  return parsePolicy(Buffer.from(`version: 1\n${yaml}`), "p.yaml", "p.yaml");
}

export function trustEntry(name: string, principal = name): TrustEntry {
  return {
    name,
    principal,
    identity: { kind: "key", keyId: sha256(name), publicKeyPem: "" },
    scope: { predicates: ["*"], subjects: ["*"], builders: {}, verifiers: [] },
  };
}

interface EvidenceMore {
  readonly by?: string;
  readonly level?: NonNullable<Evidence["buildLevel"]>;
  readonly time?: SigningTime;
  readonly subject?: string;
}

let papers = 0;

/** Evidence as `verify()` would give it; only a test writes it by hand. */
export function evidence(type: PredicateName, predicate: JsonObject, more: EvidenceMore = {}): Evidence {
  papers += 1;
  return {
    statement: {
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "demo-1.0.0.tgz", digest: { sha256: more.subject ?? SHA } }],
      predicateType: PREDICATE_TYPES[type],
      predicate,
    },
    signer: trustEntry(more.by ?? "acme"),
    time: more.time ?? { value: "2026-11-20T10:00:00Z", source: "signer" },
    paper: papers.toString(16).padStart(64, "0"),
    ...(more.level !== undefined && { buildLevel: more.level }),
  } as unknown as Evidence;
}

export function buildRecord(more: Partial<BuildRecord> = {}): BuildRecord {
  return {
    source: { uri: "git+https://code.example/demo", digests: { gitCommit: "c".repeat(40) }, dirty: false },
    commands: [["npm", "ci"]],
    locked: true,
    mode: "bwrap",
    profileDigest: "d".repeat(64),
    network: "recorded",
    exchanges: [exchange("https://registry.acme.example/a.tgz")],
    toolchain: [],
    environment: {},
    limits: { timeSeconds: 1, memoryBytes: 1, processes: 1, outputBytes: 1, fileBytes: 1 },
    outputs: [],
    log: { digests: { sha256: "e".repeat(64) }, sizeBytes: 1 },
    invocationId: "1",
    startedOn: "2026-11-20T09:00:00Z",
    finishedOn: "2026-11-20T09:01:00Z",
    ...more,
  };
}

export function exchange(url: string): BuildRecord["exchanges"][number] {
  return {
    method: "GET",
    url,
    status: 200,
    digests: { sha256: "f".repeat(64) },
    sizeBytes: 1,
    cached: false,
    decision: "allowed",
  };
}

export function provenanceEvidence(
  record: Partial<BuildRecord> = {},
  more: EvidenceMore = {},
  builder = BUILDER,
): Evidence {
  const predicate = provenancePredicate(buildRecord(record), { id: builder, version: "1.0.0" });
  return evidence("provenance", predicate, { level: "SLSA_BUILD_LEVEL_1", ...more });
}

export function component(
  name: string,
  licences: readonly string[] = ["MIT"],
  more: Partial<Component> = {},
): Component {
  const purl: string = npmPurl(name, "1.0.0");
  return {
    ref: purl,
    name,
    version: "1.0.0",
    purl,
    ecosystem: "npm",
    scope: "runtime",
    direct: true,
    digests: {},
    licences: licences.map((expression) => ({ expression, spdx: true, technique: "manifest" })),
    occurrences: [{ path: `node_modules/${name}/package.json`, technique: "manifest" }],
    own: false,
    ...more,
  };
}

export function sbomOf(components: readonly Component[], more: Partial<Sbom> = {}): Sbom {
  return {
    lifecycle: "analyzed",
    subject: { name: "demo", version: "1.0.0", purl: PURL, digests: { sha256: SHA } },
    root: PURL,
    components,
    dependencies: components.map(({ ref }) => ({ from: PURL, to: ref, scope: "runtime" })),
    completeness: { components: "complete", dependencies: "complete", method: "observed" },
    unknowns: [],
    licences: [],
    ...more,
  };
}

export function sbomEvidence(sbom: Sbom, more: EvidenceMore = {}): Evidence {
  const meta = { timestamp: "2026-11-20T09:00:00Z", tool: { name: "waybill", version: "1.0.0" } };
  return evidence("cyclonedx", cyclonedxDocument(sbom, meta), more);
}

export function finding(id: string, severity: Finding["severity"], more: Partial<Finding> = {}): Finding {
  const purl: string = npmPurl("left", "1.0.0");
  return {
    component: purl,
    purl,
    name: "left",
    version: "1.0.0",
    ecosystem: "npm",
    scope: "runtime",
    locations: [],
    id,
    ids: [id],
    kind: "vulnerable",
    records: [],
    rating: { risk: 0 },
    severity,
    summary: "goes wrong",
    fixed: ["1.0.1"],
    paths: [],
    ...more,
  };
}

export function matchedOf(findings: readonly Finding[], more: Partial<MatchResult> = {}): Facts["matched"] {
  const database = { digest: "9".repeat(64), modified: "2026-11-20T00:00:00Z", sources: [{ name: "osv", records: 1 }] };
  return { known: true, value: { database, components: 3, findings, unknown: [], ...more } };
}

export function factsOf(more: Partial<Facts> = {}): Facts {
  const found = more.evidence ?? [];
  return {
    station: "package",
    artifact: { name: "demo-1.0.0.tgz", digests: { sha256: SHA }, kind: "npm-package" },
    stated: PURL,
    evidence: found,
    refusals: [],
    papers: found.map(({ paper }) => paper),
    inspected: sbomOf([component("left")]),
    matched: matchedOf([]),
    trust: { entries: [trustEntry("acme")], input: { origin: "trust.yaml", digest: "7".repeat(64) } },
    vex: [],
    at: AT,
    ...more,
  };
}

/** A paper of this predicate that did not verify. */
export function refusal(
  type: PredicateName | undefined,
  outcome: Check["outcome"] = "refused",
): Facts["refusals"][number] {
  const code = outcome === "refused" ? "WB-VERIFY-SIGNATURE" : "WB-VERIFY-UNCHECKED";
  return {
    paper: "8".repeat(64),
    line: 7,
    ...(type !== undefined && { predicateType: PREDICATE_TYPES[type] }),
    checks: [
      { name: "form", outcome: "verified" },
      { name: "signature", outcome, code },
    ],
  };
}

/** A paper that no key of the trust signed, as `checkSignature` says it. */
export function strangersPaper(type: PredicateName, paper = "5".repeat(64)): Facts["refusals"][number] {
  return {
    paper,
    line: 9,
    predicateType: PREDICATE_TYPES[type],
    checks: [
      { name: "bundle-form", outcome: "verified" },
      { name: "key-known", outcome: "refused", code: "WB-VERIFY-KEY-UNKNOWN", found: "hint x" },
      { name: "signature", outcome: "unchecked", code: "WB-CHECK-NOT-REACHED" },
    ],
  };
}

/** The reasons of one rule under a policy. */
export async function reasonsFor(rule: string, yaml: string, facts: Facts): Promise<readonly Reason[]> {
  return evaluate(await policyOf(yaml), facts).reasons.filter((reason) => reason.rule === rule);
}

/** Worst outcome of one rule: fail, unchecked, pass; and everything that it found, joined. */
export async function said(rule: string, yaml: string, facts: Facts): Promise<readonly [string, string]> {
  const reasons = await reasonsFor(rule, yaml, facts);
  const worst = ["fail", "unchecked", "pass"].find((outcome) => reasons.some((reason) => reason.outcome === outcome));
  return [worst ?? "absent", reasons.map(({ found }) => found).join(" | ")];
}

export function outcomesOf({ reasons }: Verdict): readonly string[] {
  return reasons.map(({ rule, outcome }) => `${rule} ${outcome}`);
}

/** The facts of the fault that a promise ends in. */
export async function faultOf(promise: Promise<unknown>): Promise<Fault["facts"]> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Fault) return error.facts;
    throw error;
  }
  throw new Error("no fault");
}

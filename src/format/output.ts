import type { Finding, MatchedRecord, MatchResult, Overruled, VexClaim, VexWord } from "../model/advisory.ts";
import type { Comparison } from "../model/build.ts";
import type { Timestamp } from "../model/digest.ts";
import type { Verdict } from "../model/policy.ts";
import type { ComponentRef, Sbom } from "../model/sbom.ts";
import type { Json, JsonObject, Statement } from "../model/statement.ts";
import type { Check, SigningTime, Verification } from "../model/trust.ts";
import { ratingJson } from "./rating-output.ts";
import { verdictJson } from "./verdict.ts";

/** `waybill.scan/1` (docs/schemas.md). `sourceName` is as the user wrote it. Paths are shown as package URLs where known. */
export function scanOutput(sourceName: string, sbom: Sbom, matched: MatchResult): JsonObject {
  const purls = purlsOf(sbom);
  return {
    schema: "waybill.scan/1",
    source: sourceName,
    database: databaseOutput(sbom, matched.database),
    components: matched.components,
    findings: matched.findings.map((finding) => findingOutput(finding, purls, matched.database.modified)),
    unknown: [...sbom.unknowns, ...matched.unknown].map(({ where, what }) => ({ where, what })),
    ...(matched.notes !== undefined && { notes: matched.notes.map(({ where, what }) => ({ where, what })) }),
    ...(matched.overruled !== undefined && { overruled: matched.overruled.map((one) => overruledJson(one, purls)) }),
  };
}

function overruledJson(
  { component, id, action, reason, owner, expires, expired }: Overruled,
  purls: ReadonlyMap<ComponentRef, string>,
): JsonObject {
  const about = component === undefined ? {} : { component: purls.get(component) ?? component };
  return { ...about, id, action, reason, owner, expires, expired };
}

function recordJson({ id, modified, ecosystem, name, version, reason }: MatchedRecord): JsonObject {
  return { id, modified, ecosystem, name, version, reason: { ...reason } };
}

/** How refs are told to those who do not have the SBOM. */
export function purlsOf(sbom: Sbom): ReadonlyMap<ComponentRef, string> {
  const purls = new Map<ComponentRef, string>();
  for (const { ref, purl } of sbom.components) if (purl !== undefined) purls.set(ref, purl);
  if (sbom.subject.purl !== undefined) purls.set(sbom.root, sbom.subject.purl);
  return purls;
}

/** A finding as `waybill.scan/1` and `waybill.explain/1` tell it. `dataAt` is up to when the index knows. */
export function findingOutput(
  finding: Finding,
  purls: ReadonlyMap<ComponentRef, string>,
  dataAt: Timestamp,
): JsonObject {
  const { vex } = finding;
  return {
    component: {
      purl: finding.purl ?? null,
      name: finding.name,
      version: finding.version,
      ecosystem: finding.ecosystem,
      scope: finding.scope,
      locations: finding.locations.map(({ path, line }) => ({ path, ...(line !== undefined && { line }) })),
    },
    advisory: {
      id: finding.id,
      ids: finding.ids,
      summary: finding.summary,
      ...(finding.url !== undefined && { url: finding.url }),
    },
    kind: finding.kind,
    severity: finding.severity,
    rating: ratingJson(finding.rating, dataAt),
    fixed: finding.fixed,
    records: finding.records.map(recordJson),
    ...(finding.reachability !== undefined && { reachability: { ...finding.reachability } }),
    paths: finding.paths.map((path) => path.map((ref) => purls.get(ref) ?? ref)),
    vex: vex === undefined ? null : claimJson(vex),
    ...(finding.passedOver !== undefined && {
      passedOver: finding.passedOver.map((one) => ({ ...wordJson(one), why: one.why })),
    }),
  };
}

function wordJson({ status, justification, author, document, at }: VexWord): JsonObject {
  return {
    status,
    ...(justification !== undefined && { justification }),
    author,
    document,
    ...(at !== undefined && { at }),
  };
}

/** `findings[].vex` of `waybill.scan/1`. */
export function claimJson(claim: VexClaim): JsonObject {
  const { text, expires, carriedFrom, conflicts } = claim;
  return {
    ...wordJson(claim),
    ...(text !== undefined && { text }),
    ...(expires !== undefined && { expires }),
    ...(carriedFrom !== undefined && { carriedFrom }),
    ...(conflicts !== undefined && { conflicts: conflicts.map(wordJson) }),
  };
}

/** Which index judged, and what it holds of the ecosystems that were asked about. */
function databaseOutput(sbom: Sbom, { digest, modified, shards }: MatchResult["database"]): JsonObject {
  const asked = new Set(sbom.components.map(({ ecosystem }) => ecosystem.split(":", 1)[0]?.toLowerCase()));
  const used = shards?.filter(({ name }) => asked.has(name.split(":", 1)[0]?.toLowerCase()));
  return {
    digest,
    modified,
    ...(used !== undefined && {
      shards: used.map(({ name, digest: own = null, records = null }) => ({ name, digest: own, records })),
    }),
  };
}

/** `waybill.verify/1` (docs/schemas.md) of one paper. `signer`, `time` and `statement` only of what is verified, else null. */
export function verifyOutput(verification: Verification): JsonObject {
  const evidence = verification.outcome === "verified" ? verification.evidence : undefined;
  return {
    schema: "waybill.verify/1",
    outcome: verification.outcome,
    checks: verification.checks.map(checkJson),
    signer: evidence ? signerJson(evidence.signer) : null,
    time: evidence ? timeJson(evidence.time) : null,
    statement: evidence ? statementJson(evidence.statement) : null,
  };
}

function checkJson(check: Check): JsonObject {
  return {
    name: check.name,
    outcome: check.outcome,
    ...(check.code !== undefined && { code: check.code }),
    ...(check.expected !== undefined && { expected: check.expected }),
    ...(check.found !== undefined && { found: check.found }),
  };
}

function signerJson(signer: { name: string; principal: string; identity: { keyId: string } }): JsonObject {
  return { name: signer.name, principal: signer.principal, keyId: signer.identity.keyId };
}

function timeJson(time: SigningTime): JsonObject {
  return { value: time.value, source: time.source };
}

/** Statements are JSON by construction; their interfaces only lack the index signature. */
function statementJson(statement: Statement): Json {
  return statement as unknown as Json;
}

/** `waybill.verdict/1` (docs/schemas.md): the predicate of the verdict statement is the same form with its verifier. */
export function verdictOutput(verdict: Verdict): JsonObject {
  return verdictJson(verdict);
}

/** `waybill.compare/1` (docs/schemas.md). */
export function compareOutput(comparison: Comparison): JsonObject {
  return {
    schema: "waybill.compare/1",
    outcome: comparison.outcome,
    normalised: comparison.normalised,
    differences: comparison.differences.map(({ path, cause, detail, fix }) => ({ path, cause, detail, fix })),
  };
}

import { paperOf } from "../../evidence/papers.ts";
import {
  manifestStatement,
  provenanceStatement,
  rebuildStatement,
  sbomStatement,
  spdxStatement,
  verdictStatement,
  vsaStatement,
  vulnsStatement,
} from "../../evidence/statements.ts";
import { cyclonedxDocument } from "../../format/cyclonedx.ts";
import { spdxDocument } from "../../format/spdx.ts";
import type { MatchResult } from "../../model/advisory.ts";
import type { Artifact } from "../../model/artifact.ts";
import type { BuildRecord, RebuildResult } from "../../model/build.ts";
import type { Paper } from "../../model/bundle.ts";
import type { DigestHex, Known, Timestamp } from "../../model/digest.ts";
import type { Verdict } from "../../model/policy.ts";
import type { Sbom } from "../../model/sbom.ts";
import { type JsonObject, type Statement, WAYBILL_URI } from "../../model/statement.ts";
import type { Signer } from "../../model/trust.ts";
import { signStatement } from "../../trust/sign.ts";

/** Who judges when a producer ships: a receiver's own verifier has another id (DESIGN, rule 4). */
export const VERIFIER_ID = `${WAYBILL_URI}/verifier/ship`;

/** All that the papers of one artifact state. */
export interface Findings {
  readonly artifact: Artifact;
  readonly purl: string | undefined;
  readonly record: BuildRecord;
  readonly builder: { readonly id: string; readonly version: string };
  readonly declared: Sbom;
  readonly analyzed: Sbom;
  readonly matched: Known<MatchResult>;
  readonly rebuilt: RebuildResult;
  /** The time that documents carry: of the commit, so that the same commit gives the same documents. */
  readonly timestamp: Timestamp | null;
  readonly at: Timestamp;
}

/** The SBOM documents as they are signed and as they lie beside the artifact. */
export interface Documents {
  readonly cyclonedx: JsonObject;
  readonly spdx: JsonObject;
  readonly sourceCyclonedx: JsonObject;
}

/** What lies in the artifact, in both forms, and what its sources declare: two lifecycles, never mixed (DESIGN, rule 8). */
export function documentsOf(found: Findings): Documents {
  const meta = { timestamp: found.timestamp, tool: { name: "waybill", version: found.builder.version } };
  return {
    cyclonedx: cyclonedxDocument(found.analyzed, meta),
    spdx: spdxDocument(found.analyzed, meta),
    sourceCyclonedx: cyclonedxDocument(found.declared, meta),
  };
}

/** Every statement that `ship` can make before it judges, in the order of the flow. */
export function stateAll(found: Findings, documents: Documents): readonly Statement[] {
  const { artifact, record, builder, matched, rebuilt, at } = found;
  const source = { name: record.source.uri, digests: record.source.digests };
  return [
    provenanceStatement(artifact, record, builder),
    sbomStatement(artifact, documents.cyclonedx),
    spdxStatement(artifact, documents.spdx),
    sbomStatement(source, documents.sourceCyclonedx),
    ...(matched.known ? [vulnsStatement(artifact, matched.value, at)] : []),
    rebuildStatement(artifact, rebuilt, builder.id),
  ];
}

/** A signed statement as it will lie in the papers file. */
export interface SignedPaper {
  readonly paper: Paper;
  readonly predicateType: string;
}

function signOne(statement: Statement, signer: Signer, line: number): SignedPaper {
  const bundle = signStatement(statement, signer);
  return { paper: { digest: paperOf(bundle).digest, line, bundle }, predicateType: statement.predicateType };
}

/** Signs statements one by one; `after` is the number of papers before them. */
export function signPapers(statements: readonly Statement[], signer: Signer, after = 0): readonly SignedPaper[] {
  return statements.map((statement, index) => signOne(statement, signer, after + index + 1));
}

/** These papers with the signed list of them, so that none can be taken away unseen (DESIGN, rule 5). */
export function withManifest(
  artifact: Artifact,
  signed: readonly SignedPaper[],
  signer: Signer,
  at: Timestamp,
): readonly SignedPaper[] {
  const listed = signed.map(({ paper, predicateType }) => ({ digest: paper.digest, predicateType }));
  return [...signed, signOne(manifestStatement(artifact, listed, at), signer, signed.length + 1)];
}

/** A verdict that names these papers only: the manifest that it weighed is signed anew when the verdict is listed, and not shipped. */
export function naming(shipped: readonly SignedPaper[], verdict: Verdict): Verdict {
  const digests = new Set(shipped.map(({ paper }) => paper.digest));
  const evidence = (all: readonly DigestHex[]): readonly DigestHex[] => all.filter((digest) => digests.has(digest));
  return { ...verdict, reasons: verdict.reasons.map((reason) => ({ ...reason, evidence: evidence(reason.evidence) })) };
}

/** The producer's verdict in both forms, over the papers that it weighed. */
export function stateVerdict(found: Findings, verdict: Verdict, weighed: readonly SignedPaper[]): readonly Statement[] {
  const verifier = { id: VERIFIER_ID, version: found.builder.version };
  const levels = verdict.decision === "deny" ? ["SLSA_BUILD_LEVEL_0"] : ["SLSA_BUILD_LEVEL_1"];
  return [
    verdictStatement(found.artifact, verdict, VERIFIER_ID),
    vsaStatement(
      found.artifact,
      verdict,
      verifier,
      found.purl ?? found.artifact.name,
      weighed.map(({ paper }) => paper.digest),
      levels,
    ),
  ];
}

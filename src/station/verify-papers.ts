import { parseProvenance } from "../format/slsa.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Paper } from "../model/bundle.ts";
import type { DigestSet, Timestamp } from "../model/digest.ts";
import type { Facts } from "../model/policy.ts";
import { PREDICATE_TYPES } from "../model/statement.ts";
import type { Evidence, Trust, Verification } from "../model/trust.ts";
import { verify } from "../trust/verify.ts";

/** What the papers of one artifact came to. */
export interface VerifiedPapers {
  readonly evidence: readonly Evidence[];
  readonly refusals: Facts["refusals"];
}

/** The digests of the sources that a verified provenance names first among its dependencies. */
function sourceDigests(evidence: readonly Evidence[]): readonly DigestSet[] {
  return evidence
    .filter(({ statement }) => statement.predicateType === PREDICATE_TYPES.provenance)
    .map(({ statement, paper }) => parseProvenance(statement.predicate, paper).resolvedDependencies[0]?.digest)
    .filter((digest) => digest !== undefined);
}

function predicateTypeOf(paper: Paper): string | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(paper.bundle.dsseEnvelope.payload, "base64").toString("utf8"));
    const type = (payload as { predicateType?: unknown } | null)?.predicateType;
    return typeof type === "string" ? type.slice(0, 200) : undefined;
  } catch {
    return undefined;
  }
}

const onlySubjectFailed = (result: Verification): boolean =>
  result.outcome === "refused" &&
  result.checks.every(
    (check) => check.outcome === "verified" || check.name === "subject" || check.code === "WB-CHECK-NOT-REACHED",
  ) &&
  result.checks.some((check) => check.name === "subject" && check.outcome === "refused");

/**
 * Verifies every paper against the artifact; a paper about the sources (the *source* SBOM, DESIGN rule 8) against the sources
 * that a verified provenance of this artifact names. Nothing is dropped: what does not verify is a refusal with its checks.
 */
export function verifyPapers(
  papers: readonly Paper[],
  artifact: Artifact,
  names: readonly string[],
  trust: Trust,
  at: Timestamp,
): VerifiedPapers {
  const first = papers.map((paper) => ({
    paper,
    result: verify(paper.bundle, paper.digest, { subject: artifact.digests, names }, trust, at),
  }));
  const evidence = first.flatMap(({ result }) => (result.outcome === "verified" ? [result.evidence] : []));
  const sources = sourceDigests(evidence);
  const second = first.map(({ paper, result }) => {
    if (!onlySubjectFailed(result)) return { paper, result };
    for (const subject of sources) {
      const again = verify(paper.bundle, paper.digest, { subject, names }, trust, at);
      if (again.outcome === "verified") return { paper, result: again };
    }
    return { paper, result };
  });
  return {
    evidence: second.flatMap(({ result }) => (result.outcome === "verified" ? [result.evidence] : [])),
    refusals: second.flatMap(({ paper, result }) => {
      if (result.outcome === "verified") return [];
      const predicateType = predicateTypeOf(paper);
      return [
        {
          paper: paper.digest,
          line: paper.line,
          checks: result.checks,
          ...(predicateType === undefined ? {} : { predicateType }),
        },
      ];
    }),
  };
}

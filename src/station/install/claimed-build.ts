import { shareStrongDigest } from "../../artifact/digest.ts";
import { parseBuildClaims } from "../../format/build-claims.ts";
import { parseRebuild } from "../../format/predicates.ts";
import type { ReportBuild, ReportRebuild, Told } from "../../format/report/input.ts";
import type { Artifact } from "../../model/artifact.ts";
import { Fault } from "../../model/fault.ts";
import { PREDICATE_TYPES, type PredicateName } from "../../model/statement.ts";
import type { Evidence } from "../../model/trust.ts";

/** Verified papers of one type about the artifact itself. */
function about(artifact: Artifact, evidence: readonly Evidence[], type: PredicateName): readonly Evidence[] {
  return evidence.filter(
    ({ statement }) =>
      statement.predicateType === PREDICATE_TYPES[type] &&
      statement.subject.some(({ digest }) => shareStrongDigest(digest, artifact.digests)),
  );
}

const told = ({ signer, paper }: Evidence): Told => ({ kind: "claimed", by: signer.name, paper });

/** A form that cannot be read claims nothing; what is wrong with it, the rules say. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** How a verified provenance says that the artifact was built: the first that can be read. */
export function claimedBuild(artifact: Artifact, evidence: readonly Evidence[]): ReportBuild | undefined {
  for (const paper of about(artifact, evidence, "provenance")) {
    const { statement } = paper;
    const claims = readable(() => parseBuildClaims(statement.predicate, "provenance"));
    if (claims === undefined) continue;
    const { builderId, source, own } = claims;
    return {
      told: told(paper),
      builderId,
      source: source ?? { uri: "not named", digests: {}, dirty: false },
      outputs: statement.subject.map(({ name, digest }) => ({ name: name ?? "without a name", digests: digest })),
      run: own && { commands: own.commands, exchanges: own.urls.length, mode: own.sandbox },
    };
  }
  return undefined;
}

const WORST = ["identical", "equivalent", "different"] as const;

/** What verified papers say of second builds: the worst of them, so that one that differs is not hidden behind one that agrees. */
export function claimedRebuild(artifact: Artifact, evidence: readonly Evidence[]): ReportRebuild | undefined {
  const builders = about(artifact, evidence, "provenance").map(({ signer }) => signer);
  const rebuilds = about(artifact, evidence, "rebuild").flatMap((paper): readonly ReportRebuild[] => {
    const result = readable(() => parseRebuild(paper.statement.predicate, "rebuild"));
    if (result === undefined) return [];
    const { principal, identity } = paper.signer;
    const same = builders.some((one) => one.principal === principal || one.identity.keyId === identity.keyId);
    const { outcome, normalised, differences, factors, first, second } = result;
    const party = builders.length === 0 ? "unknown" : same ? "same" : "other";
    return [{ outcome, normalised, differences, factors, first, second, told: told(paper), party }];
  });
  return rebuilds.toSorted((a, b) => WORST.indexOf(b.outcome) - WORST.indexOf(a.outcome))[0];
}

import { type AdvisoriesClaim, advisoriesPredicate } from "../format/advisories-claim.ts";
import { manifestPredicate, rebuildPredicate, verdictPredicate, vulnsPredicate } from "../format/predicates.ts";
import { provenancePredicate, vsaPredicate } from "../format/slsa.ts";
import type { MatchResult } from "../model/advisory.ts";
import type { BuildRecord, RebuildResult } from "../model/build.ts";
import type { DigestHex, DigestSet, Timestamp } from "../model/digest.ts";
import type { Verdict } from "../model/policy.ts";
import {
  type JsonObject,
  PREDICATE_TYPES,
  type PredicateName,
  STATEMENT_TYPE,
  type Statement,
} from "../model/statement.ts";

/** What a statement is about: an `Artifact`, or any other thing with a name and digests. */
interface StatedSubject {
  readonly name: string;
  readonly digests: DigestSet;
}

function state(subject: StatedSubject, type: PredicateName, predicate: JsonObject): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: subject.name, digest: subject.digests }],
    predicateType: PREDICATE_TYPES[type],
    predicate,
  };
}

/** An advisory index that is carried: by the bytes of `content`, and by its digest under the name `index`. */
export function advisoriesStatement(content: StatedSubject, claim: AdvisoriesClaim): Statement {
  const statement = state(content, "advisories", advisoriesPredicate(claim));
  return { ...statement, subject: [...statement.subject, { name: "index", digest: { sha256: claim.digest } }] };
}

/** How the subject was built: SLSA provenance v1. */
export function provenanceStatement(
  subject: StatedSubject,
  record: BuildRecord,
  builder: { readonly id: string; readonly version: string },
): Statement {
  return state(subject, "provenance", provenancePredicate(record, builder));
}

/** What is in the subject: a CycloneDX document (`cyclonedxDocument`). */
export function sbomStatement(subject: StatedSubject, document: JsonObject): Statement {
  return state(subject, "cyclonedx", document);
}

/** What is in the subject: an SPDX 2.3 document (`spdxDocument`). */
export function spdxStatement(subject: StatedSubject, document: JsonObject): Statement {
  return state(subject, "spdx", document);
}

/** What was known about the subject's components at `at`: in-toto vulns v0.2. */
export function vulnsStatement(subject: StatedSubject, matched: MatchResult, at: Timestamp): Statement {
  return state(subject, "vulns", vulnsPredicate(matched, at));
}

/** What building the subject once more gave. `builderId` is the builder of both builds. */
export function rebuildStatement(subject: StatedSubject, result: RebuildResult, builderId: string): Statement {
  return state(subject, "rebuild", rebuildPredicate(result, builderId));
}

/** Which papers the subject has (DESIGN, rule 5). */
export function manifestStatement(
  subject: StatedSubject,
  papers: readonly { readonly digest: DigestHex; readonly predicateType: string }[],
  at: Timestamp,
): Statement {
  return state(subject, "manifest", manifestPredicate(papers, at));
}

/**
 * A verdict with all its reasons, by the verifier of this id. The subject's digests come from the artifact, for a verdict carries
 * only its SHA-256.
 */
export function verdictStatement(subject: StatedSubject, verdict: Verdict, verifierId: string): Statement {
  return state(subject, "verdict", verdictPredicate(verdict, verifierId));
}

/** The same verdict as a SLSA verification summary v1; `inputPapers` are the digests of the papers that it was judged by. */
export function vsaStatement(
  subject: StatedSubject,
  verdict: Verdict,
  verifier: { readonly id: string; readonly version: string },
  resourceUri: string,
  inputPapers: readonly DigestHex[],
  levels: readonly string[],
): Statement {
  return state(subject, "vsa", vsaPredicate(verdict, verifier, resourceUri, inputPapers, levels));
}

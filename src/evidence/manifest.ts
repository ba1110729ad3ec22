import { parseManifest } from "../format/predicates.ts";
import type { DigestHex } from "../model/digest.ts";
import { PREDICATE_TYPES } from "../model/statement.ts";
import type { Evidence } from "../model/trust.ts";

/** What the manifests of an artifact say of the papers that are there. */
export interface ManifestJudgement {
  /** Whether there is a verified manifest at all. */
  readonly present: boolean;
  /** Listed and not there, sorted: these were stripped. */
  readonly missing: readonly DigestHex[];
  /** There and not listed, sorted: these were added; manifests themselves are not counted. */
  readonly unlisted: readonly DigestHex[];
  /** Papers of the manifests that were judged, sorted. */
  readonly manifests: readonly DigestHex[];
  /** Names of the signers of the manifests, joined; `null` without one. */
  readonly signer: string | null;
}

/**
 * Compares the manifests among the evidence with the papers that are there (DESIGN, rule 5). Several manifests must all be
 * fulfilled: what is listed is their union, and not what the newest says, for the order of manifests is only their signers'
 * word, and an older, shorter or later one must never excuse a paper that is gone.
 */
export function judgeManifest(evidence: readonly Evidence[], presentPapers: readonly DigestHex[]): ManifestJudgement {
  const manifests = evidence.filter(({ statement }) => statement.predicateType === PREDICATE_TYPES.manifest);
  const listed = new Set(
    manifests.flatMap(({ statement, paper }) =>
      parseManifest(statement.predicate, `paper ${paper.slice(0, 16)}`).papers.map(({ digest }) => digest),
    ),
  );
  const own = new Set(manifests.map(({ paper }) => paper));
  const there = new Set(presentPapers);
  const signers = new Set(manifests.map(({ signer }) => signer.name));
  return {
    present: manifests.length > 0,
    missing: [...listed].filter((digest) => !there.has(digest)).sort(),
    unlisted:
      manifests.length === 0 ? [] : [...there].filter((digest) => !listed.has(digest) && !own.has(digest)).sort(),
    manifests: [...own].sort(),
    signer: signers.size === 0 ? null : [...signers].sort().join(", "),
  };
}

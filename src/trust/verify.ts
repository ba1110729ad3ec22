import { shareStrongDigest } from "../artifact/digest.ts";
import { parseStatement } from "../format/intoto.ts";
import type { DigestAlgorithm, DigestHex, DigestSet, Timestamp } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import type { Statement } from "../model/statement.ts";
import type { BuildLevel, Evidence, Expectation, TrustEntry, Verification, Verifier } from "../model/trust.ts";
import { inOrder, type NamedCheck, refused, unchecked, verified } from "./checks.ts";
import { type PredicateClaims, predicateClaims } from "./predicate-claims.ts";
import { checkScope } from "./scope.ts";
import { checkSignature } from "./signature.ts";
import { checkTime, checkValidity } from "./validity.ts";

/** What is judged of one entry that holds the signing key. */
interface EntryJudgement {
  readonly entry: TrustEntry;
  readonly checks: readonly NamedCheck[];
  readonly buildLevel?: BuildLevel;
}

function shownDigests(digests: DigestSet): string {
  const shown = Object.entries(digests).map(([algorithm, hex]) => `${algorithm}:${hex}`);
  return shown.length === 0 ? "no digest" : shown.join(" ");
}

function readStatement(payload: Uint8Array, paper: DigestHex): { check: NamedCheck; statement?: Statement } {
  try {
    return { check: verified("statement-form"), statement: parseStatement(payload, `paper ${paper.slice(0, 16)}`) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { kind, what, expected, found, code } = error.facts;
    const seen = {
      expected: expected ?? "an in-toto Statement v1",
      found: found === undefined ? what : `${what}: ${found}`,
    };
    if (kind === "unchecked") return { check: unchecked("statement-form", code, seen) };
    return { check: refused("statement-form", "WB-VERIFY-STATEMENT-FORM", seen) };
  }
}

const isStrong = (algorithm: DigestAlgorithm, digests: DigestSet): boolean =>
  shareStrongDigest({ [algorithm]: digests[algorithm] }, { [algorithm]: digests[algorithm] });

/** Equal under SHA-1, MD5 or a git object id alone: somebody may have made two things with it (DESIGN, rule 11). */
function isWeakMatch(subject: DigestSet, asked: DigestSet): boolean {
  const shared = (Object.keys(asked) as DigestAlgorithm[]).filter((one) => subject[one] !== undefined);
  return shared.every((one) => !isStrong(one, asked)) && shared.some((one) => subject[one] === asked[one]);
}

function checkSubject(statement: Statement, asked: DigestSet): NamedCheck {
  const match = statement.subject.find(({ digest }) => shareStrongDigest(digest, asked));
  if (match !== undefined) return verified("subject", { found: match.name ?? shownDigests(match.digest) });
  const found = statement.subject.slice(0, 3).map(({ digest }) => shownDigests(digest));
  const weak = statement.subject.some(({ digest }) => isWeakMatch(digest, asked));
  const seen = { expected: shownDigests(asked), found: found.join("; ") };
  return refused("subject", weak ? "WB-SUBJECT-WEAK" : "WB-VERIFY-SUBJECT", seen);
}

function checkPredicateType(statement: Statement, asked: string | undefined): NamedCheck {
  const found = statement.predicateType;
  if (asked === undefined || found === asked) return verified("predicate-type", { found });
  return refused("predicate-type", "WB-VERIFY-PREDICATE-TYPE", { expected: asked, found });
}

function readClaims(statement: Statement, paper: DigestHex): { check: NamedCheck; claims?: PredicateClaims } {
  try {
    const claims = predicateClaims(statement.predicateType, statement.predicate, `paper ${paper.slice(0, 16)}`);
    if (claims !== undefined) return { check: verified("predicate-form"), claims };
    return { check: verified("predicate-form", { found: "a type whose form is not judged" }), claims: {} };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { what, expected, found, code } = error.facts;
    const seen = {
      expected: expected ?? "the form of its type",
      found: `${code} ${what}${found === undefined ? "" : `: ${found}`}`,
    };
    return { check: refused("predicate-form", "WB-VERIFY-PREDICATE-FORM", seen) };
  }
}

/** The entry that permits all, else the one that permits most: its refusal is the one that a person can mend. */
function nearest(judgements: readonly EntryJudgement[]): EntryJudgement | undefined {
  const score = ({ checks }: EntryJudgement): number => checks.filter(({ outcome }) => outcome === "verified").length;
  return judgements.toSorted((a, b) => score(b) - score(a))[0];
}

function outcomeOf(checks: readonly NamedCheck[]): Verification["outcome"] {
  if (checks.some(({ outcome }) => outcome === "refused")) return "refused";
  return checks.every(({ outcome }) => outcome === "verified") ? "verified" : "unchecked";
}

function assertTime(at: Timestamp): void {
  if (!Number.isNaN(Date.parse(at))) return;
  throw new Fault({
    code: "WB-TIME-FORM",
    kind: "input",
    what: "the time to judge at is no time",
    expected: "RFC 3339, UTC",
  });
}

/**
 * Turns a bundle into evidence, or says which checks it failed: all of `CHECK_NAMES`, in order. An unsigned payload is never
 * parsed. Where several trust entries hold the key, the first whose scope and validity permit the statement speaks; else the one
 * that permits most is reported. `paper` is the digest of the bundle's line, `at` the time to judge at.
 *
 * Sources: DESIGN, rules 1, 2, 7, 11; in-toto attestation, docs/validation.md; SLSA v1.2, verifying artifacts. Codes: those of
 * `checkSignature`, `checkValidity`, `checkScope`, `checkTime`, and WB-VERIFY-STATEMENT-FORM, WB-STATEMENT-TYPE (unchecked),
 * WB-VERIFY-SUBJECT, WB-SUBJECT-WEAK, WB-VERIFY-PREDICATE-TYPE, WB-VERIFY-PREDICATE-FORM, WB-CHECK-NOT-REACHED. Throws only
 * `WB-TIME-FORM`, for an `at` that is no time.
 */
export const verify: Verifier = (bundle, paper, expectation, trust, at) => {
  assertTime(at);
  const signed = checkSignature(bundle, trust.entries);
  const [holder] = signed.entries;
  if (signed.payload === undefined || holder === undefined) return refusal(signed.checks, paper);
  const { check: formCheck, statement } = readStatement(signed.payload, paper);
  if (statement === undefined) {
    const validity = checkValidity(holder, signed.entries, at);
    return refusal([...signed.checks, validity, formCheck], paper);
  }
  const { check: predicateCheck, claims } = readClaims(statement, paper);
  const judgements = signed.entries.map((entry): EntryJudgement => {
    const { checks, ...level } = checkScope(entry, statement.predicateType, expectation.names, claims);
    return { entry, checks: [checkValidity(entry, signed.entries, at), ...checks], ...level };
  });
  const { entry, checks: entryChecks, buildLevel } = nearest(judgements) ?? { entry: holder, checks: [] };
  const signing = claims === undefined ? undefined : checkTime(claims.time, at);
  const checks = inOrder([
    ...signed.checks,
    formCheck,
    ...statementChecks(statement, expectation),
    predicateCheck,
    ...entryChecks,
    ...(signing === undefined ? [] : [signing.check]),
  ]);
  if (outcomeOf(checks) !== "verified" || signing === undefined) return refusal(checks, paper);
  const facts = {
    statement,
    signer: entry,
    time: signing.time,
    paper,
    ...(buildLevel === undefined ? {} : { buildLevel }),
  };
  // The one place where evidence is made (DESIGN, "only verify() can make an Evidence").
  return { outcome: "verified", checks, evidence: facts as Evidence };
};

function statementChecks(statement: Statement, expectation: Expectation): readonly NamedCheck[] {
  return [checkSubject(statement, expectation.subject), checkPredicateType(statement, expectation.predicateType)];
}

function refusal(made: readonly NamedCheck[], paper: DigestHex): Verification {
  const checks = inOrder(made);
  return { outcome: outcomeOf(checks) === "refused" ? "refused" : "unchecked", checks, paper };
}

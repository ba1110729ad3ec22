import { shareStrongDigest } from "../artifact/digest.ts";
import { cleanText } from "../artifact/clean-text.ts";
import { judgeManifest } from "../evidence/manifest.ts";
import type { DigestHex } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import type { Facts } from "../model/policy.ts";
import { PREDICATE_TYPES, type PredicateName } from "../model/statement.ts";
import type { Evidence } from "../model/trust.ts";
import type { Outcome } from "./rule.ts";

type Refusal = Facts["refusals"][number];

/** Evidence of these predicates about the artifact itself; papers about its sources have another subject. */
export function evidenceOf(facts: Facts, names: readonly PredicateName[]): readonly Evidence[] {
  const types: readonly string[] = names.map((name) => PREDICATE_TYPES[name]);
  return facts.evidence.filter(
    ({ statement }) =>
      types.includes(statement.predicateType) &&
      statement.subject.some(({ digest }) => shareStrongDigest(digest, facts.artifact.digests)),
  );
}

/** What a rule has of the papers that it requires. */
export type RequiredEvidence =
  | {
      readonly evidence: readonly Evidence[];
      /** What is said of strangers' papers that were passed over; the rule adds it to what it says itself. */
      readonly beside: readonly Outcome[];
    }
  | { readonly outcome: Outcome };

/**
 * The evidence of one predicate that a rule requires, or what the rule says where it cannot have it. A paper of that
 * predicate that was refused fails the rule even beside a good one, with the code of its check: refused is never taken for
 * absent. Only a stranger's (`isStrangers`) beside a good one is passed over, and said. A paper that could not be checked
 * leaves the rule unchecked where no other carries it.
 */
export function requiredEvidence(facts: Facts, name: PredicateName, expected: string, fix: string): RequiredEvidence {
  const evidence = evidenceOf(facts, [name]);
  const typed = facts.refusals.filter(({ predicateType }) => predicateType === PREDICATE_TYPES[name]);
  const listed = listedPapers(facts);
  const strangers = evidence.length === 0 ? [] : typed.filter((refusal) => isStrangers(refusal, listed));
  const passed = new Set(strangers);
  const refused = typed.find((refusal) => isRefused(refusal) && !passed.has(refusal));
  if (refused !== undefined) return { outcome: refusalOutcome(refused, expected) };
  if (evidence.length > 0) return { evidence, beside: passedOver(strangers) };
  // A paper that cannot even be read may be the one that is required.
  const other = typed[0] ?? facts.refusals.find(({ predicateType }) => predicateType === undefined);
  if (other !== undefined) return { outcome: refusalOutcome(other, expected) };
  return { outcome: fails(expected, `none among ${facts.papers.length} papers`, [], fix) };
}

/**
 * The papers that the verified manifests list, where there is one and nothing of it is missing; else undefined. Without it
 * nobody can tell what was added from what belongs to the artifact.
 */
function listedPapers(facts: Facts): ReadonlySet<DigestHex> | undefined {
  const manifests = evidenceOf(facts, ["manifest"]);
  const [first] = manifests;
  if (first === undefined) return undefined;
  const read = readPredicate(first, "", () => judgeManifest(manifests, facts.papers));
  if ("outcome" in read || read.value.missing.length > 0) return undefined;
  const unlisted = new Set(read.value.unlisted);
  return new Set(facts.papers.filter((paper) => !unlisted.has(paper)));
}

/**
 * Whether a refused paper is a stranger's addition: by no key that the trust holds, and on no list of papers that somebody trusted
 * signed. Whoever can append it could as well have left it out unseen, so it must count neither for nor against the artifact
 * (docs/policy.md, "Papers of strangers"). What claims a trusted key and is not signed by it is no stranger's.
 */
function isStrangers({ paper, checks }: Refusal, listed: ReadonlySet<DigestHex> | undefined): boolean {
  const unknown = checks.some(({ name, outcome }) => name === "key-known" && outcome === "refused");
  return unknown && listed !== undefined && !listed.has(paper);
}

/** Lines about added papers; anybody can add thousands. */
const SHOWN = 5;

/** Says of refused papers that they did not count; it warns, and never denies. */
function passedOver(refusals: readonly Refusal[]): readonly Outcome[] {
  const rest = refusals.slice(SHOWN).map(({ paper }) => paper);
  const expected = "no paper but those that the signed manifest lists";
  const more = fails(expected, `${rest.length} more were added and refused`, rest);
  const said = refusals.slice(0, SHOWN).map((refusal): Outcome => {
    const outcome = refusalOutcome(refusal, expected);
    const name = `sha256:${refusal.paper.slice(0, 12)}`;
    return {
      ...outcome,
      found: `${outcome.found}; ${name} is on no signed list, so it was added and counts for nothing`,
    };
  });
  return (rest.length === 0 ? said : [...said, more]).map((outcome) => ({
    ...outcome,
    fix: "take such lines out, or ask the producer for the papers file",
    atMost: "warn",
  }));
}

/** What is to be said of added papers that were refused and that none of these outcomes names. */
export function otherAdditions(facts: Facts, said: readonly Outcome[]): readonly Outcome[] {
  const listed = listedPapers(facts);
  if (listed === undefined) return [];
  const named = new Set(said.flatMap(({ evidence }) => evidence));
  return passedOver(
    facts.refusals.filter((refusal) => isRefused(refusal) && !listed.has(refusal.paper) && !named.has(refusal.paper)),
  );
}

function isRefused({ checks }: Refusal): boolean {
  return checks.length === 0 || checks.some(({ outcome }) => outcome === "refused");
}

/** What a rule says about a paper that did not verify: the code of its first failed check, and the line it stands on. */
export function refusalOutcome(refusal: Refusal, expected: string): Outcome {
  const refused = isRefused(refusal);
  const check = refusal.checks.find(({ outcome }) => outcome === (refused ? "refused" : "unchecked"));
  const detail = check?.found === undefined ? "" : `: ${cleanText(check.found, 120)}`;
  return {
    outcome: refused ? "fail" : "unchecked",
    expected,
    found: `the paper in line ${refusal.line} ${refused ? "was refused" : "could not be checked"} (${check?.code ?? "no check"})${detail}`,
    evidence: [refusal.paper],
  };
}

/** Reads a predicate with a parser of format/; its fault becomes a failed outcome with the fault's code. */
export function readPredicate<T>(
  evidence: Evidence,
  expected: string,
  parse: (where: string) => T,
): { readonly value: T } | { readonly outcome: Outcome } {
  try {
    return { value: parse(`paper ${evidence.paper.slice(0, 12)}`) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, what } = error.facts;
    return { outcome: fails(expected, `${code}: ${cleanText(what, 120)}`, [evidence.paper]) };
  }
}

export function passes(expected: string, found: string, evidence: Outcome["evidence"] = []): Outcome {
  return { outcome: "pass", expected, found, evidence };
}

export function fails(expected: string, found: string, evidence: Outcome["evidence"] = [], fix?: string): Outcome {
  return { outcome: "fail", expected, found, evidence, ...(fix !== undefined && { fix }) };
}

export function unchecked(expected: string, found: string, evidence: Outcome["evidence"] = [], fix?: string): Outcome {
  return { outcome: "unchecked", expected, found, evidence, ...(fix !== undefined && { fix }) };
}

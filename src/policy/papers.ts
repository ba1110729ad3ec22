import { shareStrongDigest } from "../artifact/digest.ts";
import { cleanText } from "../artifact/clean-text.ts";
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

/**
 * The evidence of one predicate that a rule requires, or what the rule says where it cannot have it. A paper of that
 * predicate that was refused fails the rule even beside a good one, with the code of its check: refused is never taken for
 * absent. A paper that could not be checked leaves the rule unchecked where no other carries it.
 */
export function requiredEvidence(
  facts: Facts,
  name: PredicateName,
  expected: string,
  fix: string,
): { readonly evidence: readonly Evidence[] } | { readonly outcome: Outcome } {
  const evidence = evidenceOf(facts, [name]);
  const typed = facts.refusals.filter(({ predicateType }) => predicateType === PREDICATE_TYPES[name]);
  const refused = typed.find(isRefused);
  if (refused !== undefined) return { outcome: refusalOutcome(refused, expected) };
  if (evidence.length > 0) return { evidence };
  // A paper that cannot even be read may be the one that is required.
  const other = typed[0] ?? facts.refusals.find(({ predicateType }) => predicateType === undefined);
  if (other !== undefined) return { outcome: refusalOutcome(other, expected) };
  return { outcome: fails(expected, `none among ${facts.papers.length} papers`, [], fix) };
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

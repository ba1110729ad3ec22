import { shareStrongDigest } from "../../artifact/digest.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import { parseVsa } from "../../format/slsa.ts";
import type { Facts, PolicyRule, RuleId } from "../../model/policy.ts";
import { evidenceOf, otherAdditions, passes, readPredicate } from "../papers.ts";
import type { Outcome, RuleFile } from "../rule.ts";
import { Keys } from "../values.ts";
import { hermetic } from "./hermetic.ts";
import { manifest } from "./manifest.ts";
import { provenance } from "./provenance.ts";
import { reproducible } from "./reproducible.ts";
import { sbom } from "./sbom.ts";
import { signedBy } from "./signed-by.ts";

/** Rules that judge papers alone, and so can be asked again by whoever receives them. */
const REQUIRABLE: readonly RuleFile[] = [provenance, hermetic, reproducible, sbom, signedBy, manifest];
const IDS = REQUIRABLE.map(({ id }) => id);

interface VerifyParams {
  /** Each with the parameters that the policy gives it, else its own defaults. */
  readonly require: readonly { readonly rule: RuleFile; readonly params: unknown }[];
  /** What admission does with an image that is named by a tag; a file is always judged by its digest. */
  readonly digest: "require" | "mutate";
}

/** Gives each required rule the parameters that the same policy configures for it. */
export function linkVerify(params: unknown, configured: ReadonlyMap<RuleId, unknown>): VerifyParams {
  const { require, digest } = params as VerifyParams;
  return {
    digest,
    require: require.map(({ rule, params: own }) => ({
      rule,
      params: configured.has(rule.id) ? configured.get(rule.id) : own,
    })),
  };
}

/** The rules that the `install.verify` among these requires, by id, each with the parameters that it is asked with. */
export function requiredParams(rules: readonly PolicyRule[]): ReadonlyMap<RuleId, { readonly params: unknown }> {
  const own = rules.find(({ rule }) => rule.id === verify.id);
  const list = own === undefined ? [] : (own.params as VerifyParams).require;
  return new Map(list.map(({ rule, params }) => [rule.id, { params }]));
}

/**
 * What a verification summary adds: nothing that verifies. It would count only for its own verifier's scope, this resource
 * and this policy (DESIGN, rule 4); the producer's says how the producer's policy judged, and is told as such.
 */
function summaries(facts: Facts): readonly Outcome[] {
  const expected = "the receiver's own judgement";
  return evidenceOf(facts, ["vsa"]).map((evidence) => {
    const read = readPredicate(evidence, expected, (where) => parseVsa(evidence.statement.predicate, where));
    if ("outcome" in read) return { ...read.outcome, atMost: "warn" };
    const { verifierId, verificationResult, policyDigest } = read.value;
    const found = `${cleanText(evidence.signer.name, 60)} says ${verificationResult} by ${cleanText(verifierId, 100)} under policy sha256:${policyDigest.slice(0, 12)}: it informs and satisfies nothing here`;
    return passes(expected, found, [evidence.paper]);
  });
}

function digestOutcome(facts: Facts): readonly Outcome[] {
  const own = facts.evidence.filter(({ statement }) =>
    statement.subject.some(({ digest }) => shareStrongDigest(digest, facts.artifact.digests)),
  );
  return own.length > 0 ? [passes("papers about these bytes", `${own.length} verified papers name this digest`)] : [];
}

export const verify: RuleFile<VerifyParams> = {
  id: "install.verify",
  title: "The papers of the artifact satisfy the rules that the receiver requires",
  stations: ["install"],
  parse(value, place) {
    const keys = new Keys(value, place, "install.verify", ["require", "digest"]);
    const ids = keys.words("require", IDS) ?? [provenance.id, sbom.id, signedBy.id];
    const rules = REQUIRABLE.filter(({ id }) => ids.includes(id));
    return {
      require: rules.map((rule) => ({ rule, params: rule.parse(undefined, place) })),
      digest: keys.word("digest", ["require", "mutate"]) ?? "require",
    };
  },
  evaluate(params, facts) {
    const required = params.require.flatMap(({ rule, params: own }) =>
      rule.evaluate(own, facts).map((outcome) => ({ ...outcome, expected: `${rule.id}: ${outcome.expected}` })),
    );
    return [...digestOutcome(facts), ...required, ...otherAdditions(facts, required), ...summaries(facts)];
  },
  explain({ require, digest }) {
    const list = require.map(({ rule, params }) => `${rule.id} (${rule.explain(params)})`).join("; ");
    return `${list || "nothing required"}; images ${digest === "mutate" ? "are pinned to their digest" : "must be named by digest"}`;
  },
  atLeastAsStrict: (pinned, project) =>
    pinned.require.every(({ rule }) => project.require.some((other) => other.rule.id === rule.id)) &&
    pinned.digest === project.digest,
};

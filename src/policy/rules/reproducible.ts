import { cleanText } from "../../artifact/clean-text.ts";
import { parseRebuild } from "../../format/predicates.ts";
import type { Facts } from "../../model/policy.ts";
import { PREDICATE_TYPES } from "../../model/statement.ts";
import type { Evidence } from "../../model/trust.ts";
import { distinctPrincipals } from "../../trust/principals.ts";
import { evidenceOf, fails, passes, readPredicate, refusalOutcome, unchecked } from "../papers.ts";
import type { Outcome, RuleFile } from "../rule.ts";
import { Keys } from "../values.ts";

interface ReproducibleParams {
  /** How many principals other than the builder's must have rebuilt it; 0: the builder's own rebuild will do. */
  readonly rebuilds: number;
  readonly equality: "equivalent" | "identical";
  readonly environments?: readonly string[];
}

const FIX = "rebuild it elsewhere: waybill rebuild ARTIFACT, signed by another principal";

/** One rebuild statement weighed: an outcome where it fails the rule, else the normalisers that it needed. */
function weigh(
  params: ReproducibleParams,
  facts: Facts,
  evidence: Evidence,
  expected: string,
): Outcome | readonly string[] {
  const read = readPredicate(evidence, expected, (where) => parseRebuild(evidence.statement.predicate, where));
  if ("outcome" in read) return read.outcome;
  const { outcome, first, second, normalised, differences } = read.value;
  const papers = [evidence.paper];
  const sha256 = facts.artifact.digests.sha256;
  if (sha256 !== first && sha256 !== second)
    return fails(expected, "the rebuild was compared with another artifact", papers);
  if (outcome === "different") {
    const [one] = differences;
    const where = one === undefined ? "" : `: ${cleanText(one.path, 80)} (${cleanText(one.cause, 40)})`;
    return fails(
      expected,
      `a rebuild by ${cleanText(evidence.signer.principal, 60)} differs${where}`,
      papers,
      cleanText(one?.fix ?? FIX),
    );
  }
  if (outcome === "equivalent" && params.equality === "identical") {
    return fails(expected, `equal only after ${normalised.map((name) => cleanText(name, 40)).join(", ")}`, papers, FIX);
  }
  return outcome === "identical" ? [] : normalised;
}

function count(
  params: ReproducibleParams,
  facts: Facts,
  rebuilds: readonly Evidence[],
  forgiven: readonly string[],
  expected: string,
): Outcome {
  const builders = evidenceOf(facts, ["provenance"]).map(({ signer }) => signer);
  // The builder's key under another name is still the builder.
  const others = distinctPrincipals(
    rebuilds.filter(({ signer: { principal, identity } }) =>
      builders.every((one) => one.principal !== principal && one.identity.keyId !== identity.keyId),
    ),
  );
  const papers = rebuilds.map(({ paper }) => paper);
  // Without provenance nobody can say that a rebuild is somebody else's (DESIGN, rule 9).
  const counted = builders.length === 0 ? 0 : others.length;
  const how =
    forgiven.length === 0
      ? "bit for bit"
      : `after ${[...new Set(forgiven)]
          .sort()
          .map((name) => cleanText(name, 40))
          .join(", ")}`;
  const found =
    counted === 0
      ? `self-reproduced ${how}: by the builder's own principal only`
      : `reproduced ${how} by ${counted} other${counted === 1 ? "" : "s"}: ${others.map((name) => cleanText(name, 60)).join(", ")}`;
  if (counted < params.rebuilds) {
    const short = refusedRebuild(facts, expected);
    return short ?? fails(expected, found, papers, FIX);
  }
  return passes(expected, found, papers);
}

function refusedRebuild(facts: Facts, expected: string): Outcome | undefined {
  const refusal = facts.refusals.find(({ predicateType }) => predicateType === PREDICATE_TYPES.rebuild);
  return refusal === undefined ? undefined : refusalOutcome(refusal, expected);
}

export const reproducible: RuleFile<ReproducibleParams> = {
  id: "build.reproducible",
  title: "Building the same sources again gives the same artifact",
  stations: ["build", "package"],
  parse(value, place) {
    const keys = new Keys(value, place, "build.reproducible", ["rebuilds", "equality", "environments"]);
    const environments = keys.texts("environments");
    return {
      rebuilds: keys.count("rebuilds", 0) ?? 0,
      equality: keys.word("equality", ["equivalent", "identical"]) ?? "equivalent",
      ...(environments !== undefined && environments.length > 0 && { environments }),
    };
  },
  evaluate(params, facts) {
    const expected = this.explain(params);
    const rebuilds = evidenceOf(facts, ["rebuild"]);
    if (rebuilds.length === 0) {
      return [
        refusedRebuild(facts, expected) ?? fails(expected, `no rebuild among ${facts.papers.length} papers`, [], FIX),
      ];
    }
    const weighed = rebuilds.map((evidence) => weigh(params, facts, evidence, expected));
    const failed = weighed.filter((one): one is Outcome => "outcome" in one);
    if (failed.length > 0) return failed;
    const forgiven = weighed.flatMap((one) => ("outcome" in one ? [] : one));
    const counted = count(params, facts, rebuilds, forgiven, expected);
    if (params.environments === undefined || counted.outcome !== "pass") return [counted];
    return [
      unchecked(expected, `${counted.found}; rebuild statements do not name their environment yet`, counted.evidence),
    ];
  },
  explain({ rebuilds, equality, environments }) {
    const by =
      rebuilds === 0
        ? "by anyone, the builder included"
        : `by ${rebuilds} ${rebuilds === 1 ? "principal" : "principals"} other than the builder`;
    const where = environments === undefined ? "" : ` in ${environments.join(", ")}`;
    return `rebuilt ${equality === "identical" ? "bit for bit" : "with equal contents"} ${by}${where}`;
  },
  atLeastAsStrict(pinned, project) {
    const wanted = pinned.environments ?? [];
    return (
      project.rebuilds >= pinned.rebuilds &&
      (pinned.equality === "equivalent" || project.equality === "identical") &&
      wanted.every((name) => project.environments?.includes(name) === true)
    );
  },
};

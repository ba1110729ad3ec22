import { cleanText } from "../../artifact/clean-text.ts";
import type { Facts } from "../../model/policy.ts";
import type { PredicateName } from "../../model/statement.ts";
import { distinctPrincipals } from "../../trust/principals.ts";
import { evidenceOf, fails, passes, refusalOutcome } from "../papers.ts";
import type { RuleFile } from "../rule.ts";
import { Keys } from "../values.ts";

interface SignedByParams {
  /** Names of trust entries or principals; empty: any trusted signer. */
  readonly by: readonly string[];
  readonly threshold: number;
}

/** Papers by which somebody vouches for the artifact. Verdicts, findings and rebuilds speak about it and vouch for nothing. */
const VOUCHING: readonly PredicateName[] = ["provenance", "manifest", "cyclonedx", "spdx"];

function unknownNames({ by }: SignedByParams, facts: Facts): readonly string[] {
  return by.filter((name) => !facts.trust.entries.some((entry) => entry.name === name || entry.principal === name));
}

export const signedBy: RuleFile<SignedByParams> = {
  id: "package.signed-by",
  title: "Signed by somebody whom trust and policy name",
  stations: ["package"],
  parse(value, place) {
    const short = Array.isArray(value);
    const inner: typeof place = short ? (path) => place(path.slice(1)) : place;
    const keys = new Keys(short ? { by: value as unknown } : value, inner, "package.signed-by", ["by", "threshold"]);
    return { by: keys.texts("by") ?? [], threshold: keys.count("threshold", 1) ?? 1 };
  },
  evaluate(params, facts) {
    const expected = this.explain(params);
    const evidence = evidenceOf(facts, VOUCHING).filter(
      ({ signer }) => params.by.length === 0 || params.by.includes(signer.name) || params.by.includes(signer.principal),
    );
    const principals = distinctPrincipals(evidence);
    const papers = evidence.map(({ paper }) => paper);
    if (principals.length >= params.threshold) {
      return [passes(expected, `signed by ${principals.map((name) => cleanText(name, 60)).join(", ")}`, papers)];
    }
    const [refusal] = facts.refusals;
    if (refusal !== undefined) return [refusalOutcome(refusal, expected)];
    const unknown = unknownNames(params, facts);
    if (unknown.length > 0) {
      const names = unknown.map((name) => cleanText(name, 60)).join(", ");
      return [
        fails(
          expected,
          `no trust entry is called ${names}`,
          papers,
          "add it to the trust file: waybill receive --trust FILE",
        ),
      ];
    }
    const others = distinctPrincipals(evidenceOf(facts, VOUCHING)).map((name) => cleanText(name, 60));
    const found = `${principals.length} of ${params.threshold}; the papers are signed by ${others.join(", ") || "nobody who is trusted"}`;
    return [fails(expected, found, papers, "sign it with a key that the policy names")];
  },
  explain({ by, threshold }) {
    const who = by.length === 0 ? "any trusted signer" : by.join(" or ");
    return threshold === 1 ? `signed by ${who}` : `signed by ${threshold} different principals of ${who}`;
  },
  atLeastAsStrict(pinned, project) {
    const narrower =
      pinned.by.length === 0 || (project.by.length > 0 && project.by.every((name) => pinned.by.includes(name)));
    return narrower && project.threshold >= pinned.threshold;
  },
};

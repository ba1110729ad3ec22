import type { Timestamp } from "../../model/digest.ts";
import type { Facts } from "../../model/policy.ts";
import type { PredicateName } from "../../model/statement.ts";
import { evidenceOf, fails, passes, unchecked } from "../papers.ts";
import type { Outcome, RuleFile } from "../rule.ts";
import { type Duration, Keys } from "../values.ts";

interface FreshnessParams {
  readonly maxAge?: Duration;
  readonly maxTrustAge?: Duration;
  readonly maxIndexAge?: Duration;
}

const DAY_MS = 86_400_000;
/** Clocks of two machines may differ by this much. */
const SKEW_MS = 300_000;
const PAPERS: readonly PredicateName[] = ["provenance", "manifest", "cyclonedx", "spdx"];

function ageOutcome(
  time: Timestamp,
  limit: Duration,
  at: Timestamp,
  what: string,
  expected: string,
  fix: string,
): Outcome {
  const age = Date.parse(at) - Date.parse(time);
  if (age < -SKEW_MS)
    return fails(expected, `${what} is from ${time}, after the time of judgement ${at}`, [], "see to the clocks");
  const found = `${what} is of ${time.slice(0, 10)}, ${Math.max(0, Math.floor(age / DAY_MS))} days old`;
  return age > limit.ms ? fails(expected, found, [], fix) : passes(expected, found);
}

/** The manifest was signed last and lists all others, so its time is that of the papers; without one the oldest paper's. */
function papersOutcome(limit: Duration, facts: Facts): Outcome {
  const expected = `papers signed within ${limit.text}`;
  const manifests = evidenceOf(facts, ["manifest"]);
  const judged = manifests.length > 0 ? manifests : evidenceOf(facts, PAPERS);
  if (judged.length === 0) return unchecked(expected, "there is no verified paper");
  const times = judged
    .flatMap(({ time }) => (time.value === null ? [] : [time]))
    .sort((a, b) => Date.parse(a.value ?? "") - Date.parse(b.value ?? ""));
  const time = manifests.length > 0 ? times.at(-1) : times.length < judged.length ? undefined : times[0];
  const papers = judged.map(({ paper }) => paper);
  if (time === undefined || time.value === null)
    return { ...unchecked(expected, "the papers do not say when they were signed"), evidence: papers };
  const word =
    time.source === "signer" ? "the papers (the time is the signer's word)" : `the papers (time by ${time.source})`;
  return {
    ...ageOutcome(time.value, limit, facts.at, word, expected, "ask the producer for papers that are signed anew"),
    evidence: papers,
  };
}

function indexOutcome(limit: Duration, facts: Facts): Outcome {
  const expected = `an advisory index not older than ${limit.text}`;
  if (!facts.matched.known) return unchecked(expected, "there is no advisory index");
  const { modified } = facts.matched.value.database;
  return ageOutcome(modified, limit, facts.at, "the newest record of the index", expected, "waybill db update");
}

export const freshness: RuleFile<FreshnessParams> = {
  id: "install.freshness",
  title: "Papers, trust and advisories are recent enough to judge by",
  stations: ["install"],
  parse(value, place) {
    const keys = new Keys(value, place, "install.freshness", ["maxAge", "maxTrustAge", "maxIndexAge"]);
    const [maxAge, maxTrustAge, maxIndexAge] = [
      keys.duration("maxAge"),
      keys.duration("maxTrustAge"),
      keys.duration("maxIndexAge"),
    ];
    return {
      ...(maxAge !== undefined && { maxAge }),
      ...(maxTrustAge !== undefined && { maxTrustAge }),
      ...(maxIndexAge !== undefined && { maxIndexAge }),
    };
  },
  evaluate({ maxAge, maxTrustAge, maxIndexAge }, facts) {
    const outcomes: Outcome[] = [];
    if (maxAge !== undefined) outcomes.push(papersOutcome(maxAge, facts));
    if (maxTrustAge !== undefined) {
      outcomes.push(
        unchecked(`trust not older than ${maxTrustAge.text}`, "a trust file of keys does not say when it was made"),
      );
    }
    if (maxIndexAge !== undefined) outcomes.push(indexOutcome(maxIndexAge, facts));
    return outcomes.length > 0 ? outcomes : [passes("any age", "no limit is set")];
  },
  explain({ maxAge, maxTrustAge, maxIndexAge }) {
    const parts = [
      ...(maxAge === undefined ? [] : [`papers signed within ${maxAge.text}`]),
      ...(maxTrustAge === undefined ? [] : [`trust not older than ${maxTrustAge.text}`]),
      ...(maxIndexAge === undefined ? [] : [`an advisory index not older than ${maxIndexAge.text}`]),
    ];
    return parts.join(", ") || "papers, trust and advisories of any age";
  },
  atLeastAsStrict(pinned, project) {
    const names = ["maxAge", "maxTrustAge", "maxIndexAge"] as const;
    return names.every((name) => {
      const [before, now] = [pinned[name], project[name]];
      return before === undefined || (now !== undefined && now.ms <= before.ms);
    });
  },
};

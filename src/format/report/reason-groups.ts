import type { Reason } from "../../model/policy.ts";

/** How a reason bears on the decision. */
export type Bearing = "failed" | "unchecked" | "warned" | "excepted" | "passed";

/** Reasons of one bearing, in the verdict's order. */
export interface ReasonGroup {
  readonly bearing: Bearing;
  readonly title: string;
  readonly reasons: readonly Reason[];
}

const TITLES: readonly (readonly [Bearing, string])[] = [
  ["failed", "Not met"],
  ["unchecked", "Could not be checked"],
  ["warned", "Warnings"],
  ["excepted", "Excepted"],
  ["passed", "Met"],
];

/** A rule that only warns or observes never refuses, whether it failed or could not be checked. */
export function bearingOf({ outcome, mode }: Pick<Reason, "outcome" | "mode">): Bearing {
  if (outcome === "pass") return "passed";
  if (outcome === "excepted") return "excepted";
  if (mode !== "enforce") return "warned";
  return outcome === "fail" ? "failed" : "unchecked";
}

/** In the order in which a person must know: what refuses, what could not be checked, what warns, then the rest. */
export function groupReasons(reasons: readonly Reason[]): readonly ReasonGroup[] {
  return TITLES.map(([bearing, title]) => ({
    bearing,
    title,
    reasons: reasons.filter((reason) => bearingOf(reason) === bearing),
  })).filter((group) => group.reasons.length > 0);
}

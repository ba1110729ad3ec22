import type { ConfigPlace, Facts, Mode, PolicyRule, Rule, RuleOutcome } from "../model/policy.ts";

/** The place of a value inside a rule's parameters: file and line. */
export type PlaceOf = (path: readonly (string | number)[]) => ConfigPlace;

/** What a rule says, with two things that only this room weighs. */
export interface Outcome extends RuleOutcome {
  /** The mode of this one outcome is at most this, e.g. an unknown licence under `unknown: warn`. */
  readonly atMost?: Mode;
}

/** A rule as the files under rules/ write it. */
export interface RuleFile<P = unknown> extends Rule<P> {
  /** Takes part where only sources or bare bytes are at hand (`check`): it needs neither build nor papers. */
  readonly judgesSources?: true;
  evaluate(params: P, facts: Facts): readonly Outcome[];
  /** Whether the project's parameters refuse all that the pinned ones refuse. Absent: only equal parameters do. */
  atLeastAsStrict?(pinned: P, project: P): boolean;
}

/** A rule with the line that configured it; rules that a preset brought name the preset. */
export interface PlacedRule extends PolicyRule {
  readonly place: ConfigPlace;
}

import { byCodeUnit } from "../artifact/entry-path.ts";
import { isSettled } from "../format/findings/scanned.ts";
import type { Finding, FindingKind, IndexIdentity, Rating, Severity } from "../model/advisory.ts";
import type { Scope } from "../model/sbom.ts";
import { severityRank } from "./severity.ts";

/** What a severity word stands for where no vector was scored: the middle of its span (CVSS 3.1, section 5). */
const WORD_SCORE: Readonly<Record<Severity, number>> = {
  none: 0,
  low: 2,
  unknown: 5,
  medium: 5.5,
  high: 8,
  critical: 9.5,
};

/** The most that a severity word leaves of a score: a database or distribution that says "low" knows more than the vector. */
const MOST: Readonly<Record<Severity, number>> = {
  none: 0,
  low: 3.9,
  medium: 6.9,
  high: 8.9,
  critical: 10,
  unknown: 10,
};

/**
 * The chance that a flaw without an EPSS score is taken to have: more than EPSS gives five in six CVEs. New records and those
 * without a CVE have no score; not knowing is not safety.
 */
const UNSCORED = 0.01;
/** Below this chance (one in 10,000) nothing is told apart any more: EPSS gives a quarter of all CVEs about as much. */
const LEAST_CHANCE = 0.0001;
const LEAST_WEIGHT = 0.05;
/** A flaw that is known to be exploited counts this much, however small its impact. */
const EXPLOITED = 60;

/**
 * 0 to 1 for a chance of 0 to 1: each tenfold is a quarter. EPSS spans four orders of magnitude; taken as it is, it would
 * leave nearly every finding at 0 and order the rest by EPSS alone.
 */
function weightOf(chance: number): number {
  return Math.min(1, Math.max(LEAST_WEIGHT, 1 + Math.log10(Math.max(chance, LEAST_CHANCE)) / 4));
}

/**
 * The risk, 0 to 100 with one decimal, of a flaw: impact (CVSS, as far as the severity word allows, else the word) times the weight of its chance to be
 * exploited (EPSS); from 60 upwards, by impact, what is known to be exploited (KEV). Malicious code is 100. What is no flaw
 * (unmaintained, deprecated, yanked, licence) is 0. Raising any factor never lowers it. docs/advisories.md explains it.
 */
export function riskOf(kind: FindingKind, severity: Severity, rating: Omit<Rating, "risk" | "ssvc">): number {
  if (kind === "malicious") return 100;
  if (kind !== "vulnerable") return 0;
  const impact = Math.min(rating.cvss?.score ?? WORD_SCORE[severity], MOST[severity]) / 10;
  const risk =
    rating.exploited === undefined
      ? 100 * impact * weightOf(rating.epss?.score ?? UNSCORED)
      : EXPLOITED + (100 - EXPLOITED) * impact;
  return Math.round(risk * 10) / 10;
}

/**
 * Whether the risk of a finding is but the least that it may be: the index lacks the catalog (KEV)
 * or the scores (EPSS) that could raise it.
 */
export function isLeastRisk({ kind, rating }: Finding, { exploited, epss }: IndexIdentity): boolean {
  return kind === "vulnerable" && rating.exploited === undefined && (exploited === undefined || epss === undefined);
}

/**
 * The rating of a flaw in a component of this scope: half the risk where it takes part in development or tests alone, for it
 * does not run where the product runs. Malicious code runs there too, and keeps its risk.
 */
export function ratingInScope(rating: Rating, kind: FindingKind, scope: Scope): Rating {
  if (kind === "malicious" || (scope !== "dev" && scope !== "test")) return rating;
  return { ...rating, risk: Math.round(rating.risk * 5) / 10 };
}

const KINDS: readonly FindingKind[] = ["malicious", "vulnerable", "yanked", "unmaintained", "deprecated", "licence"];

/** What a finding is ordered by, most important first; a higher number comes first. */
function weights(finding: Finding): readonly number[] {
  const { kind, severity, rating, fixed } = finding;
  return [
    isSettled(finding) ? 0 : 1,
    rating.risk,
    -KINDS.indexOf(kind),
    rating.exploited === undefined ? 0 : rating.exploited.ransomware ? 2 : 1,
    severityRank(severity),
    rating.cvss?.score ?? 0,
    rating.epss?.score ?? 0,
    fixed.length > 0 ? 1 : 0,
  ];
}

/**
 * The one order of work, for `sort`: what no statement excuses first, then by risk; of equal risk what is known to be used
 * (ransomware first), the worse one, and what can be fixed come first. What is equal in all that goes by name, version, id
 * and place, so that the order never depends on the order of the input.
 */
export function byRisk(a: Finding, b: Finding): number {
  const [left, right] = [weights(a), weights(b)];
  for (const [index, weight] of left.entries()) {
    const difference = (right[index] ?? 0) - weight;
    if (difference !== 0) return difference;
  }
  return (
    byCodeUnit(a.name, b.name) ||
    byCodeUnit(a.version, b.version) ||
    byCodeUnit(a.id, b.id) ||
    byCodeUnit(a.component, b.component)
  );
}

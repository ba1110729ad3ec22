import type { Severity } from "../model/advisory.ts";

/** From harmless to worst. `unknown` is worse than `none` and never passes a threshold of `low` (model, Severity). */
const ORDER: readonly Severity[] = ["none", "unknown", "low", "medium", "high", "critical"];

/** The place of a severity in the order, from 0: what is worse is greater. */
export function severityRank(severity: Severity): number {
  return ORDER.indexOf(severity);
}

/** Whether `severity` is as bad as `threshold` or worse. For `--fail-on` and the vulnerability rule. */
export function severityAtLeast(severity: Severity, threshold: Severity): boolean {
  return ORDER.indexOf(severity) >= ORDER.indexOf(threshold);
}

/** The worst of these; `unknown` where there is none to choose from. */
export function worstSeverity(severities: Iterable<Severity>): Severity {
  let worst = -1;
  for (const severity of severities) worst = Math.max(worst, ORDER.indexOf(severity));
  return ORDER[worst] ?? "unknown";
}

import { worstOfNewest } from "../format/cvss.ts";
import type { Advisory, AdvisoryIndex, Epss, Exploited, Rating, Severity } from "../model/advisory.ts";

/** What a severity word stands for where no vector was scored: the middle of its span (CVSS 3.1, section 5). */
const IMPACT: Readonly<Record<Severity, number>> = { none: 0, unknown: 5, low: 2, medium: 5.5, high: 8, critical: 9.5 };

/**
 * Rates what a group of records says: scores, chance and fact of exploitation, and the one number that orders the work.
 * `ids` are all ids of the group: KEV and EPSS speak of CVEs.
 */
export function rate(
  advisories: readonly Advisory[],
  ids: readonly string[],
  severity: Severity,
  index: Pick<AdvisoryIndex, "exploited" | "epss">,
): Rating {
  const cves = ids.filter((id) => id.startsWith("CVE-"));
  const cvss = worstOfNewest(advisories.flatMap(({ vectors }) => vectors));
  const exploited: Exploited | undefined = cves.map((cve) => index.exploited(cve)).find((one) => one !== undefined);
  const epss: Epss | undefined = cves
    .flatMap((cve) => index.epss(cve) ?? [])
    .reduce<Epss | undefined>((most, one) => (most !== undefined && most.score >= one.score ? most : one), undefined);
  const impact = cvss?.score ?? IMPACT[severity];
  const chance = exploited === undefined ? (epss?.score ?? 0.05) : 1;
  return {
    ...(cvss && { cvss }),
    ...(epss && { epss }),
    ...(exploited && { exploited }),
    risk: Math.round(impact * 10 * chance * 10) / 10,
  };
}

import { byCodeUnit } from "../artifact/entry-path.ts";
import { worstOfNewest } from "../format/cvss.ts";
import type { Advisory, AdvisoryIndex, Epss, Exploited, FindingKind, Rating, Severity } from "../model/advisory.ts";
import { riskOf } from "./risk.ts";

/** A record of a distribution names some hundred CVEs at most; the bound is for one that names a million. */
const MAX_CVES = 2_000;

/**
 * The CVEs that a group is about: its own ids, and those of which its records pass the fix on (`upstream`). What fixes ten
 * CVEs at once is as urgent as the most urgent of them, so all count.
 */
function cvesOf(advisories: readonly Advisory[], ids: readonly string[]): readonly string[] {
  const cves = new Set<string>();
  for (const named of [ids, ...advisories.map(({ upstream }) => upstream)]) {
    for (const id of named) {
      if (cves.size >= MAX_CVES) break;
      if (id.startsWith("CVE-")) cves.add(id);
    }
  }
  return [...cves].sort(byCodeUnit);
}

/** Of several entries one that ransomware uses, then the one that is known longest. */
function mostUrgent(entries: readonly Exploited[]): Exploited | undefined {
  return entries.toSorted((a, b) => Number(b.ransomware) - Number(a.ransomware) || byCodeUnit(a.added, b.added))[0];
}

function mostLikely(scores: readonly Epss[]): Epss | undefined {
  return scores.toSorted((a, b) => b.score - a.score)[0];
}

/**
 * Rates what a group of records says: its one CVSS score (`worstOfNewest`), the highest chance (EPSS) and the fact (KEV) of
 * exploitation among its CVEs, and the one number that orders the work (`riskOf`). `ids` are all ids of the group. Of CVEs
 * with equal chances the first in order counts.
 */
export function rate(
  advisories: readonly Advisory[],
  ids: readonly string[],
  kind: FindingKind,
  severity: Severity,
  index: Pick<AdvisoryIndex, "exploited" | "epss">,
): Rating {
  const cves = cvesOf(advisories, ids);
  // Record by record, so that one with a million vectors crowds out no other's.
  const cvss = worstOfNewest(advisories.flatMap(({ vectors }) => worstOfNewest(vectors)?.vector ?? []));
  const exploited = mostUrgent(cves.flatMap((cve) => index.exploited(cve) ?? []));
  const epss = mostLikely(cves.flatMap((cve) => index.epss(cve) ?? []));
  const proof = advisories.find((advisory) => advisory.proof !== undefined)?.proof;
  const known = {
    ...(cvss && { cvss }),
    ...(epss && { epss }),
    ...(exploited && { exploited }),
    ...(proof !== undefined && { proof }),
  };
  return { ...known, risk: riskOf(kind, severity, known) };
}

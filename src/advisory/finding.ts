import type { Advisory, AdvisoryIndex, Finding, MatchedRecord, VersionOrder } from "../model/advisory.ts";
import { preferredId, type AliasGroup } from "./groups.ts";
import { rate } from "./rating.ts";
import { evaluateAdvisory, fixedVersions } from "./ranges.ts";
import { worstSeverity } from "./severity.ts";

/** What a group says about one version. */
export type Judgement = Pick<
  Finding,
  "id" | "ids" | "kind" | "severity" | "summary" | "url" | "published" | "records" | "rating" | "fixed"
>;

/** A boundary that the order does not understand, so that a record could not be judged. */
export interface Unjudged {
  readonly id: string;
  readonly boundary: string;
}

/**
 * The versions that end the finding: those that end the intervals in which the version lies, as far as no record of the group
 * affects them; where none is left (the branch has no fix), the fixed versions of later branches. In version order.
 */
function fixesOf(
  affecting: readonly Advisory[],
  ends: readonly string[],
  version: string,
  order: VersionOrder,
): string[] {
  const good = (candidates: readonly string[]): string[] => {
    const later = new Set(candidates.filter((one) => order.valid(one) && order.compare(one, version) > 0));
    // Several sources name the same few versions; the bound is for a record that names a million.
    return [...later]
      .slice(0, MAX_FIXES)
      .filter((one) => !affecting.some((advisory) => evaluateAdvisory(advisory, one, order).reason))
      .sort((a, b) => order.compare(a, b) || (a < b ? -1 : 1));
  };
  const nearest = good(ends);
  return nearest.length > 0 ? nearest : good(affecting.flatMap(fixedVersions));
}

const MAX_FIXES = 32;

/**
 * Judges one version by a group of aliased records. The finding takes the worst severity and `malicious` wins over every
 * other kind; code of an attacker is critical whatever the record says. Undefined: not affected.
 */
export function judgeGroup(
  group: AliasGroup,
  version: string,
  order: VersionOrder,
  index: Pick<AdvisoryIndex, "exploited" | "epss">,
): Judgement | Unjudged | undefined {
  const affecting: Advisory[] = [];
  const records: MatchedRecord[] = [];
  const ends: string[] = [];
  let unjudged: Unjudged | undefined;
  for (const advisory of group.advisories) {
    const { reason, fixed, unreadable } = evaluateAdvisory(advisory, version, order);
    if (unreadable !== undefined) unjudged ??= { id: advisory.id, boundary: unreadable };
    if (reason === undefined) continue;
    affecting.push(advisory);
    const { id, modified, ecosystem, name } = advisory;
    records.push({ id, modified, ecosystem, name, reason });
    ends.push(...fixed);
  }
  const first = affecting[0];
  if (first === undefined) return unjudged;
  const malicious = affecting.some(({ kind }) => kind === "malicious");
  const id = preferredId(group.ids, malicious);
  const named = affecting.find((advisory) => advisory.id === id);
  const told = [named, ...affecting].find((advisory) => advisory !== undefined && advisory.summary !== "") ?? first;
  const url = (named ?? told).url ?? affecting.find((advisory) => advisory.url !== undefined)?.url;
  const [published] = affecting.flatMap((advisory) => advisory.published ?? []).sort();
  const severity = malicious ? "critical" : worstSeverity(affecting.map((advisory) => advisory.severity));
  return {
    id,
    ids: group.ids,
    kind: malicious ? "malicious" : (affecting.find(({ kind }) => kind === "vulnerable") ?? first).kind,
    severity,
    summary: told.summary,
    ...(url === undefined ? {} : { url }),
    ...(published !== undefined && { published }),
    records,
    rating: rate(affecting, group.ids, severity, index),
    fixed: fixesOf(affecting, ends, version, order),
  };
}

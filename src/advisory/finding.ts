import type { Advisory, Finding, VersionOrder } from "../model/advisory.ts";
import { preferredId, type AliasGroup } from "./groups.ts";
import { evaluateAdvisory, fixedVersions } from "./ranges.ts";
import { worstSeverity } from "./severity.ts";

/** What a group says about one version. */
export type Judgement = Pick<Finding, "id" | "ids" | "kind" | "severity" | "summary" | "url" | "fixed">;

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
      .filter((one) => !affecting.some((advisory) => evaluateAdvisory(advisory, one, order).affected))
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
export function judgeGroup(group: AliasGroup, version: string, order: VersionOrder): Judgement | Unjudged | undefined {
  const affecting: Advisory[] = [];
  const ends: string[] = [];
  let unjudged: Unjudged | undefined;
  for (const advisory of group.advisories) {
    const { affected, fixed, unreadable } = evaluateAdvisory(advisory, version, order);
    if (unreadable !== undefined) unjudged ??= { id: advisory.id, boundary: unreadable };
    if (!affected) continue;
    affecting.push(advisory);
    ends.push(...fixed);
  }
  const first = affecting[0];
  if (first === undefined) return unjudged;
  const malicious = affecting.some(({ kind }) => kind === "malicious");
  const id = preferredId(group.ids, malicious);
  const named = affecting.find((advisory) => advisory.id === id);
  const told = [named, ...affecting].find((advisory) => advisory !== undefined && advisory.summary !== "") ?? first;
  const url = (named ?? told).url ?? affecting.find((advisory) => advisory.url !== undefined)?.url;
  return {
    id,
    ids: group.ids,
    kind: malicious ? "malicious" : (affecting.find(({ kind }) => kind === "vulnerable") ?? first).kind,
    severity: malicious ? "critical" : worstSeverity(affecting.map(({ severity }) => severity)),
    summary: told.summary,
    ...(url === undefined ? {} : { url }),
    fixed: fixesOf(affecting, ends, version, order),
  };
}

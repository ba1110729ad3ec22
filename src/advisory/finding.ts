import type { Advisory, AdvisoryIndex, Finding, MatchedRecord, VersionOrder } from "../model/advisory.ts";
import { type AliasGroup, preferredId } from "./groups.ts";
import { rate } from "./rating.ts";
import { evaluateAdvisory, type Evaluation, fixedVersions } from "./ranges.ts";
import type { VersionOf } from "./records.ts";
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

/** What each record of a group says; one that several channels of a release carry affects only where none of them calls it fixed. */
function evaluations(
  { advisories }: AliasGroup,
  versionOf: VersionOf,
  order: VersionOrder,
): readonly (readonly [Advisory, Evaluation])[] {
  const all = advisories.map((one) => [one, evaluateAdvisory(one, versionOf(one), order)] as const);
  const several = advisories.some(({ id }, index) => advisories[index - 1]?.id === id);
  if (!several) return all;
  const good = new Set(all.filter(([, { reason, unreadable }]) => !reason && !unreadable).map(([{ id }]) => id));
  return all.filter(([{ id }]) => !good.has(id));
}

/**
 * Judges one version by a group of aliased records. The finding takes the worst severity and `malicious` wins over every
 * other kind; code of an attacker is critical whatever the record says. Undefined: not affected.
 */
export function judgeGroup(
  group: AliasGroup,
  versionOf: VersionOf,
  order: VersionOrder,
  index: Pick<AdvisoryIndex, "exploited" | "epss">,
): Judgement | Unjudged | undefined {
  const affecting: Advisory[] = [];
  const records: MatchedRecord[] = [];
  const ends: string[] = [];
  let unjudged: Unjudged | undefined;
  for (const [advisory, { reason, fixed, unreadable }] of evaluations(group, versionOf, order)) {
    if (unreadable !== undefined) unjudged ??= { id: advisory.id, boundary: unreadable };
    if (reason === undefined) continue;
    affecting.push(advisory);
    records.push(recordOf(advisory, reason, versionOf(advisory)));
    ends.push(...fixed);
  }
  const first = affecting[0];
  if (first === undefined) return unjudged;
  return {
    ...described(group.ids, affecting, first),
    records,
    ...rated(group.ids, affecting, first, index),
    fixed: fixesOf(affecting, ends, versionOf(first), order),
  };
}

function recordOf(
  { id, modified, ecosystem, name, symbols }: Advisory,
  reason: MatchedRecord["reason"],
  version: string,
): MatchedRecord {
  return { id, modified, ecosystem, name, reason, version, ...(symbols.length > 0 && { symbols }) };
}

const isMalicious = (affecting: readonly Advisory[]): boolean => affecting.some(({ kind }) => kind === "malicious");

/** Malice outranks all else; "unmaintained" only where no record says more. */
function kindOf(affecting: readonly Advisory[], first: Advisory): Judgement["kind"] {
  if (isMalicious(affecting)) return "malicious";
  return (affecting.find(({ kind }) => kind === "vulnerable") ?? first).kind;
}

function rated(
  ids: readonly string[],
  affecting: readonly Advisory[],
  first: Advisory,
  index: Pick<AdvisoryIndex, "exploited" | "epss">,
): Pick<Judgement, "severity" | "rating"> {
  const severity = isMalicious(affecting) ? "critical" : worstSeverity(affecting.map((advisory) => advisory.severity));
  return { severity, rating: rate(affecting, ids, kindOf(affecting, first), severity, index) };
}

function described(
  ids: readonly string[],
  affecting: readonly Advisory[],
  first: Advisory,
): Pick<Judgement, "id" | "ids" | "kind" | "summary" | "url" | "published"> {
  const malicious = isMalicious(affecting);
  const id = preferredId(ids, malicious);
  const named = affecting.find((advisory) => advisory.id === id);
  const told = [named, ...affecting].find((advisory) => advisory !== undefined && advisory.summary !== "") ?? first;
  const url = (named ?? told).url ?? affecting.find((advisory) => advisory.url !== undefined)?.url;
  const [published] = affecting.flatMap((advisory) => advisory.published ?? []).sort();
  return {
    id,
    ids,
    kind: kindOf(affecting, first),
    summary: told.summary,
    ...(url === undefined ? {} : { url }),
    ...(published !== undefined && { published }),
  };
}

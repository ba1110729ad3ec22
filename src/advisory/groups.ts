import { byCodeUnit } from "../artifact/entry-path.ts";
import type { Advisory } from "../model/advisory.ts";

/** Records that speak of one thing: joined by ids and aliases, across sources. */
export interface AliasGroup {
  /** Every id and alias of its records, sorted. */
  readonly ids: readonly string[];
  /** Sorted by id. */
  readonly advisories: readonly Advisory[];
}

/** Union-find with path halving: aliases may form any cycle. Two sets of different flaws are never joined. */
class Sets {
  readonly #parent = new Map<string, string>();
  readonly #flaw = new Map<string, string>();

  find(id: string): string {
    let at = id;
    for (;;) {
      const parent = this.#parent.get(at) ?? at;
      if (parent === at) return at;
      const above = this.#parent.get(parent) ?? parent;
      this.#parent.set(at, above);
      at = above;
    }
  }

  /** What a record says it is about; the first record of an id counts. */
  claim(id: string, flaw: string): void {
    if (flaw !== "" && !this.#flaw.has(id)) this.#flaw.set(id, flaw);
  }

  join(a: string, b: string): void {
    const [low = a, high = b] = [this.find(a), this.find(b)].sort(byCodeUnit);
    const [ofLow, ofHigh] = [this.#flaw.get(low), this.#flaw.get(high)];
    if (low === high || (ofLow !== undefined && ofHigh !== undefined && ofLow !== ofHigh)) return;
    this.#parent.set(high, low);
    if (ofLow === undefined && ofHigh !== undefined) this.#flaw.set(low, ofHigh);
  }
}

/**
 * What a record is another name for: its aliases, and the one record that it passes on, as a distribution's record of one CVE does
 * (OSV schema 1.7, `upstream`). One that passes on several fixes several, and is none of them.
 */
function namesOf({ aliases, upstream }: Advisory): readonly string[] {
  return (upstream.length === 1 ? [...aliases, ...upstream] : aliases).filter((alias) => alias !== "");
}

/** The CVEs that a record says it is, as one text; empty where it names none. A CVE is one flaw (CVE Program, CNA Rules 4.1). */
function flawOf(advisory: Advisory): string {
  const cves = [advisory.id, ...namesOf(advisory)].filter((name) => name.startsWith("CVE-"));
  return [...new Set(cves)].sort(byCodeUnit).join(" ");
}

/** First those who name one CVE, then those who name several, then the others: what is sure takes its names first. */
function bySurety(flaws: ReadonlyMap<Advisory, string>): readonly Advisory[] {
  const rank = (flaw: string): number => (flaw === "" ? Number.MAX_SAFE_INTEGER : flaw.split(" ").length);
  return [...flaws]
    .map(([advisory, flaw]) => [advisory, rank(flaw)] as const)
    .sort(([a, of], [b, than]) => of - than || byCodeUnit(a.id, b.id))
    .map(([advisory]) => advisory);
}

/**
 * Groups the records of one package: two belong together where a chain of aliases joins them, whichever of them affects a
 * version, unless each names CVEs and not the same: databases list neighbours and collect several flaws in a record, and one
 * group is one finding, so that a statement about one flaw would excuse the other. A record that is an alias of none is a group of
 * its own. Every id is in one group. Sorted by the first id.
 */
export function groupByAlias(advisories: readonly Advisory[]): readonly AliasGroup[] {
  const sets = new Sets();
  const flaws = new Map(advisories.map((advisory) => [advisory, flawOf(advisory)]));
  for (const [{ id }, flaw] of flaws) sets.claim(id, flaw);
  const ordered = bySurety(flaws);
  for (const advisory of ordered) {
    for (const name of namesOf(advisory)) if (name.startsWith("CVE-")) sets.join(advisory.id, name);
  }
  for (const advisory of ordered) for (const name of namesOf(advisory)) sets.join(advisory.id, name);
  const groups = new Map<string, { ids: Set<string>; advisories: Advisory[] }>();
  for (const advisory of advisories) {
    const key = sets.find(advisory.id);
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { ids: new Set(), advisories: [] }));
    group.advisories.push(advisory);
    group.ids.add(advisory.id);
    for (const name of namesOf(advisory)) if (sets.find(name) === key) group.ids.add(name);
  }
  return [...groups.values()]
    .map(({ ids, advisories }) => ({
      ids: [...ids].sort(byCodeUnit),
      advisories: advisories.sort((a, b) => byCodeUnit(a.id, b.id)),
    }))
    .sort((a, b) => byCodeUnit(a.ids[0] ?? "", b.ids[0] ?? ""));
}

/** Best known first; for malicious packages the record that says so comes before all. */
const PREFERENCE = ["GHSA-", "CVE-"];
const MALICIOUS_PREFERENCE = ["MAL-", "COMPROMISED-", ...PREFERENCE];

/** The id that people look a group up by: GHSA before CVE before others; of one kind the first in sorted order. */
export function preferredId(ids: readonly string[], malicious: boolean): string {
  for (const prefix of malicious ? MALICIOUS_PREFERENCE : PREFERENCE) {
    const found = ids.find((id) => id.startsWith(prefix));
    if (found !== undefined) return found;
  }
  return ids[0] ?? "";
}

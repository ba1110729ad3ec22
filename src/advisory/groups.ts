import { byCodeUnit } from "../artifact/entry-path.ts";
import type { Advisory } from "../model/advisory.ts";

/** Records that speak of one thing: joined by ids and aliases, across sources. */
export interface AliasGroup {
  /** Every id and alias of its records, sorted. */
  readonly ids: readonly string[];
  /** Sorted by id. */
  readonly advisories: readonly Advisory[];
}

/** Union-find with path halving: aliases may form any cycle. */
class Sets {
  readonly #parent = new Map<string, string>();

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

  join(a: string, b: string): void {
    const [low = a, high = b] = [this.find(a), this.find(b)].sort(byCodeUnit);
    this.#parent.set(low, low);
    this.#parent.set(high, low);
  }
}

/**
 * What a record is another name for: its aliases, and the one record that it passes on, as a distribution's record of one CVE does
 * (OSV schema 1.7, `upstream`). One that passes on several fixes several, and is none of them.
 */
function namesOf({ aliases, upstream }: Advisory): readonly string[] {
  return (upstream.length === 1 ? [...aliases, ...upstream] : aliases).filter((alias) => alias !== "");
}

/**
 * Groups the records of one package: two belong together where a chain of aliases joins them, whichever of them affects a
 * version. A record that is an alias of none is a group of its own. Sorted by the first id.
 */
export function groupByAlias(advisories: readonly Advisory[]): readonly AliasGroup[] {
  const sets = new Sets();
  for (const advisory of advisories) for (const alias of namesOf(advisory)) sets.join(advisory.id, alias);
  const groups = new Map<string, { ids: Set<string>; advisories: Advisory[] }>();
  for (const advisory of advisories) {
    const key = sets.find(advisory.id);
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { ids: new Set(), advisories: [] }));
    group.advisories.push(advisory);
    group.ids.add(advisory.id);
    for (const alias of namesOf(advisory)) group.ids.add(alias);
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

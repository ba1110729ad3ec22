import type { Advisory, AdvisoryIndex } from "../model/advisory.ts";
import type { Candidate } from "./candidate.ts";
import type { NamedVersion } from "./distributions.ts";
import { groupByAlias, type AliasGroup } from "./groups.ts";
import type { Overrules } from "./overrule.ts";
import { aboutModule } from "./rpm-modules.ts";

/** Groups of records, and the version that each record is asked about: one of a source package about the source's. */
export interface AskedGroups {
  readonly groups: readonly AliasGroup[];
  readonly versionOf: VersionOf;
}

export type VersionOf = (advisory: Advisory) => string;

const NONE: AskedGroups = { groups: [], versionOf: () => "" };

/**
 * An erratum that mends bugs or brings features and names no flaw (Red Hat's, AlmaLinux's and Rocky Linux's `BA` and `EA`): their feeds carry
 * them beside those of security.
 */
function isNoFlaw({ id, aliases, upstream }: Advisory): boolean {
  return /^(?:AL|RL|RH)[BE]A-\d{4}:/u.test(id) && aliases.length === 0 && upstream.length === 0;
}

/** What of the records is about a version to the letter, as one of their lists. */
export function listedOnly({ groups, versionOf }: AskedGroups): AskedGroups {
  const narrowed = groups.flatMap((group): AliasGroup[] => {
    const advisories = group.advisories
      .filter((one) => one.versions.includes(versionOf(one)))
      .map((one) => ({ ...one, versions: [versionOf(one)], ranges: [] }));
    return advisories.length === 0 ? [] : [{ ...group, advisories }];
  });
  return { groups: narrowed, versionOf: ({ versions }) => versions[0] ?? "" };
}

/** The records about components, looked up once for each package, however many of its versions are there. */
export class Records {
  readonly #index: AdvisoryIndex;
  readonly #overrules: Overrules;
  readonly #known = new Map<string, readonly AliasGroup[]>();

  constructor(index: AdvisoryIndex, overrules: Overrules) {
    this.#index = index;
    this.#overrules = overrules;
  }

  /** The groups of records that may be about a component, whatever its version. */
  groupsFor(candidate: Candidate): AskedGroups {
    const { target } = candidate;
    const [ecosystem = ""] = target.ecosystems;
    const [only] = target.packages;
    if (only === undefined) return NONE;
    const single = target.ecosystems.length === 1 && target.packages.length === 1 && target.distribution === undefined;
    if (single && this.#overrules.isEmpty) {
      const groups = this.#groups(ecosystem, only.name);
      return groups.length === 0 ? NONE : { groups, versionOf: () => only.version };
    }
    return this.#manifold(candidate);
  }

  #groups(ecosystem: string, name: string): readonly AliasGroup[] {
    const key = `${ecosystem}\n${name}`;
    let groups = this.#known.get(key);
    if (groups === undefined) {
      const found = this.#index.lookup(ecosystem, name);
      // Most packages have none.
      groups = found.length === 0 ? NONE.groups : groupByAlias(found);
      this.#known.set(key, groups);
    }
    return groups;
  }

  /** Of distributions, of packages with several names, and where overrules may have a say for one component alone. */
  #manifold({ component, target, order }: Candidate): AskedGroups {
    const versions = new Map<Advisory, NamedVersion>();
    const isRpm = component.purl?.startsWith("pkg:rpm/") === true;
    for (const ecosystem of target.ecosystems) {
      for (const named of target.packages) {
        for (const advisory of [
          ...this.#index.lookup(ecosystem, named.name),
          ...this.#overrules.added(ecosystem, named.name),
        ]) {
          if (isNoFlaw(advisory)) continue;
          const about = isRpm ? aboutModule(advisory, named, target.module) : advisory;
          const counted =
            about === undefined ? undefined : this.#overrules.apply(about, component, named.version, order);
          if (counted !== undefined) versions.set(counted, named);
        }
      }
    }
    const groups = groupByAlias([...versions.keys()]);
    return { groups, versionOf: (advisory) => versions.get(advisory)?.version ?? "" };
  }
}

import type { Advisory, AdvisoryIndex } from "../model/advisory.ts";
import type { Candidate } from "./candidate.ts";
import type { NamedVersion } from "./distributions.ts";
import { groupByAlias, type AliasGroup } from "./groups.ts";
import type { Overrules } from "./overrule.ts";
import { aboutModule } from "./rpm-modules.ts";

/** A group of records, and the version that each is asked about: a record of a source package about the source's. */
export interface VersionedGroup extends AliasGroup {
  readonly versionOf: (advisory: Advisory) => string;
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
  groupsFor(candidate: Candidate): readonly VersionedGroup[] {
    const { target } = candidate;
    const [ecosystem = ""] = target.ecosystems;
    const [only] = target.packages;
    if (only === undefined) return [];
    const versionOf = (): string => only.version;
    const single = target.ecosystems.length === 1 && target.packages.length === 1 && target.distribution === undefined;
    if (single && this.#overrules.isEmpty) {
      const groups = this.#groups(ecosystem, only.name);
      return groups.map((group) => ({ ...group, versionOf }));
    }
    return this.#manifold(candidate);
  }

  #groups(ecosystem: string, name: string): readonly AliasGroup[] {
    const key = `${ecosystem}\n${name}`;
    let groups = this.#known.get(key);
    if (groups === undefined) this.#known.set(key, (groups = groupByAlias(this.#index.lookup(ecosystem, name))));
    return groups;
  }

  /** Of distributions, of packages with several names, and where overrules may have a say for one component alone. */
  #manifold({ component, target, order }: Candidate): readonly VersionedGroup[] {
    const versions = new Map<Advisory, NamedVersion>();
    const isRpm = component.purl?.startsWith("pkg:rpm/") === true;
    for (const ecosystem of target.ecosystems) {
      for (const named of target.packages) {
        for (const advisory of [
          ...this.#index.lookup(ecosystem, named.name),
          ...this.#overrules.added(ecosystem, named.name),
        ]) {
          const about = isRpm ? aboutModule(advisory, named, target.module) : advisory;
          const counted =
            about === undefined ? undefined : this.#overrules.apply(about, component, named.version, order);
          if (counted !== undefined) versions.set(counted, named);
        }
      }
    }
    const versionOf = (advisory: Advisory): string => versions.get(advisory)?.version ?? "";
    return groupByAlias([...versions.keys()]).map((group) => ({ ...group, versionOf }));
  }
}

import type { Component, Sbom } from "../model/sbom.ts";

/** Where two lists of components part. Names are `name` (of npm) or `ecosystem:name`; all lists are sorted. */
export interface Agreement {
  /** In the first list only: claimed, and not found in the bytes. */
  readonly onlyClaimed: readonly string[];
  /** In the second list only: found in the bytes, and not claimed. */
  readonly onlySeen: readonly string[];
  /** Found under a claimed name, with a version that nobody claimed. */
  readonly versionDiffers: readonly { readonly name: string; readonly claimed: string; readonly seen: string }[];
}

function nameOf(component: Component): string {
  return component.ecosystem === "npm" ? component.name : `${component.ecosystem}:${component.name}`;
}

/** Versions by name. A component without a version counts as its name alone. */
function versionsOf(sbom: Sbom): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>([[sbom.subject.name, new Set([sbom.subject.version ?? ""])]]);
  for (const component of sbom.components) {
    const versions = found.get(nameOf(component)) ?? new Set();
    if (component.version !== undefined) versions.add(component.version);
    found.set(nameOf(component), versions);
  }
  return found;
}

function list(versions: ReadonlySet<string>): string {
  return [...versions].toSorted().join(", ");
}

/**
 * Compares what is claimed of an artifact (a lockfile's or a producer's SBOM) with what was seen in its bytes.
 *
 * - A name that was seen and is not claimed at all is in `onlySeen`; where versions are known as `name@version`.
 * - A name that is claimed and was seen with a version that is not claimed is in `versionDiffers`, unless nothing claimed or
 *   nothing seen of that name has a version: a name without a version agrees with every version of it.
 * - A name that is claimed and was not seen is in `onlyClaimed`. That is usual, as most of a lockfile builds and tests.
 *
 * The subjects themselves never disagree here: which artifact it is, is asked elsewhere. Scopes and digests are not compared.
 * What was seen only as a declared need (technique `declared`) is not in the bytes and does not count as seen.
 */
export function compareSboms(claimed: Sbom, seen: Sbom): Agreement {
  const claims = versionsOf(claimed);
  const sights = versionsOf({ ...seen, components: seen.components.filter(isInBytes) });
  const onlySeen: string[] = [];
  const versionDiffers: { name: string; claimed: string; seen: string }[] = [];
  for (const [name, versions] of sights) {
    if (name === seen.subject.name) continue;
    const said = claims.get(name);
    if (said === undefined) {
      if (versions.size === 0) onlySeen.push(name);
      for (const version of versions) onlySeen.push(`${name}@${version}`);
    } else if (said.size > 0) {
      for (const version of versions) {
        if (!said.has(version)) versionDiffers.push({ name, claimed: list(said), seen: version });
      }
    }
  }
  const needed = new Set(seen.components.map(nameOf));
  const onlyClaimed = [...claims]
    .filter(([name]) => !needed.has(name) && name !== claimed.subject.name)
    .flatMap(([name, versions]) =>
      versions.size === 0 ? [name] : [...versions].map((version) => `${name}@${version}`),
    );
  return {
    onlyClaimed: onlyClaimed.toSorted(),
    onlySeen: onlySeen.toSorted(),
    versionDiffers: versionDiffers.toSorted((a, b) => (a.name + a.seen < b.name + b.seen ? -1 : 1)),
  };
}

function isInBytes(component: Component): boolean {
  return component.occurrences.some((occurrence) => occurrence.technique !== "declared");
}

import { byCodeUnit } from "../../artifact/entry-path.ts";
import { packageRefs } from "./package-refs.ts";
import type { Component, ComponentRef, Sbom } from "../../model/sbom.ts";

/** One package that two SBOMs tell differently. */
export interface Change {
  /** Package URL without its version, else the name. */
  readonly name: string;
  /** Versions in the first and in the second, each sorted; empty: not there. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The same package and version, told differently. `what` is `scope`, `licence`, `digest` or `direct`. */
export interface Detail {
  readonly component: ComponentRef;
  readonly what: "scope" | "licence" | "digest" | "direct";
  readonly before: string;
  readonly after: string;
}

/** Where two SBOMs part. All lists are sorted. */
export interface SbomDiff {
  readonly added: readonly ComponentRef[];
  readonly removed: readonly ComponentRef[];
  /** Of what was added and removed: the same package in another version. */
  readonly changed: readonly Change[];
  readonly details: readonly Detail[];
  readonly edgesAdded: readonly (readonly [from: ComponentRef, to: ComponentRef])[];
  readonly edgesRemoved: readonly (readonly [from: ComponentRef, to: ComponentRef])[];
}

/** A package URL without version, qualifiers and subpath. */
export function packageOf({ purl, name, ecosystem }: Component): string {
  return purl === undefined ? `${ecosystem}:${name}` : purl.replace(/[?#].*$/u, "").replace(/@[^@/]*$/u, "");
}

const licencesOf = ({ licences }: Component): string =>
  [...new Set(licences.map(({ expression }) => expression))].sort().join(", ") || "none";

function digestsDiffer(a: Component, b: Component): readonly [string, string] | undefined {
  for (const algorithm of ["sha512", "sha384", "sha256", "sha1"] as const) {
    const [before, after] = [a.digests[algorithm], b.digests[algorithm]];
    if (before !== undefined && after !== undefined && before !== after)
      return [`${algorithm}:${before}`, `${algorithm}:${after}`];
  }
  return undefined;
}

function detailsOf(ref: ComponentRef, a: Component, b: Component): Detail[] {
  const details: Detail[] = [];
  const add = (what: Detail["what"], before: string, after: string): void => {
    if (before !== after) details.push({ component: ref, what, before, after });
  };
  add("direct", String(a.direct), String(b.direct));
  const digests = digestsDiffer(a, b);
  if (digests !== undefined) add("digest", ...digests);
  add("licence", licencesOf(a), licencesOf(b));
  add("scope", a.scope, b.scope);
  return details;
}

/** Edges by the names of their ends, the root's as the root: its version may differ and it is still the root. */
function edgesOf(
  { root, dependencies }: Sbom,
  names: ReadonlyMap<ComponentRef, ComponentRef>,
): ReadonlyMap<string, readonly [ComponentRef, ComponentRef]> {
  const named = (ref: ComponentRef): ComponentRef => (ref === root ? "." : (names.get(ref) ?? ref));
  return new Map(dependencies.map(({ from, to }) => [`${named(from)}\0${named(to)}`, [named(from), named(to)]]));
}

function missing<T>(from: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>): readonly T[] {
  return [...from]
    .filter(([key]) => !other.has(key))
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([, value]) => value);
}

function changesOf(removed: readonly Component[], added: readonly Component[]): readonly Change[] {
  const before = Map.groupBy(removed, packageOf);
  const after = Map.groupBy(added, packageOf);
  const versions = (list: readonly Component[]): readonly string[] => list.map(({ version }) => version ?? "").sort();
  return [...before]
    .filter(([name]) => after.has(name))
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([name, list]) => ({ name, before: versions(list), after: versions(after.get(name) ?? []) }));
}

function componentsOf(
  { components }: Sbom,
  names: ReadonlyMap<ComponentRef, ComponentRef>,
): ReadonlyMap<ComponentRef, Component> {
  return new Map(
    components.map((one) => {
      const ref = names.get(one.ref) ?? one.ref;
      return [ref, { ...one, ref }];
    }),
  );
}

/**
 * What changed from one SBOM to another: components by package URL with version, whatever the documents call them, packages in another version, facts of
 * the components that both have, edges. In edges "." is the root of each. Order and form of the documents do not count.
 */
export function diffSboms(first: Sbom, second: Sbom): SbomDiff {
  const [namesA, namesB] = [packageRefs(first), packageRefs(second)];
  const [a, b] = [componentsOf(first, namesA), componentsOf(second, namesB)];
  const [removed, added] = [missing(a, b), missing(b, a)];
  const both = [...a].flatMap(([ref, one]) => {
    const other = b.get(ref);
    return other === undefined ? [] : detailsOf(ref, one, other);
  });
  const [edgesA, edgesB] = [edgesOf(first, namesA), edgesOf(second, namesB)];
  return {
    added: added.map(({ ref }) => ref),
    removed: removed.map(({ ref }) => ref),
    changed: changesOf(removed, added),
    details: both.sort((x, y) => byCodeUnit(x.component, y.component)),
    edgesAdded: missing(edgesB, edgesA),
    edgesRemoved: missing(edgesA, edgesB),
  };
}

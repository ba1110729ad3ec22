import type { Component, ComponentRef } from "../model/sbom.ts";
import type { Found } from "./found.ts";

type OwnerOf = (path: string) => ComponentRef | undefined;

/** Which operating system's package a file belongs to, by all lists of packages that were read so far. */
export function ownersOf(found: readonly Found[]): OwnerOf {
  const all = found.map(({ extraction }) => extraction.ownerOf).filter((ownerOf) => ownerOf !== undefined);
  return (path) => {
    for (const ownerOf of all) {
      const owner = ownerOf(path);
      if (owner !== undefined) return owner;
    }
    return undefined;
  };
}

/**
 * Language packages whose files came with an operating system's package say so (`ownedBy`): its distribution mends them. One that also
 * lies elsewhere is nobody's.
 */
export function withOwners(components: readonly Component[], found: readonly Found[]): readonly Component[] {
  if (found.every(({ extraction }) => extraction.ownerOf === undefined)) return components;
  const ownerOf = ownersOf(found);
  return components.map((component) => {
    const [first, ...rest] = component.occurrences;
    if (first === undefined || first.technique === "package-database" || component.ownedBy !== undefined)
      return component;
    const owner = ownerOf(first.path);
    const whole = owner !== undefined && rest.every(({ path }) => ownerOf(path) !== undefined);
    return whole ? { ...component, ownedBy: owner } : component;
  });
}

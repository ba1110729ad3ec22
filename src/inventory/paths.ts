import type { ComponentRef, Dependency, Sbom } from "../model/sbom.ts";

/** A longer path is none that a person reads, and copying it would cost. */
const MAX_LENGTH = 100;

interface Reach {
  /** Who needs a component, sorted. */
  readonly needers: ReadonlyMap<ComponentRef, readonly ComponentRef[]>;
  /** Edges from the root, at least. */
  readonly distance: ReadonlyMap<ComponentRef, number>;
}

/** Kept for as long as the SBOM lives: one SBOM is asked for many components. */
const known = new WeakMap<readonly Dependency[], Reach>();

function reachOf({ root, dependencies }: Pick<Sbom, "root" | "dependencies">): Reach {
  let reach = known.get(dependencies);
  if (reach === undefined) {
    const needs = new Map<ComponentRef, ComponentRef[]>();
    const needers = new Map<ComponentRef, ComponentRef[]>();
    for (const { from, to } of dependencies) {
      push(needs, from, to);
      push(needers, to, from);
    }
    for (const list of needers.values()) list.sort();
    reach = { needers, distance: distancesFrom(root, needs) };
    known.set(dependencies, reach);
  }
  return reach;
}

function push(lists: Map<ComponentRef, ComponentRef[]>, key: ComponentRef, value: ComponentRef): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function distancesFrom(
  root: ComponentRef,
  needs: ReadonlyMap<ComponentRef, readonly ComponentRef[]>,
): Map<ComponentRef, number> {
  const distance = new Map<ComponentRef, number>([[root, 0]]);
  // A Map is walked in the order of insertion, also what is added on the way: the queue of a breadth-first search.
  for (const [at, length] of distance) {
    for (const to of needs.get(at) ?? []) if (!distance.has(to)) distance.set(to, length + 1);
  }
  return distance;
}

/**
 * At most `max` shortest paths from the root to a component, each `[root, …, ref]`: why it is there. They come in the order
 * of their refs, read from the end. Empty where no path is known, or none of at most 100 steps.
 */
export function reasonPaths(
  sbom: Pick<Sbom, "root" | "dependencies">,
  ref: ComponentRef,
  max: number,
): ComponentRef[][] {
  const { needers, distance } = reachOf(sbom);
  if ((distance.get(ref) ?? Infinity) > MAX_LENGTH) return [];
  const paths: ComponentRef[][] = [];
  const open: ComponentRef[][] = [[ref]];
  for (let path = open.pop(); path !== undefined && paths.length < max; path = open.pop()) {
    const at = path[0] ?? ref;
    const left = (distance.get(at) ?? 0) - 1;
    if (left < 0) {
      paths.push(path);
      continue;
    }
    const nearer = (needers.get(at) ?? []).filter((needer) => distance.get(needer) === left);
    for (const needer of nearer.toReversed()) open.push([needer, ...path]);
  }
  return paths;
}

import { byCodeUnit } from "../../artifact/entry-path.ts";
import type { Component, ComponentRef, Sbom } from "../../model/sbom.ts";

/** Where a component stands in the graph. */
export interface Standing {
  /** Steps from the project: 1 = the project itself needs it. */
  readonly depth: number;
  /** The direct dependency on the shortest path to it: itself at depth 1. */
  readonly through: ComponentRef;
}

/**
 * The standing of each component that the root reaches, by breadth first search over the edges in their order. The
 * project's own members count as the project: what they need is at depth 1.
 */
export function standings(sbom: Sbom): ReadonlyMap<ComponentRef, Standing> {
  const edges = new Map<ComponentRef, ComponentRef[]>();
  for (const { from, to } of sbom.dependencies) {
    const list = edges.get(from);
    if (list === undefined) edges.set(from, [to]);
    else list.push(to);
  }
  const own = new Set(sbom.components.filter((component) => component.own).map((component) => component.ref));
  const found = new Map<ComponentRef, Standing>();
  const queue: ComponentRef[] = [];
  const add = (ref: ComponentRef, standing: Standing): void => {
    if (ref === sbom.root || found.has(ref)) return;
    found.set(ref, standing);
    queue.push(ref);
  };
  const roots = [sbom.root, ...own];
  for (const ref of own) found.set(ref, { depth: 0, through: ref });
  for (const root of roots) for (const to of edges.get(root) ?? []) add(to, { depth: 1, through: to });
  for (const component of sbom.components)
    if (component.direct) add(component.ref, { depth: 1, through: component.ref });
  for (let i = 0; i < queue.length; i += 1) {
    const from = queue[i] as ComponentRef;
    const { depth, through } = found.get(from) as Standing;
    for (const to of edges.get(from) ?? []) add(to, { depth: depth + 1, through });
  }
  return found;
}

/** By name, then version, then ref, in code unit order. */
export function byName(a: Component, b: Component): number {
  return byCodeUnit(a.name, b.name) || byCodeUnit(a.version ?? "", b.version ?? "") || byCodeUnit(a.ref, b.ref);
}

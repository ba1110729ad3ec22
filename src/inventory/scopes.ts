import type { ComponentRef, Dependency, Scope } from "../model/sbom.ts";

/** Strongest first. */
const SCOPES: readonly Scope[] = ["runtime", "optional", "peer", "build", "dev", "test"];

/**
 * The scope of all that is reached from `roots`: along one path the weakest edge counts, of several paths the strongest. What no
 * path leads to is not in the answer.
 */
export function reachedScopes(
  dependencies: readonly Dependency[],
  roots: Iterable<ComponentRef>,
): ReadonlyMap<ComponentRef, Scope> {
  const needs = new Map<ComponentRef, Dependency[]>();
  for (const edge of dependencies) {
    const list = needs.get(edge.from);
    if (list === undefined) needs.set(edge.from, [edge]);
    else list.push(edge);
  }
  const found = new Map<ComponentRef, Scope>();
  // Edges that were met and are weaker than the level in hand wait for theirs, so that each is looked at once.
  const waiting: ComponentRef[][] = SCOPES.map(() => []);
  waiting[0]?.push(...roots);
  for (const [level, scope] of SCOPES.entries()) {
    const open = waiting[level] ?? [];
    for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
      if (found.has(ref)) continue;
      found.set(ref, scope);
      for (const edge of needs.get(ref) ?? []) {
        waiting[Math.max(level, SCOPES.indexOf(edge.scope))]?.push(edge.to);
      }
    }
  }
  return found;
}

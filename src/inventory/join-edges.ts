import type { Dependency, Sbom } from "../model/sbom.ts";
import { strongerScope } from "./join-components.ts";

const COMPLETENESS = ["complete", "incomplete", "unknown"] as const;
const METHODS = ["locked", "observed", "declared", "missing"] as const;

function weakest<T>(order: readonly T[], values: readonly T[]): T {
  return order[Math.max(0, ...values.map((value) => order.indexOf(value)))] as T;
}

/** What can be relied upon in a whole of these parts. */
export function weakestOf(parts: readonly Sbom["completeness"][]): Sbom["completeness"] {
  return {
    components: weakest(
      COMPLETENESS,
      parts.map(({ components }) => components),
    ),
    dependencies: weakest(
      COMPLETENESS,
      parts.map(({ dependencies }) => dependencies),
    ),
    method: weakest(
      METHODS,
      parts.map(({ method }) => method),
    ),
  };
}

/** Each pair once, by its strongest scope, sorted by (from, to); none from a component to itself. */
export function mergeEdges(all: readonly Dependency[]): readonly Dependency[] {
  const byPair = new Map<string, Dependency>();
  for (const edge of all) {
    if (edge.from === edge.to) continue;
    const key = `${edge.from}\0${edge.to}`;
    const before = byPair.get(key);
    byPair.set(key, before === undefined ? edge : { ...before, scope: strongerScope(before.scope, edge.scope) });
  }
  // The default order of texts is that of their code units, and far faster than a function's.
  return [...byPair.keys()].sort().flatMap((key) => byPair.get(key) ?? []);
}

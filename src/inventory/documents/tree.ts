import { cleanText } from "../../artifact/clean-text.ts";
import { spokenPurl } from "../../artifact/purl.ts";
import type { ComponentRef, Dependency, Sbom, Scope } from "../../model/sbom.ts";

/** One line of a dependency tree. */
export interface Branch {
  /** Edges from the root; the root is 0. */
  readonly depth: number;
  readonly ref: ComponentRef;
  readonly scope: Scope;
  /** Whether it is the last below its parent, for each level above it: what draws the lines. */
  readonly last: readonly boolean[];
  /** It was shown before: its own needs stand there. */
  readonly again: boolean;
}

/**
 * The graph as a tree from the root down, children in the order of their refs, each component's needs once. `maxDepth` ends it early.
 * Iterative, for a graph may be as deep as it has components; cycles end where a component comes again.
 */
export function* treeOf(sbom: Sbom, maxDepth: number): Iterable<Branch> {
  const needs = Map.groupBy(sbom.dependencies, ({ from }) => from);
  const shown = new Set<ComponentRef>();
  const open: Branch[] = [{ depth: 0, ref: sbom.root, scope: "runtime", last: [], again: false }];
  for (let branch = open.pop(); branch !== undefined; branch = open.pop()) {
    const children = needs.get(branch.ref) ?? [];
    const again = shown.has(branch.ref) && children.length > 0;
    yield { ...branch, again };
    if (shown.has(branch.ref) || branch.depth >= maxDepth) continue;
    shown.add(branch.ref);
    const { depth, last } = branch;
    const below = (edge: Dependency, index: number): Branch => ({
      depth: depth + 1,
      ref: edge.to,
      scope: edge.scope,
      last: [...last, index === children.length - 1],
      again: false,
    });
    open.push(...children.map(below).toReversed());
  }
}

const stem = (last: readonly boolean[]): string =>
  last.map((end, index) => (index === last.length - 1 ? (end ? "└─ " : "├─ ") : end ? "   " : "│  ")).join("");

/** One line of text for a branch; a scope other than runtime is named, what was shown before is marked. */
export function printBranch({ ref, scope, last, again }: Branch): string {
  const name = cleanText(spokenPurl(ref), 300);
  return `${stem(last)}${name}${scope === "runtime" ? "" : ` (${scope})`}${again ? " …" : ""}`;
}

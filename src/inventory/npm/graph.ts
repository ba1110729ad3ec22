import { cleanText } from "../../artifact/clean-text.ts";
import type { Component, ComponentRef, Dependency, Unknown } from "../../model/sbom.ts";
import { joinPlaces } from "./components.ts";
import { edgesOf, levelsOf } from "./edges.ts";
import type { Edges } from "./edges.ts";
import { SCOPES, told } from "./place.ts";
import type { Place } from "./place.ts";
import type { Tree } from "./tree.ts";

/** The graph of components that a tree of places describes. */
export interface Graph {
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
  readonly unknowns: readonly Unknown[];
  /** Whether every need that an installation cannot do without was found. */
  readonly whole: boolean;
}

/** What the project itself and its workspaces name. */
export function directPlaces(tree: Tree, edges: Edges): Set<Place> {
  const direct = new Set<Place>();
  for (const from of tree.places) {
    if (!from.own) continue;
    const end = edges.first[from.index + 1] ?? 0;
    for (let edge = edges.first[from.index] ?? 0; edge < end; edge += 1) {
      const to = tree.places[edges.to[edge] ?? -1];
      if (to !== undefined) direct.add(to);
    }
  }
  return direct;
}

/** Edges between places as edges between components: each pair once, by its strongest kind; sorted by (from, to). */
export function joinEdges(
  tree: Tree,
  edges: Edges,
  componentOf: Int32Array,
  refs: readonly ComponentRef[],
): Dependency[] {
  // One number per edge, (from, to, kind) in that order of weight, so that sorting numbers sorts edges by ref. The root's
  // ref is the last of `refs`.
  const count = refs.length;
  const packed: number[] = [];
  for (const from of tree.places) {
    const source = from === tree.root ? count - 1 : (componentOf[from.index] ?? -1);
    if (source === -1) continue;
    const end = edges.first[from.index + 1] ?? 0;
    for (let edge = edges.first[from.index] ?? 0; edge < end; edge += 1) {
      const target = componentOf[edges.to[edge] ?? -1] ?? -1;
      if (target !== -1 && target !== source) packed.push((source * count + target) * 8 + (edges.kind[edge] ?? 0));
    }
  }
  const sorted = Float64Array.from(packed).sort();
  const dependencies: Dependency[] = [];
  let last = -1;
  for (const number of sorted) {
    const pair = Math.floor(number / 8);
    if (pair === last) continue;
    last = pair;
    const from = refs[Math.floor(pair / count)];
    const to = refs[pair % count];
    const scope = SCOPES[number % 8];
    if (from !== undefined && to !== undefined && scope !== undefined) dependencies.push({ from, to, scope });
  }
  return dependencies;
}

/** Puts the root's edges, which come last, where the root's ref sorts. */
function placeRoot(dependencies: Dependency[], root: ComponentRef): Dependency[] {
  const start = dependencies.findIndex((edge) => edge.from === root);
  if (start === -1) return dependencies;
  const own = dependencies.splice(start);
  const at = dependencies.findIndex((edge) => edge.from > root);
  dependencies.splice(at === -1 ? dependencies.length : at, 0, ...own);
  return dependencies;
}

function unreached(tree: Tree, levels: Uint8Array, file: string): Unknown[] {
  const lost = tree.places.filter((place) => levels[place.index] === 4 && place.target === undefined);
  const first = lost[0];
  if (first === undefined) return [];
  return [
    {
      where: file,
      what: `nothing in the lockfile needs ${lost.length} of its places, such as ${cleanText(told(first))}`,
    },
  ];
}

function brokenLinks(tree: Tree, file: string): Unknown[] {
  return tree.places
    .filter((place) => place.link && place.target === undefined)
    .map((place) => ({ where: file, what: `the link ${cleanText(place.position)} leads to nothing in the lockfile` }));
}

/**
 * Joins the tree of a lockfile to components and edges. `rootKnown` is false where nobody tells what the project itself
 * needs: scopes are then what npm noted, and the project has no edges.
 */
export function graphOf(tree: Tree, file: string, rootRef: ComponentRef, rootKnown: boolean): Graph {
  return joinGraph(tree, edgesOf(tree, file), file, rootRef, rootKnown);
}

/** As `graphOf`, where the edges were found in another way than by install position. */
export function joinGraph(tree: Tree, edges: Edges, file: string, rootRef: ComponentRef, rootKnown: boolean): Graph {
  const levels = levelsOf(tree, edges);
  const direct = directPlaces(tree, edges);
  const { byUrl } = edges;
  const joined = joinPlaces(tree.places, tree.root, { file, rootRef, levels, direct, byUrl, technique: "lockfile" });
  const refs = [...joined.components.map((component) => component.ref), rootRef];
  const broken = brokenLinks(tree, file);
  return {
    components: joined.components,
    dependencies: placeRoot(joinEdges(tree, edges, joined.componentOf, refs), rootRef),
    unknowns: [...joined.unknowns, ...edges.missing, ...broken, ...(rootKnown ? unreached(tree, levels, file) : [])],
    whole: !edges.broken && broken.length === 0,
  };
}

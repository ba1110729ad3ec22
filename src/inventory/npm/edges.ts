import type { Unknown } from "../../model/sbom.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import type { Fields } from "../fields.ts";
import { DEV, linked, OPTIONAL, OPTIONAL_PEER, PEER, resolve, RUNTIME, told } from "./place.ts";
import type { Place } from "./place.ts";
import type { Tree } from "./tree.ts";

/** Edges between places as columns, grouped by the place that needs: those of place `i` are `first[i]` to `first[i + 1]`. */
export interface Edges {
  readonly first: readonly number[];
  readonly to: readonly number[];
  /** Index into `SCOPES`. */
  readonly kind: readonly number[];
  /** Places that some need names by URL and not by version: their bytes are no registry's. */
  readonly byUrl: ReadonlySet<Place>;
  /** Needs without a place: each a line for `unknowns`. */
  readonly missing: readonly Unknown[];
  /** Whether a need is missing that an installation cannot do without. */
  readonly broken: boolean;
}

/** So many missing needs are told one by one; the rest as a number. */
const MAX_TOLD = 50;

/** Edges while they are found: `add` and `miss` for one place, then `next`, in the order of the places. */
export class EdgeList implements Edges {
  readonly first: number[] = [0];
  readonly to: number[] = [];
  readonly kind: number[] = [];
  readonly byUrl = new Set<Place>();
  readonly missing: Unknown[] = [];
  broken = false;
  readonly #file: string;
  readonly #lacking: string;
  #untold = 0;

  /** `lacking`: what is said of needs that are not there. */
  constructor(file: string, lacking = "in the lockfile") {
    this.#file = file;
    this.#lacking = lacking;
  }

  add(to: Place, kind: number, range: unknown): void {
    this.to.push(to.index);
    this.kind.push(kind);
    // `http://…`, `https://…`: a range cannot begin with these letters.
    if (typeof range === "string" && range.startsWith("http") && range.includes("://")) this.byUrl.add(to);
  }

  miss(from: Place, name: string, kind: number): void {
    // An optional dependency that does not fit the platform is left out on purpose.
    if (kind === OPTIONAL || kind === OPTIONAL_PEER) return;
    // Nor does npm install the development needs of a linked folder beside the project.
    if (kind === DEV && from.position.startsWith("..")) return;
    // A peer may be left to whoever uses the package; version 1 does not tell optional needs from others.
    if (kind !== PEER && !from.mergedNeeds) this.broken = true;
    if (this.missing.length >= MAX_TOLD) {
      this.#untold += 1;
      return;
    }
    const who = cleanText(told(from), 120);
    const what = `${who} needs ${kind === PEER ? "the peer " : ""}${cleanText(name, 120)}, which is not ${this.#lacking}`;
    this.missing.push({ where: from.line === undefined ? this.#file : `${this.#file}:${from.line}`, what });
  }

  /** All of the place at hand was added. */
  next(): void {
    this.first.push(this.to.length);
  }

  close(): this {
    if (this.#untold > 0) {
      this.missing.push({ where: this.#file, what: `${this.#untold} more needs are not ${this.#lacking}` });
    }
    return this;
  }
}

/** How needs are looked up, where not by install position alone. */
export interface Lookup {
  readonly find: (from: Place, name: string) => Place | undefined;
  /** What is said of needs that are not found. */
  readonly lacking: string;
}

interface Needs {
  readonly needs: Fields | undefined;
  readonly kind: number;
  readonly but?: Fields | undefined;
}

function addNeeds(edges: EdgeList, from: Place, { needs, kind, but }: Needs, find: Lookup["find"]): void {
  if (needs === undefined) return;
  for (const name of Object.keys(needs)) {
    // npm lists an optional dependency under both; it is optional then (npm docs, package.json, "optionalDependencies").
    if (but !== undefined && Object.hasOwn(but, name)) continue;
    const found = find(from, name);
    const as = kind === PEER && isOptionalPeer(from, name) ? OPTIONAL_PEER : kind;
    if (found === undefined) {
      edges.miss(from, name, as);
      continue;
    }
    const to = linked(found);
    edges.add(to, from.mergedNeeds && to.optional && !from.optional ? OPTIONAL : as, needs[name]);
  }
}

export function isOptionalPeer(from: Place, name: string): boolean {
  const meta = from.peerDependenciesMeta;
  if (meta === undefined || !Object.hasOwn(meta, name)) return false;
  const said = meta[name];
  return typeof said === "object" && said !== null && Reflect.get(said, "optional") === true;
}

/** Workspaces are needed by the root without being named in its dependencies: links that lead into the project. */
function addWorkspaces(edges: EdgeList, root: Place): void {
  if (!root.workspaces) return;
  for (const link of root.children?.values() ?? []) {
    if (link.target !== undefined && !link.target.position.startsWith(".."))
      edges.add(linked(link), RUNTIME, undefined);
  }
}

/**
 * All edges by install position: every need of every place, resolved as Node does. Development needs count for the project's
 * own places only, as npm installs no others. `file` names the lockfile in messages.
 */
export function edgesOf(tree: Tree, file: string, lookup?: Lookup): Edges {
  const edges = new EdgeList(file, lookup?.lacking);
  const find = lookup?.find ?? resolve;
  for (const from of tree.places) {
    if (from === tree.root) addWorkspaces(edges, from);
    addNeeds(edges, from, { needs: from.dependencies, kind: RUNTIME, but: from.optionalDependencies }, find);
    addNeeds(edges, from, { needs: from.optionalDependencies, kind: OPTIONAL }, find);
    addNeeds(edges, from, { needs: from.peerDependencies, kind: PEER }, find);
    if (from.own) addNeeds(edges, from, { needs: from.devDependencies, kind: DEV }, find);
    edges.next();
  }
  return edges.close();
}

/**
 * Why each place is there, as an index into `SCOPES`: the weakest link of the strongest path from the root (from any of
 * `starts`), optional peers passed over. 4 = no path. Visits each place at most once per kind.
 */
export function levelsOf(tree: Tree, edges: Edges, starts: readonly Place[] = [tree.root]): Uint8Array {
  const levels = new Uint8Array(tree.places.length).fill(4);
  const queues: number[][] = [starts.map(({ index }) => index), [], [], []];
  for (const { index } of starts) levels[index] = RUNTIME;
  for (const [level, queue] of queues.entries()) {
    for (let next = 0; next < queue.length; next += 1) {
      const from = queue[next] ?? 0;
      if (levels[from] !== level) continue;
      const end = edges.first[from + 1] ?? 0;
      for (let edge = edges.first[from] ?? 0; edge < end; edge += 1) {
        const to = edges.to[edge] ?? 0;
        const reached = Math.max(level, edges.kind[edge] ?? 0);
        if (reached < (levels[to] ?? 0)) {
          levels[to] = reached;
          queues[reached]?.push(to);
        }
      }
    }
  }
  return levels;
}

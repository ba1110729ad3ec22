import type { Fields } from "../fields.ts";
import { EdgeList, isOptionalPeer } from "../npm/edges.ts";
import type { Edges } from "../npm/edges.ts";
import { DEV, OPTIONAL, OPTIONAL_PEER, PEER, RUNTIME } from "../npm/place.ts";
import type { Place } from "../npm/place.ts";
import type { Tree } from "../npm/tree.ts";
import type { Resolver } from "./resolver.ts";

/** Of one peer of one package; more are not told apart. */
const MAX_PROVIDERS = 64;

const KINDS = [
  ["dependencies", RUNTIME],
  ["optionalDependencies", OPTIONAL],
  ["devDependencies", DEV],
] as const;

interface Found {
  readonly name: string;
  readonly range: string;
  readonly kind: number;
  readonly to: Place | undefined;
}

function needsOf(from: Place, resolver: Resolver): Found[] {
  const found: Found[] = [];
  for (const [field, kind] of KINDS) {
    const needs: Fields = from[field] ?? {};
    for (const name of Object.keys(needs)) {
      const range = typeof needs[name] === "string" ? needs[name] : "";
      found.push({ name, range, kind, to: resolver.find(from, name, range) });
    }
  }
  // One component with its source; the edge carries why both are there.
  const source = resolver.sourceOf(from);
  if (source !== undefined) found.push({ name: source.name, range: "", kind: RUNTIME, to: source });
  return found;
}

/**
 * What provides each peer: whatever those who need the package resolve the peer's name to, or in turn get as a peer (yarn docs, "peer
 * dependencies"). A package can have several providers: yarn makes an instance for each. Ends because sets only grow.
 */
function peersOf(tree: Tree, needs: readonly (readonly Found[])[]): readonly ReadonlyMap<string, ReadonlySet<Place>>[] {
  const peers = tree.places.map(
    (from) => new Map(Object.keys(from.peerDependencies ?? {}).map((name) => [name, new Set<Place>()])),
  );
  const givers = needs.map((found) => new Map(found.map(({ name, to }) => [name, to])));
  const queue = tree.places.map(({ index }) => index);
  const queued = new Set(queue);
  for (let next = 0; next < queue.length; next += 1) {
    const from = queue[next] ?? 0;
    queued.delete(from);
    for (const { to } of needs[from] ?? []) {
      for (const [name, providers] of to === undefined ? [] : (peers[to.index] ?? [])) {
        const before = providers.size;
        if (before >= MAX_PROVIDERS) continue;
        const given = givers[from]?.get(name);
        if (given !== undefined) providers.add(given);
        else if (tree.places[from]?.name === name && tree.places[from] !== undefined) providers.add(tree.places[from]);
        else for (const place of peers[from]?.get(name) ?? []) providers.add(place);
        if (providers.size === before || to === undefined || queued.has(to.index)) continue;
        queued.add(to.index);
        queue.push(to.index);
      }
    }
  }
  return peers;
}

/** All edges of a `yarn.lock` whose root and members are the first places of `tree`. */
export function yarnEdges(tree: Tree, resolver: Resolver, foreign: ReadonlySet<Place>, file: string): Edges {
  const edges = new EdgeList(file, "given to it by the lockfile");
  for (const each of foreign) edges.byUrl.add(each);
  const needs = tree.places.map((from) => needsOf(from, resolver));
  const peers = peersOf(tree, needs);
  for (const from of tree.places) {
    if (from === tree.root) {
      for (const member of tree.places) if (member.own && member !== from) edges.add(member, RUNTIME, undefined);
    }
    for (const { name, range, kind, to } of needs[from.index] ?? []) {
      if (to === undefined) edges.miss(from, name, kind);
      else edges.add(to, kind, range);
    }
    for (const [name, providers] of peers[from.index] ?? []) {
      const kind = isOptionalPeer(from, name) ? OPTIONAL_PEER : PEER;
      for (const to of providers) if (to !== from) edges.add(to, kind, undefined);
      if (providers.size > 0) continue;
      // A member takes what the whole project has.
      const range = from.peerDependencies?.[name];
      const to = from.own ? resolver.find(from, name, typeof range === "string" ? range : "") : undefined;
      if (to === undefined) edges.miss(from, name, kind);
      else edges.add(to, kind, range);
    }
    edges.next();
  }
  return edges.close();
}

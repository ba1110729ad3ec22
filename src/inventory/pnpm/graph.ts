import { EdgeList } from "../npm/edges.ts";
import type { Edges } from "../npm/edges.ts";
import { DEV, OPTIONAL, OPTIONAL_PEER, PEER, place, RUNTIME } from "../npm/place.ts";
import type { Place } from "../npm/place.ts";
import { listTree } from "../npm/tree.ts";
import type { Tree } from "../npm/tree.ts";
import { mapOf, type Need, needsIn } from "./document.ts";
import type { Importer } from "./importers.ts";
import type { Instance, Instances } from "./packages.ts";

const PACKAGE_FIELDS = [
  ["dependencies", RUNTIME],
  ["optionalDependencies", OPTIONAL],
] as const;

/** Beside the lists of a manifest: what pnpm 11 locks for itself. */
const IMPORTER_FIELDS = [
  ["dependencies", RUNTIME],
  ["optionalDependencies", OPTIONAL],
  ["devDependencies", DEV],
  ["configDependencies", DEV],
  ["packageManagerDependencies", DEV],
] as const;

/** The folder that `link:` leads to from another; parts that lead up out of the project are kept. */
function linkedFolder(from: string, link: string): string {
  const parts = from === "" ? [] : from.split("/");
  for (const part of link.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/** Finds what needs resolve to: packages by key, folders of the project by path. */
class Finder {
  readonly #byKey: Instances["byKey"];
  readonly #folders: Map<string, Place>;
  /** Linked folders that are no importers. */
  readonly beside: Place[] = [];

  constructor({ byKey }: Instances, importers: readonly Importer[]) {
    this.#byKey = byKey;
    this.#folders = new Map(importers.map((importer) => [importer.place.position, importer.place]));
  }

  find(from: Place, { alias, version }: Need): Place | undefined {
    if (version.startsWith("link:"))
      return this.#folder(linkedFolder(from.own ? from.position : "", version.slice(5)), alias);
    // Version 9; version 6; version 5; an alias, an archive or a repository, whose whole key is written.
    for (const key of [`${alias}@${version}`, `/${alias}@${version}`, `/${alias}/${version}`, version]) {
      const found = this.#byKey.get(key);
      if (found !== undefined) return found.place;
    }
    return undefined;
  }

  #folder(folder: string, alias: string): Place {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const made = place({ position: folder, name: alias, own: true });
    this.#folders.set(folder, made);
    this.beside.push(made);
    return made;
  }
}

/** Peers that were found stand among the needs of an instance, the optional ones among its optional needs. */
function kindOf(facts: Instance["facts"], alias: string, otherwise: number): number {
  const meta = mapOf(mapOf(facts.get("peerDependenciesMeta"))?.get(alias));
  if (meta?.get("optional") === "true") return OPTIONAL_PEER;
  return mapOf(facts.get("peerDependencies"))?.has(alias) === true ? PEER : otherwise;
}

interface Row {
  readonly to: Place | undefined;
  readonly alias: string;
  readonly kind: number;
}

/** Tree and edges of one document. `importers[0]` is the root. */
export function pnpmGraph(
  importers: readonly [Importer, ...Importer[]],
  instances: Instances,
  file: string,
): { readonly tree: Tree; readonly edges: Edges } {
  const finder = new Finder(instances, importers);
  const [root] = importers;
  const rows = new Map<Place, readonly Row[]>();
  for (const { place: from, needs, peers } of importers) {
    const found = IMPORTER_FIELDS.flatMap(([field, kind]) =>
      needsIn(needs, field).map((need) => ({
        to: finder.find(from, need),
        alias: need.alias,
        kind: kind === RUNTIME && peers.has(need.alias) ? PEER : kind,
      })),
    );
    rows.set(from, found);
  }
  const listed = [...instances.byKey.values()];
  const folders = new Map(importers.map((importer) => [importer.place.position, importer.place]));
  for (const { place: copy } of listed) {
    // A member that is copied instead of linked is that member, with peers of its own (pnpm docs, "injected").
    const member = copy.own ? folders.get(copy.position) : undefined;
    if (member === undefined) continue;
    copy.name = member.name === "" ? copy.name : member.name;
    copy.version ??= member.version;
  }
  for (const { place: from, needs, facts } of listed) {
    const found = PACKAGE_FIELDS.flatMap(([field, kind]) =>
      needsIn(needs, field).map((need) => ({
        to: finder.find(from, need),
        alias: need.alias,
        kind: kindOf(facts, need.alias, kind),
      })),
    );
    rows.set(from, found);
  }
  const members = [...importers.slice(1).map((importer) => importer.place), ...finder.beside];
  const tree = listTree([root.place, ...members, ...listed.map((instance) => instance.place)]);
  const edges = new EdgeList(file);
  for (const { place: each, foreign } of listed) if (foreign) edges.byUrl.add(each);
  for (const from of tree.places) {
    if (from === tree.root) for (const { place: to } of importers.slice(1)) edges.add(to, RUNTIME, undefined);
    for (const { to, alias, kind } of rows.get(from) ?? []) {
      if (to === undefined) edges.miss(from, alias, kind);
      else if (to !== from) edges.add(to, kind, undefined);
    }
    edges.next();
  }
  return { tree, edges: edges.close() };
}

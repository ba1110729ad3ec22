import type { Scope } from "../../model/sbom.ts";
import type { Fields } from "../fields.ts";

/** Kinds of need by strength: a smaller one wins where several paths lead to a package. */
export const SCOPES = ["runtime", "optional", "peer", "dev", "peer"] as const satisfies readonly Scope[];
export const RUNTIME = 0;
export const OPTIONAL = 1;
export const PEER = 2;
export const DEV = 3;
/** An optional peer: used where it is there, but never the reason why it is there. */
export const OPTIONAL_PEER = 4;

/** What a lockfile says of one folder of the installation: an installed package, a link, a project folder. */
export interface Place {
  /** Install position, e.g. `node_modules/a/node_modules/b`; empty for the root, and where the lockfile tells none. */
  readonly position: string;
  /** The name that others call it by: the last part of the position. An alias differs from `name`. */
  readonly calledAs: string;
  /** Empty for a folder that nothing names. */
  name: string;
  version: string | undefined;
  /** Where it came from: registry tarball, git or file reference, or for a link the folder that it leads to. */
  readonly resolved: string | undefined;
  readonly integrity: string | undefined;
  readonly licence: unknown;
  /** Of an installed manifest. */
  readonly author: unknown;
  /** Why its maintainers ask not to use it, as npm copies it from the registry. */
  readonly deprecated: unknown;
  readonly dev: boolean;
  readonly optional: boolean;
  readonly peer: boolean;
  readonly extraneous: boolean;
  /** Version 1 merges needs of every kind but peers into one list (`requires`), held in `dependencies` here. */
  readonly mergedNeeds: boolean;
  dependencies: Fields | undefined;
  optionalDependencies: Fields | undefined;
  peerDependencies: Fields | undefined;
  peerDependenciesMeta: Fields | undefined;
  devDependencies: Fields | undefined;
  /** The manifest of this folder names workspaces. */
  readonly workspaces: boolean;
  readonly link: boolean;
  /** Part of the project: the root, a workspace member, a linked folder. */
  own: boolean;
  /** A folder that the lockfile does not list itself but that others lie in. */
  readonly phantom: boolean;
  readonly line: number | undefined;
  /** The manifest that tells this place, where the lockfile does not. */
  readonly manifest: string | undefined;
  /** The folder whose `node_modules` is asked next by Node's resolution. */
  up: Place | undefined;
  /** What lies in this folder's own `node_modules`. */
  children: Map<string, Place> | undefined;
  /** Of a link: what it leads to. */
  target: Place | undefined;
  /** Index into the list of places. */
  index: number;
}

/** A place of which only this is known. Always the same fields in the same order, which keeps reading them fast. */
export function place(facts: Partial<Place> & Pick<Place, "position">): Place {
  return {
    position: facts.position,
    calledAs: facts.calledAs ?? calledAs(facts.position),
    name: facts.name ?? "",
    version: facts.version,
    resolved: facts.resolved,
    integrity: facts.integrity,
    licence: facts.licence,
    author: facts.author,
    deprecated: facts.deprecated,
    dev: facts.dev ?? false,
    optional: facts.optional ?? false,
    peer: facts.peer ?? false,
    extraneous: facts.extraneous ?? false,
    mergedNeeds: facts.mergedNeeds ?? false,
    dependencies: facts.dependencies,
    optionalDependencies: facts.optionalDependencies,
    peerDependencies: facts.peerDependencies,
    peerDependenciesMeta: facts.peerDependenciesMeta,
    devDependencies: facts.devDependencies,
    workspaces: facts.workspaces ?? false,
    link: facts.link ?? false,
    own: facts.own ?? false,
    phantom: facts.phantom ?? false,
    line: facts.line,
    manifest: facts.manifest,
    up: undefined,
    children: undefined,
    target: undefined,
    index: -1,
  };
}

/** Of the position's last `node_modules/` the name behind it, or the last part of a folder's path. */
export function calledAs(position: string): string {
  const mark = position.lastIndexOf("node_modules/");
  return mark === -1 ? position.slice(position.lastIndexOf("/") + 1) : position.slice(mark + 13);
}

/** How a place is called in messages: by its position, or where it has none by what lies there. */
export function told({ position, own, name, version }: Place): string {
  if (position !== "") return position;
  return own ? "the project" : version === undefined ? name : `${name}@${version}`;
}

/** Follows links (a bounded number, so that a circle ends) to the place that holds the package. */
export function linked(start: Place): Place {
  let at = start;
  for (let hops = 0; at.target !== undefined && hops < 8; hops += 1) at = at.target;
  return at;
}

/**
 * What Node would load as `name` from this place: its own `node_modules` first, then those of the folders above
 * (Node.js documentation, "Loading from node_modules folders"). No text is built: names are looked up folder by folder.
 */
export function resolve(from: Place, name: string): Place | undefined {
  for (let at: Place | undefined = from; at !== undefined; at = at.up) {
    const found = at.children?.get(name);
    if (found !== undefined && !found.phantom) return found;
  }
  return undefined;
}

/** What a package manager noted of a package that it installed. */
export interface Installed {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev: boolean;
  readonly optional: boolean;
  readonly peer: boolean;
}

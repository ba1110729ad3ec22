import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Component, Dependency, Unknown } from "../../model/sbom.ts";
import { licenceClaims } from "../../artifact/licence.ts";
import { isTrial } from "../trial.ts";
import { joinPlaces } from "./components.ts";
import { edgesOf, levelsOf } from "./edges.ts";
import type { Edges } from "./edges.ts";
import { directPlaces, joinEdges } from "./graph.ts";
import { installedFor } from "./installed-paths.ts";
import { ownPlace, PlaceReader } from "./installed-places.ts";
import { Records } from "./installed-records.ts";
import { folderAt } from "./links.ts";
import { manifestIn } from "./manifest.ts";
import { workspaceMembers } from "./members.ts";
import { DEV, place, resolve } from "./place.ts";
import type { Place } from "./place.ts";
import { lockSubject } from "./project.ts";
import { joinTree } from "./tree.ts";
import type { Tree } from "./tree.ts";

/** So many are named one by one; the rest as a number. */
const MAX_TOLD = 20;

/** Folders with a manifest whose `node_modules` these are: projects, members of workspaces. */
function ownPlaces(folders: ReadonlySet<string>, source: Source): Place[] {
  const found = new Map<string, Place>();
  const add = (folder: string): void => {
    const entry = found.has(folder)
      ? undefined
      : source.find(folder === "" ? "package.json" : `${folder}/package.json`);
    if (entry?.kind === "file") found.set(folder, ownPlace(entry));
  };
  for (const folder of folders) {
    add(folder);
    if (found.get(folder)?.workspaces !== true) continue;
    const patterns = manifestIn(folder, source)?.workspaces ?? [];
    for (const member of workspaceMembers(patterns, folder, source).keys())
      add(folder === "" ? member : `${folder}/${member}`);
  }
  return [...found.values()];
}

/** Links in `node_modules` to folders of the project that are there. */
function linkPlaces(records: Records, own: readonly Place[]): Place[] {
  const folders = new Set(own.map(({ position }) => position));
  return [...records.links]
    .filter(([, resolved]) => folders.has(resolved))
    .map(([position, resolved]) => place({ position, link: true, resolved }));
}

/** Looks needs up by install position, and where nobody noted the links between packages, through the links themselves. */
function finder(
  tree: Tree,
  source: Source,
  listed: ReadonlySet<string>,
): (from: Place, name: string) => Place | undefined {
  const at = new Map(tree.places.map((each) => [each.position, each]));
  const known = new Map<string, Place | undefined>();
  const behind = (path: string): Place | undefined => {
    if (!known.has(path)) {
      const folder = path.split("/").includes("..") ? undefined : folderAt(source, path);
      known.set(path, folder === undefined ? undefined : at.get(folder));
    }
    return known.get(path);
  };
  const throughLinks = (from: Place, name: string): Place | undefined => {
    for (let folder: Place | undefined = from; folder !== undefined; folder = folder.up) {
      const child = folder.children?.get(name);
      if (child !== undefined && !child.phantom) return child;
      const found = behind(`${folder.position === "" ? "" : `${folder.position}/`}node_modules/${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const installed = tree.places.filter(({ own, link }) => !own && !link);
  if (installed.some(({ position }) => /(?:^|\/)node_modules\/\.[^/]+\//u.test(position))) return throughLinks;
  // Without a store links are rare: they are asked for only where nothing else is found, and npm has noted them all.
  const isListed = installed.every(({ position }) => listed.has(topModules(position)) || listed.has("node_modules"));
  return isListed ? resolve : (from, name) => resolve(from, name) ?? throughLinks(from, name);
}

function topModules(position: string): string {
  const folder = installedFor(position);
  return folder === "" ? "node_modules" : `${folder}/node_modules`;
}

function tellList(where: string, all: readonly string[], what: (count: number) => string): Unknown[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, MAX_TOLD).map((each) => cleanText(each, 120));
  const rest = all.length > shown.length ? `, and ${all.length - shown.length} more` : "";
  return [{ where, what: `${what(all.length)}: ${shown.join(", ")}${rest}` }];
}

/** What npm's own list and the folders tell differently, for each `node_modules` that npm listed. */
function unlisted(tree: Tree, records: Records): Unknown[] {
  const there = new Set(tree.places.filter(({ own, link }) => !own && !link).map(({ position }) => position));
  const gone = [...records.positions()].filter((position) => !there.has(position));
  return [...records.listed].flatMap((modules) => {
    const inside = (position: string): boolean => position.startsWith(`${modules}/`);
    const extra = [...there].filter((position) => inside(position) && !records.has(position));
    return [
      ...tellList(modules, extra, (count) => `${count} packages lie there that npm did not install`),
      ...tellList(
        modules,
        gone.filter(inside),
        (count) => `${count} packages that npm installed are not there any more`,
      ),
    ];
  });
}

/** Packages that no project needs, where the project's own needs are known. */
function extraneous(tree: Tree, levels: Uint8Array): Unknown[] {
  const owned = new Set(tree.places.filter(({ manifest }) => manifest !== undefined).map(({ position }) => position));
  const lost = tree.places.filter(
    ({ own, link, position, index }) => !own && !link && levels[index] === 4 && owned.has(installedFor(position)),
  );
  const positions = lost.map(({ position }) => position);
  return tellList("node_modules", positions, (count) => `nothing needs ${count} of the installed packages`);
}

const inTrial = (position: string): boolean =>
  isTrial(position.includes("node_modules/") ? installedFor(position) : position);

/** What lies in folders for trials only is there for trials. */
function withTrials(components: readonly Component[], dependencies: readonly Dependency[]) {
  const trials = new Set(
    components
      .filter(({ occurrences }) => occurrences.every(({ position = "" }) => inTrial(position)))
      .map(({ ref }) => ref),
  );
  if (trials.size === 0) return { components, dependencies };
  return {
    components: components.map((each) => (trials.has(each.ref) ? { ...each, scope: "test" as const } : each)),
    dependencies: dependencies.map((edge) =>
      trials.has(edge.from) || trials.has(edge.to) ? { ...edge, scope: "test" as const } : edge,
    ),
  };
}

/** Why each place is there, as far as that can be said: in a folder for trials nothing is there for more than development. */
function levelsIn(tree: Tree, edges: Edges): Uint8Array {
  const projects = tree.places.filter((each) => each.manifest !== undefined);
  const levels = levelsOf(tree, edges, projects);
  for (const { index, own, position } of tree.places) {
    if (!own && inTrial(position)) levels[index] = Math.max(levels[index] ?? 0, DEV);
  }
  return levels;
}

/**
 * Reads what is installed below `node_modules` folders: one component for each package, with all its install positions; edges by
 * Node's resolution of these positions, through links where a store is used (pnpm, bun, npm's linked strategy), from the needs that
 * the installed manifests state. Integrity and origin are what npm and pnpm noted when they installed. No link is followed out.
 */
export async function readInstallation(entries: readonly Entry[], source: Source): Promise<Extraction> {
  const records = new Records();
  await records.read(entries.filter(({ path }) => !path.endsWith("/package.json")));
  const reader = new PlaceReader(records);
  const folders = new Set<string>([""]);
  for (const entry of entries) {
    folders.add(installedFor(entry.path));
    if (entry.path.endsWith("/package.json")) reader.add(entry);
  }
  for (const folder of records.links.values()) folders.add(folder);
  const own = ownPlaces(folders, source);
  const root = own.find(({ position }) => position === "");
  const others = own.filter((each) => each !== root);
  const installed = reader.close().places;
  const tree = joinTree([
    root ?? place({ position: "", own: true }),
    ...others,
    ...linkPlaces(records, own),
    ...installed,
  ]);
  const edges = edgesOf(tree, "node_modules", { find: finder(tree, source, records.listed), lacking: "installed" });
  const levels = levelsIn(tree, edges);
  const manifest = root === undefined ? undefined : manifestIn("", source);
  const subject = root === undefined ? undefined : lockSubject(root, manifest, source.artifact.name);
  const rootRef = subject?.purl ?? subject?.name ?? "";
  const facts = { file: "node_modules", rootRef, levels, direct: directPlaces(tree, edges), byUrl: edges.byUrl };
  const joined = joinPlaces(tree.places, tree.root, { ...facts, technique: "installed" });
  const refs = [...joined.components.map(({ ref }) => ref), rootRef];
  const bad = reader.unknowns.length + records.unknowns.length > 0;
  return {
    ...(subject !== undefined && { subject, licences: licenceClaims(root?.licence, "manifest") }),
    ...withTrials(joined.components, joinEdges(tree, edges, joined.componentOf, refs)),
    completeness: {
      components: bad ? "incomplete" : "complete",
      dependencies: edges.broken || bad ? "incomplete" : "complete",
      method: "observed",
    },
    unknowns: [
      ...records.unknowns,
      ...reader.unknowns,
      ...joined.unknowns,
      ...edges.missing,
      ...unlisted(tree, records),
      ...extraneous(tree, levels),
    ],
  };
}

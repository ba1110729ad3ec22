import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Unknown } from "../../model/sbom.ts";
import type { Fields } from "../fields.ts";
import { joinGraph } from "../npm/graph.ts";
import { lockText } from "../npm/lock-form.ts";
import { manifestIn } from "../npm/manifest.ts";
import type { Manifest } from "../npm/manifest.ts";
import { workspaceMembers } from "../npm/members.ts";
import { place } from "../npm/place.ts";
import type { Place } from "../npm/place.ts";
import { folderOf } from "../npm/position.ts";
import { extractionOf, lockSubject } from "../npm/project.ts";
import { listTree } from "../npm/tree.ts";
import { yarnEdges } from "./edges.ts";
import { type LockedEntry, readEntries } from "./entries.ts";
import { Resolver } from "./resolver.ts";
import { parseYarnLock } from "./syntax.ts";

/** What the project's own folders need, as their manifests tell it: yarn 1 keeps nothing of it, yarn 2 and later no kinds. */
function withNeeds(own: Place, manifest: Manifest): Place {
  own.version ??= manifest.version;
  [own.dependencies, own.optionalDependencies, , own.devDependencies] = manifest.needs;
  // What a member wants of others is met by its own development needs where it names them there, too.
  own.peerDependencies = without(manifest.needs[2], own.dependencies, own.devDependencies);
  own.peerDependenciesMeta = manifest.peerDependenciesMeta;
  return own;
}

function without(peers: Fields, ...met: readonly Fields[]): Fields {
  return Object.fromEntries(Object.entries(peers).filter(([name]) => !met.some((needs) => Object.hasOwn(needs, name))));
}

function memberOf(position: string, folder: string, manifest: Manifest): Place {
  const { name = "", version } = manifest;
  const path = [folder, position, "package.json"].filter((part) => part !== "").join("/");
  return withNeeds(place({ position, name, version, own: true, manifest: path }), manifest);
}

interface Own {
  readonly root: Place;
  readonly members: readonly Place[];
  readonly rootKnown: boolean;
}

/** yarn 1: root and members by their manifests alone. */
function classicOwn(folder: string, manifest: Manifest | undefined, source: Source): Own {
  const root = manifest === undefined ? place({ position: "", own: true }) : memberOf("", folder, manifest);
  const members = [...workspaceMembers(manifest?.workspaces ?? [], folder, source)].map(([at, each]) =>
    memberOf(at, folder, each),
  );
  return { root, members, rootKnown: manifest !== undefined };
}

/** yarn 2 and later: root and members are entries of the lockfile; their manifests tell versions and kinds of needs. */
function berryOwn(
  entries: readonly LockedEntry[],
  folder: string,
  manifest: Manifest | undefined,
  source: Source,
): Own {
  const own = entries.map((entry) => entry.place).filter((each) => each.own);
  const found = own.find(({ position }) => position === "");
  const root = found ?? place({ position: "", own: true });
  if (manifest !== undefined) withNeeds(root, manifest);
  for (const member of own) {
    if (member === found || member.position.startsWith("..")) continue;
    const beside = manifestIn(folder === "" ? member.position : `${folder}/${member.position}`, source);
    if (beside !== undefined) withNeeds(member, beside);
  }
  return {
    root,
    members: own.filter((each) => each !== found),
    rootKnown: found !== undefined || manifest !== undefined,
  };
}

/**
 * Reads `yarn.lock` of yarn 1 (classic) and of yarn 2 and later (berry). Edges are those of the lockfile's own resolution: each need's
 * `name@range` is looked up; peers of berry are what those who need the package provide. Throws `WB-LOCKFILE-SYNTAX`.
 */
export function readYarnLock(entry: Entry, source: Source): Extraction {
  const file = entry.path;
  const folder = folderOf(file);
  const written = parseYarnLock(lockText(entry, "yarn"), file);
  const { entries, unknowns: doubts } = readEntries(written, file);
  const manifest = manifestIn(folder, source);
  const own = written.berry ? berryOwn(entries, folder, manifest, source) : classicOwn(folder, manifest, source);
  const listed = new Set([own.root, ...own.members]);
  const rest = entries.map((each) => each.place).filter((each) => !listed.has(each));
  const rootKnown = own.rootKnown || rest.length === 0;
  const tree = listTree([own.root, ...own.members, ...rest]);
  const foreign = new Set(entries.filter((each) => each.foreign).map((each) => each.place));
  const resolver = new Resolver(entries, own.members, manifest?.resolutions ?? {});
  const subject = lockSubject(own.root, manifest, source.artifact.name);
  const edges = yarnEdges(tree, resolver, foreign, file);
  const graph = joinGraph(tree, edges, file, subject.purl ?? subject.name, rootKnown);
  const unknowns: Unknown[] = [...doubts];
  if (!rootKnown) {
    const what = "the lockfile does not tell what the project itself needs, and no package.json is beside it";
    unknowns.push({ where: file, what });
  }
  if (!written.berry && entries.length > 0) {
    unknowns.push({
      where: file,
      what: "yarn 1 keeps no peer dependencies in its lockfile: edges by peer are not known",
    });
  }
  return extractionOf({
    subject,
    manifest,
    graph,
    rootKnown,
    unknowns,
    edgesWhole: written.berry || entries.length === 0,
  });
}

import { cleanText } from "../../artifact/clean-text.ts";
import type { Unknown } from "../../model/sbom.ts";
import type { Fields } from "../fields.ts";
import { place } from "../npm/place.ts";
import type { Place } from "../npm/place.ts";
import type { Block, YarnFile } from "./syntax.ts";
import { berryIdentity, classicIdentity, fragmentIntegrity, type Identity, splitSpec } from "./spec.ts";

/** An entry of the lockfile as a place, which has no install position, with what resolves to it. */
export interface LockedEntry {
  readonly place: Place;
  readonly descriptors: readonly string[];
  /** It comes neither from a registry nor from a folder of the project. */
  readonly foreign: boolean;
}

const fieldsOf = (map: ReadonlyMap<string, string> | undefined): Fields | undefined =>
  map === undefined || map.size === 0 ? undefined : Object.fromEntries(map);

/** Names to which a block's `…Meta` says `optional`. */
function optionalNames(map: ReadonlyMap<string, string> | undefined): readonly string[] {
  return [...(map ?? [])].filter(([, said]) => said.split(" ").includes("optional")).map(([name]) => name);
}

function placeOf(block: Block, identity: Identity, berry: boolean): Place {
  const { fields, maps } = block;
  const needs = new Map(maps.get("dependencies"));
  const optional = new Map(maps.get("optionalDependencies"));
  // yarn 2 and later list optional needs among the others, and mark them.
  for (const name of optionalNames(maps.get("dependenciesMeta"))) {
    const range = needs.get(name);
    if (range !== undefined) optional.set(name, range);
  }
  for (const name of optional.keys()) needs.delete(name);
  const optionalPeers = optionalNames(maps.get("peerDependenciesMeta"));
  return place({
    position: identity.folder ?? "",
    calledAs: identity.name,
    name: identity.name,
    version: identity.version,
    resolved: identity.resolved,
    // The checksum of yarn 2 and later is of the zip that yarn packs for itself: no digest of the package.
    integrity: berry ? undefined : (fields.get("integrity") ?? fragmentIntegrity(fields.get("resolved"))),
    dependencies: fieldsOf(needs),
    optionalDependencies: fieldsOf(optional),
    peerDependencies: fieldsOf(maps.get("peerDependencies")),
    peerDependenciesMeta:
      optionalPeers.length === 0
        ? undefined
        : Object.fromEntries(optionalPeers.map((name) => [name, { optional: true }])),
    own: identity.folder !== undefined,
    line: block.line,
  });
}

/** Every entry that can be named; one that cannot is told in `unknowns`, as is a patch of the project's own. */
export function readEntries(
  { berry, blocks }: YarnFile,
  file: string,
): { readonly entries: readonly LockedEntry[]; readonly unknowns: readonly Unknown[] } {
  const entries: LockedEntry[] = [];
  const unknowns: Unknown[] = [];
  for (const block of blocks) {
    const [first = ""] = block.descriptors;
    const where = `${file}:${block.line}`;
    const version = block.fields.get("version");
    const resolution = block.fields.get("resolution");
    const identity =
      berry && resolution !== undefined
        ? berryIdentity(resolution, version)
        : classicIdentity(block.descriptors.map(splitSpec), version, block.fields.get("resolved"));
    if (identity === undefined) {
      unknowns.push({ where, what: `${cleanText(first, 120)} has a protocol that yarn does not know: it is left out` });
      continue;
    }
    if (identity.patch !== undefined && !/(?:^|!)builtin</u.test(identity.patch)) {
      const what = `${cleanText(identity.name, 120)} is patched by ${cleanText(identity.patch, 200)}: its files differ from the registry's`;
      unknowns.push({ where, what });
    }
    const foreign = identity.resolved !== undefined;
    entries.push({ place: placeOf(block, identity, berry), descriptors: block.descriptors, foreign });
  }
  return { entries, unknowns };
}

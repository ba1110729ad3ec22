import type { Source } from "../../model/artifact.ts";
import type { Fields } from "../fields.ts";
import { formFault, MAX_POSITION } from "../npm/lock-form.ts";
import { manifestIn } from "../npm/manifest.ts";
import type { Manifest } from "../npm/manifest.ts";
import { place } from "../npm/place.ts";
import type { Place } from "../npm/place.ts";
import { needsIn, section } from "./document.ts";
import { YamlMap } from "./plain-yaml.ts";

/** A folder of the project: the root, or a member of its workspace. */
export interface Importer {
  readonly place: Place;
  readonly needs: YamlMap;
  /** Names that its manifest declares as peers alone; pnpm lists them among the others where it installs them. */
  readonly peers: ReadonlySet<string>;
}

/** Specifiers as a manifest has them, so that both can be compared. */
function specifiers(needs: YamlMap, field: string, peers: ReadonlySet<string>): Fields {
  return Object.fromEntries(
    needsIn(needs, field)
      .filter(({ alias }) => !peers.has(alias))
      .map(({ alias, specifier }) => [alias, specifier]),
  );
}

function peerNames(manifest: Manifest | undefined): ReadonlySet<string> {
  const [runtime = {}, optional = {}, peers = {}, dev = {}] = manifest?.needs ?? [];
  const named = (name: string): boolean => [runtime, optional, dev].some((needs) => Object.hasOwn(needs, name));
  return new Set(Object.keys(peers).filter((name) => !named(name)));
}

function importerOf(position: string, needs: YamlMap, manifest: Manifest | undefined): Importer {
  const peers = peerNames(manifest);
  const found = place({
    position,
    name: manifest?.name ?? "",
    version: manifest?.version,
    own: true,
    line: position !== "" && needs.line > 0 ? needs.line : undefined,
    dependencies: specifiers(needs, "dependencies", peers),
    optionalDependencies: specifiers(needs, "optionalDependencies", peers),
    devDependencies: specifiers(needs, "devDependencies", peers),
    peerDependencies: manifest?.needs[2],
  });
  return { place: found, needs, peers };
}

/** The importers of a document, the root first: also where the lockfile names members alone. Throws `WB-LOCKFILE-FORM`. */
export function readImporters(
  document: YamlMap,
  folder: string,
  source: Source,
  file: string,
): readonly [Importer, ...Importer[]] {
  const listed = section(document, "importers", file);
  const rootNeeds = listed.get(".") ?? (listed.size > 0 ? new YamlMap() : document);
  if (!(rootNeeds instanceof YamlMap) && rootNeeds !== "")
    throw formFault(file, "importers", "a mapping", rootNeeds, "pnpm");
  const root = importerOf("", rootNeeds instanceof YamlMap ? rootNeeds : new YamlMap(), manifestIn(folder, source));
  const members = [...listed].flatMap(([position, needs]) => {
    if (position === ".") return [];
    if (position.length > MAX_POSITION) throw formFault(file, "importers", "shorter paths", position, "pnpm");
    const inside = !position.split("/").includes("..");
    const manifest = inside ? manifestIn(folder === "" ? position : `${folder}/${position}`, source) : undefined;
    return [importerOf(position, needs instanceof YamlMap ? needs : new YamlMap(), manifest)];
  });
  return [root, ...members];
}

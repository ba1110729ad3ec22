import { cleanText } from "../../artifact/clean-text.ts";
import type { Unknown } from "../../model/sbom.ts";
import { formFault, MAX_POSITION } from "../npm/lock-form.ts";
import { place } from "../npm/place.ts";
import type { Place } from "../npm/place.ts";
import { type DepPath, readDepPath } from "./dep-path.ts";
import { mapOf, text } from "./document.ts";
import { YamlMap } from "./plain-yaml.ts";

/** One instance of a package: of one version with one choice of peers. */
export interface Instance {
  readonly place: Place;
  /** Its needs. */
  readonly needs: YamlMap;
  /** What is said of the package whatever its peers are. */
  readonly facts: YamlMap;
  readonly foreign: boolean;
}

export interface Instances {
  /** By key, as needs name them. */
  readonly byKey: ReadonlyMap<string, Instance>;
  readonly unknowns: readonly Unknown[];
}

/** Where the bytes come from, in the form of npm's lockfiles; undefined for a registry's archive. */
function originIn(resolution: YamlMap | undefined): string | undefined {
  const repository = text(resolution?.get("repo"));
  if (repository !== undefined) {
    const commit = text(resolution?.get("commit"));
    const scp = /^([\w.-]+@[\w.-]+):(?!\/\/)(.+)$/u.exec(repository);
    const url = scp === null ? repository : `ssh://${scp[1]}/${scp[2]}`;
    return `${/^git[+:]/u.test(url) ? "" : "git+"}${url}${commit === undefined ? "" : `#${commit}`}`;
  }
  return text(resolution?.get("tarball"));
}

function instanceOf(path: DepPath, facts: YamlMap, needs: YamlMap): Instance | undefined {
  const name = text(facts.get("name")) ?? path.name;
  const version = text(facts.get("version")) ?? path.version;
  const resolution = mapOf(facts.get("resolution"));
  const directory = text(resolution?.get("type")) === "directory" ? text(resolution?.get("directory")) : undefined;
  if (name === undefined || (version === undefined && !path.foreign)) return undefined;
  const line = needs.line > 0 ? needs.line : facts.line;
  const found = place({
    position: directory ?? "",
    calledAs: name,
    name,
    version,
    resolved: path.foreign ? (originIn(resolution) ?? path.base) : undefined,
    integrity: text(resolution?.get("integrity")),
    deprecated: text(facts.get("deprecated")),
    dev: facts.get("dev") === "true",
    optional: (needs.get("optional") ?? facts.get("optional")) === "true",
    own: directory !== undefined,
    line: line > 0 ? line : undefined,
  });
  return { place: found, needs, facts, foreign: path.foreign && directory === undefined };
}

/**
 * All packages by their keys. Version 9 parts what is said of a package (`packages`) from its instances (`snapshots`); before, one
 * entry says both. An entry that does not tell its name is told in `unknowns`. Throws `WB-LOCKFILE-FORM`.
 */
export function readInstances(packages: YamlMap, snapshots: YamlMap, version: number, file: string): Instances {
  const byKey = new Map<string, Instance>();
  const unknowns: Unknown[] = [];
  const add = (key: string, written: YamlMap | undefined, parted: boolean): void => {
    const line = written?.line ?? 0;
    const path = key.length > 4 * MAX_POSITION ? undefined : readDepPath(key, version);
    if (path === undefined) throw formFault(file, line > 0 ? line : "packages", "the key of a package", key, "pnpm");
    const needs = written ?? new YamlMap();
    const facts = parted ? (mapOf(packages.get(path.base)) ?? new YamlMap()) : needs;
    // Node itself and other runtimes are no packages of npm's.
    const runtime = key.startsWith("@runtime:", path.name?.length ?? 0);
    const instance = runtime ? undefined : instanceOf(path, facts, needs);
    const where = line > 0 ? `${file}:${line}` : file;
    if (instance === undefined) {
      unknowns.push({ where, what: `${cleanText(key, 120)} names no package and version: it is left out` });
      return;
    }
    if (key.includes("(patch_hash=") || needs.get("patched") === "true") {
      const what = `${cleanText(path.base, 120)} is patched by the project: its files differ from the registry's`;
      unknowns.push({ where, what });
    }
    byKey.set(key, instance);
  };
  const based = new Set<string>();
  for (const [key, value] of snapshots) {
    add(key, mapOf(value), true);
    const paren = key.indexOf("(");
    based.add(paren === -1 ? key : key.slice(0, paren));
  }
  for (const [key, value] of packages) if (!based.has(key)) add(key, mapOf(value), false);
  return { byKey, unknowns };
}

import { posix } from "node:path";
import { matchPattern } from "../../artifact/pattern.ts";
import type { Source } from "../../model/artifact.ts";
import { isFields, textAt } from "../fields.ts";
import { readText } from "../document.ts";
import { CARGO_TOML, type CargoManifest, parseCargoManifest } from "./manifest.ts";

/** One crate of the project. */
export interface OwnCrate {
  readonly manifest: CargoManifest;
  /** Its folder, relative to that of the lockfile; "" is the root, and it may begin with `../`. */
  readonly position: string;
  /** Its manifest's path in the source. */
  readonly file: string;
}

/** No project has more crates of its own; each is a file to read. */
const MAX_CRATES = 5000;
const MAX_DEPTH = 12;

/**
 * The crates of the project: the manifest in `folder` (beside the lockfile), the members of its workspace, and what they name by
 * `path` (Cargo reference, "Workspaces": path dependencies are members). Empty where there is no manifest. Throws
 * `WB-MANIFEST-SYNTAX` for a manifest that is no TOML.
 */
export function ownCrates(folder: string, source: Source): readonly OwnCrate[] {
  const root = crateAt("", folder, source, undefined);
  if (root === undefined) return [];
  const found = new Map<string, OwnCrate>([["", root]]);
  const { members, workspace } = root.manifest;
  const shared = Object.values(workspace.dependencies)
    .filter(isFields)
    .map((table) => textAt(table, "path"));
  const open = [...memberFolders(members, folder, source), ...shared];
  const excluded = (position: string): boolean =>
    root.manifest.excluded.some((path) => position === path || position.startsWith(`${path}/`));
  const queue = [...open.map((path) => [path, ""] as const), ...paths(root)];
  for (let next = queue.shift(); next !== undefined && found.size < MAX_CRATES; next = queue.shift()) {
    const [path, from] = next;
    if (path === undefined || path.startsWith("/")) continue;
    const position = posix.join(from, path).replace(/\/$/u, "");
    if (found.has(position) || position === "." || excluded(position)) continue;
    const crate = crateAt(position, folder, source, root.manifest);
    if (crate === undefined) continue;
    found.set(position, crate);
    queue.push(...paths(crate));
  }
  return [...found.values()];
}

function paths({ manifest, position }: OwnCrate): (readonly [string, string])[] {
  return manifest.needs.flatMap(({ path }) => (path === undefined ? [] : [[path, position] as const]));
}

function crateAt(
  position: string,
  folder: string,
  source: Source,
  root: CargoManifest | undefined,
): OwnCrate | undefined {
  const file = posix.join(folder, position, "Cargo.toml");
  const entry = file.startsWith("..") ? undefined : source.find(file);
  if (entry?.kind !== "file") return undefined;
  return { manifest: parseCargoManifest(readText(entry, CARGO_TOML), file, root), position, file };
}

/** Folders that the patterns of `members` name; `*` stands for a part of one name. */
function memberFolders(patterns: readonly string[], folder: string, source: Source): readonly string[] {
  const plain = patterns.filter((pattern) => !pattern.includes("*"));
  const globs = patterns
    .filter((pattern) => pattern.includes("*"))
    .map((pattern) => pattern.split("/").filter((part) => part !== "" && part !== "."));
  if (globs.length === 0) return plain;
  const prefix = folder === "" ? "" : `${folder}/`;
  const begins = (path: string): boolean => {
    if (!path.startsWith(prefix)) return prefix.startsWith(`${path}/`);
    const parts = path.slice(prefix.length).split("/");
    return (
      parts.length <= MAX_DEPTH &&
      globs.some((glob) => {
        const deep = glob.indexOf("**");
        const fixed = deep < 0 ? glob : glob.slice(0, deep);
        if (deep < 0 && parts.length > glob.length) return false;
        return parts.every((part, at) => at >= fixed.length || matchPattern(fixed[at] ?? "", part));
      })
    );
  };
  const found: string[] = [];
  for (const entry of source.entries(
    (directory) => !begins(directory) || /(?:^|\/)(?:target|\.git)$/u.test(directory),
  )) {
    if (entry.kind !== "file" || !entry.path.endsWith("/Cargo.toml") || !entry.path.startsWith(prefix)) continue;
    const position = entry.path.slice(prefix.length, -"/Cargo.toml".length);
    const parts = position.split("/");
    const matches = globs.some((glob) => {
      const deep = glob.indexOf("**");
      return deep < 0 ? parts.length === glob.length : parts.length >= deep;
    });
    if (matches && begins(entry.path.slice(0, -"/Cargo.toml".length))) found.push(position);
  }
  return [...plain, ...found];
}

import { lstatSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { Artifact, Entry, Source } from "../model/artifact.ts";
import { openDirectory } from "./directory-source.ts";
import { entryPath } from "./entry-path.ts";
import type { SourceLimits } from "./limits.ts";
import { sourceFault, systemCode } from "./source-fault.ts";

const MAX_LINKS = 40;

/**
 * A folder as the root of a system: `find` follows symlinks as a program in that root would see them, absolute ones from the folder
 * on, `..` never above it. Walking follows none, as in any folder, so that every file is met once.
 */
export function openRoot(reference: string, path: string, limits: SourceLimits): Source {
  const folder = openDirectory(reference, path, limits);
  const { name } = folder.artifact;
  const artifact: Artifact = {
    name,
    kind: "root-file-system",
    get digests() {
      return folder.artifact.digests;
    },
  };
  return {
    reference,
    artifact,
    entries: (skip) => folder.entries(skip),
    find: (written): Entry | undefined => {
      const real = resolveInRoot(path, written);
      return real === undefined || real === "" ? undefined : folder.find(real);
    },
    close: () => folder.close(),
  };
}

/** The path where something really lies; undefined for what is not there, or links that go in a circle. */
export function resolveInRoot(root: string, written: string): string | undefined {
  const normal = entryPath(written);
  if (normal === undefined) return undefined;
  const pending = normal.split("/").reverse();
  const at: string[] = [];
  let links = 0;
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      at.pop();
      continue;
    }
    const path = join(root, ...at, part);
    try {
      if (!lstatSync(path).isSymbolicLink()) {
        at.push(part);
        continue;
      }
      links += 1;
      if (links > MAX_LINKS) return undefined;
      const target = readlinkSync(path);
      if (target.startsWith("/")) at.length = 0;
      pending.push(...target.split("/").reverse());
    } catch (error) {
      const code = systemCode(error);
      if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG") return undefined;
      throw sourceFault(error, written);
    }
  }
  return at.join("/");
}

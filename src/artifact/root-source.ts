import { lstatSync, readlinkSync, type Stats } from "node:fs";
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
  const paths = new RootPaths(path);
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
      const { path: real, status } = paths.resolve(written) ?? {};
      return real === undefined || status === undefined ? undefined : folder.at(real, status);
    },
    close: () => folder.close(),
  };
}

/** The path where something really lies; undefined for what is not there, or links that go in a circle. */
export function resolveInRoot(root: string, written: string): string | undefined {
  return new RootPaths(root).resolve(written)?.path;
}

/** Where paths lead to in a root. Each folder and link on a way is looked at once: thousands of paths begin alike. */
class RootPaths {
  readonly #root: string;
  /** Of a link its target; of anything else nothing. */
  readonly #known = new Map<string, string | undefined>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The real path of something and its status, absent for the root itself. */
  resolve(written: string): { readonly path: string; readonly status: Stats | undefined } | undefined {
    const normal = entryPath(written);
    if (normal === undefined) return undefined;
    const pending = normal.split("/").reverse();
    let at = "";
    let status: Stats | undefined;
    let links = 0;
    for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
      if (part === "" || part === ".") continue;
      status = undefined;
      if (part === "..") {
        at = at.slice(0, Math.max(0, at.lastIndexOf("/")));
        continue;
      }
      const path = at === "" ? part : `${at}/${part}`;
      try {
        if (pending.length === 0 || !this.#known.has(path)) {
          status = lstatSync(`${this.#root}/${path}`);
          this.#known.set(path, status.isSymbolicLink() ? readlinkSync(`${this.#root}/${path}`) : undefined);
        }
      } catch (error) {
        const code = systemCode(error);
        if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG") return undefined;
        throw sourceFault(error, written);
      }
      const target = this.#known.get(path);
      if (target === undefined) {
        at = path;
        continue;
      }
      links += 1;
      if (links > MAX_LINKS) return undefined;
      if (target.startsWith("/")) at = "";
      pending.push(...target.split("/").reverse());
    }
    return { path: at, status: at === "" ? undefined : (status ?? lstatSync(`${this.#root}/${at}`)) };
  }
}

import type { Source } from "../../model/artifact.ts";

const MAX_HOPS = 8;

/** Where a symlink at `path` leads to inside the source; undefined where it leads out, or to the whole source. */
function targetOf(path: string, target: string): string | undefined {
  if (target.startsWith("/") || target.length > 4096 || target.includes("\0")) return undefined;
  const parts = path.split("/").slice(0, -1);
  for (const part of target.replaceAll("\\", "/").split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? undefined : parts.join("/");
}

/**
 * The folder of the package that lies at `path`, or that a symlink there leads to: never out of the source, and in a bounded number of
 * steps. Only the last part of the path may be a link.
 */
export function folderAt(source: Source, path: string): string | undefined {
  let at = path;
  for (let hops = 0; hops < MAX_HOPS; hops += 1) {
    if (source.find(`${at}/package.json`)?.kind === "file") return at;
    const entry = source.find(at);
    const next = entry?.kind === "symlink" ? targetOf(at, entry.target ?? "") : undefined;
    if (next === undefined) return undefined;
    at = next;
  }
  return undefined;
}

/**
 * The folder of the package that Node loads as `name` from `folder`: in the `node_modules` there or of a folder above
 * (Node.js documentation, "Loading from node_modules folders").
 */
export function installedAt(source: Source, folder: string, name: string): string | undefined {
  for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    const path = `${at === "" ? "" : `${at}/`}node_modules/${name}`;
    const found = path.split("/").includes("..") ? undefined : folderAt(source, path);
    if (found !== undefined || at === "") return found;
  }
}

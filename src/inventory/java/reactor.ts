import { posix } from "node:path";
import { Fault } from "../../model/fault.ts";
import type { Pom } from "./pom.ts";

/** A module of a build with several (Maven, "Guide to Working with Multiple Modules"). */
export interface Module {
  readonly pom: Pom;
  /** Its folder in the source. */
  readonly folder: string;
}

const MAX_MODULES = 5000;
const MAX_PARENTS = 32;

/** Reads a pom by its path in the source; undefined where there is none. */
type ReadPom = (path: string) => Pom | undefined;

const pomIn = (folder: string, written: string): string => {
  const named = posix.join(folder, written);
  return named.endsWith(".xml") ? named : posix.join(named, "pom.xml");
};

/** A broken pom of another module is that module's trouble. */
function tried(read: ReadPom, path: string): Pom | undefined {
  try {
    return read(path);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** The topmost pom that a project in `folder` has above it in the source. */
export function topOf(folder: string, read: ReadPom): string {
  let path = pomIn(folder, "pom.xml");
  const seen = new Set<string>();
  while (seen.size < MAX_PARENTS && !seen.has(path)) {
    seen.add(path);
    const parent = tried(read, path)?.parent;
    if (parent === undefined || parent.relativePath === "") return path;
    const above = pomIn(posix.dirname(path), parent.relativePath);
    if (above.startsWith("..") || tried(read, above)?.artifact !== parent.artifact) return path;
    path = above;
  }
  return path;
}

/** All modules that a pom names, itself first, and those that they name in turn. */
export function modulesOf(top: string, read: ReadPom): readonly Module[] {
  const found = new Map<string, Module>();
  const queue = [top];
  for (const path of queue) {
    if (found.has(path) || path.startsWith("..") || found.size >= MAX_MODULES) continue;
    const pom = tried(read, path);
    if (pom === undefined) continue;
    const folder = posix.dirname(path);
    found.set(path, { pom, folder });
    for (const module of pom.modules) queue.push(pomIn(folder, module));
  }
  return [...found.values()];
}

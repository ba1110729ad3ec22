import type { Source } from "../model/artifact.ts";

/** The folder that a file lies in; "" is the source's own. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** What a project without a name of its own is called: its folder, or the source. */
export function calledAfter(folder: string, source: Source): string {
  return folder.slice(folder.lastIndexOf("/") + 1) || source.artifact.name;
}

/** A folder and all above it, the nearest first; "" is the last. */
export function* upwards(folder: string): Iterable<string> {
  for (let at = folder; at !== ""; at = folderOf(at)) yield at;
  yield "";
}

/** A path in a folder. */
export const inFolder = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);

import { matchPattern } from "../../artifact/pattern.ts";
import type { Source } from "../../model/artifact.ts";
import { manifestIn } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";

/** More members than any workspace has; so many manifests are read at most. */
const MAX_MEMBERS = 20_000;

type Pattern = readonly string[];

function segmentsOf(pattern: string): Pattern {
  return pattern.split("/").filter((segment) => segment !== "" && segment !== ".");
}

/**
 * How far a path goes along a pattern (`*` within a name, `**` any number of folders): whether it is what the pattern names, and
 * whether something below it may be. A set of states instead of backtracking: linear in both.
 */
function follow(pattern: Pattern, path: string): { readonly whole: boolean; readonly further: boolean } {
  let states = new Set([0]);
  const skipStars = (): void => {
    for (const state of states) if (pattern[state] === "**") states.add(state + 1);
  };
  skipStars();
  for (const name of path.split("/")) {
    const next = new Set<number>();
    for (const state of states) {
      const segment = pattern[state];
      if (segment === "**") next.add(state);
      else if (segment !== undefined && matchPattern(segment, name)) next.add(state + 1);
    }
    states = next;
    skipStars();
  }
  return { whole: states.has(pattern.length), further: [...states].some((state) => state < pattern.length) };
}

/** `{a,b}` written out, once for each pattern; more is passed over. */
function withoutBraces(pattern: string): readonly string[] {
  const [whole, before = "", choices = "", after = ""] =
    /^([^{}]{0,200})\{([^{}]{1,200})\}([^{}]{0,200})$/u.exec(pattern) ?? [];
  return whole === undefined ? [pattern] : choices.split(",").map((choice) => before + choice + after);
}

function foldersOf(patterns: readonly string[], folder: string, source: Source): readonly string[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  const wanted = patterns
    .filter((pattern) => !pattern.startsWith("!"))
    .flatMap(withoutBraces)
    .map(segmentsOf);
  const barred = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => segmentsOf(pattern.slice(1)));
  if (barred.length === 0 && wanted.every((pattern) => !pattern.some((segment) => segment.includes("*")))) {
    return wanted.map((pattern) => pattern.join("/"));
  }
  const skip = (directory: string): boolean => {
    if (prefix !== "" && `${directory}/` === prefix.slice(0, directory.length + 1)) return false;
    if (!directory.startsWith(prefix) || /(?:^|\/)(?:node_modules|\.git)$/u.test(directory)) return true;
    const inner = directory.slice(prefix.length);
    return !wanted.some((pattern) => Object.values(follow(pattern, inner)).includes(true));
  };
  const found: string[] = [];
  for (const entry of source.entries(skip)) {
    if (entry.kind !== "file" || !entry.path.endsWith("/package.json") || !entry.path.startsWith(prefix)) continue;
    const inner = entry.path.slice(prefix.length, -"/package.json".length);
    if (!wanted.some((pattern) => follow(pattern, inner).whole)) continue;
    if (!barred.some((pattern) => follow(pattern, inner).whole)) found.push(inner);
    if (found.length >= MAX_MEMBERS) break;
  }
  return found;
}

/**
 * The manifests of workspace members by their folders, relative to `folder`, as `patterns` of the root's manifest name them (npm docs,
 * "workspaces"). Throws as `manifestIn`.
 */
export function workspaceMembers(
  patterns: readonly string[],
  folder: string,
  source: Source,
): ReadonlyMap<string, Manifest> {
  const members = new Map<string, Manifest>();
  if (patterns.length === 0) return members;
  for (const inner of foldersOf(patterns, folder, source)) {
    const manifest = manifestIn(folder === "" ? inner : `${folder}/${inner}`, source);
    if (manifest !== undefined && inner !== "") members.set(inner, manifest);
  }
  return members;
}

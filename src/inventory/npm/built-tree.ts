import type { Entry, Source } from "../../model/artifact.ts";
import type { Component, Sbom } from "../../model/sbom.ts";
import { positionOf } from "./position.ts";

/** The tree that a build left, with what its lockfile declares: it tells the versions of what ended up in the artifact. */
export interface BuildTree {
  readonly declared: Sbom;
  readonly workspace: Source;
}

/** Below this many bytes equal files are common by chance (`module.exports = {}`). */
const LEAST_BYTES = 256;

/** Components of the lockfile by each of their install positions. */
export function byPosition(declared: Sbom): ReadonlyMap<string, Component> {
  const found = new Map<string, Component>();
  for (const component of declared.components) {
    for (const { path, position } of component.occurrences) {
      // Of the project that was built: a lockfile further down has positions of its own.
      if (position !== undefined && !path.includes("/")) found.set(position, component);
    }
  }
  return found;
}

/**
 * Which files of the artifact are copies of installed files, by size first and SHA-256 then: path in the artifact → install positions
 * that hold the same bytes.
 */
export function installedCopies(files: readonly Entry[], workspace: Source): ReadonlyMap<string, readonly string[]> {
  const sizes = new Map<number, Entry[]>();
  for (const file of files) {
    if (file.sizeBytes >= LEAST_BYTES) sizes.set(file.sizeBytes, [...(sizes.get(file.sizeBytes) ?? []), file]);
  }
  const copies = new Map<string, Set<string>>();
  if (sizes.size === 0) return new Map();
  for (const entry of workspace.entries((directory) => directory === ".git" || directory.endsWith("/.git"))) {
    const alike = entry.kind === "file" ? sizes.get(entry.sizeBytes) : undefined;
    const position = alike === undefined ? undefined : positionOf(entry.path);
    if (alike === undefined || position === undefined) continue;
    const digest = entry.sha256();
    for (const file of alike) {
      if (file.sha256() === digest) copies.set(file.path, (copies.get(file.path) ?? new Set()).add(position));
    }
  }
  return new Map([...copies].map(([path, positions]) => [path, [...positions].toSorted()]));
}

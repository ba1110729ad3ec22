import { cleanText } from "../artifact/clean-text.ts";
import type { Component, ComponentRef, Unknown } from "../model/sbom.ts";
import type { Found } from "./found.ts";
import { projectOf } from "./select.ts";
import { installedIn } from "./walk.ts";

/** So many are named one by one; the rest as a number. */
const MAX_TOLD = 20;

const keyOf = ({ purl, name, version }: Component): string => purl ?? `${name}@${version ?? ""}`;

/** The project's own folders: that of the lockfile, and those of its members. */
function foldersOf({ unit, extraction }: Found): ReadonlySet<string> {
  const folder = projectOf(unit);
  const folders = new Set([folder]);
  for (const { own, occurrences } of extraction.components) {
    for (const { position } of own ? occurrences : []) {
      if (position !== undefined) folders.add(folder === "" ? position : `${folder}/${position}`);
    }
  }
  return folders;
}

/** What is left out where the platform or a setting asks for it: the project can do without it. */
function optionalOnes({ extraction }: Found): ReadonlySet<string> {
  const { components, dependencies, subject } = extraction;
  const needs = Map.groupBy(dependencies, ({ from }) => from);
  const reached = new Set<ComponentRef>(components.filter(({ own }) => own).map(({ ref }) => ref));
  if (subject !== undefined) reached.add(subject.purl ?? subject.name);
  for (const from of reached) {
    for (const { to, scope } of needs.get(from) ?? []) if (scope !== "optional") reached.add(to);
  }
  return new Set(components.filter(({ ref }) => !reached.has(ref)).map(keyOf));
}

function tell(where: string, keys: readonly string[], what: string): Unknown[] {
  if (keys.length === 0) return [];
  const shown = keys.slice(0, MAX_TOLD).map((key) => cleanText(key, 120));
  const rest = keys.length > shown.length ? `, and ${keys.length - shown.length} more` : "";
  return [{ where: cleanText(where, 300), what: `${keys.length} ${what}: ${shown.join(", ")}${rest}` }];
}

function compare(lock: Found, installation: Found): Unknown[] {
  const folders = foldersOf(lock);
  const installed = new Set<string>();
  for (const component of installation.extraction.components) {
    const here = component.occurrences.some(({ path }) => folders.has(installedIn(path) ?? "\0"));
    if (here && !component.own) installed.add(keyOf(component));
  }
  // Nothing is installed for this lockfile, which is no difference.
  if (installed.size === 0) return [];
  const locked = new Set(lock.extraction.components.filter(({ own }) => !own).map(keyOf));
  const optional = optionalOnes(lock);
  const missing = [...locked].filter((key) => !installed.has(key) && !optional.has(key)).sort();
  const extra = [...installed].filter((key) => !locked.has(key)).sort();
  return [
    ...tell(lock.unit.path, missing, "locked packages are not installed"),
    ...tell(lock.unit.path, extra, "installed packages are not locked"),
  ];
}

/** Where a lockfile and what is installed in its project's folders differ: bounded in number and length. */
export function installationUnknowns(found: readonly Found[]): readonly Unknown[] {
  return found
    .filter(({ unit }) => unit.extractor.of === "installation")
    .flatMap((installation) =>
      found
        .filter(({ unit: { extractor } }) => extractor.of === "project" && extractor.capability.versions === "exact")
        .filter(({ unit }) => unit.extractor.ecosystem === installation.unit.extractor.ecosystem)
        .flatMap((lock) => compare(lock, installation)),
    );
}

import type { ComponentRef } from "../../model/sbom.ts";
import { fieldsAt, type Fields, isFields } from "../fields.ts";
import type { Gathered } from "../packages.ts";
import { keyOf, splitLibrary } from "./names.ts";

/** The libraries of one target: `NAME/VERSION` to its component. */
export type Libraries = ReadonlyMap<string, ComponentRef>;

/** Edges inside one target: a need names a package, of which a target has one version. */
export function addEdges(target: Fields, libraries: Libraries, gathered: Gathered): ReadonlyMap<string, ComponentRef> {
  const byName = new Map<string, ComponentRef>();
  for (const key of Object.keys(target)) {
    const [name] = splitLibrary(key) ?? [];
    const ref = libraries.get(key);
    if (name !== undefined && ref !== undefined) byName.set(keyOf(name), ref);
  }
  for (const [key, fields] of Object.entries(target)) {
    const from = libraries.get(key);
    if (from === undefined || !isFields(fields)) continue;
    for (const [need, version] of Object.entries(fieldsAt(fields, "dependencies"))) {
      const to = libraries.get(`${need}/${String(version)}`) ?? byName.get(keyOf(need));
      if (to === undefined) gathered.unmet(key, need);
      else gathered.need(from, to);
    }
  }
  return byName;
}

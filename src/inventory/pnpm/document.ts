import { formFault } from "../npm/lock-form.ts";
import type { Yaml } from "./plain-yaml.ts";
import { YamlMap } from "./plain-yaml.ts";

/** One need: what the lockfile says under a name. */
export interface Need {
  readonly alias: string;
  /** The version, key or place that it resolves to. */
  readonly version: string;
  readonly specifier: string;
}

export const text = (value: Yaml | undefined): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export const mapOf = (value: Yaml | undefined): YamlMap | undefined => (value instanceof YamlMap ? value : undefined);

/** A field of the top: a mapping, or nothing. Throws `WB-LOCKFILE-FORM`. */
export function section(document: YamlMap, name: string, file: string): YamlMap {
  const value = document.get(name);
  if (value === undefined || value === "") return new YamlMap();
  if (value instanceof YamlMap) return value;
  throw formFault(file, name, "a mapping", value, "pnpm");
}

/** The whole number of `lockfileVersion`: 5, 6 or 9. Throws `WB-LOCKFILE-FORM` for what no pnpm wrote. */
export function versionOf(document: YamlMap, file: string): number {
  const written = text(document.get("lockfileVersion"));
  const major = Number(/^(\d{1,3})(?:\.\d+)*$/u.exec(written ?? "")?.[1]);
  if (major >= 5 && major <= 9) return major;
  throw formFault(file, "lockfileVersion", "a version from 5 to 9", written, "pnpm");
}

/** Needs under `field`: name to version (and in an importer of version 6 and later to `{specifier, version}`). */
export function needsIn(owner: YamlMap, field: string): readonly Need[] {
  const specifiers = mapOf(owner.get("specifiers"));
  return [...(mapOf(owner.get(field)) ?? [])].flatMap(([alias, value]) => {
    const version = value instanceof YamlMap ? text(value.get("version")) : text(value);
    if (version === undefined) return [];
    const specifier = value instanceof YamlMap ? value.get("specifier") : specifiers?.get(alias);
    return [{ alias, version, specifier: text(specifier) ?? "" }];
  });
}

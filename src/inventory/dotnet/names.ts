import type { Purl } from "../../model/digest.ts";
import { purlOf } from "../packages.ts";

const PLAIN = /^[A-Za-z0-9_.-]{1,100}$/u;

/** The package URL of a NuGet package, its name as written. */
export function nugetPurl(name: string, version: string | undefined): Purl | undefined {
  if (PLAIN.test(name) && version !== undefined && PLAIN.test(version)) return `pkg:nuget/${name}@${version}`;
  return purlOf({ type: "nuget", name, ...(version !== undefined && { version }) });
}

/** Names are compared without their case (NuGet, "Package ID"). */
export const keyOf = (name: string): string => name.toLowerCase();

/** `NAME/VERSION`, as .NET writes its libraries; undefined where either is missing. */
export function splitLibrary(key: string): readonly [name: string, version: string] | undefined {
  const slash = key.indexOf("/");
  return slash <= 0 || slash === key.length - 1 ? undefined : [key.slice(0, slash), key.slice(slash + 1)];
}

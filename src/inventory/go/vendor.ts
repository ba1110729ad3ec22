import type { Entry } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Component } from "../../model/sbom.ts";
import { lockfileKind, readText } from "../document.ts";
import { mergeComponents } from "./build-list.ts";
import { moduleComponent } from "./module.ts";
import { isVersion } from "./version.ts";

const MODULES = lockfileKind("vendor/modules.txt", "write it anew with go mod vendor");

/** `example.com/m/v2` has versions v2.x.y, `gopkg.in/m.v2` too, and every other path v0 and v1, or `+incompatible` ones. */
function fits(path: string, version: string): boolean {
  const major = /(?:\/v|^gopkg\.in\/.*\.v)(\d{1,9})$/.exec(path)?.[1];
  const written = /^v(\d{1,9})\./.exec(version)?.[1] ?? "";
  if (major !== undefined) return major === written || (major === "1" && written === "0");
  return Number(written) < 2 || version.endsWith("+incompatible");
}

/** The module whose packages are copied, as one `# PATH VERSION [=> PATH VERSION]` line tells; undefined for folders and others. */
function copied(header: string): readonly [path: string, version: string] | undefined {
  const words = header.split(/\s+/u).filter((word) => word !== "");
  const arrow = words.indexOf("=>");
  const [path, version, ...rest] = arrow < 0 ? words : words.slice(arrow + 1);
  if (path === undefined || version === undefined || rest.length > 0) return undefined;
  return isVersion(version) && fits(path, version) ? [path, version] : undefined;
}

/**
 * Reads `vendor/modules.txt`: the modules that packages were copied from (Go Modules Reference, "Vendoring"). A module without any
 * package there takes no part in a build, and a folder of the project is no module of others.
 */
export function readVendored(entry: Entry): Extraction {
  const file = entry.path;
  const found: Component[] = [];
  let module: { readonly path: string; readonly version: string; readonly line: number } | undefined;
  for (const [index, line] of readText(entry, MODULES).split("\n").entries()) {
    if (line.startsWith("##")) continue;
    if (line.startsWith("# ")) {
      const [path, version] = copied(line.slice(2)) ?? [];
      module = path === undefined || version === undefined ? undefined : { path, version, line: index + 1 };
    } else if (line.trim() !== "" && module !== undefined) {
      const { path, version, line: at } = module;
      found.push(moduleComponent(path, version, [{ path: file, line: at, technique: "installed" }]));
      module = undefined;
    }
  }
  return {
    components: mergeComponents(found),
    dependencies: [],
    completeness: { components: "complete", dependencies: "unknown", method: "observed" },
    unknowns: [],
  };
}

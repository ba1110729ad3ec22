import { posix } from "node:path";
import type { Source } from "../../model/artifact.ts";
import { Fault } from "../../model/fault.ts";
import type { Component, ComponentRef, Dependency } from "../../model/sbom.ts";
import { readText } from "../document.ts";
import { type Directives, GO_MOD, parseDirectives } from "./directives.ts";

/** A module of the build list: as others require it, and as it is built. */
export interface BuiltModule {
  /** The path that requirements name, before any replacement. */
  readonly requiredAs: string;
  readonly component: Component;
}

export interface ModuleGraph {
  readonly dependencies: readonly Dependency[];
  /** Modules whose own file is nowhere, so that what they need is not known. */
  readonly missing: readonly string[];
}

/**
 * Edges between the modules of a build list, by each one's own `go.mod`: those that it requires itself, in the version that the build
 * takes. What is required and not in the list is pruned: no package of the build needs it (Go Modules Reference, "Module graph
 * pruning"). `cache` has the layout of `GOMODCACHE`; a module in a folder is read from the source, `folder` is the main module's.
 */
export function moduleGraph(
  built: readonly BuiltModule[],
  { source, folder, cache }: { readonly source: Source; readonly folder: string; readonly cache: Source | undefined },
): ModuleGraph {
  const byPath = new Map<string, ComponentRef>(built.map(({ requiredAs, component }) => [requiredAs, component.ref]));
  const edges = new Map<string, Dependency>();
  const missing: string[] = [];
  for (const { component } of built) {
    const directives = component.own
      ? inFolder(component, folder, source)
      : inCache(component.name, component.version, cache);
    if (directives === undefined) missing.push(`${component.name}@${component.version ?? ""}`);
    for (const { path, indirect } of directives?.requires ?? []) {
      const to = indirect ? undefined : byPath.get(path);
      if (to === undefined || to === component.ref) continue;
      edges.set(`${component.ref}\0${to}`, { from: component.ref, to, scope: "runtime" });
    }
  }
  return { dependencies: [...edges.values()], missing };
}

function inFolder({ occurrences }: Component, folder: string, source: Source): Directives | undefined {
  const position = occurrences.find((one) => one.position !== undefined)?.position ?? ".";
  const path = posix.join(folder, position, "go.mod");
  return position.startsWith("/") || path.startsWith("..") ? undefined : parsed(source, path);
}

/** `cache/download/PATH/@v/VERSION.mod`, capitals written as `!` and the small letter (Go Modules Reference, "Module cache"). */
function inCache(path: string, version: string | undefined, cache: Source | undefined): Directives | undefined {
  if (cache === undefined || version === undefined) return undefined;
  const escaped = (text: string): string => text.replace(/[A-Z]/g, (capital) => `!${capital.toLowerCase()}`);
  return parsed(cache, `cache/download/${escaped(path)}/@v/${escaped(version)}.mod`);
}

function parsed(source: Source, path: string): Directives | undefined {
  try {
    const entry = source.find(path);
    return entry?.kind === "file" ? parseDirectives(readText(entry, GO_MOD), path, GO_MOD) : undefined;
  } catch (error) {
    // A broken file of somebody else's is as if it were not there, and is said to be.
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

import { cleanText } from "../../artifact/clean-text.ts";
import type { Source } from "../../model/artifact.ts";
import type { DigestSet } from "../../model/digest.ts";
import type { Component, Occurrence, Unknown } from "../../model/sbom.ts";
import { lockfileKind, readText } from "../document.ts";
import type { Directives, Replacement, Requirement } from "./directives.ts";
import { dirHashOf, moduleComponent } from "./module.ts";
import { isVersion } from "./version.ts";

const GO_SUM = lockfileKind("go.sum", "write it anew with go mod tidy");

const MAX_PATH = 1024;

/** Digests by `PATH VERSION`, of the module itself (not of its go.mod). */
export type Sums = ReadonlyMap<string, DigestSet>;

/** The `go.sum` at this path, or nothing; lines that are not of its form are passed over, as the go command checks them itself. */
export function readSums(path: string, source: Source): Sums {
  const sums = new Map<string, DigestSet>();
  const entry = source.find(path);
  if (entry?.kind !== "file") return sums;
  for (const line of readText(entry, GO_SUM).split("\n")) {
    const [module, version, sum] = line.trim().split(" ");
    if (module === undefined || version === undefined || version.endsWith("/go.mod")) continue;
    sums.set(`${module} ${version}`, dirHashOf(sum));
  }
  return sums;
}

/** What a requirement comes to, and what cannot be told of it. */
export interface Resolved {
  readonly component: Component;
  readonly indirect: boolean;
}

interface Surroundings {
  readonly file: string;
  readonly replaced: ReadonlyMap<string, Replacement>;
  /** The file that the replacements stand in. */
  readonly replacedIn: string;
  readonly sums: Sums;
  readonly toolModules: ReadonlySet<string>;
}

/** The module that a build takes for a requirement: itself, another that replaces it, or a folder of the project. */
export function resolveRequirement(requirement: Requirement, around: Surroundings, unknowns: Unknown[]): Resolved {
  const { path, version, indirect, line } = requirement;
  const { file, replacedIn, sums } = around;
  const isTool = indirect && around.toolModules.has(path);
  const facts = { direct: !indirect || isTool, scope: isTool ? "dev" : "runtime" } as const;
  const written: Occurrence = { path: file, line, technique: "lockfile" };
  // A replacement of one version goes before one of all versions (Go Modules Reference, "replace directive").
  const replaced = around.replaced.get(`${path} ${version}`) ?? around.replaced.get(path);
  if (replaced?.toVersion === undefined && replaced !== undefined) {
    // A folder has no version, whatever is required: the module is what lies there.
    const position = replaced.to.replace(/^\.\//u, "").replace(/\/$/u, "");
    const occurrence: Occurrence = { path: replacedIn, line: replaced.line, position, technique: "lockfile" };
    return { component: moduleComponent(path, undefined, [occurrence, written], { ...facts, own: true }), indirect };
  }
  const name = replaced?.to ?? path;
  const built = replaced?.toVersion ?? version;
  const known = isVersion(built);
  if (!known) {
    const what = `${cleanText(name, 100)} is required as ${cleanText(built, 60)}, which is no version`;
    unknowns.push({ where: `${file}:${line}`, what });
  }
  const occurrences: readonly Occurrence[] =
    replaced === undefined ? [written] : [{ path: replacedIn, line: replaced.line, technique: "lockfile" }, written];
  const digests = sums.get(`${name} ${built}`) ?? {};
  return { component: moduleComponent(name, known ? built : undefined, occurrences, { ...facts, digests }), indirect };
}

/** Replacements by `PATH` and `PATH VERSION`; the first of several counts. */
export function replacements(replaces: readonly Replacement[]): ReadonlyMap<string, Replacement> {
  const found = new Map<string, Replacement>();
  for (const one of replaces) {
    const key = one.version === undefined ? one.path : `${one.path} ${one.version}`;
    if (!found.has(key)) found.set(key, one);
  }
  return found;
}

/** Paths that the module of a tool's package can have: the package's, and each above it. */
export function toolModules(tools: readonly string[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const tool of tools) {
    if (tool.length > MAX_PATH) continue;
    for (let end = tool.length; end > 0; end = tool.lastIndexOf("/", end - 1)) paths.add(tool.slice(0, end));
  }
  return paths;
}

/**
 * The standard library, at least of the version that the file demands: the toolchain, or `go` from 1.21 on. Before that the number was
 * the language's, and any toolchain was taken (Go Toolchains, "Version selection").
 */
export function standardLibrary({ go, toolchain }: Directives, file: string): Component | undefined {
  const chosen = toolchain !== undefined && toolchain.version !== "default" ? toolchain : go;
  if (chosen === undefined) return undefined;
  const [, version, minor] = /^(?:go)?(1\.(\d{1,4})(?:\.\d{1,4})?(?:rc\d{1,3})?)(?:-.*)?$/.exec(chosen.version) ?? [];
  if (version === undefined || Number(minor) < 21) return undefined;
  return moduleComponent("stdlib", version, [{ path: file, line: chosen.line, technique: "declared" }], {
    direct: true,
  });
}

/** One component each; of the same module in several files all the places. */
export function mergeComponents(components: readonly Component[]): readonly Component[] {
  const byRef = new Map<string, { component: Component; readonly occurrences: Occurrence[] }>();
  for (const component of components) {
    const before = byRef.get(component.ref);
    if (before === undefined) {
      byRef.set(component.ref, { component, occurrences: [...component.occurrences] });
      continue;
    }
    const { direct, scope } = before.component;
    before.occurrences.push(...component.occurrences);
    before.component = {
      ...before.component,
      direct: direct || component.direct,
      scope: scope === "runtime" ? "runtime" : component.scope,
    };
  }
  return [...byRef.values()]
    .map(({ component, occurrences }) => ({ ...component, occurrences }))
    .toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
}

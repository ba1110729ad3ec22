import { cleanText } from "../../artifact/clean-text.ts";
import type { Source } from "../../model/artifact.ts";
import type { DigestSet } from "../../model/digest.ts";
import type { Component, Occurrence, Unknown } from "../../model/sbom.ts";
import { lockfileKind, readText } from "../document.ts";
import type { Directives, Replacement, Requirement } from "./directives.ts";
import { dirHashOf, moduleComponent } from "./module.ts";
import { isVersion } from "./version.ts";

const GO_SUM = lockfileKind("go.sum", "write it anew with go mod tidy");

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
  readonly replaces: readonly Replacement[];
  /** The file that `replaces` stand in. */
  readonly replacedIn: string;
  readonly sums: Sums;
  readonly tools: readonly string[];
}

/** The module that a build takes for a requirement: itself, another that replaces it, or a folder of the project. */
export function resolveRequirement(requirement: Requirement, around: Surroundings, unknowns: Unknown[]): Resolved {
  const { path, version, indirect, line } = requirement;
  const { file, replacedIn, sums } = around;
  const isTool = indirect && around.tools.some((tool) => tool === path || tool.startsWith(`${path}/`));
  const facts = { direct: !indirect || isTool, scope: isTool ? "dev" : "runtime" } as const;
  const written: Occurrence = { path: file, line, technique: "lockfile" };
  const replaced = replacementOf(requirement, around.replaces);
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

/** A replacement of one version goes before one of all versions (Go Modules Reference, "replace directive"). */
function replacementOf({ path, version }: Requirement, replaces: readonly Replacement[]): Replacement | undefined {
  const all = replaces.filter((one) => one.path === path);
  return all.find((one) => one.version === version) ?? all.find((one) => one.version === undefined);
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
  const byRef = new Map<string, Component>();
  for (const component of components) {
    const before = byRef.get(component.ref);
    if (before === undefined) byRef.set(component.ref, component);
    else {
      byRef.set(component.ref, {
        ...before,
        direct: before.direct || component.direct,
        scope: before.scope === "runtime" ? "runtime" : component.scope,
        occurrences: [...before.occurrences, ...component.occurrences],
      });
    }
  }
  return [...byRef.values()].toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
}

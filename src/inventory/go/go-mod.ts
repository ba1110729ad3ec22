import { posix } from "node:path";
import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction, Surroundings } from "../../model/extractor.ts";
import type { Dependency, Unknown } from "../../model/sbom.ts";
import { readText } from "../document.ts";
import {
  mergeComponents,
  readSums,
  replacements,
  resolveRequirement,
  standardLibrary,
  toolModules,
} from "./build-list.ts";
import { type Directives, GO_MOD, parseDirectives } from "./directives.ts";
import { moduleGraph } from "./module-graph.ts";
import { moduleSubject, subjectRef } from "./module.ts";

/** Whether the file lists every module that a build needs: so since Go 1.17 ("Module graph pruning"). */
export function isPruned({ go }: Directives): boolean {
  const [, major, minor] = /^(\d{1,4})\.(\d{1,4})/.exec(go?.version ?? "") ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 17);
}

/** Without an edge between modules: what the files of a project alone cannot tell. */
export const NO_EDGES = "which module needs which is not in the file: only what the project itself imports is known";

/**
 * Reads `go.mod` with the `go.sum` beside it. From Go 1.17 on it lists every module of the build; the edges between them stand in
 * the modules' own files, which are read from the module cache of `around`, where there is one. Throws `WB-MANIFEST-SYNTAX` with the line.
 */
export function readGoMod(entry: Entry, source: Source, around: Surroundings = {}): Extraction {
  const file = entry.path;
  const directives = parseDirectives(readText(entry, GO_MOD), file, GO_MOD);
  const subject = moduleSubject(directives.module ?? source.artifact.name, undefined);
  const unknowns: Unknown[] = [];
  const written = {
    file,
    replaced: replacements(directives.replaces),
    replacedIn: file,
    sums: readSums(file.replace(/\.mod$/u, ".sum"), source),
    toolModules: toolModules(directives.tools),
  };
  const excluded = new Set(directives.excludes.map(({ path, version }) => `${path} ${version}`));
  const kept = directives.requires.filter(({ path, version, line }) => {
    if (!excluded.has(`${path} ${version}`)) return true;
    const what = `${cleanText(path, 100)} is required in a version that is excluded: the next higher one is taken`;
    unknowns.push({ where: `${file}:${line}`, what });
    return false;
  });
  const resolved = kept.map((requirement) => resolveRequirement(requirement, written, unknowns));
  const library = standardLibrary(directives, file);
  const components = mergeComponents([
    ...resolved.map(({ component }) => component),
    ...(library === undefined ? [] : [library]),
  ]);
  const pruned = isPruned(directives);
  if (!pruned && components.length > 0) {
    unknowns.push({ where: file, what: "before Go 1.17 the file lists only what the project itself imports" });
  }
  const root = subjectRef(subject);
  const built = resolved.map(({ component }, index) => ({ requiredAs: kept[index]?.path ?? "", component }));
  const folder = posix.dirname(file);
  const graph = moduleGraph(built, { source, folder, cache: around.goModuleCache });
  const edgesKnown = graph.missing.length === 0;
  if (!edgesKnown) unknowns.push({ where: file, what: toldMissing(graph.missing, built.length) });
  const direct = components
    .filter(({ direct: named, ref }) => named && ref !== root)
    .map(({ ref, scope }): Dependency => ({ from: root, to: ref, scope }));
  return {
    subject,
    components,
    dependencies: [...direct, ...graph.dependencies].sort((a, b) =>
      `${a.from}\0${a.to}` < `${b.from}\0${b.to}` ? -1 : 1,
    ),
    completeness: {
      components: pruned && kept.length === directives.requires.length ? "complete" : "incomplete",
      dependencies: edgesKnown ? "complete" : graph.missing.length === built.length ? "unknown" : "incomplete",
      method: "locked",
    },
    unknowns,
  };
}

function toldMissing(missing: readonly string[], all: number): string {
  if (missing.length === all) return NO_EDGES;
  const shown = missing.slice(0, 10).map((one) => cleanText(one, 120));
  const rest = missing.length > shown.length ? ` and ${missing.length - shown.length} more` : "";
  return `what ${missing.length} of ${all} modules need is not known, their files are not in the module cache: ${shown.join(", ")}${rest}`;
}

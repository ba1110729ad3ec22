import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Unknown } from "../../model/sbom.ts";
import { readText } from "../document.ts";
import { mergeComponents, readSums, resolveRequirement, standardLibrary } from "./build-list.ts";
import { type Directives, GO_MOD, parseDirectives } from "./directives.ts";
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
 * the modules' own files. Throws `WB-MANIFEST-SYNTAX` with the line.
 */
export function readGoMod(entry: Entry, source: Source): Extraction {
  const file = entry.path;
  const directives = parseDirectives(readText(entry, GO_MOD), file, GO_MOD);
  const subject = moduleSubject(directives.module ?? source.artifact.name, undefined);
  const unknowns: Unknown[] = [];
  const around = {
    file,
    replaces: directives.replaces,
    replacedIn: file,
    sums: readSums(file.replace(/\.mod$/u, ".sum"), source),
    tools: directives.tools,
  };
  const excluded = new Set(directives.excludes.map(({ path, version }) => `${path} ${version}`));
  const kept = directives.requires.filter(({ path, version, line }) => {
    if (!excluded.has(`${path} ${version}`)) return true;
    const what = `${cleanText(path, 100)} is required in a version that is excluded: the next higher one is taken`;
    unknowns.push({ where: `${file}:${line}`, what });
    return false;
  });
  const resolved = kept.map((requirement) => resolveRequirement(requirement, around, unknowns));
  const library = standardLibrary(directives, file);
  const components = mergeComponents([
    ...resolved.map(({ component }) => component),
    ...(library === undefined ? [] : [library]),
  ]);
  const pruned = isPruned(directives);
  if (!pruned && components.length > 0) {
    unknowns.push({ where: file, what: "before Go 1.17 the file lists only what the project itself imports" });
  }
  const indirect = components.some(({ direct }) => !direct);
  if (indirect) unknowns.push({ where: file, what: NO_EDGES });
  const root = subjectRef(subject);
  return {
    subject,
    components,
    dependencies: components
      .filter(({ direct, ref }) => direct && ref !== root)
      .map(({ ref, scope }) => ({ from: root, to: ref, scope })),
    completeness: {
      components: pruned && kept.length === directives.requires.length ? "complete" : "incomplete",
      dependencies: components.length === 0 ? "complete" : "unknown",
      method: "locked",
    },
    unknowns,
  };
}

import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { DigestSet } from "../../model/digest.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Component, Unknown } from "../../model/sbom.ts";
import { mergeComponents } from "./build-list.ts";
import { readBuildInfo } from "./build-info.ts";
import { dirHashOf, moduleComponent, moduleSubject, subjectRef } from "./module.ts";
import { isVersion } from "./version.ts";

const MAX_PATH = 1024;

interface Linked {
  readonly path: string;
  readonly version: string | undefined;
  readonly sum: string | undefined;
  /** Replaced by a folder, whose module has no version. */
  readonly local: boolean;
}

interface ModuleList {
  main?: Linked;
  packagePath?: string;
  readonly linked: Linked[];
  readonly settings: Map<string, string>;
}

/** Lines of `mod`, `dep`, `=>` and `build`, tab-separated (runtime/debug, BuildInfo). */
function parseModules(text: string): ModuleList {
  const list: ModuleList = { linked: [], settings: new Map() };
  for (const line of text.split("\n")) {
    const [kind, first = "", second = "", sum] = line.split("\t");
    if (first === "" || first.length > MAX_PATH) continue;
    const module = { path: first, version: isVersion(second) ? second : undefined, sum, local: false };
    if (kind === "path") list.packagePath = first;
    else if (kind === "mod") list.main = module;
    else if (kind === "dep") list.linked.push(module);
    else if (kind === "=>") replaceLast(list.linked, module);
    else if (kind === "build") list.settings.set(first.split("=")[0] ?? "", first.slice(first.indexOf("=") + 1));
  }
  return list;
}

/** `=>` follows the module that it stands for; a folder keeps that module's path, and no version. */
function replaceLast(linked: Linked[], by: Linked): void {
  const replaced = linked.pop();
  if (replaced === undefined) return;
  const folder = /^(?:\.{1,2}\/|\/|[A-Za-z]:[\\/])/.test(by.path);
  linked.push(folder ? { path: replaced.path, version: undefined, sum: undefined, local: true } : by);
}

/** `go1.26.1`, also with experiments behind it; a toolchain between releases is told as it tells itself. */
function toolchainVersion(written: string): string {
  return cleanText(/^go(1(?:\.\d{1,4}){1,2}(?:(?:rc|beta)\d{1,3})?)(?:[ -]|$)/.exec(written)?.[1] ?? written, 100);
}

const NOTHING: Extraction = {
  components: [],
  dependencies: [],
  completeness: { components: "complete", dependencies: "complete", method: "observed" },
  unknowns: [],
};

/**
 * Reads a Go program: the modules that were linked into it, the standard library, and the commit that it was built from. A program of
 * others has no components. The main module is the subject where the source is that program alone, else a component.
 */
export function readGoProgram(entry: Entry, source: Source): Extraction {
  const info = readBuildInfo(entry);
  if (info === undefined) return NOTHING;
  const { main, packagePath, linked, settings } = parseModules(info.modules);
  const occurrences = [{ path: entry.path, technique: "binary" }] as const;
  const library = moduleComponent("stdlib", toolchainVersion(info.goVersion), occurrences);
  const modules = linked.map(({ path, version, sum, local }) =>
    moduleComponent(path, version, occurrences, { digests: dirHashOf(sum), own: local }),
  );
  const components: readonly Component[] = mergeComponents([...modules, library]);
  const unknowns: Unknown[] = [];
  const tell = (what: string): number => unknowns.push({ where: cleanText(entry.path, 300), what });
  if (main === undefined) tell("the program does not say which module it is made from, nor which are in it");
  else if (linked.length > 0) tell("which module needs which is not in a program");
  const name = main?.path ?? packagePath;
  const completeness: Extraction["completeness"] = {
    components: main === undefined ? "incomplete" : "complete",
    dependencies: "unknown",
    method: "observed",
  };
  if (name === undefined) return { components, dependencies: [], completeness, unknowns };
  const alone = source.artifact.kind === "file";
  const digests = { ...commitOf(settings), ...dirHashOf(main?.sum) };
  const subject = moduleSubject(name, main?.version, digests);
  const from = subjectRef(subject);
  const own = moduleComponent(name, main?.version, occurrences, { digests, direct: true, kind: "application" });
  const root = alone ? from : own.ref;
  return {
    ...(alone && { subject }),
    components: alone ? components : mergeComponents([...components, own]),
    dependencies: components
      .filter(({ ref }) => ref !== root)
      .map(({ ref }) => ({ from: root, to: ref, scope: "runtime" })),
    completeness,
    unknowns,
  };
}

function commitOf(settings: ReadonlyMap<string, string>): DigestSet {
  const revision = settings.get("vcs.revision") ?? "";
  return settings.get("vcs") === "git" && /^[0-9a-f]{40}$/.test(revision) ? { gitCommit: revision } : {};
}

import { posix } from "node:path";
import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Component, Dependency, Unknown } from "../../model/sbom.ts";
import { manifestKind, readText } from "../document.ts";
import {
  mergeComponents,
  readSums,
  replacements,
  resolveRequirement,
  standardLibrary,
  type Sums,
  toolModules,
} from "./build-list.ts";
import { type Directives, GO_MOD, parseDirectives, type Requirement } from "./directives.ts";
import { isPruned, NO_EDGES } from "./go-mod.ts";
import { moduleComponent } from "./module.ts";
import { compareVersions } from "./version.ts";

const GO_WORK = manifestKind("go.work");
/** Far above any workspace; each is a file to read. */
const MAX_MODULES = 1000;

interface Member {
  readonly folder: string;
  readonly file: string;
  readonly line: number;
  readonly directives: Directives;
}

/**
 * Reads `go.work`: its modules are the project's own, and one build list serves them all: of each module the highest version that
 * one of them requires (Go Modules Reference, "Workspaces", "Minimal version selection"). Throws `WB-MANIFEST-SYNTAX`.
 */
export function readGoWork(entry: Entry, source: Source): Extraction {
  const file = entry.path;
  const folder = posix.dirname(file) === "." ? "" : posix.dirname(file);
  const work = parseDirectives(readText(entry, GO_WORK), file, GO_WORK);
  const unknowns: Unknown[] = [];
  const members = membersOf(work, folder, file, source, unknowns);
  const name = folder === "" ? source.artifact.name : posix.basename(folder);
  const highest = new Map<string, string>();
  for (const { path, version } of members.flatMap(({ directives }) => directives.requires)) {
    const before = highest.get(path);
    if (before === undefined || compareVersions(before, version) < 0) highest.set(path, version);
  }
  const sums = new Map([
    ...members.flatMap(({ file: path }) => [...readSums(path.replace(/\.mod$/u, ".sum"), source)]),
    ...readSums(posix.join(folder, "go.work.sum"), source),
  ]) satisfies Sums;
  const own = new Map(members.map((member) => [member.directives.module ?? member.folder, ownComponent(member)]));
  const found: Component[] = [...own.values()];
  const dependencies: Dependency[] = found.map(({ ref }) => ({ from: name, to: ref, scope: "runtime" }));
  for (const member of members) {
    const from = own.get(member.directives.module ?? member.folder)?.ref ?? name;
    for (const { component, to } of needsOf(member, { work, file, own, highest, sums }, unknowns)) {
      if (component !== undefined) found.push(component);
      if (component?.direct !== false && from !== to) {
        dependencies.push({ from, to, scope: component?.scope ?? "runtime" });
      }
    }
  }
  const library = standardLibrary(work, file);
  if (library !== undefined) {
    found.push(library);
    dependencies.push({ from: name, to: library.ref, scope: "runtime" });
  }
  const components = mergeComponents(found);
  if (components.some(({ direct, own: mine }) => !direct && !mine)) unknowns.push({ where: file, what: NO_EDGES });
  const pruned = members.length === work.uses.length && members.every(({ directives }) => isPruned(directives));
  return {
    subject: { name, digests: {} },
    components,
    dependencies: dependencies.toSorted((a, b) => (`${a.from}\0${a.to}` < `${b.from}\0${b.to}` ? -1 : 1)),
    completeness: { components: pruned ? "complete" : "incomplete", dependencies: "unknown", method: "locked" },
    unknowns,
  };
}

function membersOf(
  work: Directives,
  folder: string,
  file: string,
  source: Source,
  unknowns: Unknown[],
): readonly Member[] {
  return work.uses.slice(0, MAX_MODULES).flatMap(({ folder: used, line }) => {
    const position = posix.normalize(used).replace(/\/$/u, "");
    const path = posix.join(folder, position, "go.mod");
    const entry = used.startsWith("/") || path.startsWith("..") ? undefined : source.find(path);
    if (entry?.kind !== "file") {
      unknowns.push({ where: `${file}:${line}`, what: `the module in ${cleanText(used, 100)} is not here` });
      return [];
    }
    const directives = parseDirectives(readText(entry, GO_MOD), path, GO_MOD);
    return [{ folder: position === "." ? "" : position, file: path, line, directives }];
  });
}

function ownComponent({ folder, file, directives }: Member): Component {
  return moduleComponent(
    directives.module ?? folder,
    undefined,
    [{ path: file, position: folder, technique: "manifest" }],
    { own: true, direct: true },
  );
}

interface Workspace {
  readonly work: Directives;
  readonly file: string;
  readonly own: ReadonlyMap<string, Component>;
  readonly highest: ReadonlyMap<string, string>;
  readonly sums: Sums;
}

/** A requirement on another module of the workspace is met by it; everything else comes from the one build list. */
function* needsOf(
  member: Member,
  { work, file, own, highest, sums }: Workspace,
  unknowns: Unknown[],
): Iterable<{ readonly component?: Component; readonly to: string }> {
  const { directives } = member;
  // The workspace's replacements go before those of its modules.
  const above = replacements(work.replaces);
  const here = replacements(directives.replaces);
  const tools = toolModules(directives.tools);
  const byWork = new Set(work.replaces.map(({ path }) => path));
  for (const written of directives.requires) {
    const mine = own.get(written.path);
    if (mine !== undefined) {
      if (!written.indirect) yield { to: mine.ref };
      continue;
    }
    const requirement: Requirement = { ...written, version: highest.get(written.path) ?? written.version };
    const replacedByWork = byWork.has(written.path);
    const around = {
      file: member.file,
      replaced: replacedByWork ? above : here,
      replacedIn: replacedByWork ? file : member.file,
      sums,
      toolModules: tools,
    };
    const { component } = resolveRequirement(requirement, around, unknowns);
    yield { component, to: component.ref };
  }
}

import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { ComponentRef, Unknown } from "../../model/sbom.ts";
import { formFault, lockfileKind } from "../document.ts";
import { fieldOf, fieldsAt, type Fields, isFields, readJsonFields, textAt } from "../fields.ts";
import { calledAfter, folderOf } from "../folders.ts";
import { LineScan } from "../npm/lines.ts";
import { Gathered } from "../packages.ts";
import { addEdges } from "./libraries.ts";
import { keyOf, nugetPurl, splitLibrary } from "./names.ts";

const ASSETS = lockfileKind("NuGet's list of what was restored", "write it anew with dotnet restore");

/** `NAME >= 1.0.0`, as NuGet tells what the project asked for. */
const wantedName = (text: string): string => text.split(/[\s<>=]/u)[0] ?? "";

/** Needs of the project that its users do not get: analysers, build tools (`PrivateAssets="all"`). */
function buildOnly(project: Fields): ReadonlySet<string> {
  const found = new Set<string>();
  for (const framework of Object.values(fieldsAt(project, "frameworks"))) {
    if (!isFields(framework)) continue;
    for (const [name, need] of Object.entries(fieldsAt(framework, "dependencies"))) {
      if (isFields(need) && textAt(need, "suppressParent") === "All") found.add(keyOf(name));
    }
  }
  return found;
}

/**
 * `project.assets.json` (version 2 to 4), which NuGet writes into `obj` when it restores: each target with one version of each package.
 * Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`.
 */
export function readProjectAssets(entry: Entry, source: Source): Extraction {
  const { fields, text } = readJsonFields(entry, ASSETS);
  const targets = fields["targets"];
  if (!isFields(targets)) throw formFault(ASSETS, entry.path, "targets", "an object of targets", targets);
  const project = fieldsAt(fields, "project");
  const folder = folderOf(folderOf(entry.path));
  const name = textAt(fieldsAt(project, "restore"), "projectName") ?? calledAfter(folder, source);
  const subject = { name: cleanText(name, 200), digests: {} };
  const gathered = new Gathered();
  const lines = new LineScan(text.slice(text.indexOf('"libraries"')));
  const before = text.slice(0, Math.max(0, text.indexOf('"libraries"'))).split("\n").length - 1;
  const unknowns: Unknown[] = [];
  const libraries = new Map<string, ComponentRef>();
  for (const [key, library] of Object.entries(fieldsAt(fields, "libraries"))) {
    const found = lines.next(key);
    const [id, version] = splitLibrary(key) ?? [];
    if (id === undefined || !isFields(library)) {
      unknowns.push({ where: cleanText(entry.path, 300), what: `no name and version: ${cleanText(key, 100)}` });
      continue;
    }
    const own = textAt(library, "type") === "project";
    const line = found === undefined ? undefined : found + before;
    const occurrence = { path: entry.path, ...(line !== undefined && { line }), technique: "lockfile" } as const;
    // A project is called by its name, as its own file calls it.
    const called = own ? { name: id } : { name: id, version, purl: nugetPurl(id, version) };
    libraries.set(key, gathered.add({ ...called, ecosystem: "NuGet", own, occurrence }));
  }
  const private_ = buildOnly(project);
  const groups = fieldsAt(fields, "projectFileDependencyGroups");
  const direct = new Set<ComponentRef>();
  for (const [framework, target] of Object.entries(targets)) {
    if (!isFields(target)) continue;
    const byName = addEdges(target, libraries, gathered);
    const wanted = fieldOf(groups, framework.split("/")[0] ?? "");
    for (const one of Array.isArray(wanted) ? wanted : []) {
      const key = keyOf(wantedName(String(one)));
      const ref = byName.get(key);
      if (ref === undefined) gathered.unmet(subject.name, key);
      else {
        direct.add(ref);
        gathered.need(subject.name, ref, private_.has(key) ? "dev" : "runtime");
      }
    }
  }
  const all = [...gathered.unknowns(entry.path), ...unknowns];
  return {
    subject,
    components: gathered.scopedFrom(subject.name).map((one) => (direct.has(one.ref) ? { ...one, direct: true } : one)),
    dependencies: gathered.dependencies,
    completeness: {
      components: unknowns.length === 0 ? "complete" : "incomplete",
      dependencies: all.length === 0 ? "complete" : "incomplete",
      method: "locked",
    },
    unknowns: all,
  };
}

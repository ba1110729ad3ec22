import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { ComponentRef, Unknown } from "../../model/sbom.ts";
import { formFault, lockfileKind } from "../document.ts";
import { fieldOf, fieldsAt, type Fields, isFields, readJsonFields, textAt } from "../fields.ts";
import { LineScan } from "../npm/lines.ts";
import { Gathered } from "../packages.ts";
import { addEdges } from "./libraries.ts";
import { nugetPurl, splitLibrary } from "./names.ts";

const DEPS = lockfileKind("the list of a .NET program's libraries", "publish the program anew");
/** The runtime that a self-contained program brings is a package under this prefix. */
const RUNTIME_PACK = "runtimepack.";

/** The target that runs; a list that names another than it has is read by its first. */
function targetOf(fields: Fields): Fields {
  const targets = fieldsAt(fields, "targets");
  const runtime = fieldOf(fields, "runtimeTarget");
  const named = isFields(runtime) ? textAt(runtime, "name") : typeof runtime === "string" ? runtime : undefined;
  const target = named === undefined ? undefined : fieldOf(targets, named);
  const first = Object.values(targets)[0];
  return isFields(target) ? target : isFields(first) ? first : {};
}

/**
 * `NAME.deps.json`, which .NET writes beside a program (dotnet/sdk, "runtime configuration files"): the program, its libraries, and
 * who needs whom. Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`.
 */
export function readDeps(entry: Entry): Extraction {
  const { fields, text } = readJsonFields(entry, DEPS);
  const written = fields["libraries"];
  if (!isFields(written)) throw formFault(DEPS, entry.path, "libraries", "an object of libraries", written);
  const gathered = new Gathered();
  const unknowns: Unknown[] = [];
  const start = Math.max(0, text.indexOf('"libraries"'));
  const before = text.slice(0, start).split("\n").length - 1;
  const lines = new LineScan(text.slice(start));
  const libraries = new Map<string, ComponentRef>();
  let program = true;
  for (const [key, library] of Object.entries(written)) {
    const found = lines.next(key);
    const [id, version] = splitLibrary(key) ?? [];
    const type = isFields(library) ? textAt(library, "type") : undefined;
    if (id === undefined || type === undefined) {
      unknowns.push({
        where: cleanText(entry.path, 300),
        what: `a library without name, version or kind: ${cleanText(key, 100)}`,
      });
      continue;
    }
    const name = type === "runtimepack" && id.startsWith(RUNTIME_PACK) ? id.slice(RUNTIME_PACK.length) : id;
    const line = found === undefined ? undefined : found + before;
    const own = type === "project";
    libraries.set(
      key,
      gathered.add({
        name,
        version,
        // A referenced file is no package.
        purl: type === "reference" ? undefined : nugetPurl(name, version),
        ecosystem: "NuGet",
        own,
        ...(own && program && { kind: "application" }),
        occurrence: { path: entry.path, ...(line !== undefined && { line }), technique: "manifest" },
      }),
    );
    if (own) program = false;
  }
  addEdges(targetOf(fields), libraries, gathered);
  const all = [...gathered.unknowns(entry.path), ...unknowns];
  return {
    components: gathered.components,
    dependencies: gathered.dependencies,
    completeness: {
      components: unknowns.length === 0 ? "complete" : "incomplete",
      dependencies: all.length === 0 ? "complete" : "incomplete",
      method: "observed",
    },
    unknowns: all,
  };
}

import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { readProgram } from "../binary/program.ts";
import { folderOf } from "../folders.ts";
import { Gathered } from "../packages.ts";
import { assemblyOf } from "./metadata.ts";
import { versionText } from "./version-resource.ts";

const NOTHING: Extraction = {
  components: [],
  dependencies: [],
  completeness: { components: "complete", dependencies: "unknown", method: "observed" },
  unknowns: [],
};
/** `13.0.3+COMMIT`, as .NET's tools write it (AssemblyInformationalVersion). */
const PRODUCT =
  /^v?(\d{1,9}(?:\.\d{1,9}){1,3}(?:-[0-9A-Za-z.-]{1,60})?)(?:\+(?:[0-9A-Za-z.-]*\.)?([0-9a-f]{40})?[0-9A-Za-z.-]*)?$/u;

/** Folders with a `*.deps.json`, which tells the packages that their assemblies come from. */
const told = new WeakMap<Source, ReadonlySet<string>>();

function foldersTold(source: Source): ReadonlySet<string> {
  let folders = told.get(source);
  if (folders === undefined) {
    folders = new Set(
      [...source.entries()].filter(({ path }) => path.endsWith(".deps.json")).map(({ path }) => folderOf(path)),
    );
    told.set(source, folders);
  }
  return folders;
}

/**
 * An assembly of .NET (`*.dll`, `*.exe`): what it calls itself, with the version of the product, else of the assembly. From which package it
 * comes it does not say, so that it has no package URL. Other programs have no components, nor assemblies beside a `*.deps.json`.
 */
export function readAssembly(entry: Entry, source: Source): Extraction {
  if (!/\.(?:dll|exe)$/iu.test(entry.path)) return NOTHING;
  const program = readProgram(entry);
  if (program?.format !== "pe") return NOTHING;
  const assembly = assemblyOf(entry, program);
  if (assembly === undefined || assembly.name === "" || foldersTold(source).has(folderOf(entry.path))) return NOTHING;
  const [, product, commit] = PRODUCT.exec(versionText(entry, program, "ProductVersion") ?? "") ?? [];
  const gathered = new Gathered();
  gathered.add({
    name: cleanText(assembly.name, 300),
    // What nobody numbered is 0.0.0.0.
    version: product ?? (assembly.version === "0.0.0.0" ? undefined : assembly.version),
    ecosystem: "generic",
    digests: commit === undefined ? {} : { gitCommit: commit },
    ...(/\.exe$/iu.test(entry.path) && { kind: "application" as const }),
    occurrence: { path: entry.path, technique: "binary" },
  });
  return { ...NOTHING, components: gathered.components };
}

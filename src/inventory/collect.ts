import { cleanText } from "../artifact/clean-text.ts";
import { parseCycloneDx } from "../format/cyclonedx.ts";
import { parseSbomDocument } from "../format/sbom-document.ts";
import type { Entry, Source } from "../model/artifact.ts";
import type { Extraction } from "../model/extractor.ts";
import { Fault } from "../model/fault.ts";
import type { Sbom, Unknown } from "../model/sbom.ts";
import { extractors } from "./extractors.ts";

/** Files of a project, strongest first; npm itself lets the shrinkwrap win. */
const ROOT_FILES = ["npm-shrinkwrap.json", "package-lock.json", "package.json"];
const LOCKFILES = ["npm-shrinkwrap.json", "package-lock.json"];
const MAX_DEPTH = 10;
const MAX_TOLD = 20;

/**
 * The SBOM of sources (lifecycle `source`): of a directory by its lockfile, else by its manifest; of a single lockfile or
 * manifest; or an SBOM document as it is, with its own lifecycle. Projects nested in the directory that are no
 * workspaces are told in `unknowns`, not merged. Reads files only: no tool is run and no network asked.
 * Faults: `WB-INVENTORY-NOTHING` (nothing there that can be read), and those of the extractors: `WB-LOCKFILE-SYNTAX`,
 * `WB-LOCKFILE-FORM`, `WB-MANIFEST-SYNTAX`, `WB-MANIFEST-FORM`.
 */
export async function collect(source: Source): Promise<Sbom> {
  const single = isSingleFile(source) ? singleFile(source) : undefined;
  if (single !== undefined && isCycloneDx(single, source)) return parseCycloneDx(single.bytes(), single.path);
  const document = single === undefined ? undefined : await documentSbom(single);
  if (document !== undefined) return document;
  const entry = single ?? rootFile(source);
  const extractor = entry && extractors.find((one) => one.claims(entry.path));
  if (entry === undefined || extractor === undefined) throw nothing(source, entry);
  const extraction = extractor.extract(entry, source);
  const more = single === undefined ? besides(source, entry, extraction) : [];
  return sourceSbom(source, extraction, more);
}

/** Any other SBOM document, by its content. What a lockfile's or manifest's name has is not looked at. */
async function documentSbom(entry: Entry): Promise<Sbom | undefined> {
  if (extractors.some((one) => one.claims(entry.path))) return undefined;
  const read = await parseSbomDocument(entry.bytes(), entry.path);
  if (read === undefined || read.lost.length === 0) return read?.sbom;
  const what = `the document says what an inventory does not hold: ${read.lost.join("; ")}`;
  return { ...read.sbom, unknowns: [...read.sbom.unknowns, { where: cleanText(entry.path), what }] };
}

function isSingleFile(source: Source): boolean {
  return source.artifact.kind === "file" || source.artifact.kind === "sbom";
}

function singleFile(source: Source): Entry | undefined {
  for (const entry of source.entries()) if (entry.kind === "file") return entry;
  return undefined;
}

function isCycloneDx(entry: Entry, source: Source): boolean {
  const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
  return source.artifact.kind === "sbom" || name === "bom.json" || name.endsWith(".cdx.json");
}

function rootFile(source: Source): Entry | undefined {
  for (const name of ROOT_FILES) {
    const entry = source.find(name);
    if (entry?.kind === "file") return entry;
  }
  return undefined;
}

function sourceSbom(source: Source, extraction: Extraction, more: readonly Unknown[]): Sbom {
  const named = extraction.subject ?? { name: source.artifact.name, digests: {} };
  return {
    lifecycle: "source",
    subject: { ...named, digests: source.artifact.digests },
    root: named.purl ?? named.name,
    components: extraction.components,
    dependencies: extraction.dependencies,
    completeness: extraction.completeness,
    unknowns: [...extraction.unknowns, ...more],
    licences: extraction.licences ?? [],
  };
}

/** What lies in the directory and is not in the list: a second lockfile beside the first, and nested projects. */
function besides(source: Source, entry: Entry, extraction: Extraction): Unknown[] {
  const unknowns: Unknown[] = [];
  if (entry.path === "npm-shrinkwrap.json" && source.find("package-lock.json") !== undefined) {
    unknowns.push({ where: "package-lock.json", what: "is not read: npm-shrinkwrap.json beside it wins" });
  }
  const own = new Set<string>();
  for (const component of extraction.components) {
    if (component.own) for (const occurrence of component.occurrences) own.add(occurrence.position ?? "");
  }
  const nested = nestedLockfiles(source).filter((path) => !own.has(path.slice(0, path.lastIndexOf("/"))));
  for (const path of nested.slice(0, MAX_TOLD)) {
    unknowns.push({
      where: cleanText(path),
      what: "is the lockfile of another project: what it lists is not in this SBOM",
    });
  }
  if (nested.length > MAX_TOLD) {
    unknowns.push({
      where: ".",
      what: `${nested.length - MAX_TOLD} more lockfiles of other projects are not in this SBOM`,
    });
  }
  return unknowns;
}

/** Lockfiles below the root, outside of `node_modules` and folders of version control, at most ten folders deep. */
function nestedLockfiles(source: Source): string[] {
  const skip = (directory: string): boolean => {
    const name = directory.slice(directory.lastIndexOf("/") + 1);
    return name === "node_modules" || name === ".git" || name === ".hg" || directory.split("/").length > MAX_DEPTH;
  };
  const found: string[] = [];
  for (const entry of source.entries(skip)) {
    const slash = entry.path.lastIndexOf("/");
    if (slash > 0 && entry.kind === "file" && LOCKFILES.includes(entry.path.slice(slash + 1))) found.push(entry.path);
  }
  return found.sort();
}

function nothing(source: Source, entry: Entry | undefined): Fault {
  const nested = entry === undefined && !isSingleFile(source) ? nestedLockfiles(source).slice(0, 3) : [];
  return new Fault({
    code: "WB-INVENTORY-NOTHING",
    kind: "input",
    what: "nothing here tells what the software is made of",
    where: cleanText(source.reference),
    expected: "package-lock.json, npm-shrinkwrap.json, package.json, or an SBOM document (CycloneDX, SPDX, SWID)",
    ...(nested.length > 0 && { found: nested.map((path) => cleanText(path, 80)).join(", ") }),
    fix: nested.length > 0 ? "name the folder of one of these lockfiles" : "name the folder that has the lockfile",
  });
}

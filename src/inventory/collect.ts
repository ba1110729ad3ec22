import { cleanText } from "../artifact/clean-text.ts";
import { parseSbomDocument } from "../format/sbom-document.ts";
import type { Entry, Source } from "../model/artifact.ts";
import type { Extraction, Surroundings } from "../model/extractor.ts";
import { Fault } from "../model/fault.ts";
import type { Occurrence, Sbom, Unknown } from "../model/sbom.ts";
import { extractors } from "./extractors.ts";
import type { Found } from "./found.ts";
import { joinFound } from "./join.ts";
import { ownersOf } from "./owned.ts";
import { Covered, projectOf, selectUnits } from "./select.ts";
import { refuseLargeText, refuseManyComponents } from "./size.ts";
import { findUnits, isClaimedByName, isProgramFile, type Unit } from "./walk.ts";

const RANK = new Map(extractors.map((extractor, index) => [extractor, index]));

/**
 * The SBOM of sources (lifecycle `source`): of a directory, archive or image by all the lockfiles, manifests, installations and
 * programs in it; of a single such file; or an SBOM document as it is, with its own lifecycle. Reads files only: no tool is run and
 * no network asked. What lies in the source's own folder must be readable; a bad file further down is told in `unknowns`.
 * Faults: `WB-INVENTORY-NOTHING` (nothing there that can be read), `WB-SOURCE-TOO-LARGE`, and those of the extractors.
 */
export async function collect(source: Source, around: Surroundings = {}): Promise<Sbom> {
  const alone = source.artifact.kind === "file" || source.artifact.kind === "sbom";
  const single = alone ? singleFile(source) : undefined;
  const document = single === undefined ? undefined : await documentSbom(single);
  if (document !== undefined) return document;
  const { units: all, top } = findUnits(source, extractors, alone);
  const { units, unknowns } = selectUnits(all, ({ extractor }) => RANK.get(extractor) ?? 0);
  const covered = new Covered();
  const found: Found[] = [];
  const unread: Unknown[] = [];
  for (const unit of units) {
    // Operating systems are read first. A lockfile or manifest inside of their packages is not the project's.
    if (covered.has(unit) || (unit.extractor.of === "project" && isOwned(unit, found))) continue;
    const told = await read(unit, { source, around, top }, unread);
    if (told === undefined || saysNothing(unit, told)) continue;
    const extraction = withLayers(told, unit);
    covered.add(unit, membersOf(extraction));
    found.push({ unit, extraction });
  }
  unread.push(...(source.unread ?? []));
  if (found.length === 0) throw nothing(source, single, unread);
  const joined = joinFound(source, top, found, [...unknowns, ...covered.unknowns(), ...unread]);
  refuseManyComponents(joined.components.length, source.reference);
  const { kind } = source.artifact;
  // What lies in an image is what was delivered, whoever wrote it down there.
  const sbom: Sbom = kind === "image" || kind === "root-file-system" ? { ...joined, lifecycle: "analyzed" } : joined;
  return unread.length === 0 ? sbom : { ...sbom, completeness: { ...sbom.completeness, components: "incomplete" } };
}

function isOwned({ entries }: Unit, found: readonly Found[]): boolean {
  const ownerOf = ownersOf(found);
  return entries.every(({ path }) => ownerOf(path) !== undefined);
}

/** In an image each occurrence names the layer that brought its file. */
function withLayers(extraction: Extraction, { entries }: Unit): Extraction {
  const layers = new Map(entries.flatMap(({ path, layer }) => (layer === undefined ? [] : [[path, layer] as const])));
  if (layers.size === 0) return extraction;
  const located = (occurrence: Occurrence): Occurrence => {
    const layer = layers.get(occurrence.path);
    return layer === undefined ? occurrence : { ...occurrence, layer };
  };
  const components = extraction.components.map((component) => ({
    ...component,
    occurrences: component.occurrences.map(located),
  }));
  return { ...extraction, components };
}

/** What a unit says; nothing, and an unknown, where it lies further down and cannot be read. */
async function read(
  unit: Unit,
  { source, around, top }: { readonly source: Source; readonly around: Surroundings; readonly top: string },
  unread: Unknown[],
): Promise<Extraction | undefined> {
  const { extractor, entries } = unit;
  try {
    for (const entry of entries) refuseLargeText(entry, extractor.of);
    const [entry] = entries;
    if (entry === undefined) return undefined;
    const told = await (extractor.kind === "group"
      ? extractor.extract(entries, source)
      : extractor.extract(entry, source, around));
    refuseManyComponents(told.components.length, unit.path);
    return told;
  } catch (error) {
    if (!(error instanceof Fault) || (extractor.of === "project" && projectOf(unit) === top)) throw error;
    const { code, what, where } = error.facts;
    unread.push({ where: where ?? cleanText(unit.path, 300), what: `${what} (${code})` });
    return undefined;
  }
}

/** Most programs carry no list of their parts: that is no statement that they have none. */
function saysNothing({ extractor }: Unit, { subject, components, unknowns }: Extraction): boolean {
  const perhaps = extractor.claim.programs !== undefined || extractor.claim.perhaps === true;
  return perhaps && subject === undefined && components.length === 0 && unknowns.length === 0;
}

/** Folders of workspace members, relative to the lockfile's. */
function* membersOf({ components }: Extraction): Iterable<string> {
  for (const component of components) {
    if (!component.own) continue;
    for (const { position } of component.occurrences) if (position !== undefined) yield position;
  }
}

function singleFile(source: Source): Entry | undefined {
  for (const entry of source.entries()) if (entry.kind === "file") return entry;
  return undefined;
}

/**
 * The document that a single file is, whatever form it has, seen by its content; a file with the name of a lockfile or manifest is not
 * looked into, nor a program. What the form says and an inventory does not hold is told.
 */
async function documentSbom(entry: Entry): Promise<Sbom | undefined> {
  if (isClaimedByName(entry.path, extractors) || isProgramFile(entry)) return undefined;
  const read = await parseSbomDocument(entry.bytes(), entry.path);
  if (read !== undefined) refuseManyComponents(read.sbom.components.length, entry.path, true);
  if (read === undefined || read.lost.length === 0) return read?.sbom;
  const what = `the document says what an inventory does not hold: ${read.lost.join("; ")}`;
  return { ...read.sbom, unknowns: [...read.sbom.unknowns, { where: cleanText(entry.path), what }] };
}

/** The first part that could not be looked into: there it may be. */
function untold(unread: readonly Unknown[]): string {
  const [first] = unread;
  if (first === undefined) return "";
  const more = unread.length > 1 ? `, and ${unread.length - 1} more` : "";
  return `; ${first.where}: ${first.what}${more}`;
}

function nothing(source: Source, single: Entry | undefined, unread: readonly Unknown[]): Fault {
  return new Fault({
    code: "WB-INVENTORY-NOTHING",
    kind: "input",
    what: "nothing here tells what the software is made of",
    where: cleanText(source.reference),
    expected: "a lockfile, a manifest, installed packages, or an SBOM document",
    found: single === undefined ? `none of them${untold(unread)}` : cleanText(single.path, 100),
    fix: "name a folder or file that has one; docs/ecosystems.md lists what is read",
  });
}

import type { GoFunctions } from "../inventory/go/functions.ts";
import type { AffectedSymbols, Finding, MatchedRecord, Reachability } from "../model/advisory.ts";
import type { Component, Sbom } from "../model/sbom.ts";

const MAX_EVIDENCE = 10;

/** A program of the source, and which functions are in it; undefined: it does not say. */
export interface GoProgram {
  readonly path: string;
  readonly functions: GoFunctions | undefined;
}

/** The import paths that a finding's records name; empty where none says which code it is about. */
export function affectedPaths({ records }: Pick<Finding, "records">): ReadonlySet<string> {
  const all = records.filter(({ ecosystem }) => ecosystem === "Go");
  return new Set(all.flatMap(({ symbols = [] }) => symbols.map(({ path }) => path)));
}

/** Whether the code is compiled for the system at all (golang/vulndb, doc/format.md: `goos`, `goarch`; absent is all). */
function isFor({ systems, architectures }: AffectedSymbols, functions: GoFunctions): boolean {
  const within = (list: readonly string[] | undefined, one: string | undefined): boolean =>
    list === undefined || one === undefined || list.includes(one);
  return within(systems, functions.system) && within(architectures, functions.architecture);
}

function symbolsIn(records: readonly MatchedRecord[], functions: GoFunctions): readonly string[] {
  return records.flatMap(({ symbols = [] }) =>
    symbols.flatMap((affected) => {
      if (!isFor(affected, functions)) return [];
      const { path, symbols: names } = affected;
      if (names.length === 0) return functions.hasPackage(path) ? [path] : [];
      return names.filter((name) => functions.has(path, name)).map((name) => `${path}.${name}`);
    }),
  );
}

/**
 * Whether the functions that the records name were linked into the programs that a finding is about. A linker leaves out what nothing
 * can call, so that absence is a strong hint; it is none that the code is not run elsewhere. Undefined: no record names any.
 */
export function reachabilityInPrograms(
  finding: Pick<Finding, "records">,
  programs: readonly GoProgram[],
): Reachability | undefined {
  if (affectedPaths(finding).size === 0 || programs.length === 0) return undefined;
  const readable = programs.flatMap(({ path, functions }) => (functions === undefined ? [] : [{ path, functions }]));
  const found = readable.flatMap(({ path, functions }) =>
    symbolsIn(finding.records, functions).map((symbol) => `${path}: ${symbol}`),
  );
  if (found.length > 0)
    return { found: "present", by: "symbols", evidence: [...new Set(found)].slice(0, MAX_EVIDENCE) };
  // One record of several may leave it open which code is affected: then nothing is known to be absent.
  if (finding.records.some(({ ecosystem, symbols = [] }) => ecosystem === "Go" && symbols.length === 0)) {
    return { found: "unknown", why: "not every record says which functions are affected" };
  }
  if (readable.length < programs.length)
    return { found: "unknown", why: "the program has no table of functions that is read" };
  return {
    found: "absent",
    by: "symbols",
    evidence: readable.map(({ path }) => `${path}: none of the functions named`).slice(0, MAX_EVIDENCE),
  };
}

/** Components of what was shipped, by package URL and by name and version. */
function shippedBy(analyzed: Sbom): ReadonlyMap<string, Component> {
  const found = new Map<string, Component>();
  for (const component of analyzed.components) {
    found.set(`${component.ecosystem}\n${component.name}\n${component.version ?? ""}`, component);
    if (component.purl !== undefined) found.set(component.purl, component);
  }
  return found;
}

/**
 * Adds to findings of what is declared whether the package's bytes are in the artifact, by its *analyzed* SBOM. What other evidence
 * has said stays.
 */
export function withBytes(findings: readonly Finding[], analyzed: Sbom): readonly Finding[] {
  const shipped = shippedBy(analyzed);
  const whole = analyzed.completeness.components === "complete";
  return findings.map((finding) => {
    if (finding.reachability !== undefined) return finding;
    const { purl, ecosystem, name, version } = finding;
    const component = shipped.get(purl ?? "") ?? shipped.get(`${ecosystem}\n${name}\n${version}`);
    return { ...finding, reachability: reachabilityOfBytes(component, whole) };
  });
}

function reachabilityOfBytes(component: Component | undefined, whole: boolean): Reachability {
  if (component !== undefined) {
    const places = new Set(component.occurrences.map(({ path }) => path));
    return { found: "present", by: "bytes", evidence: [...places].slice(0, MAX_EVIDENCE) };
  }
  if (!whole) return { found: "unknown", why: "not all of the artifact's bytes could be told" };
  return { found: "absent", by: "bytes", evidence: ["no file of the artifact is the package's"] };
}

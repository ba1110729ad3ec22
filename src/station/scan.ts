import { affectedPaths, type GoProgram, reachabilityInPrograms } from "../advisory/reachability.ts";
import type { MatchResult } from "../model/advisory.ts";
import type { Source } from "../model/artifact.ts";
import type { Known, Timestamp } from "../model/digest.ts";
import type { Surroundings } from "../model/extractor.ts";
import type { Component, Sbom } from "../model/sbom.ts";
import { collectFrom, withSource } from "./collect-from.ts";
import type { ScanInputs } from "./inputs.ts";
import { matched, withShippedBytes } from "./judge.ts";

export interface ScanOptions {
  readonly around?: Surroundings;
  /** An image whose parts are left out. */
  readonly base?: string | undefined;
  /** What was made of the source: findings say whether the package's bytes are in it. */
  readonly artifact?: string | undefined;
}

/** What is in a source and what is known about it. */
interface ScannedSource {
  readonly sbom: Sbom;
  readonly matched: Known<MatchResult>;
}

/** Programs of the source that a finding's component was read from. */
function programsOf(component: Component | undefined): readonly string[] {
  return (component?.occurrences ?? []).flatMap(({ path, technique }) => (technique === "binary" ? [path] : []));
}

/** Evidence from the programs themselves, each read once for all that is asked of it. */
async function withFunctions(result: MatchResult, sbom: Sbom, source: Source): Promise<MatchResult> {
  const byRef = new Map(sbom.components.map((component) => [component.ref, component]));
  const questions = result.findings.map((finding) => {
    const paths = affectedPaths(finding);
    return { finding, paths, programs: paths.size === 0 ? [] : programsOf(byRef.get(finding.component)) };
  });
  const asked = questions.flatMap(({ paths, programs }) => programs.map((program) => ({ program, paths })));
  if (asked.length === 0) return result;
  const { readGoFunctions } = await import("../inventory/go/functions.ts");
  const read = new Map<string, GoProgram>();
  for (const [path, all] of Map.groupBy(asked, ({ program }) => program)) {
    const entry = source.find(path) ?? (source.self?.path === path ? source.self : undefined);
    const paths = new Set(all.flatMap((one) => [...one.paths]));
    read.set(path, { path, functions: entry === undefined ? undefined : readGoFunctions(entry, paths) });
  }
  const findings = questions.map(({ finding, programs }) => {
    const reachability = reachabilityInPrograms(
      finding,
      programs.flatMap((path) => read.get(path) ?? []),
    );
    return reachability === undefined ? finding : { ...finding, reachability };
  });
  return { ...result, findings };
}

/**
 * Collects what a source holds and matches it with the index at a time; findings carry the evidence of reachability that the source
 * itself gives. Throws the faults of `collectFrom`, and WB-INDEX-FORM.
 */
export async function scanSource(
  reference: string,
  inputs: Pick<ScanInputs, "index" | "vex" | "overrules">,
  at: Timestamp,
  options: ScanOptions = {},
): Promise<ScannedSource> {
  const scanned = await withSource(reference, options, async (sbom, source): Promise<ScannedSource> => {
    const found = matched(sbom, inputs, at);
    return {
      sbom,
      matched: found.known ? { known: true, value: await withFunctions(found.value, sbom, source) } : found,
    };
  });
  const { artifact, around } = options;
  if (artifact === undefined) return scanned;
  return { ...scanned, matched: withShippedBytes(scanned.matched, await collectFrom(artifact, around)) };
}

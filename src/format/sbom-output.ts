import type { ComponentRef, Sbom, Scope } from "../model/sbom.ts";
import type { RuleSetScore } from "./score/score.ts";
import type { StatedComponent, StatedSbom } from "./score/stated.ts";
import type { SbomProblem } from "./sbom-validate.ts";
import type { Json, JsonObject } from "../model/statement.ts";

/** `waybill.sbom-list/1` (docs/schemas.md). */
export function sbomListOutput(sbom: Sbom): JsonObject {
  return {
    schema: "waybill.sbom-list/1",
    root: sbom.root,
    completeness: { ...sbom.completeness },
    components: sbom.components.map(
      ({ ref, name, version, purl, ecosystem, scope, direct, own, licences, occurrences }): Json => ({
        ref,
        name,
        version: version ?? null,
        purl: purl ?? null,
        ecosystem,
        scope,
        direct,
        own,
        licences: licences.map(({ expression }) => expression),
        locations: occurrences.map(({ path, line }): Json => ({ path, ...(line !== undefined && { line }) })),
      }),
    ),
    unknown: sbom.unknowns.map(({ where, what }): Json => ({ where, what })),
  };
}

/** `waybill.sbom-tree/1` (docs/schemas.md). */
export function sbomTreeOutput(
  sbom: Sbom,
  branches: readonly {
    readonly depth: number;
    readonly ref: ComponentRef;
    readonly scope: Scope;
    readonly again: boolean;
  }[],
): JsonObject {
  return {
    schema: "waybill.sbom-tree/1",
    root: sbom.root,
    branches: branches.map(({ depth, ref, scope, again }): Json => ({ depth, ref, scope, again })),
  };
}

/** `waybill.sbom-why/1` (docs/schemas.md). */
export function sbomWhyOutput(
  sbom: Sbom,
  found: readonly { readonly ref: ComponentRef; readonly paths: readonly (readonly ComponentRef[])[] }[],
): JsonObject {
  return {
    schema: "waybill.sbom-why/1",
    root: sbom.root,
    found: found.map(({ ref, paths }): Json => ({ ref, paths })),
  };
}

interface Diff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly {
    readonly name: string;
    readonly before: readonly string[];
    readonly after: readonly string[];
  }[];
  readonly details: readonly {
    readonly component: string;
    readonly what: string;
    readonly before: string;
    readonly after: string;
  }[];
  readonly edgesAdded: readonly (readonly [string, string])[];
  readonly edgesRemoved: readonly (readonly [string, string])[];
}

/** `waybill.sbom-diff/1` (docs/schemas.md). */
export function sbomDiffOutput({ added, removed, changed, details, edgesAdded, edgesRemoved }: Diff): JsonObject {
  return {
    schema: "waybill.sbom-diff/1",
    added,
    removed,
    changed: changed.map(({ name, before, after }): Json => ({ name, before, after })),
    details: details.map(({ component, what, before, after }): Json => ({ component, what, before, after })),
    edgesAdded: edgesAdded.map(([from, to]): Json => ({ from, to })),
    edgesRemoved: edgesRemoved.map(([from, to]): Json => ({ from, to })),
  };
}

/** `waybill.sbom-validate/1` (docs/schemas.md). `regenerated`: absent where it was not asked. */
export function sbomValidateOutput(
  file: string,
  form: string,
  problems: readonly SbomProblem[],
  regenerated: boolean | undefined,
): JsonObject {
  return {
    schema: "waybill.sbom-validate/1",
    file,
    form,
    valid: problems.length === 0,
    problems: problems.map(({ path, line, what, kind }): Json => ({
      path,
      ...(line !== undefined && { line }),
      what,
      kind,
    })),
    ...(regenerated !== undefined && { regenerated }),
  };
}

/** `waybill.sbom-score/1` (docs/schemas.md). A component is named once with all that it lacks, so that the result grows as the document does. */
export function sbomScoreOutput(file: string, stated: StatedSbom, sets: readonly RuleSetScore[]): JsonObject {
  const lacking = new Map<StatedComponent, Set<string>>(stated.components.map((one) => [one, new Set()]));
  for (const { elements } of sets)
    for (const { element, missing } of elements) for (const one of missing) lacking.get(one)?.add(element.fact);
  return {
    schema: "waybill.sbom-score/1",
    file,
    form: stated.form,
    components: stated.components.length,
    sets: sets.map(({ set, title, share, met, elements }): Json => ({
      set,
      title,
      share,
      met,
      elements: elements.map(({ element, have, asked, share: part, carried }): Json => ({
        element: element.fact,
        title: element.title,
        of: element.of,
        level: element.level,
        have,
        asked,
        share: part,
        met: have === asked,
        carried,
      })),
    })),
    lacking: [...lacking].flatMap(([{ path, name, purl }, facts]): Json[] =>
      facts.size === 0 ? [] : [{ path, name, purl: purl ?? null, lacks: [...facts] }],
    ),
  };
}

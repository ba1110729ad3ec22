import { cleanText } from "../../artifact/clean-text.ts";
import { sha256 } from "../../artifact/digest.ts";
import type { Finding } from "../../model/advisory.ts";
import type { ComponentRef } from "../../model/sbom.ts";
import type { Json, JsonObject } from "../../model/statement.ts";
import { levelOf } from "./sarif-rule.ts";
import { message, messageText, uriOf } from "./sarif-text.ts";
import { broughtBy, fileUnder, isSettled, marksOf, packageOf, type Scanned, shortRef, statementOf } from "./scanned.ts";

/** GitHub shows these many places of a result, and of a file these many more lines make sense to a reader. */
const MOST_PLACES = 20;

/** What the results of one run share. */
export interface Context {
  readonly scanned: Scanned;
  /** Where a component is named first. */
  readonly locate: (ref: ComponentRef) => JsonObject | undefined;
  readonly ruleIndex: ReadonlyMap<string, number>;
  /** How often a fingerprint was given. */
  readonly seen: Map<string, number>;
}

/** The first place of each component, for the steps of a way. */
export function locator({ sbom, under }: Scanned): Context["locate"] {
  const places = new Map<ComponentRef, JsonObject>();
  for (const { ref, occurrences } of sbom.components) {
    const [first] = occurrences;
    if (first !== undefined) places.set(ref, physical(fileUnder(first.path, under), first.line));
  }
  return (ref) => places.get(ref);
}

function physical(path: string, line: number | undefined): JsonObject {
  return {
    artifactLocation: { uri: uriOf(path), uriBaseId: "%SRCROOT%" },
    // GitHub wants a region; a file without lines is named as a whole.
    region: { startLine: line ?? 1 },
  };
}

/** A result for each file that names the component: they are repaired apart (SARIF 2.1.0, 3.27.12). */
export function sarifResults(finding: Finding, context: Context): readonly JsonObject[] {
  const { scanned } = context;
  const files = Map.groupBy(finding.locations, ({ path }) => fileUnder(path, scanned.under));
  // An inventory that names no file is about the source itself.
  if (files.size === 0) files.set(scanned.source.replace(/^[a-z-]+:/u, ""), []);
  return [...files].map(([file, places]) => resultOf(finding, file, places, context));
}

function resultOf(finding: Finding, file: string, places: Finding["locations"], context: Context): JsonObject {
  const [first, ...others] = places;
  const flows = codeFlows(finding, context);
  return {
    ruleId: cleanText(finding.id, 255),
    ruleIndex: context.ruleIndex.get(finding.id) ?? 0,
    level: levelOf(finding),
    message: message(textOf(finding)),
    locations: [
      {
        physicalLocation: physical(file, first?.line),
        logicalLocations: [{ fullyQualifiedName: finding.purl ?? finding.component, kind: "package" }],
      },
    ],
    ...(others.length > 0 && {
      relatedLocations: others.slice(0, MOST_PLACES).map(({ line }, at) => ({
        id: at + 1,
        physicalLocation: physical(file, line),
        message: { text: "Also named here." },
      })),
    }),
    ...(flows.length > 0 && { codeFlows: flows }),
    partialFingerprints: fingerprints(finding, file, context.seen),
    ...(isSettled(finding) && { suppressions: [suppression(finding)] }),
    // From -1, unknown, to 100 (3.27.25).
    rank: Math.min(100, Math.max(0, finding.rating.risk)),
    properties: {
      purl: finding.purl ?? null,
      version: finding.version,
      scope: finding.scope,
      ids: finding.ids,
      fixed: finding.fixed,
      ...(finding.rating.exploited !== undefined && { kev: finding.rating.exploited.added }),
      ...(finding.rating.epss !== undefined && { epss: finding.rating.epss.score }),
    },
  };
}

function textOf(finding: Finding): string {
  const { id, kind, summary, fixed, scope } = finding;
  const is = kind === "vulnerable" ? `is affected by ${id}` : `is ${kind} (${id})`;
  const ways = broughtBy(finding);
  const parts = [
    `${packageOf(finding)} ${is}${summary === "" ? "" : `: ${summary}`}`,
    fixed[0] === undefined ? "No fix is known" : `Fixed in ${fixed.slice(0, 4).join(", ")}`,
    ways.length === 0 ? "" : `Brought in by ${ways.join(" > ")}`,
    scope === "runtime" ? "" : `Scope: ${scope}`,
    ...marksOf(finding),
    statementOf(finding),
  ];
  return `${parts.filter((part) => part !== "").join(". ")}.`;
}

/**
 * The same while the finding stays, wherever its line moves and whatever its version: by advisory, package and file. GitHub matches by
 * `primaryLocationLineHash`, whose second part counts equal ones.
 */
function fingerprints(finding: Finding, file: string, seen: Map<string, number>): JsonObject {
  const unversioned = finding.purl?.replace(/@[^@/?#]*(?=[?#]|$)/u, "") ?? finding.name;
  const hash = sha256(Buffer.from([finding.id, unversioned, file].join("\n"))).slice(0, 32);
  const nth = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, nth);
  return { primaryLocationLineHash: `${hash.slice(0, 16)}:${nth}`, "waybill/v1": `${hash}:${nth}` };
}

/** A statement of somebody else than the scanned files (3.35). */
function suppression(finding: Finding): JsonObject {
  const { vex } = finding;
  const by = vex === undefined ? "" : `, says ${vex.author} (sha256:${vex.document})`;
  return { kind: "external", status: "accepted", justification: messageText(`${statementOf(finding)}${by}`) };
}

/** The ways to the component as far as files name their steps: GitHub refuses a step without a file. */
function codeFlows({ paths }: Finding, { locate }: Context): readonly Json[] {
  const flows = paths.map((path) =>
    path.flatMap((ref): readonly Json[] => {
      const place = locate(ref);
      return place === undefined ? [] : [{ location: { physicalLocation: place, message: message(shortRef(ref)) } }];
    }),
  );
  return flows.filter((steps) => steps.length > 1).map((steps) => ({ threadFlows: [{ locations: steps }] }));
}

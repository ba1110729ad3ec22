import type { Finding, MatchResult } from "../model/advisory.ts";
import type { Difference, Factor, RebuildResult } from "../model/build.ts";
import type { DigestHex, Timestamp } from "../model/digest.ts";
import { type Json, type JsonObject, WAYBILL_URI } from "../model/statement.ts";
import { readDigest } from "./digest-set.ts";
import { asString, Fields, formFault, type Place, rootPlace } from "./shape.ts";

export { parseVerdict, verdictPredicate } from "./verdict.ts";

interface PaperEntry {
  readonly digest: DigestHex;
  readonly predicateType: string;
}

const FACTORS: readonly Factor[] = [
  "path",
  "time",
  "locale",
  "timezone",
  "umask",
  "user",
  "hostname",
  "file-order",
  "cpus",
  "environment",
];

/** The predicate of the manifest statement (DESIGN, rule 5): when it was made, and every paper until then, sorted by digest. */
export function manifestPredicate(papers: readonly PaperEntry[], at: Timestamp): JsonObject {
  const sorted = [...papers].sort((a, b) => (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0));
  return {
    at,
    papers: sorted.map(({ digest, predicateType }) => ({ digest: { sha256: digest }, predicateType })),
  };
}

/** A manifest as read. `at` is the signer's word. */
export interface Manifest {
  readonly at: Timestamp;
  readonly papers: readonly PaperEntry[];
}

/** Reads a manifest predicate; a paper named twice is an error. Faults: WB-MANIFEST-FORM with the JSON pointer. */
export function parseManifest(predicate: JsonObject, where: string): Manifest {
  const root = new Fields(predicate, rootPlace(where, "WB-MANIFEST-FORM")).only(["at", "papers"]);
  const at = root.timestamp("at");
  const seen = new Set<DigestHex>();
  const papers = root.list("papers", (value, place) => {
    const paper = new Fields(value, place).only(["digest", "predicateType"]);
    const digest = readDigest(paper.object("digest").only(["sha256"]), "sha256");
    if (seen.has(digest)) throw paper.fault("digest", "a paper that is named once");
    seen.add(digest);
    return { digest, predicateType: paper.string("predicateType") };
  });
  return { at, papers };
}

/**
 * The predicate of the rebuild statement. The same operator built twice, so the relation is `self-reproduced` (DESIGN, rule
 * 9); `builderId` is the builder of both builds.
 */
export function rebuildPredicate(result: RebuildResult, builderId: string): JsonObject {
  return {
    outcome: result.outcome,
    relation: "self-reproduced",
    builder: { id: builderId },
    normalised: [...result.normalised].sort(),
    factors: FACTORS.filter((factor) => result.factors.includes(factor)),
    first: { digest: { sha256: result.first } },
    second: { digest: { sha256: result.second } },
    differences: result.differences.map(({ path, cause, detail, fix }) => ({ path, cause, detail, fix })),
  };
}

/**
 * Reads a rebuild predicate. An outcome that its own digests contradict is an error.
 * Faults: WB-REBUILD-FORM with the JSON pointer.
 */
export function parseRebuild(
  predicate: JsonObject,
  where: string,
): RebuildResult & { readonly builderId: string; readonly relation: "self-reproduced" } {
  const root = new Fields(predicate, rootPlace(where, "WB-REBUILD-FORM"));
  root.only(["outcome", "relation", "builder", "normalised", "factors", "first", "second", "differences"]);
  const outcome = root.oneOf("outcome", ["identical", "equivalent", "different"]);
  const first = readDigest(root.object("first").object("digest"), "sha256");
  const second = readDigest(root.object("second").object("digest"), "sha256");
  if ((outcome === "identical") !== (first === second)) {
    throw root.fault(
      "outcome",
      first === second ? "identical: the digests are equal" : "not identical: the digests differ",
    );
  }
  return {
    outcome,
    relation: root.oneOf("relation", ["self-reproduced"]),
    builderId: root.object("builder").string("id"),
    normalised: root.list("normalised", asString),
    factors: root.list("factors", readFactor),
    first,
    second,
    differences: root.list("differences", readDifference),
  };
}

function readFactor(value: Json, place: Place): Factor {
  const factor = FACTORS.find((one) => one === value);
  if (factor === undefined) throw formFault(place, `one of ${FACTORS.join(", ")}`, value);
  return factor;
}

function readDifference(value: Json, place: Place): Difference {
  const fields = new Fields(value, place).only(["path", "cause", "detail", "fix"]);
  return {
    path: fields.text("path"),
    cause: fields.string("cause"),
    detail: fields.text("detail"),
    fix: fields.text("fix"),
  };
}

/**
 * The in-toto vulnerabilities predicate v0.2 (in-toto attestation, spec/predicates/vulns_02.md). One result a finding; what
 * the form has no field for lies in `annotations`. `at` is both start and end: the result depends on no clock but the index's.
 * `version`: of the scanner, where it is to be told.
 */
export function vulnsPredicate(matched: MatchResult, at: Timestamp, version?: string): JsonObject {
  const { database } = matched;
  return {
    scanner: {
      uri: WAYBILL_URI,
      ...(version !== undefined && { version }),
      db: {
        uri: `${WAYBILL_URI}/advisories/sha256:${database.digest}`,
        version: `sha256:${database.digest}`,
        lastUpdate: database.modified,
      },
      result: matched.findings.map(resultJson),
    },
    metadata: { scanStartedOn: at, scanFinishedOn: at },
  };
}

function resultJson(finding: Finding): JsonObject {
  const {
    vex,
    rating: { cvss, epss, exploited },
  } = finding;
  return {
    id: finding.id,
    severity: [
      { method: "waybill", score: finding.severity },
      // By the method's name; the specification's own example has such a number as text.
      ...(cvss === undefined ? [] : [{ method: `CVSS:${cvss.version}`, score: cvss.score.toFixed(1) }]),
      ...(epss === undefined ? [] : [{ method: "EPSS", score: String(epss.score) }]),
    ],
    annotations: [
      {
        kind: finding.kind,
        component: finding.purl ?? finding.component,
        name: finding.name,
        version: finding.version,
        ecosystem: finding.ecosystem,
        scope: finding.scope,
        ids: finding.ids,
        fixed: finding.fixed,
        ...(cvss !== undefined && { vector: cvss.vector }),
        ...(exploited !== undefined && { kev: exploited.added }),
        ...(vex !== undefined && { vex: vex.status, vexDocument: vex.document }),
      },
    ],
  };
}

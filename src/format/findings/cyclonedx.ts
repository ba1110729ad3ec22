import type { CvssScore, Finding, VexStatus } from "../../model/advisory.ts";
import type { Json, JsonObject } from "../../model/statement.ts";
import { cyclonedxDocument } from "../cyclonedx.ts";
import { harmlessJson } from "../json.ts";
import { CYCLONEDX_JUSTIFICATION, JUSTIFICATIONS } from "../vex/words.ts";
import type { Scanned, ScanResult } from "./scanned.ts";

const METHODS: Readonly<Record<CvssScore["version"], string>> = {
  "2.0": "CVSSv2",
  "3.0": "CVSSv3",
  "3.1": "CVSSv31",
  "4.0": "CVSSv4",
};
const STATES: Readonly<Record<VexStatus, string>> = {
  not_affected: "not_affected",
  affected: "exploitable",
  fixed: "resolved",
  under_investigation: "in_triage",
};
/** The inventory as a CycloneDX 1.6 document with its findings as `vulnerabilities`, statements as their `analysis`. */
export function cyclonedxFindings(result: ScanResult): string {
  const { sbom, matched } = result.scans[0] as Scanned;
  const meta = { timestamp: result.at, tool: result.tool };
  return harmlessJson(cyclonedxDocument(sbom, meta, vulnerabilities(matched.findings)));
}

/** One for each group of aliases and statement, affecting every component of which the same is said; in order of risk. */
function vulnerabilities(findings: readonly Finding[]): readonly JsonObject[] {
  const groups = Map.groupBy(findings, ({ id, ids, vex, fixed }) =>
    JSON.stringify([id, ids, vex ?? null, fixed[0] ?? ""]),
  );
  const seen = new Map<string, number>();
  return [...groups.values()].map((group) => {
    const { id } = group[0] as Finding;
    const nth = (seen.get(id) ?? 0) + 1;
    seen.set(id, nth);
    return vulnerability(group, nth === 1 ? id : `${id}#${nth}`);
  });
}

function vulnerability(group: readonly Finding[], ref: string): JsonObject {
  const first = group[0] as Finding;
  const { id, ids, kind, summary, url, published, records, fixed } = first;
  const updated = records
    .map(({ modified }) => modified)
    .sort()
    .at(-1);
  const properties = [
    ...(kind === "vulnerable" ? [] : [{ name: "waybill:kind", value: kind }]),
    ...exploitation(first),
  ];
  return {
    "bom-ref": `vulnerability:${ref}`,
    id,
    source: sourceOf(id, url),
    ...(ids.length > 1 && {
      references: ids.filter((each) => each !== id).map((each) => ({ id: each, source: sourceOf(each, undefined) })),
    }),
    ratings: ratings(first),
    ...(summary !== "" && { description: summary }),
    ...(fixed[0] !== undefined && { recommendation: `Upgrade ${first.name} to ${fixed.slice(0, 4).join(" or ")}.` }),
    ...(url !== undefined && { advisories: [{ url }] }),
    ...(published !== undefined && { published }),
    ...(updated !== undefined && { updated }),
    ...analysis(first),
    affects: group.map(({ component, version }) => ({ ref: component, versions: [{ version, status: "affected" }] })),
    ...(properties.length > 0 && { properties }),
  };
}

/** Who gave the id, by its prefix: `GHSA`, `NVD` for CVEs. */
function sourceOf(id: string, url: string | undefined): JsonObject {
  const prefix = /^([A-Za-z]+)-/u.exec(id)?.[1] ?? "OSV";
  return { name: prefix === "CVE" ? "NVD" : prefix, ...(url !== undefined && { url }) };
}

/** The scored vector, else the word of the record. */
function ratings({ rating: { cvss }, severity, kind }: Finding): readonly Json[] {
  if (cvss === undefined) {
    return [{ severity: kind === "vulnerable" || kind === "malicious" ? severity : "info", method: "other" }];
  }
  const { score, vector, version } = cvss;
  const scored = { score, severity: cvss.severity, method: METHODS[version], vector };
  return severity === cvss.severity ? [scored] : [scored, { severity, method: "other" }];
}

function exploitation({ rating: { epss, exploited } }: Finding): readonly Json[] {
  return [
    ...(exploited === undefined ? [] : [{ name: "waybill:kev:added", value: exploited.added }]),
    ...(exploited?.ransomware === true ? [{ name: "waybill:kev:ransomware", value: "true" }] : []),
    ...(epss === undefined
      ? []
      : [
          { name: "waybill:epss:score", value: String(epss.score) },
          { name: "waybill:epss:date", value: epss.date },
        ]),
  ];
}

function analysis({ vex }: Finding): JsonObject {
  if (vex === undefined) return {};
  const justification = JUSTIFICATIONS.find((one) => one === vex.justification);
  return {
    analysis: {
      state: STATES[vex.status],
      ...(vex.status === "not_affected" &&
        justification !== undefined && {
          justification: CYCLONEDX_JUSTIFICATION[justification],
        }),
      detail: `Said by ${vex.author} (sha256:${vex.document}).`,
      ...(vex.at !== undefined && { lastUpdated: vex.at }),
    },
  };
}

import { cleanText } from "../../artifact/clean-text.ts";
import type { Finding } from "../../model/advisory.ts";
import { type Json, type JsonObject, WAYBILL_URI } from "../../model/statement.ts";
import { harmlessJson } from "../json.ts";
import { uuidOfUrl } from "../uuid.ts";
import {
  broughtBy,
  fileUnder,
  isSettled,
  marksOf,
  packageOf,
  type Scanned,
  type ScanResult,
  shortRef,
  statementOf,
} from "./scanned.ts";
import { unjudged } from "./summary.ts";

/** GitLab's "Report format for GitLab Dependency Scanning" and "Container Scanning". */
const VERSION = "15.2.1";
const MOST_MESSAGES = 100;
const SEVERITY = { critical: "Critical", high: "High", medium: "Medium", low: "Low", none: "Info", unknown: "Unknown" };
/** Vectors as GitLab's schema takes them: CVSS 3 of at most 128 characters. */
const VECTOR = /^CVSS:3\.[01]\/[A-Z]+:[A-Z](?:\/[A-Z]+:[A-Z])+$/u;
const MOST_VECTOR = 128;

/**
 * GitLab's security report 15.2.1 of one kind: the findings of lockfiles as dependency scanning, those of an image or a root file
 * system as container scanning. A finding is one entry for each file that names the package; its id stays as long as the finding.
 */
export function gitlabReport(kind: "dependency_scanning" | "container_scanning"): (result: ScanResult) => string {
  return ({ scans, tool, at }) => {
    const time = at.slice(0, 19);
    const by = { id: tool.name, name: tool.name, version: tool.version, vendor: { name: tool.name }, url: WAYBILL_URI };
    const vulnerabilities = scans.flatMap((scanned) =>
      scanned.matched.findings.flatMap((finding) =>
        kind === "dependency_scanning" ? inFiles(finding, scanned) : [entry(finding, inImage(finding, scanned))],
      ),
    );
    return harmlessJson({
      version: VERSION,
      scan: {
        analyzer: by,
        scanner: by,
        type: kind,
        start_time: time,
        end_time: time,
        status: "success",
        messages: scans.flatMap(messages),
      },
      vulnerabilities,
    });
  };
}

function messages(scanned: Scanned): readonly Json[] {
  const all = unjudged(scanned);
  const { digest, modified } = scanned.matched.database;
  const told = all
    .slice(0, MOST_MESSAGES)
    .map(({ where, what }) => ({ level: "warn", value: cleanText(`${where}: ${what}`, 500) }));
  const more = all.length - told.length;
  return [
    { level: "info", value: `advisories sha256:${digest}, newest record of ${modified}` },
    ...told,
    ...(more > 0 ? [{ level: "warn", value: `${more} more could not be read or matched` }] : []),
  ];
}

function inFiles(finding: Finding, { under, source }: Scanned): readonly JsonObject[] {
  const files = new Set(finding.locations.map(({ path }) => fileUnder(path, under)));
  if (files.size === 0) files.add(source);
  return [...files].map((file) => entry(finding, { file: cleanText(file, 1000), dependency: dependency(finding) }));
}

/** GitLab tells findings of images apart by image, operating system and package. */
function inImage(finding: Finding, { source, sbom }: Scanned): JsonObject {
  const system = sbom.components.find(({ kind }) => kind === "operating-system");
  return {
    image: cleanText(source.replace(/^[a-z-]+:/u, ""), 1000),
    operating_system:
      system === undefined ? "unknown" : cleanText(`${system.name} ${system.version ?? ""}`.trim(), 200),
    dependency: dependency(finding),
  };
}

function dependency(finding: Finding): JsonObject {
  const [first] = finding.paths;
  return {
    package: { name: cleanText(finding.name, 255) },
    version: cleanText(finding.version, 255),
    ...(first !== undefined && { direct: first.length === 2 }),
  };
}

function entry(finding: Finding, location: JsonObject): JsonObject {
  const { id, kind, severity, summary, url, rating } = finding;
  const place = String(location["file"] ?? location["image"]);
  const vector = rating.cvss?.vector;
  const links = url !== undefined && /^https?:\/\//u.test(url) ? [{ url: cleanText(url, 2000) }] : [];
  return {
    id: uuidOfUrl(
      `${WAYBILL_URI}/finding/${[id, finding.component, place].map((part) => encodeURIComponent(part.toWellFormed())).join("/")}`,
    ),
    name: cleanText(summary === "" ? `${id} in ${finding.name}` : summary, 255),
    description: cleanText(descriptionOf(finding), 4000),
    severity: kind === "malicious" ? "Critical" : SEVERITY[severity],
    solution: cleanText(solutionOf(finding), 1000),
    identifiers: identifiers(finding),
    ...(vector !== undefined &&
      VECTOR.test(vector) &&
      vector.length <= MOST_VECTOR && { cvss_vectors: [{ vendor: "unknown", vector }] }),
    links,
    ...(isSettled(finding) && {
      flags: [
        {
          type: "flagged-as-likely-false-positive",
          origin: cleanText(finding.vex?.author ?? "", 200) || "VEX",
          description: cleanText(statementOf(finding), 500),
        },
      ],
    }),
    ...(broughtBy(finding).length > 0 && {
      details: {
        ways: {
          name: "Brought in by",
          type: "list",
          items: finding.paths.map((path) => ({
            type: "text",
            value: cleanText(path.map(shortRef).join(" > "), 1000),
          })),
        },
      },
    }),
    location,
  };
}

function descriptionOf(finding: Finding): string {
  const { kind, summary, id, published } = finding;
  const is = kind === "vulnerable" ? "is affected by" : `is ${kind}:`;
  return [
    `${packageOf(finding)} ${is} ${id}${summary === "" ? "" : `: ${summary}`}.`,
    ...marksOf(finding).map((mark) => `${mark}.`),
    ...(published === undefined ? [] : [`Known since ${published.slice(0, 10)}.`]),
  ].join(" ");
}

function solutionOf({ kind, name, fixed }: Finding): string {
  if (kind === "malicious") return `Remove ${name}, and treat what it could reach as compromised.`;
  return fixed.length === 0 ? "No fixed version is known." : `Upgrade ${name} to ${fixed.slice(0, 4).join(" or ")}.`;
}

/** The first one is what GitLab knows a finding by. Types that GitLab links by itself: cve, ghsa; others by their prefix. */
function identifiers({ id, ids }: Finding): readonly Json[] {
  const all = [id, ...ids.filter((each) => each !== id)].slice(0, 20);
  return all.map((each) => {
    const clean = cleanText(each, 200);
    const type = /^([A-Za-z]+)-/u.exec(each)?.[1]?.toLowerCase() ?? "osv";
    return { type, name: clean, value: clean };
  });
}

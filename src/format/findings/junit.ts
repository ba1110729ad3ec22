import { cleanText } from "../../artifact/clean-text.ts";
import type { Finding } from "../../model/advisory.ts";
import type { Component } from "../../model/sbom.ts";
import { escapeAttribute, escapeText } from "../xml-write.ts";
import {
  broughtBy,
  fileUnder,
  isSettled,
  marksOf,
  otherIds,
  packageOf,
  type Scanned,
  type ScanResult,
  statementOf,
  weightOf,
} from "./scanned.ts";
import { unjudged } from "./summary.ts";

const LONGEST = 600;
const MOST_UNJUDGED = 1000;

/** What one file holds. */
interface Suite {
  readonly name: string;
  readonly components: Component[];
  readonly findings: Finding[];
}

/**
 * JUnit's XML as Jenkins (xunit-plugin, junit-10.xsd) and GitLab read it: a suite for each file that names packages, a test
 * case for each finding and for each package without one. What lets the scan fail is a failure, what a statement settled is
 * skipped, and what fails nothing passes with its text.
 */
export function junit(result: ScanResult): string {
  const suites = result.scans.flatMap((scanned) => suitesOf(scanned).map((one) => suite(one, scanned, result)));
  const sum = (of: (one: Printed) => number): number => suites.reduce((total, one) => total + of(one), 0);
  const counts = `tests="${sum(({ tests }) => tests)}" failures="${sum(({ failures }) => failures)}" errors="0"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="waybill scan" ${counts}>
${suites.map(({ xml }) => xml).join("")}</testsuites>
`;
}

function suitesOf(scanned: Scanned): readonly Suite[] {
  const { sbom, under, source, matched } = scanned;
  const suites = new Map<string, Suite>();
  const suiteOf = (path: string | undefined): Suite => {
    const name = path === undefined ? source : fileUnder(path, under);
    let one = suites.get(name);
    if (one === undefined) suites.set(name, (one = { name, components: [], findings: [] }));
    return one;
  };
  const found = new Set(matched.findings.map(({ component }) => component));
  for (const component of sbom.components)
    if (!component.own && !found.has(component.ref)) suiteOf(component.occurrences[0]?.path).components.push(component);
  for (const finding of matched.findings) suiteOf(finding.locations[0]?.path).findings.push(finding);
  // A report without a suite counts as broken in some readers.
  if (suites.size === 0) suiteOf(undefined);
  return [...suites.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Printed {
  readonly tests: number;
  readonly failures: number;
  readonly xml: string;
}

function suite({ name, components, findings }: Suite, scanned: Scanned, { fails, at }: ScanResult): Printed {
  const failures = findings.filter(fails).length;
  const skipped = findings.filter(isSettled).length;
  const tests = components.length + findings.length;
  const { digest, modified } = scanned.matched.database;
  const cases = [
    ...findings.map((finding) => findingCase(finding, fails(finding))),
    ...components.map(
      (one) =>
        `<testcase classname="${attribute(one.ecosystem)}" name="${attribute(`${one.name} ${one.version ?? ""}`.trim())}"/>\n`,
    ),
  ];
  const lost = unjudged(scanned).slice(0, MOST_UNJUDGED);
  return {
    tests,
    failures,
    xml: `<testsuite name="${attribute(name)}" tests="${tests}" failures="${failures}" errors="0" skipped="${skipped}" timestamp="${at.slice(0, 19)}">
<properties>
<property name="advisories" value="sha256:${attribute(digest)}"/>
<property name="advisories.modified" value="${attribute(modified)}"/>
</properties>
${cases.join("")}${
      lost.length === 0
        ? ""
        : `<system-out>Could not be read or matched:\n${lost.map(({ where, what }) => `${text(`${where}: ${what}`)}\n`).join("")}</system-out>\n`
    }</testsuite>
`,
  };
}

function findingCase(finding: Finding, fails: boolean): string {
  const { id, ecosystem, summary, fixed, url, locations } = finding;
  const title = `${weightOf(finding)}: ${summary === "" ? id : summary}`;
  const facts = [
    `${packageOf(finding)}: ${id}`,
    ...(otherIds(finding).length === 0 ? [] : [`Also known as ${otherIds(finding).slice(0, 20).join(", ")}`]),
    fixed.length === 0 ? "No fix is known" : `Fixed in ${fixed.slice(0, 8).join(", ")}`,
    ...marksOf(finding),
    ...(broughtBy(finding).length === 0 ? [] : [`Brought in by ${broughtBy(finding).join(" > ")}`]),
    ...locations.slice(0, 20).map(({ path, line }) => (line === undefined ? path : `${path}:${line}`)),
    ...(url === undefined ? [] : [url]),
  ].map(text);
  const head = `<testcase classname="${attribute(ecosystem)}" name="${attribute(`${packageOf(finding)}: ${id}`)}">\n`;
  const body = isSettled(finding)
    ? `<skipped message="${attribute(statementOf(finding))}"/>\n`
    : fails
      ? `<failure type="${attribute(weightOf(finding))}" message="${attribute(title)}">${facts.join("\n")}</failure>\n`
      : `<system-out>${[text(title), ...facts].join("\n")}</system-out>\n`;
  return `${head}${body}</testcase>\n`;
}

const attribute = (value: string): string => escapeAttribute(cleanText(value, LONGEST));
const text = (value: string): string => escapeText(cleanText(value, LONGEST));

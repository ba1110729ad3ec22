import { cleanText } from "../../artifact/clean-text.ts";
import type { TableView } from "./table.ts";
import {
  isSettled,
  marksOf,
  packageOf,
  placeOf,
  type Scanned,
  type ScanResult,
  statementOf,
  weightOf,
} from "./scanned.ts";
import type { Finding } from "../../model/advisory.ts";

const LONGEST = 300;

/** A line for each finding, for `grep` and for a log: `PLACE: WEIGHT PACKAGE VERSION ID, fixed in X, marks: summary`. Nothing where nothing is found. */
export function findingsText({ scans }: ScanResult, { all }: Pick<TableView, "all">): string {
  const lines = scans.flatMap((scanned) =>
    scanned.matched.findings.filter((one) => all || !isSettled(one)).map((one) => findingLine(one, scanned)),
  );
  return lines.map((line) => `${line}\n`).join("");
}

/** One finding in one line of clean text. */
export function findingLine(finding: Finding, scanned: Scanned): string {
  const { id, fixed, kind, summary } = finding;
  const place = placeOf(finding, scanned) || scanned.source;
  const fix = fixed[0] === undefined ? (kind === "vulnerable" ? ["no fix known"] : []) : [`fixed in ${fixed[0]}`];
  const facts = [`${weightOf(finding)} ${packageOf(finding)} ${id}`, ...fix, ...marksOf(finding), statementOf(finding)];
  const told = facts.filter((fact) => fact !== "").join(", ");
  return cleanText(`${place}: ${told}${summary === "" ? "" : `: ${summary}`}`, LONGEST);
}

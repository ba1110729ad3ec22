import { cleanText } from "../../artifact/clean-text.ts";
import type { Finding } from "../../model/advisory.ts";
import { cutToWidth, displayWidth, padToWidth } from "../report/width.ts";
import { count } from "../report/words.ts";
import {
  broughtBy,
  byPackage,
  isSettled,
  marksOf,
  otherIds,
  packageOf,
  type PackageFindings,
  placeOf,
  type Scanned,
  type ScanResult,
  statementOf,
  weightOf,
} from "./scanned.ts";
import { summary } from "./summary.ts";

/** How the table is to be seen. */
export interface TableView {
  readonly columns: number;
  /** Settled findings too. */
  readonly all: boolean;
  /** Every id, address, place and way, and what could not be judged. */
  readonly verbose: boolean;
  readonly paint: Paint;
  /** Days since the index's newest record, at the time of judging. */
  readonly indexDays: (scanned: Scanned) => number;
}

/** Colours a text for a terminal, or gives it as it is. */
export type Paint = (role: "good" | "bad" | "warn" | "dim" | "strong", text: string) => string;

const GAP = "  ";
/** A summary in fewer columns says too little: it takes a line of its own. */
const NARROWEST_SUMMARY = 50;
const LONGEST = 400;

interface Row {
  readonly finding: Finding;
  readonly weight: string;
  readonly id: string;
  /** The CVE that it is also known by: people search for it. */
  readonly cve: string;
  readonly fix: string;
  readonly marks: string;
}

interface Widths {
  readonly weight: number;
  readonly id: number;
  /** 0: there is no room for it. */
  readonly cve: number;
  readonly fix: number;
  /** 0: there are none, or they stand before the summary. */
  readonly marks: number;
  /** Columns that are left for the summary beside them; 0: it takes a line of its own. */
  readonly beside: number;
}

/**
 * The findings for a terminal: a block for each package, in the order of the findings, a line or two for each group of aliases,
 * and at the end the summary: how many, what to do first, what was not judged, and how old the index is. Text from input is
 * cleaned of control characters.
 */
export function findingsTable(result: ScanResult, view: TableView): string {
  const parts: string[] = [];
  for (const scanned of result.scans) {
    if (result.scans.length > 1) parts.push(view.paint("strong", cleanText(scanned.source, LONGEST)));
    const shown = scanned.matched.findings.filter((finding) => view.all || !isSettled(finding));
    const packages = byPackage(shown);
    const widths = widthsOf(shown, view.columns);
    for (const one of packages) parts.push(block(one, widths, scanned, result, view));
    parts.push(summary(scanned, result, view));
  }
  return parts.join("\n\n");
}

function widthsOf(findings: readonly Finding[], columns: number): Widths {
  const widths = { weight: 0, id: 0, cve: 0, fix: 0, marks: 0 };
  for (const finding of findings) {
    const row = rowOf(finding);
    for (const column of ["weight", "id", "cve", "fix", "marks"] as const)
      widths[column] = Math.max(widths[column], displayWidth(row[column]));
  }
  // One endless id or version must not push the others out of sight.
  const { weight } = widths;
  const [id, fix] = [Math.min(widths.id, 24), Math.min(widths.fix, columns < 100 ? 20 : 28)];
  const marks = 2 + weight + id + fix + widths.marks + GAP.length * 3 <= columns ? widths.marks : 0;
  const left = columns - (2 + weight + id + fix + marks + GAP.length * (marks === 0 ? 3 : 4));
  const cve = left - widths.cve - GAP.length >= NARROWEST_SUMMARY ? widths.cve : 0;
  const beside = cve === 0 ? left : left - cve - GAP.length;
  return { weight, id, cve, fix, marks, beside: beside >= NARROWEST_SUMMARY ? beside : 0 };
}

function rowOf(finding: Finding): Row {
  const { rating, fixed, id, kind } = finding;
  const score = rating.cvss === undefined || kind !== "vulnerable" ? "" : ` ${rating.cvss.score.toFixed(1)}`;
  const fix = fixed[0] === undefined ? (kind === "vulnerable" ? "no fix known" : "") : `fixed in ${fixed[0]}`;
  const weight = weightOf(finding);
  return {
    finding,
    weight: weight === "unknown" ? "no score" : `${weight}${score}`,
    id: cleanText(id, 80),
    cve: cleanText(id.startsWith("CVE-") ? "" : (otherIds(finding).find((each) => each.startsWith("CVE-")) ?? ""), 20),
    fix: cleanText(fix, 80),
    marks: marksOf(finding).join(", "),
  };
}

function block(
  { first, findings }: PackageFindings,
  widths: Widths,
  scanned: Scanned,
  result: ScanResult,
  view: TableView,
): string {
  const lines = [view.paint("strong", cleanText(packageOf(first), LONGEST))];
  const ways = broughtBy(first);
  const facts = [
    cleanText(placeOf(first, scanned), LONGEST),
    cleanText(`${first.ecosystem}, ${first.scope}`, LONGEST),
    ways.length === 0 ? "" : cleanText(`via ${ways.join(" > ")}`, LONGEST),
  ].filter((fact) => fact !== "");
  for (const line of flow(facts, view.columns - 2)) lines.push(view.paint("dim", `  ${line}`));
  for (const finding of findings) lines.push(...row(rowOf(finding), widths, view));
  if (view.verbose) lines.push(...verbosely(first, scanned).map((line) => view.paint("dim", `  ${line}`)));
  const upgrade = result.upgrade(findings);
  if (upgrade !== undefined && findings.length > 1) lines.push(`  ${cleanText(`all fixed in ${upgrade}`, LONGEST)}`);
  return lines.join("\n");
}

/** Facts on as few lines as they fit; one that is wider than a line is cut. */
function flow(facts: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const fact of facts) {
    const last = lines.at(-1);
    const joined = `${last}${GAP}${fact}`;
    if (last !== undefined && displayWidth(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(cutToWidth(fact, width));
  }
  return lines;
}

function row({ finding, weight, id, cve, fix, marks }: Row, widths: Widths, view: TableView): readonly string[] {
  const { paint, columns } = view;
  const cells = [
    paint(tone(finding), padToWidth(weight, widths.weight)),
    padToWidth(id, widths.id),
    ...(widths.cve === 0 ? [] : [padToWidth(cve, widths.cve)]),
    padToWidth(fix, widths.fix),
    ...(widths.marks === 0 ? [] : [paint("warn", padToWidth(marks, widths.marks))]),
  ];
  const head = `  ${cells.join(GAP)}`;
  const indent = widths.weight + 2 + GAP.length;
  const before = [widths.marks === 0 ? marks : "", statementOf(finding), finding.summary];
  const told = cleanText(before.filter((text) => text !== "").join("; "), LONGEST);
  const lines: string[] = [];
  if (told === "") lines.push(head.trimEnd());
  else if (widths.beside > 0) lines.push(`${head}${GAP}${cutToWidth(told, widths.beside)}`);
  else lines.push(head.trimEnd(), `${" ".repeat(indent)}${cutToWidth(told, columns - indent)}`);
  if (!view.verbose) return lines;
  const more = [...otherIds(finding).slice(0, 12), finding.fixed.slice(1, 6).join(", "), finding.url ?? ""];
  const words = flow(
    more.filter((word) => word !== "").map((word) => cleanText(word, LONGEST)),
    columns - indent,
  );
  return [...lines, ...words.map((line) => paint("dim", `${" ".repeat(indent)}${line}`))];
}

function tone({ kind, severity }: Finding): "bad" | "warn" | "dim" {
  if (kind === "malicious" || severity === "critical" || severity === "high") return "bad";
  return severity === "none" ? "dim" : "warn";
}

/** The other places and ways of a component. */
function verbosely(first: Finding, scanned: Scanned): readonly string[] {
  const places = first.locations
    .slice(1, 20)
    .map(({ path, line }) => `also ${scanned.under}${path}${line === undefined ? "" : `:${line}`}`);
  const ways = first.paths.slice(1).map((path) => `also via ${broughtBy({ ...first, paths: [path] }).join(" > ")}`);
  const left = first.locations.length > 20 ? [`and ${count(first.locations.length - 20, "other place")}`] : [];
  return [...places, ...left, ...ways].map((line) => cleanText(line, LONGEST));
}

import type { Finding } from "../../model/advisory.ts";
import { count, grouped } from "../report/words.ts";
import { codeMarkdown, linkMarkdown, plainMarkdown } from "./markdown-text.ts";
import {
  broughtBy,
  byPackage,
  isSettled,
  marksOf,
  type PackageFindings,
  placeOf,
  type Scanned,
  type ScanResult,
  statementOf,
  weightOf,
} from "./scanned.ts";
import { headline, overrules, stepsOf, unjudged } from "./summary.ts";

/** GitHub refuses a longer comment (65,536), GitLab one of a million characters. The rest is for what comes after the cut. */
const MOST_CHARACTERS = 64_000;
const MOST_STEPS = 5;
const MOST_UNJUDGED = 20;
const HEAD = "| | Advisory | Fixed in | |\n|---|---|---|---|\n";

/**
 * The findings for the comment of a change: what to do first, then a table for each package, settled and unjudged things folded.
 * At most 65,536 characters in all; what does not fit is counted.
 */
export function findingsMarkdown(result: ScanResult): string {
  const share = Math.floor(MOST_CHARACTERS / result.scans.length);
  return result.scans.map((scanned) => section(scanned, result, share)).join("\n");
}

function section(scanned: Scanned, result: ScanResult, room: number): string {
  const open = scanned.matched.findings.filter((one) => !isSettled(one));
  const settled = scanned.matched.findings.filter(isSettled);
  const title = result.scans.length > 1 ? `Findings of ${codeMarkdown(scanned.source)}` : "Findings";
  const { digest, modified } = scanned.matched.database;
  const head = `## ${title}\n\n**${headline(scanned)}**\n\n${first(open, result)}`;
  const tail = `${folded("Settled by statements", settled.map(settledLine))}${folded(
    "Could not be read or matched",
    unjudged(scanned).map(({ where, what }) => `- ${codeMarkdown(where)}: ${plainMarkdown(what)}`),
  )}${folded(
    "Overruled here",
    overrules(scanned).map((line) => `- ${plainMarkdown(line)}`),
  )}Advisory index \`sha256:${digest.slice(0, 12)}\`, newest record of ${modified.slice(0, 10)}.\n`;
  return `${head}${packages(byPackage(open), scanned, room - head.length - tail.length)}${tail}`;
}

function first(open: readonly Finding[], result: ScanResult): string {
  const steps = stepsOf(open, result);
  if (steps.length < 2) return "";
  const lines = steps.slice(0, MOST_STEPS).map(({ what, why }, at) => `${at + 1}. ${plainMarkdown(what)} (${why})`);
  return `${lines.join("\n")}\n\n`;
}

/** As many packages as there is room for, worst first; the rest is counted. */
function packages(all: readonly PackageFindings[], scanned: Scanned, room: number): string {
  let text = "";
  for (const [at, one] of all.entries()) {
    const block = packageBlock(one, scanned);
    if (text.length + block.length > room) {
      const left = all.slice(at);
      const findings = left.reduce((sum, { findings }) => sum + findings.length, 0);
      return `${text}**${count(findings, "finding")} in ${count(left.length, "more package")} of less risk ${findings === 1 ? "is" : "are"} not shown**: a comment has no more room. Other forms of \`waybill scan\` have them all.\n\n`;
    }
    text += block;
  }
  return text;
}

function packageBlock({ first: one, findings }: PackageFindings, scanned: Scanned): string {
  const ways = broughtBy(one);
  const facts = [placeOf(one, scanned), ways.length === 0 ? "" : `via ${ways.join(" > ")}`].filter(
    (fact) => fact !== "",
  );
  const scope = one.scope === "runtime" ? "" : ` (${one.scope})`;
  return `#### ${codeMarkdown(`${one.name} ${one.version}`)}${scope}\n\n${facts.map((fact) => codeMarkdown(fact)).join(", ")}\n\n${HEAD}${findings.map(row).join("")}\n`;
}

function row(finding: Finding): string {
  const { id, ids, url, fixed, summary } = finding;
  const cve = ids.find((each) => each !== id && each.startsWith("CVE-"));
  const score = finding.rating.cvss === undefined ? "" : ` ${finding.rating.cvss.score.toFixed(1)}`;
  const marks = marksOf(finding).map((mark) => `**${mark}**`);
  const cells = [
    `${weightOf(finding)}${score}`,
    `${linkMarkdown(url, id)}${cve === undefined ? "" : ` ${codeMarkdown(cve)}`}`,
    fixed
      .slice(0, 3)
      .map((one) => codeMarkdown(one))
      .join(", ") || "–",
    [...marks, plainMarkdown(summary), plainMarkdown(statementOf(finding))].filter((part) => part !== "").join(" "),
  ];
  return `| ${cells.join(" | ")} |\n`;
}

function settledLine(finding: Finding): string {
  const by = finding.vex === undefined ? "" : `, says ${plainMarkdown(finding.vex.author, 100)}`;
  return `- ${codeMarkdown(`${finding.name} ${finding.version}`)} ${codeMarkdown(finding.id)}: ${plainMarkdown(statementOf(finding))}${by}`;
}

function folded(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const more = lines.length > MOST_UNJUDGED ? `- and ${grouped(lines.length - MOST_UNJUDGED)} more\n` : "";
  return `<details><summary>${title}: ${grouped(lines.length)}</summary>\n\n${lines.slice(0, MOST_UNJUDGED).join("\n")}\n${more}\n</details>\n\n`;
}

import { cleanText } from "../../artifact/clean-text.ts";
import type { Finding } from "../../model/advisory.ts";
import { grouped } from "../report/words.ts";
import { levelOf } from "./sarif-rule.ts";
import { broughtBy, filesOf, marksOf, packageOf, type Scanned, type ScanResult, weightOf } from "./scanned.ts";
import { headline, unjudged } from "./summary.ts";
import { findingLine } from "./text.ts";

/** GitHub shows no more annotations of one level of a step, without a word about the rest. */
const MOST_SHOWN = 10;
const COMMAND = { error: "error", warning: "warning", note: "notice" } as const;

/**
 * Workflow commands that GitHub shows as annotations at the lockfile's line (GitHub Docs, "Workflow commands": setting an error
 * message): the ten worst of each level, as GitHub shows no more; all others as lines of the log, folded. Settled findings are
 * left out.
 */
export function githubAnnotations(result: ScanResult): string {
  return `${result.scans.flatMap((scanned) => linesOf(scanned, result)).join("\n")}\n`;
}

function linesOf(scanned: Scanned, { fails }: ScanResult): readonly string[] {
  const shown = new Map<string, number>();
  const lines: string[] = [];
  const rest: Finding[] = [];
  for (const finding of scanned.matched.findings.filter(fails)) {
    const level = COMMAND[levelOf(finding) as keyof typeof COMMAND];
    const n = shown.get(level) ?? 0;
    shown.set(level, n + 1);
    if (n < MOST_SHOWN) lines.push(annotation(level, finding, scanned));
    else rest.push(finding);
  }
  if (rest.length > 0) {
    const told = `${grouped(rest.length)} more findings: GitHub shows ${MOST_SHOWN} annotations of a level`;
    lines.push(`::group::${told}`, ...rest.map((finding) => harmless(findingLine(finding, scanned))), "::endgroup::");
  }
  const lost = unjudged(scanned).length;
  if (lost > 0) lines.push(harmless(`${grouped(lost)} components or files could not be read or matched`));
  lines.push(harmless(`${scanned.source}: ${headline(scanned)}`));
  return lines;
}

function annotation(level: string, finding: Finding, scanned: Scanned): string {
  const [first] = filesOf(finding, scanned);
  const ways = broughtBy(finding);
  const { fixed, summary, url, id } = finding;
  const properties = [
    ...(first === undefined ? [] : [`file=${property(first[0])}`]),
    ...(first?.[1] === undefined ? [] : [`line=${first[1]}`]),
    `title=${property(`${packageOf(finding)}: ${weightOf(finding)} ${id}`)}`,
  ];
  const text = [
    summary || id,
    fixed[0] === undefined ? "No fix is known" : `Fixed in ${fixed.slice(0, 4).join(", ")}`,
    ways.length === 0 ? "" : `Brought in by ${ways.join(" > ")}`,
    ...marksOf(finding),
    url ?? "",
  ].filter((part) => part !== "");
  return `::${level} ${properties.join(",")}::${data(text.join(". "))}`;
}

/** For what follows the second `::`: `%` and line ends are escaped (actions/toolkit, command). Line ends are gone already. */
function data(text: string): string {
  return harmless(text).replaceAll("%", "%25");
}

/** For the value of a property, which `:` and `,` would end. */
function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** One clean line that no runner reads as a command: neither `::` at its beginning, nor the older `##[…]` anywhere, does one. */
function harmless(text: string): string {
  return cleanText(text, 600)
    .replaceAll("##[", "## [")
    .replace(/^\s*::/u, (colons) => `: ${colons.trim()}`);
}

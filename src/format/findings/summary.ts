import { cleanText } from "../../artifact/clean-text.ts";
import type { Unknown } from "../../model/sbom.ts";
import type { Finding } from "../../model/advisory.ts";
import { count, grouped } from "../report/words.ts";
import {
  byPackage,
  isSettled,
  marksOf,
  packageOf,
  type PackageFindings,
  type Scanned,
  type ScanResult,
  tally,
} from "./scanned.ts";
import type { TableView } from "./table.ts";

/** How many packages are named to begin with. */
const FIRST = 5;
/** From so many days on the age of an index is told as a warning: registries publish advisories every day. */
const OLD_DAYS = 7;
const LONGEST = 300;

/** What to do about one package, in one sentence. */
export interface Step {
  readonly what: string;
  readonly why: string;
}

/** What to do about the packages in their order: remove what is malicious, upgrade to what ends the findings. */
export function stepsOf(findings: readonly Finding[], result: ScanResult): readonly Step[] {
  return byPackage(findings.filter((finding) => !isSettled(finding))).map((one) => stepOf(one, result));
}

function stepOf({ first, findings }: PackageFindings, { upgrade }: ScanResult): Step {
  const marks = [...new Set(findings.flatMap(marksOf).filter((mark) => mark.startsWith("KEV")))];
  const why = [tally(findings), ...marks].join(", ");
  if (findings.some(({ kind }) => kind === "malicious")) return { what: `remove ${packageOf(first)}`, why };
  const to = upgrade(findings);
  if (to !== undefined) return { what: `upgrade ${packageOf(first)} to ${to} or later`, why };
  const some = findings.filter(({ fixed }) => fixed.length > 0).length;
  const fix = some === 0 ? "no fix is known" : `fixes for ${grouped(some)} of ${grouped(findings.length)}`;
  return { what: `replace ${packageOf(first)}, or state why it does not matter (${fix})`, why };
}

/** `12 findings in 4 of 1,830 components: 1 critical, 11 high`. */
export function headline({ matched: { components, findings } }: Scanned): string {
  const open = findings.filter((finding) => !isSettled(finding));
  const settled = findings.length - open.length;
  const also = settled === 0 ? "" : `; ${grouped(settled)} more settled by statements`;
  if (open.length === 0) return `no findings in ${count(components, "component")}${also}`;
  const packages = new Set(open.map(({ component }) => component)).size;
  return `${count(open.length, "finding")} in ${grouped(packages)} of ${count(components, "component")}: ${tally(open)}${also}`;
}

/** Everything that a source or the index could not tell. */
export function unjudged({ sbom, matched }: Scanned): readonly Unknown[] {
  return [...sbom.unknowns, ...matched.unknown];
}

/** `index sha256:… of 2026-11-20, 4 days old`. */
export function indexLine({ matched: { database } }: Scanned, days: number): string {
  const sources = database.sources.map(({ name }) => name).join(", ");
  const age = days <= 0 ? "of today" : `${count(days, "day")} old`;
  return `index sha256:${database.digest.slice(0, 12)}${sources === "" ? "" : ` (${sources})`}, newest record of ${database.modified.slice(0, 10)}: ${age}`;
}

/** Whether an index is so old that a result of today must say so. */
export function isOld(days: number): boolean {
  return days >= OLD_DAYS;
}

/** The end of the table: how many, what first, what was not judged, by which index. */
export function summary(scanned: Scanned, result: ScanResult, view: TableView): string {
  const { findings } = scanned.matched;
  const open = findings.filter((finding) => !isSettled(finding));
  const lines = [view.paint(open.length === 0 ? "good" : "strong", headline(scanned))];
  if (open.length < findings.length && !view.all) lines.push("settled findings are shown with --all");
  const steps = stepsOf(open, result);
  if (steps.length > 1) lines.push("do first:");
  for (const [at, { what, why }] of steps.slice(0, FIRST).entries()) {
    const number = steps.length > 1 ? `  ${at + 1}. ` : "";
    lines.push(`${number}${cleanText(what, LONGEST)}: ${why}`);
  }
  if (steps.length > FIRST) lines.push(`  and then ${count(steps.length - FIRST, "other package")}`);
  lines.push(...unjudgedLines(unjudged(scanned), view));
  const days = view.indexDays(scanned);
  lines.push(view.paint(isOld(days) ? "warn" : "dim", cleanText(indexLine(scanned, days), LONGEST)));
  return lines.join("\n");
}

function unjudgedLines(all: readonly Unknown[], view: TableView): readonly string[] {
  if (all.length === 0) return [];
  const shown = view.verbose ? all.slice(0, 1000) : [];
  const hint = view.verbose ? "" : " (--verbose tells which, and why)";
  return [
    view.paint("warn", `${count(all.length, "thing")} could not be read or matched, so nothing is said of them${hint}`),
    ...shown.map(({ where, what }) => `  ${cleanText(where, LONGEST)}: ${cleanText(what, LONGEST)}`),
    ...(view.verbose && all.length > shown.length ? [`  and ${grouped(all.length - shown.length)} more`] : []),
  ];
}

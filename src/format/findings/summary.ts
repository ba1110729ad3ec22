import { cleanText } from "../../artifact/clean-text.ts";
import type { Unknown } from "../../model/sbom.ts";
import type { Finding } from "../../model/advisory.ts";
import { breakText } from "../report/table.ts";
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
const MOST_UNJUDGED = 1000;

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

/** What local overrules did, a line for each: which record, by whom, until when and why. */
export function overrules({ matched: { overruled = [] } }: Scanned): readonly string[] {
  return overruled.map(({ id, action, owner, expires, reason, expired }) => {
    const did = { withdraw: "does not count", change: "counts as changed", add: "was added" }[action];
    const state = expired
      ? `counts again: its overrule ended on ${expires.slice(0, 10)}`
      : `${did} until ${expires.slice(0, 10)}`;
    return `${id} ${state}, says ${owner}: ${reason}`;
  });
}

/** `index sha256:…, newest record of 2026-11-20, 4 days old`. */
function indexLine({ matched: { database } }: Scanned, days: number): string {
  const age = days <= 0 ? "today" : `${count(days, "day")} old`;
  const hint = isOld(days) ? ": what was found since is not in it; waybill db update brings it up to date" : "";
  return `index sha256:${database.digest.slice(0, 12)}, newest record of ${database.modified.slice(0, 10)}, ${age}${hint}`;
}

/** Whether an index is so old that a result of today must say so. */
export function isOld(days: number): boolean {
  return days >= OLD_DAYS;
}

/** The end of the table: how many, what first, what was not judged, by which index. */
export function summary(scanned: Scanned, result: ScanResult, view: TableView): string {
  const { paint, columns } = view;
  const { findings } = scanned.matched;
  const open = findings.filter((finding) => !isSettled(finding));
  const lines: string[] = [];
  const tell = (role: Parameters<TableView["paint"]>[0] | undefined, text: string, indent = 0): void => {
    const parts = breakText(cleanText(text, LONGEST), columns - indent);
    for (const part of parts) lines.push(`${" ".repeat(indent)}${role === undefined ? part : paint(role, part)}`);
  };
  tell(open.length === 0 ? "good" : "strong", headline(scanned));
  if (open.length < findings.length && !view.all) tell(undefined, "settled findings are shown with --all");
  const steps = stepsOf(open, result);
  if (steps.length > 1) tell(undefined, "do first:");
  for (const [at, { what, why }] of steps.slice(0, FIRST).entries())
    tell(undefined, `${steps.length > 1 ? `${at + 1}. ` : ""}${what}: ${why}`, steps.length > 1 ? 2 : 0);
  if (steps.length > FIRST) tell(undefined, `and then ${count(steps.length - FIRST, "other package")}`, 2);
  tellUnjudged(unjudged(scanned), view, tell);
  const { notes = [] } = scanned.matched;
  if (view.verbose) for (const { where, what } of notes.slice(0, MOST_UNJUDGED)) tell("dim", `${where}: ${what}`);
  for (const line of [...new Set(overrules(scanned))].slice(0, MOST_UNJUDGED)) tell("warn", line);
  const days = view.indexDays(scanned);
  tell(isOld(days) ? "warn" : "dim", indexLine(scanned, days));
  return lines.join("\n");
}

function tellUnjudged(
  all: readonly Unknown[],
  view: TableView,
  tell: (role: "warn" | undefined, text: string, indent?: number) => void,
): void {
  if (all.length === 0) return;
  const shown = view.verbose ? all.slice(0, MOST_UNJUDGED) : [];
  const hint = view.verbose ? "" : " (--verbose tells which, and why)";
  const things = count(all.length, "thing");
  tell(
    "warn",
    `${things} could not be read or matched, so nothing is said of ${all.length === 1 ? "it" : "them"}${hint}`,
  );
  for (const { where, what } of shown) tell(undefined, `${where}: ${what}`, 2);
  if (view.verbose && all.length > shown.length) tell(undefined, `and ${grouped(all.length - shown.length)} more`, 2);
}

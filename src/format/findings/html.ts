import type { Finding } from "../../model/advisory.ts";
import { attributes, link, markup, plainly, type Markup } from "../report/markup.ts";
import { badge, digest, folded, table, time } from "../report/parts.ts";
import { STYLE } from "../report/style.ts";
import { count, grouped, type Tone } from "../report/words.ts";
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
import { headline, overrules, stepsOf, unjudged } from "./summary.ts";

/** A browser shows a table of so many rows without delay; a page of more is no page that people read. */
const MOST_FINDINGS = 5000;
const OPEN_PACKAGES = 25;
const MOST_STEPS = 10;
const MOST_UNJUDGED = 1000;

/** Columns that stand below each other from package to package; on a narrow screen the cells stand below each other instead. */
const COLUMNS = markup`
.finds{table-layout:fixed}
.finds thead th:nth-child(1){width:9rem}
.finds thead th:nth-child(2){width:13rem}
.finds thead th:nth-child(4),.finds thead th:nth-child(5){width:7.5rem}
.finds td,.finds tbody th{overflow-wrap:anywhere}
@media screen and (max-width:48rem){
.scroll table.finds{min-width:0}
.finds thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.finds tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--line)}
.finds td,.finds tbody th{display:block;border:0;padding:.1rem 0}
.finds td:nth-of-type(3)::before{content:"Fixed in: ";color:var(--quiet)}
.finds td:nth-of-type(4)::before{content:"Exploitation: ";color:var(--quiet)}
}
`;

/**
 * The findings as a page for people: self-contained HTML, UTF-8, without script and without anything that a browser would load; a
 * content security policy says so too. Everything from input is bounded and escaped, with control and bidirectional characters
 * made visible.
 */
export function findingsHtml(result: ScanResult): string {
  const open = result.scans.flatMap(({ matched }) => matched.findings.filter((one) => !isSettled(one)));
  const bad = result.scans.some(({ matched }) => matched.findings.some(result.fails));
  const tone: Tone = open.length === 0 ? "good" : bad ? "bad" : "warn";
  const title = `Findings of ${result.scans.map(({ source }) => source).join(", ")}`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${plainly(title)}</title>
<style>${STYLE}${COLUMNS}</style>
</head>
<body${attributes({ class: tone })}>
<main>
<header class="head">
<p class="kind">Waybill</p>
<div class="verdict">
<h1><span>${open.length === 0 ? "No findings" : count(open.length, "finding")}</span></h1>
<p class="artifact">${result.scans.map(({ source, sbom }) => `${sbom.subject.name || source}${sbom.subject.version === undefined ? "" : ` ${sbom.subject.version}`}`).join(", ")}</p>
</div>
</header>
${result.scans.map((scanned) => source(scanned, result))}</main>
<footer><p>Written by ${result.tool.name} ${result.tool.version}. This page runs no script and loads nothing.</p></footer>
</body>
</html>
`.source;
}

function source(scanned: Scanned, result: ScanResult): Markup {
  const { findings, database } = scanned.matched;
  const open = findings.filter((one) => !isSettled(one));
  const settled = findings.filter(isSettled);
  const name = scanned.source;
  const sources = database.sources.map(({ name, records }) => `${name}, ${count(records, "record")}`).join("; ");
  return markup`${result.scans.length > 1 ? markup`<section><h2>${name}</h2><p>${headline(scanned)}.</p></section>` : undefined}
${part("What to do first", first(open, scanned, result))}
${open.length === 0 ? undefined : part("Findings by package", packages(open, scanned))}
${settled.length === 0 ? undefined : part("Settled by statements", table("Settled by statements", HEADS, settled.slice(0, MOST_FINDINGS).map(row), "finds"))}
${lost(scanned)}${overruledHere(scanned)}${part(
    "The advisory index",
    markup`<p>${digest(database.digest)}, newest record of ${time(database.modified)}${sources === "" ? "" : ` (${sources})`}. What became known later is not in it.</p>`,
  )}
`;
}

function part(title: string, body: Markup): Markup {
  return markup`<section><h2>${title}</h2>
${body}
</section>
`;
}

function first(open: readonly Finding[], scanned: Scanned, result: ScanResult): Markup {
  const steps = stepsOf(open, result);
  if (steps.length === 0) return markup`<p>${badge("good", "nothing")} ${headline(scanned)}.</p>`;
  const items = steps.slice(0, MOST_STEPS).map(({ what, why }) => markup`<li><strong>${what}</strong>: ${why}</li>`);
  const more = steps.length - items.length;
  return markup`<p>${headline(scanned)}.</p><ol class="words">${items}</ol>${more > 0 ? markup`<p class="quiet">and then ${count(more, "other package")}</p>` : undefined}`;
}

const HEADS = ["Severity", "Advisory", "Package", "Fixed in", "Exploitation"];

function packages(open: readonly Finding[], scanned: Scanned): Markup {
  const shown = open.slice(0, MOST_FINDINGS);
  const blocks = byPackage(shown).map((one) => block(one, scanned));
  const rest = blocks.slice(OPEN_PACKAGES);
  const left = open.length - shown.length;
  return markup`${blocks.slice(0, OPEN_PACKAGES)}${
    rest.length === 0 ? undefined : folded(true, `Show ${grouped(rest.length)} more packages`, markup`${rest}`)
  }${left === 0 ? undefined : markup`<p class="alarm">${count(left, "finding")} of less risk ${left === 1 ? "is" : "are"} not on this page: <code>--format json</code> has all.</p>`}`;
}

function block({ first: one, findings }: PackageFindings, scanned: Scanned): Markup {
  const ways = broughtBy(one, 8);
  const place = placeOf(one, scanned);
  return markup`<h3>${packageOf(one)} <span class="n">${one.ecosystem}, ${one.scope}</span></h3>
<p class="way">${place === "" ? undefined : markup`<code>${place}</code>`}${ways.length === 0 ? undefined : markup` via ${ways.join(" › ")}`}${
    one.locations.length > 1 ? `, and ${count(one.locations.length - 1, "other place")}` : ""
  }</p>
${table(`Findings of ${packageOf(one)}`, HEADS.with(2, "What"), findings.map(rowInBlock), "finds")}
`;
}

function rowInBlock(finding: Finding): Markup {
  return cells(finding, markup`${finding.summary}`);
}

function row(finding: Finding): Markup {
  return cells(finding, markup`<strong>${packageOf(finding)}</strong><p>${finding.summary}</p>`);
}

function cells(finding: Finding, what: Markup): Markup {
  const { id, url, fixed, rating } = finding;
  const others = otherIds(finding);
  const score = rating.cvss === undefined ? "" : ` ${rating.cvss.score.toFixed(1)}`;
  const weight = weightOf(finding);
  return markup`<tr><td>${badge(toneOf(finding), `${weight === "unknown" ? "no score" : weight}${score}`)}</td><th scope="row">${link(url, id)}${
    others.length === 0
      ? undefined
      : markup`<p class="quiet">${others.slice(0, 6).join(", ")}${others.length > 6 ? " …" : ""}</p>`
  }</th><td>${what}${statementOf(finding) === "" ? undefined : statement(finding)}</td><td>${fixed.slice(0, 4).join(", ") || "no fix known"}</td><td>${
    marksOf(finding).join(", ") || "–"
  }</td></tr>
`;
}

function statement(finding: Finding): Markup {
  const { vex } = finding;
  const by =
    vex &&
    markup`, says ${vex.author}${vex.at === undefined ? undefined : markup`, ${time(vex.at)}`} ${digest(vex.document)}`;
  return markup`<p class="quiet">${statementOf(finding)}${by}</p>`;
}

function toneOf({ kind, severity }: Finding): Tone {
  if (kind === "malicious" || severity === "critical" || severity === "high") return "bad";
  return severity === "unknown" || severity === "none" ? "open" : "warn";
}

function lost(scanned: Scanned): Markup | undefined {
  const all = unjudged(scanned);
  if (all.length === 0) return undefined;
  const items = all.slice(0, MOST_UNJUDGED).map(({ where, what }) => markup`<li><code>${where}</code>: ${what}</li>`);
  const more = all.length - items.length;
  const list = markup`<ul>${items}</ul>${more > 0 ? markup`<p>and ${grouped(more)} more</p>` : undefined}`;
  return part(
    "Could not be read or matched",
    markup`<p>Of these nothing is said.</p>${folded(all.length > 10, `Show all ${grouped(all.length)}`, list)}`,
  );
}

function overruledHere(scanned: Scanned): Markup | undefined {
  const lines = overrules(scanned).slice(0, MOST_UNJUDGED);
  if (lines.length === 0) return undefined;
  return part("Overruled here", markup`<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`);
}

import type { Finding, MatchResult, Severity } from "../../model/advisory.ts";
import type { Known } from "../../model/digest.ts";
import { unknownsList } from "./dependencies.ts";
import { link, markup, type Markup } from "./markup.ts";
import { badge, digest, folded, table, time } from "./parts.ts";
import { count, grouped, type Tone } from "./words.ts";

/** Rows that stand open; the rest folds. */
const OPEN_ROWS = 40;
/** Ids, versions and steps of a way that one row names. */
const MOST_IDS = 6;
const MOST_FIXES = 4;
const MOST_STEPS = 8;

const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low", "unknown", "none"];
const TONE: Readonly<Record<Severity, Tone>> = {
  critical: "bad",
  high: "bad",
  medium: "warn",
  low: "warn",
  unknown: "open",
  none: "open",
};
const HEADS = ["Severity", "Advisory", "Component, and the way to it", "Fixed in", "VEX"];

/** What is known about the components: each finding with its way into the project, its fix and the VEX claim about it. */
export function findingsSection(matched: Known<MatchResult>): Markup {
  if (!matched.known) {
    return markup`<p>${badge("open", "not looked up")} No advisories were asked, so this report says nothing about known weaknesses: ${matched.why}.</p>`;
  }
  const { findings, unknown } = matched.value;
  const rows = findings.toSorted(worstFirst).map(row);
  const rest = rows.slice(OPEN_ROWS);
  return markup`${lead(matched.value)}
${findings.length === 0 ? markup`<p>${badge("good", "none known")} No advisory of this index speaks about these components.</p>` : undefined}
${rows.length > 0 ? table("Findings, worst first", HEADS, rows.slice(0, OPEN_ROWS), "findings") : undefined}
${rest.length > 0 ? folded(true, `Show ${grouped(rest.length)} more`, table("More findings", HEADS, rest, "findings")) : undefined}
${unknownsList(unknown)}`;
}

function lead({ database, components, findings }: MatchResult): Markup {
  const kinds = SEVERITIES.map((severity) => {
    const n = findings.filter((finding) => finding.severity === severity).length;
    return n === 0 ? "" : `${grouped(n)} ${severity === "unknown" ? "without a score" : severity}`;
  }).filter((kind) => kind !== "");
  const sources = database.sources.map(({ name, records }) => `${name}, ${count(records, "record")}`).join("; ");
  return markup`<p><strong>${count(findings.length, "finding")}</strong> in ${count(components, "component")}${kinds.length > 0 ? `: ${kinds.join(", ")}` : ""}. Looked up in the advisory index ${digest(database.digest)}${sources === "" ? "" : ` (${sources})`}, whose newest record is of ${time(database.modified)}.</p>`;
}

function row(finding: Finding): Markup {
  const { id, ids, kind, severity, summary, url, name, version, scope, fixed } = finding;
  const aliases = ids.filter((each) => each !== id);
  const more = aliases.length > MOST_IDS ? " …" : "";
  return markup`<tr><td>${
    kind === "malicious"
      ? badge("bad", "malicious")
      : badge(TONE[severity], severity === "unknown" ? "no score" : severity)
  }</td><th scope="row">${link(url, id)}${kind === "vulnerable" || kind === "malicious" ? "" : ` (${kind})`}<p>${summary}</p>${
    aliases.length === 0 ? undefined : markup`<p class="quiet">${aliases.slice(0, MOST_IDS).join(", ")}${more}</p>`
  }</th><td><strong>${name}</strong> ${version} <span class="quiet">${scope}</span>${way(finding)}</td><td>${
    fixed.slice(0, MOST_FIXES).join(", ") || "no fix known"
  }</td><td>${vex(finding)}</td></tr>
`;
}

function way({ paths }: Finding): Markup | undefined {
  const [first] = paths;
  if (first === undefined || first.length === 0) return undefined;
  const steps = first.length > MOST_STEPS ? [...first.slice(0, 4), "…", ...first.slice(-3)] : first;
  const others = paths.length > 1 ? `, and ${count(paths.length - 1, "other way")}` : "";
  return markup`<p class="way">${steps.map(shortRef).join(" › ")}${others}</p>`;
}

/** A package URL as people say it: `pkg:npm/%40acme/a@1.0.0` as `@acme/a@1.0.0`; anything else as it is. */
function shortRef(ref: string): string {
  const match = /^pkg:[a-z0-9.+-]+\/([^?#]+)/.exec(ref);
  return match?.[1]?.replaceAll("%40", "@") ?? ref;
}

function vex({ vex: claim }: Finding): Markup {
  if (claim === undefined) return markup`–`;
  const why = claim.justification === undefined ? "" : `: ${claim.justification.replaceAll("_", " ")}`;
  return markup`${claim.status.replaceAll("_", " ")}${why}<p class="quiet">${claim.author}${
    claim.at === undefined ? undefined : markup`, ${time(claim.at)}`
  }</p>${digest(claim.document)}`;
}

function worstFirst(a: Finding, b: Finding): number {
  const rank = ({ kind, severity }: Finding): number => (kind === "malicious" ? -1 : SEVERITIES.indexOf(severity));
  const order = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);
  return rank(a) - rank(b) || order(a.name, b.name) || order(a.version, b.version) || order(a.id, b.id);
}

import type { Finding, MatchResult, Severity } from "../../model/advisory.ts";
import type { Timestamp } from "../../model/digest.ts";
import type { ComponentRef, Sbom } from "../../model/sbom.ts";

/** One source as it was scanned. */
export interface Scanned {
  /** As the user wrote it. */
  readonly source: string;
  /** The source's folder as seen from where files are told from, `""` or with a `/` at its end. */
  readonly under: string;
  readonly sbom: Sbom;
  /** Its findings in the order in which they are told: what to do first comes first. */
  readonly matched: MatchResult;
}

/** What every form of a scan's result is printed from. The same gives the same bytes. */
export interface ScanResult {
  readonly scans: readonly Scanned[];
  readonly tool: { readonly name: string; readonly version: string };
  /** Who makes statements of the findings, and the URL of who publishes them: for the forms of VEX. */
  readonly author?: string | undefined;
  readonly namespace?: string | undefined;
  /** The time that a document carries. */
  readonly at: Timestamp;
  /** Whether a finding lets the scan fail. */
  readonly fails: (finding: Finding) => boolean;
  /** The least version by which all of these findings of one component have an end, where one is known. */
  readonly upgrade: (findings: readonly Finding[]) => string | undefined;
}

/** Worst first, as people read it. */
export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low", "unknown", "none"];

/**
 * Whether somebody whose word counts has said that there is nothing to do: it stays in every document, and out of what people must
 * read. None settles malicious code.
 */
export function isSettled({ kind, vex }: Finding): boolean {
  return kind !== "malicious" && (vex?.status === "not_affected" || vex?.status === "fixed");
}

/** The one word that says how bad it is: its severity where it is a weakness, else what it is. */
export function weightOf({ kind, severity }: Finding): string {
  return kind === "vulnerable" ? severity : kind;
}

/** `name version`, without a blank where there is no version. */
export function packageOf({ name, version }: Finding): string {
  return version === "" ? name : `${name} ${version}`;
}

/** The ids of the group without the preferred one. */
export function otherIds({ id, ids }: Finding): readonly string[] {
  return ids.filter((each) => each !== id);
}

/** What makes it more or less urgent, in a few words: `KEV`, `KEV, ransomware`, `EPSS 12%`, `SSVC immediate`, `affected code not seen`; empty where nothing is known. */
export function marksOf({ rating: { exploited, epss, ssvc }, reachability }: Finding): readonly string[] {
  return [
    ...(exploited === undefined ? [] : [exploited.ransomware ? "KEV, ransomware" : "KEV"]),
    ...(epss === undefined ? [] : [`EPSS ${percent(epss.score)}`]),
    // The two that ask for more than the next regular update.
    ...(ssvc?.decision === "immediate" || ssvc?.decision === "out-of-cycle" ? [`SSVC ${ssvc.decision}`] : []),
    ...(reachability?.found === "present" ? ["affected code seen"] : []),
    ...(reachability?.found === "absent" ? ["affected code not seen"] : []),
  ];
}

/** `12%`, `0.4%`: two digits that count, and never a rounded-up certainty. */
function percent(chance: number): string {
  const hundredths = Math.floor(chance * 10_000) / 100;
  return `${hundredths >= 10 ? Math.floor(hundredths) : Math.floor(hundredths * 10) / 10}%`;
}

/**
 * A statement in a few words, `not affected: vulnerable code not present`, with who says otherwise, and statements that do not count.
 * Empty where there is none.
 */
export function statementOf({ vex, passedOver = [] }: Finding): string {
  const lost = passedOver.map(({ author, status, why }) => `${words(status)} by ${author} does not count: ${why}`);
  if (vex === undefined) return lost.join("; ");
  const why = vex.justification === undefined ? "" : `: ${words(vex.justification)}`;
  const until = vex.expires === undefined ? "" : ` until ${vex.expires.slice(0, 10)}`;
  const others = (vex.conflicts ?? []).map(({ author, status }) => `but ${words(status)} by ${author}`);
  return [`${words(vex.status)}${why}${until}`, ...others, ...lost].join("; ");
}

const words = (term: string): string => term.replaceAll("_", " ");

/** A component as people say it: `pkg:npm/%40acme/a@1.0.0` as `@acme/a@1.0.0`; anything else as it is. */
export function shortRef(ref: ComponentRef): string {
  const short = /^pkg:[a-z0-9.+-]+\/([^?#]+)/.exec(ref)?.[1];
  if (short === undefined || !short.includes("%")) return short ?? ref;
  try {
    return decodeURIComponent(short);
  } catch {
    return short;
  }
}

/** The steps of the shortest way from the root to the component, both left out: what brings it in. Empty for a direct one. */
export function broughtBy({ paths: [first = []] }: Finding, most = 6): readonly string[] {
  const steps = first.slice(1, -1).map(shortRef);
  return steps.length <= most ? steps : [...steps.slice(0, most / 2), "…", ...steps.slice(1 - most / 2)];
}

/** Files that name the component, each once with its first line, as seen from where files are told from. */
export function filesOf({ locations }: Finding, { under }: Scanned): ReadonlyMap<string, number | undefined> {
  const files = new Map<string, number | undefined>();
  for (const { path, line } of locations) {
    const file = fileUnder(path, under);
    if (!files.has(file) || files.get(file) === undefined) files.set(file, line);
  }
  return files;
}

/** A path of the source as seen from where files are told from; that of a source which is a file is that file. */
export function fileUnder(path: string, under: string): string {
  return `${under}${path.replace(/^\/+/, "")}`;
}

/** `file:line` of the first place. */
export function placeOf(finding: Finding, scanned: Scanned): string {
  const [first] = filesOf(finding, scanned);
  return first === undefined ? "" : first[1] === undefined ? first[0] : `${first[0]}:${first[1]}`;
}

/** Findings of one component, in the order in which they came. */
export interface PackageFindings {
  readonly first: Finding;
  readonly findings: readonly Finding[];
}

/** By component: the order of the components is that of their first finding. */
export function byPackage(findings: readonly Finding[]): readonly PackageFindings[] {
  const groups = Map.groupBy(findings, ({ component }) => component);
  return [...groups.values()].map((group) => ({ first: group[0] as Finding, findings: group }));
}

/** `2 critical, 1 high, 1 without a score`, malicious ones first and other kinds last; empty where there is none. */
export function tally(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const finding of findings) counts.set(weightOf(finding), (counts.get(weightOf(finding)) ?? 0) + 1);
  const words = ["malicious", ...SEVERITIES, "unmaintained", "deprecated", "yanked", "licence"];
  return words
    .flatMap((word) => {
      const n = counts.get(word);
      return n === undefined ? [] : [`${n} ${word === "unknown" ? "without a score" : word}`];
    })
    .join(", ");
}

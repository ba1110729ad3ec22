import { cleanText } from "../artifact/clean-text.ts";
import { isSettled } from "../format/findings/scanned.ts";
import type { Finding, FindingKind, IndexIdentity, MatchResult, Severity, SsvcDecision } from "../model/advisory.ts";
import { Fault } from "../model/fault.ts";
import { isLeastRisk } from "./risk.ts";
import { severityAtLeast } from "./severity.ts";
import { isLeastDecision } from "./ssvc.ts";
import { SSVC_DECISIONS } from "./ssvc-tables.ts";

/** What one condition says of a finding. `undefined`: the index holds no data that could tell. */
type Judge = (finding: Finding, database: IndexIdentity) => boolean | undefined;

interface Condition {
  readonly text: string;
  readonly judge: Judge;
}

/** When a scan fails: any of the alternatives, each of which asks all its conditions. */
export interface Threshold {
  readonly alternatives: readonly (readonly Condition[])[];
}

const MAX_LENGTH = 1_000;
const SEVERITIES: readonly Severity[] = ["unknown", "low", "medium", "high", "critical"];
const KINDS: readonly FindingKind[] = ["vulnerable", "malicious", "unmaintained", "deprecated", "yanked", "licence"];

const inCatalog =
  (judge: (finding: Finding) => boolean): Judge =>
  (finding, { exploited }) =>
    exploited === undefined ? undefined : judge(finding);

const WORDS: Readonly<Record<string, Judge>> = {
  any: () => true,
  ...Object.fromEntries(
    SEVERITIES.map((least): [string, Judge] => [least, ({ severity }) => severityAtLeast(severity, least)]),
  ),
  ...Object.fromEntries(KINDS.map((wanted): [string, Judge] => [wanted, ({ kind }) => kind === wanted])),
  kev: inCatalog(({ rating }) => rating.exploited !== undefined),
  ransomware: inCatalog(({ rating }) => rating.exploited?.ransomware === true),
  fixable: ({ fixed }) => fixed.length > 0,
  runtime: ({ scope }) => scope !== "dev" && scope !== "test",
  "without-statement": ({ vex }) => vex === undefined,
};

interface Measure {
  readonly least: number;
  readonly most: number;
  of(finding: Finding): number | undefined;
  /** Whether more data could make it more; never, where it is absent. */
  couldBeMore?(finding: Finding, database: IndexIdentity): boolean;
}

const MEASURES: Readonly<Record<string, Measure>> = {
  cvss: { least: 0, most: 10, of: ({ rating }) => rating.cvss?.score },
  // A flaw that EPSS has no score for is not known to be likely; only an index without EPSS cannot tell.
  epss: { least: 0, most: 1, of: ({ rating }) => rating.epss?.score, couldBeMore: (_, { epss }) => epss === undefined },
  risk: { least: 0, most: 100, of: ({ rating }) => rating.risk, couldBeMore: isLeastRisk },
};

/** Malicious code outranks every decision: it is not patched but thrown out. */
function ssvcAtLeast(least: SsvcDecision): Judge {
  const rank = SSVC_DECISIONS.indexOf(least);
  return ({ kind, rating: { ssvc } }) => {
    if (kind === "malicious") return true;
    if (ssvc === undefined) return false;
    return SSVC_DECISIONS.indexOf(ssvc.decision) >= rank || (isLeastDecision(ssvc) ? undefined : false);
  };
}

function conditionFault(found: string, expected: string, what = "there is no such condition for --fail-on"): Fault {
  return new Fault({
    code: "WB-USAGE-OPTION",
    kind: "input",
    what,
    expected,
    found: `"${cleanText(found, 60)}"`,
    fix: "quote the whole in a shell, or write : for >=; a comma means any of them, + means all: high+fixable,kev",
  });
}

const LIST = `${Object.keys(WORDS).join(", ")}, cvss>=N, epss>=N, risk>=N, ssvc>=DECISION`;

function parseMeasure(text: string): Judge {
  const [, name = "", value = ""] = /^(cvss|epss|risk|ssvc) *(?:>=|:) *(\S+)$/.exec(text) ?? [];
  if (name === "ssvc") {
    const decision = SSVC_DECISIONS.find((one) => one === value);
    if (decision === undefined) throw conditionFault(text, SSVC_DECISIONS.join(", "), "SSVC has no such decision");
    return ssvcAtLeast(decision);
  }
  const measure = MEASURES[name];
  if (measure === undefined) throw conditionFault(text, LIST);
  const least = /^\d{1,3}(?:\.\d{1,6})?$/.test(value) ? Number(value) : Number.NaN;
  if (!(least >= measure.least && least <= measure.most)) {
    throw conditionFault(
      text,
      `a number from ${measure.least} to ${measure.most}`,
      `${name} cannot be compared with that`,
    );
  }
  return (finding, database) => {
    const value = measure.of(finding);
    if (value !== undefined && value >= least) return true;
    return measure.couldBeMore?.(finding, database) === true ? undefined : false;
  };
}

/**
 * Reads the conditions of `--fail-on`: words (severities, meaning that or worse; kinds; `kev`, `fixable`,
 * `without-statement` …) and least values (`epss>=0.1` or `epss:0.1`), joined by `+` (all) and `,` (any; binds less).
 * Faults: WB-USAGE-OPTION with the list of what there is.
 */
export function parseThreshold(text: string): Threshold {
  if (text.length > MAX_LENGTH) throw conditionFault(text, `at most ${MAX_LENGTH} characters`);
  const alternatives = text.split(",").map((alternative) =>
    alternative.split("+").map((part) => {
      const word = part.trim().toLowerCase();
      const judge = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
      return { text: word, judge: judge ?? parseMeasure(word) };
    }),
  );
  return { alternatives };
}

/** How findings did against a threshold. */
export interface Exceeded {
  /** Alternatives that findings meet, in the order written, with those findings. */
  readonly met: readonly { readonly condition: string; readonly findings: readonly Finding[] }[];
  /** Alternatives that could not be judged for some finding: the index holds no KEV or no EPSS. */
  readonly unchecked: readonly string[];
}

/** Judges all findings that no statement excuses. */
export function judgeThreshold({ alternatives }: Threshold, { findings, database }: MatchResult): Exceeded {
  const met: { condition: string; findings: Finding[] }[] = [];
  const unchecked: string[] = [];
  const open = findings.filter((finding) => !isSettled(finding));
  for (const conditions of alternatives) {
    const condition = conditions.map(({ text }) => text).join("+");
    const meeting: Finding[] = [];
    let unknown = false;
    for (const finding of open) {
      const answers = conditions.map(({ judge }) => judge(finding, database));
      if (answers.includes(false)) continue;
      if (answers.includes(undefined)) unknown = true;
      else meeting.push(finding);
    }
    if (meeting.length > 0) met.push({ condition, findings: meeting });
    if (unknown) unchecked.push(condition);
  }
  return { met, unchecked };
}

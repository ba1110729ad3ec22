import { severityAtLeast } from "../../advisory/severity.ts";
import type { SsvcContext } from "../../advisory/ssvc-context.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import { isSettled } from "../../format/findings/scanned.ts";
import type { Finding, IndexIdentity } from "../../model/advisory.ts";
import type { Known } from "../../model/digest.ts";
import type { Facts, Station } from "../../model/policy.ts";
import { compileCel } from "../cel.ts";
import {
  CONSTANTS,
  explainSsvc,
  findingValues,
  readSsvc,
  sameSsvc,
  SEVERITIES,
  SEVERITY_WORDS,
  VARIABLES,
} from "../finding-values.ts";
import { fails, passes, unchecked } from "../papers.ts";
import type { Outcome, PlaceOf, RuleFile } from "../rule.ts";
import { type Duration, Keys } from "../values.ts";
import { unmatched } from "./unmatched.ts";

/** What is denied: a severity word (that severity or worse) or a CEL expression. */
interface Denial {
  readonly source: string;
  judge(finding: Finding, facts: Facts, database: IndexIdentity): Known<boolean>;
}

interface VulnerabilityParams {
  readonly deny: Denial;
  readonly grace?: Duration;
  readonly vex: "trusted" | "ignore";
  /** Where the product runs, for the decision by SSVC. */
  readonly ssvc: SsvcContext;
}

/** Whether a `deny` is a word, for which the CEL engine need not be loaded. */
export function isSeverityWord(deny: unknown): boolean {
  return deny === undefined || (typeof deny === "string" && SEVERITY_WORDS.includes(deny));
}

function readDenial(keys: Keys, ssvc: SsvcContext): Denial {
  const source = keys.text("deny") ?? "HIGH";
  if (isSeverityWord(source)) {
    const threshold = SEVERITIES[SEVERITY_WORDS.indexOf(source)] ?? "high";
    return { source, judge: ({ severity }) => ({ known: true, value: severityAtLeast(severity, threshold) }) };
  }
  const expression = compileCel(source, VARIABLES, CONSTANTS, keys.at("deny"));
  return {
    source,
    judge: (finding, facts, database) => expression.evaluate(findingValues(finding, facts, database, ssvc)),
  };
}

/** How bad and how urgent, in brackets: the severity, and what is known of exploitation. */
function urgency({ severity, rating: { exploited, epss } }: Finding): string {
  const kev = exploited === undefined ? [] : [`exploited since ${cleanText(exploited.added, 20)}`];
  return [severity, ...kev, ...(epss === undefined ? [] : [`EPSS ${epss.score}`])].join(", ");
}

function describe(finding: Finding): string {
  return `${cleanText(finding.name, 80)}@${cleanText(finding.version, 40)}: ${cleanText(finding.id, 40)} (${urgency(finding)}) ${cleanText(finding.summary, 100)}`;
}

function about(finding: Finding, outcome: Outcome): Outcome {
  return { ...outcome, about: { id: finding.id, ...(finding.purl !== undefined && { purl: finding.purl }) } };
}

/** Until when a flaw is let pass after it became known; where no record says when, there is no grace. */
function graceEnd(finding: Finding, grace: Duration): number | undefined {
  return finding.published === undefined ? undefined : Date.parse(finding.published) + grace.ms;
}

function excused(finding: Finding, params: VulnerabilityParams): boolean {
  return params.vex === "trusted" && isSettled(finding);
}

function judge(
  finding: Finding,
  params: VulnerabilityParams,
  facts: Facts,
  database: IndexIdentity,
  expected: string,
): readonly Outcome[] {
  const denied = params.deny.judge(finding, facts, database);
  if (denied.known && !denied.value) return [];
  const what = describe(finding);
  if (excused(finding, params)) {
    const { vex } = finding;
    const why = vex?.justification === undefined ? "" : `, ${cleanText(vex.justification, 80)}`;
    const by = cleanText(vex?.author ?? "", 60);
    return [
      about(
        finding,
        passes(expected, `${what}; VEX by ${by}: ${vex?.status}${why}`, vex === undefined ? [] : [vex.document]),
      ),
    ];
  }
  if (!denied.known) return [about(finding, unchecked(expected, `${what}; ${denied.why}`))];
  const end = params.grace === undefined ? undefined : graceEnd(finding, params.grace);
  if (end !== undefined && Date.parse(facts.at) < end) {
    return [about(finding, passes(expected, `${what}; in grace until ${new Date(end).toISOString().slice(0, 10)}`))];
  }
  const [fix] = finding.fixed;
  const advice =
    fix === undefined
      ? "no fixed version is known: replace it, or state in VEX why it does not matter"
      : `upgrade ${cleanText(finding.name, 80)} to ${cleanText(fix, 40)}`;
  const late =
    params.grace === undefined || end !== undefined ? "" : "; no grace, for no record says since when it is known";
  return [about(finding, fails(expected, `${what}${late}`, [], advice))];
}

function evaluate(params: VulnerabilityParams, facts: Facts, expected: string): readonly Outcome[] {
  if (!facts.matched.known) return [unchecked(expected, cleanText(facts.matched.why))];
  const { findings, components, unknown, database } = facts.matched.value;
  const vulnerable = findings.filter(({ kind }) => kind === "vulnerable" || kind === "malicious");
  const outcomes = vulnerable.flatMap((finding) => judge(finding, params, facts, database, expected));
  const rest = unmatched(unknown, expected);
  if (outcomes.length > 0 || rest.length > 0) return [...outcomes, ...rest];
  return [passes(expected, `${components} components, ${vulnerable.length} findings, none of them denied`)];
}

function explain({ deny, grace, vex, ssvc }: VulnerabilityParams): string {
  const what = isSeverityWord(deny.source) ? `of severity ${deny.source} or worse` : `where ${deny.source}`;
  const late = grace === undefined ? "" : `, ${grace.text} after it became known`;
  const where = isSeverityWord(deny.source) ? "" : explainSsvc(ssvc);
  return `no vulnerability ${what}${where}${late}${vex === "trusted" ? ", VEX statements of trusted documents heeded" : ", whatever VEX says"}`;
}

function parse(id: string, value: unknown, place: PlaceOf): VulnerabilityParams {
  const keys = new Keys(value, place, id, ["deny", "grace", "vex", "ssvc"]);
  const ssvc = readSsvc(keys.get("ssvc"), (path) => place(["ssvc", ...path]));
  const grace = keys.duration("grace");
  return {
    deny: readDenial(keys, ssvc),
    ssvc,
    ...(grace !== undefined && { grace }),
    vex: keys.word("vex", ["trusted", "ignore"]) ?? "trusted",
  };
}

function stricterDenial(
  { deny: pinned, ssvc: before }: VulnerabilityParams,
  { deny: project, ssvc: now }: VulnerabilityParams,
): boolean {
  // Which surroundings are worse depends on the table: others than the pinned ones may loosen any expression.
  if (pinned.source === project.source) return isSeverityWord(pinned.source) || sameSsvc(before, now);
  const [old, own] = [SEVERITY_WORDS.indexOf(pinned.source), SEVERITY_WORDS.indexOf(project.source)];
  return old >= 0 && own >= 0 && own <= old;
}

/**
 * The vulnerability rule of one station. It judges what the judge's own index says about the components, never findings
 * that a producer states (DESIGN, rule 6).
 */
export function vulnerabilities(station: Station): RuleFile<VulnerabilityParams> {
  const id = `${station}.vulnerabilities` as const;
  return {
    id,
    title: "No known vulnerability that the policy denies",
    stations: [station],
    judgesSources: true,
    parse: (value, place) => parse(id, value, place),
    evaluate: (params, facts) => evaluate(params, facts, explain(params)),
    explain,
    atLeastAsStrict: (pinned, project) =>
      stricterDenial(pinned, project) &&
      (project.grace === undefined || (pinned.grace !== undefined && project.grace.ms <= pinned.grace.ms)) &&
      (pinned.vex === "trusted" || project.vex === "ignore"),
  };
}

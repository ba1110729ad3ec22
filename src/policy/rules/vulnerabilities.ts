import { severityAtLeast } from "../../advisory/severity.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import type { Finding, Severity } from "../../model/advisory.ts";
import type { Known } from "../../model/digest.ts";
import type { Facts, Station } from "../../model/policy.ts";
import { compileCel, type CelVariables } from "../cel.ts";
import { fails, passes, unchecked } from "../papers.ts";
import type { Outcome, PlaceOf, RuleFile } from "../rule.ts";
import { type Duration, Keys } from "../values.ts";
import { unmatched } from "./unmatched.ts";

/** What is denied: a severity word (that severity or worse) or a CEL expression. */
interface Denial {
  readonly source: string;
  judge(finding: Finding, facts: Facts): Known<boolean>;
}

interface VulnerabilityParams {
  readonly deny: Denial;
  readonly grace?: Duration;
  readonly vex: "trusted" | "ignore";
}

const SEVERITIES: readonly Severity[] = ["none", "unknown", "low", "medium", "high", "critical"];
const WORDS = SEVERITIES.map((severity) => severity.toUpperCase());
const CONSTANTS = Object.fromEntries(WORDS.map((word, index) => [word, BigInt(index)]));
const VARIABLES: CelVariables = {
  severity: "int",
  fixed: "bool",
  malicious: "bool",
  scope: "string",
  direct: "bool",
  // No data for these is loaded yet: an expression that rests on them is unchecked, never false.
  kev: "bool",
  epss: "double",
};

/** Whether a `deny` is a word, for which the CEL engine need not be loaded. */
export function isSeverityWord(deny: unknown): boolean {
  return deny === undefined || (typeof deny === "string" && WORDS.includes(deny));
}

function isDirect(finding: Finding, { declared, inspected }: Facts): boolean {
  return [declared, inspected].some(
    (sbom) => sbom?.components.some(({ ref, direct }) => direct && ref === finding.component) === true,
  );
}

function readDenial(keys: Keys): Denial {
  const source = keys.text("deny") ?? "HIGH";
  if (isSeverityWord(source)) {
    const threshold = SEVERITIES[WORDS.indexOf(source)] ?? "high";
    return { source, judge: ({ severity }) => ({ known: true, value: severityAtLeast(severity, threshold) }) };
  }
  const expression = compileCel(source, VARIABLES, CONSTANTS, keys.at("deny"));
  return {
    source,
    judge: (finding, facts) =>
      expression.evaluate({
        severity: BigInt(SEVERITIES.indexOf(finding.severity)),
        fixed: finding.fixed.length > 0,
        malicious: finding.kind === "malicious",
        scope: finding.scope,
        direct: isDirect(finding, facts),
      }),
  };
}

function describe(finding: Finding): string {
  return `${cleanText(finding.name, 80)}@${cleanText(finding.version, 40)}: ${cleanText(finding.id, 40)} (${finding.severity}) ${cleanText(finding.summary, 100)}`;
}

function about(finding: Finding, outcome: Outcome): Outcome {
  return { ...outcome, about: { id: finding.id, ...(finding.purl !== undefined && { purl: finding.purl }) } };
}

/** Until when a flaw is let pass after it became known; where no record says when, there is no grace. */
function graceEnd(finding: Finding, grace: Duration): number | undefined {
  return finding.published === undefined ? undefined : Date.parse(finding.published) + grace.ms;
}

function excused({ vex }: Finding, params: VulnerabilityParams): boolean {
  return params.vex === "trusted" && (vex?.status === "not_affected" || vex?.status === "fixed");
}

function judge(finding: Finding, params: VulnerabilityParams, facts: Facts, expected: string): readonly Outcome[] {
  const denied = params.deny.judge(finding, facts);
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
  const { findings, components, unknown } = facts.matched.value;
  const vulnerable = findings.filter(({ kind }) => kind === "vulnerable" || kind === "malicious");
  const outcomes = vulnerable.flatMap((finding) => judge(finding, params, facts, expected));
  const rest = unmatched(unknown, expected);
  if (outcomes.length > 0 || rest.length > 0) return [...outcomes, ...rest];
  return [passes(expected, `${components} components, ${vulnerable.length} findings, none of them denied`)];
}

function explain({ deny, grace, vex }: VulnerabilityParams): string {
  const what = isSeverityWord(deny.source) ? `of severity ${deny.source} or worse` : `where ${deny.source}`;
  const late = grace === undefined ? "" : `, ${grace.text} after it became known`;
  return `no vulnerability ${what}${late}${vex === "trusted" ? ", VEX statements of trusted documents heeded" : ", whatever VEX says"}`;
}

function parse(id: string, value: unknown, place: PlaceOf): VulnerabilityParams {
  const keys = new Keys(value, place, id, ["deny", "grace", "vex"]);
  const grace = keys.duration("grace");
  return {
    deny: readDenial(keys),
    ...(grace !== undefined && { grace }),
    vex: keys.word("vex", ["trusted", "ignore"]) ?? "trusted",
  };
}

function stricterDenial(pinned: Denial, project: Denial): boolean {
  if (pinned.source === project.source) return true;
  const [before, now] = [WORDS.indexOf(pinned.source), WORDS.indexOf(project.source)];
  return before >= 0 && now >= 0 && now <= before;
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
      stricterDenial(pinned.deny, project.deny) &&
      (project.grace === undefined || (pinned.grace !== undefined && project.grace.ms <= pinned.grace.ms)) &&
      (pinned.vex === "trusted" || project.vex === "ignore"),
  };
}

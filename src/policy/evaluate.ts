import { cleanText } from "../artifact/clean-text.ts";
import type { Timestamp } from "../model/digest.ts";
import type { Facts, Mode, Policy, PolicyException, PolicyRule, Reason, RuleId, Verdict } from "../model/policy.ts";
import type { InputOrigin } from "../model/trust.ts";
import { covers, exceptionText, isExpired, judgeTerms } from "./exceptions.ts";
import type { Outcome, RuleFile } from "./rule.ts";

const MODES: readonly Mode[] = ["observe", "warn", "enforce"];

/** `sources`: nothing was built and no papers are looked for (`check`); only rules that need neither take part. */
export type Judged = "artifact" | "sources";

/**
 * Judges facts by a policy. Pure: the same policy and facts give the same verdict, with all reasons and not the first. A
 * rule of mode enforce that fails or is unchecked denies; of mode warn, it warns (DESIGN, rule 1). Throws
 * `WB-POLICY-EXCEPTION-TERM` where an exception runs longer than 90 days from `facts.at`.
 */
export function evaluate(policy: Policy, facts: Facts, judged: Judged = "artifact"): Verdict {
  judgeTerms(policy.exceptions, facts.at);
  const rules = policy.rules.filter(({ rule }) => takesPart(rule, facts, judged));
  const reasons = rules.flatMap((entry) => reasonsOf(entry, policy, facts));
  return {
    station: facts.station,
    subject: { name: facts.artifact.name, digest: subjectDigest(facts) },
    decision: decide(reasons),
    reasons,
    inputs: {
      policy: policy.input,
      trust: facts.trust.entries.length === 0 ? null : facts.trust.input,
      advisories: advisoryOrigin(facts),
      vex: facts.vex.toSorted((a, b) => (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0)),
      ...(facts.overrules !== undefined && { overrules: facts.overrules }),
    },
    at: facts.at,
  };
}

function takesPart(rule: RuleFile, facts: Facts, judged: Judged): boolean {
  return rule.stations.includes(facts.station) && (judged === "artifact" || rule.judgesSources === true);
}

function subjectDigest(facts: Facts): string {
  const { sha256, dirHash, gitTree, sha512 } = facts.artifact.digests;
  return sha256 ?? dirHash ?? gitTree ?? sha512 ?? "";
}

function advisoryOrigin(facts: Facts): InputOrigin | null {
  if (!facts.matched.known) return null;
  const { digest, sources } = facts.matched.value.database;
  return { origin: sources.map(({ name }) => cleanText(name, 80)).join(", ") || "advisory index", digest };
}

/** The mode in force: before `enforceFrom` an enforced rule only warns. */
function modeAt(entry: PolicyRule, at: Timestamp): Mode {
  const early = entry.enforceFrom !== undefined && Date.parse(at) < Date.parse(entry.enforceFrom);
  return entry.mode === "enforce" && early ? "warn" : entry.mode;
}

function lowerMode(a: Mode, b: Mode | undefined): Mode {
  return b !== undefined && MODES.indexOf(b) < MODES.indexOf(a) ? b : a;
}

function reasonsOf(entry: PolicyRule, policy: Policy, facts: Facts): readonly Reason[] {
  const { id } = entry.rule;
  const mode = modeAt(entry, facts.at);
  const soon = mode === entry.mode ? "" : ` (enforced from ${(entry.enforceFrom ?? "").slice(0, 10)})`;
  const outcomes: readonly Outcome[] = entry.rule.evaluate(entry.params, facts);
  const own = policy.exceptions.filter(({ rule }) => rule === id);
  const needed = new Set<PolicyException>();
  const reasons = outcomes.map((outcome): Reason => {
    const matching = outcome.outcome === "fail" ? own.filter((one) => covers(one, id, outcome, facts)) : [];
    const valid = matching.find((exception) => !isExpired(exception, facts.at));
    if (valid === undefined) for (const exception of matching) needed.add(exception);
    return reasonOf(id, outcome, lowerMode(mode, outcome.atMost), soon, valid);
  });
  const expired = own.filter((exception) => isExpired(exception, facts.at));
  return [
    ...reasons,
    ...expired.map((exception) => expiredReason(exception, needed.has(exception) ? mode : "observe")),
  ];
}

/** Longest text of a reason; each name from input in it is shorter. */
const MAX_TEXT = 2000;

/** Every text that a policy, a paper or a finding put into a reason is made fit to be shown, here once for all rules. */
function reasonOf(id: RuleId, said: Outcome, mode: Mode, soon: string, exception?: PolicyException): Reason {
  return {
    rule: id,
    mode,
    outcome: exception === undefined ? said.outcome : "excepted",
    expected: cleanText(`${said.expected}${soon}`, MAX_TEXT),
    found: cleanText(said.found, MAX_TEXT),
    evidence: said.evidence,
    ...(said.fix !== undefined && { fix: cleanText(said.fix, MAX_TEXT) }),
    ...(exception !== undefined && { exception: excuse(exception) }),
  };
}

/** An exception that ran out is said even where nothing needs it any more; then it only is observed. */
function expiredReason(exception: PolicyException, mode: Mode): Reason {
  return {
    rule: exception.rule,
    mode,
    outcome: "fail",
    expected: `exception in force: ${exceptionText(exception)}`,
    found: `the exception expired on ${exception.expires.slice(0, 10)}${mode === "observe" ? " and nothing needs it" : ""}`,
    evidence: [],
    fix: `remove or renew the exception at ${exception.place.file}:${exception.place.line}`,
    exception: excuse(exception),
  };
}

function excuse({ owner, reason, expires }: PolicyException): NonNullable<Reason["exception"]> {
  return { owner: cleanText(owner), reason: cleanText(reason, MAX_TEXT), expires };
}

function decide(reasons: readonly Reason[]): Verdict["decision"] {
  const bad = reasons.filter(({ outcome }) => outcome === "fail" || outcome === "unchecked");
  if (bad.some(({ mode }) => mode === "enforce")) return "deny";
  return bad.some(({ mode }) => mode === "warn") ? "warn" : "allow";
}

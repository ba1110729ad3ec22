import { cleanText } from "../artifact/clean-text.ts";
import { matchPurl } from "../artifact/purl.ts";
import type { Timestamp } from "../model/digest.ts";
import type { Facts, PolicyException, RuleId, RuleOutcome } from "../model/policy.ts";
import type { PlaceOf } from "./rule.ts";
import { Keys, policyFault, readTime } from "./values.ts";

const MAX_DAYS = 90;
const DAY_MS = 86_400_000;
const KEYS = ["rule", "subject", "owner", "reason", "expires", "ticket"];
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const ADVISORY = /^[A-Za-z][A-Za-z0-9]*(?:[-:][A-Za-z0-9.]+)+$/;

/**
 * Reads one exception. All of rule, subject, owner, reason and expires are required. Throws `WB-POLICY-VALUE`,
 * `WB-POLICY-UNKNOWN-KEY` and, through `ruleId`, `WB-POLICY-UNKNOWN-RULE`.
 */
export function parseException(
  value: unknown,
  place: PlaceOf,
  ruleId: (text: string, place: PlaceOf) => RuleId,
): PolicyException {
  const keys = new Keys(value, place, "an exception", KEYS);
  const needed = (key: string): string => {
    const text = keys.text(key);
    if (text === undefined)
      throw keys.fault(key, "given, and every exception needs it", `add ${key}: to the exception`);
    return text;
  };
  const subject = needed("subject");
  if (!subject.startsWith("pkg:") && !DIGEST.test(subject) && !ADVISORY.test(subject)) {
    throw keys.fault("subject", "a package URL pattern, sha256:HEX or the id of an advisory");
  }
  const expires = readTime(needed("expires"));
  if (expires === undefined) throw keys.fault("expires", "a date such as 2027-01-15 or an RFC 3339 time");
  const ticket = keys.text("ticket");
  return {
    rule: ruleId(needed("rule"), (path) => place(["rule", ...path])),
    subject,
    owner: needed("owner"),
    reason: needed("reason"),
    expires,
    ...(ticket !== undefined && { ticket }),
    place: place([]),
  };
}

/**
 * Holds every exception to its term at the time of judgement: an end that is more than 90 days ahead is
 * `WB-POLICY-EXCEPTION-TERM` (input), for an exception without end is a rule that nobody wrote.
 */
export function judgeTerms(exceptions: readonly PolicyException[], at: Timestamp): void {
  for (const { expires, place, rule } of exceptions) {
    if (Date.parse(expires) - Date.parse(at) <= MAX_DAYS * DAY_MS) continue;
    throw policyFault("WB-POLICY-EXCEPTION-TERM", place, `an exception to ${rule} runs longer than ${MAX_DAYS} days`, {
      expected: `expires at most ${MAX_DAYS} days after ${at.slice(0, 10)}`,
      found: expires,
      fix: "choose a nearer date and renew the exception when it ends",
    });
  }
}

/** Whether the exception ended before or at this time. */
export function isExpired(exception: PolicyException, at: Timestamp): boolean {
  return Date.parse(exception.expires) <= Date.parse(at);
}

/**
 * Whether an exception is about this outcome. A package URL or an advisory id names what the outcome is about; an outcome
 * about nothing in particular is about the artifact: `sha256:HEX` names it, or a package URL that the artifact states.
 */
export function covers(exception: PolicyException, rule: RuleId, outcome: RuleOutcome, facts: Facts): boolean {
  if (exception.rule !== rule) return false;
  const { subject } = exception;
  const { about } = outcome;
  if (about === undefined) {
    if (subject.startsWith("sha256:")) return facts.artifact.digests.sha256 === subject.slice("sha256:".length);
    return subject.startsWith("pkg:") && facts.stated !== undefined && matchPurl(subject, facts.stated);
  }
  if (subject.startsWith("pkg:")) return about.purl !== undefined && matchPurl(subject, about.purl);
  return about.id !== undefined && (about.id === subject || aliasesOf(about.id, facts).includes(subject));
}

function aliasesOf(id: string, facts: Facts): readonly string[] {
  if (!facts.matched.known) return [];
  return facts.matched.value.findings.find((finding) => finding.id === id)?.ids ?? [];
}

/** One line on who excepted what, for reasons and prose. */
export function exceptionText(exception: PolicyException): string {
  const ticket = exception.ticket === undefined ? "" : `, ${cleanText(exception.ticket, 60)}`;
  return `${cleanText(exception.subject, 120)} by ${cleanText(exception.owner, 60)} until ${exception.expires.slice(0, 10)}: ${cleanText(exception.reason, 120)}${ticket}`;
}

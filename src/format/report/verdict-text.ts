import { cleanText } from "../../artifact/clean-text.ts";
import type { Reason, Verdict } from "../../model/policy.ts";
import { groupReasons, type Bearing, type ReasonGroup } from "./reason-groups.ts";
import { DECISION, inPlainWords, outcomeWords, shortDigest } from "./words.ts";

/** The roles that colour may play; without colour nothing is lost, each has its word and sign. */
export type TextRole = "good" | "bad" | "warn" | "dim" | "strong";

const ROLE: Readonly<Record<Bearing, TextRole>> = {
  failed: "bad",
  unchecked: "bad",
  warned: "warn",
  excepted: "warn",
  passed: "good",
};
const SIGN: Readonly<Record<Bearing, string>> = {
  failed: "✗",
  unchecked: "?",
  warned: "!",
  excepted: "~",
  passed: "✓",
};
const DECIDED: Readonly<Record<Verdict["decision"], TextRole>> = { allow: "good", warn: "warn", deny: "bad" };
/** Text of a reason is never longer, in UTF-16 units. */
const LONGEST = 600;

/**
 * A verdict for a terminal: the decision, then each reason that speaks against with expected, found and fix; what passed in
 * one line, or in full where `verbose`. Text of the input is cleaned of control characters. No line feed at the end.
 */
export function printVerdictText(
  verdict: Verdict,
  { color, verbose = false }: { color: (role: TextRole, text: string) => string; verbose?: boolean },
): string {
  const { decision, subject, station, inputs, at } = verdict;
  const role = DECIDED[decision];
  const word = color(role, DECISION[decision].word.toUpperCase());
  const policy = `${cleanText(inputs.policy.origin)} (${cleanText(shortDigest(inputs.policy.digest))})`;
  const groups = groupReasons(verdict.reasons).map((group) => printGroup(group, color, verbose));
  return [
    `${word}  ${color("strong", cleanText(subject.name))}  ${color("dim", cleanText(shortDigest(subject.digest)))}`,
    inPlainWords(verdict),
    color("dim", `${station} rules of ${policy}, as of ${cleanText(at)}`),
    ...groups.flatMap((group) => ["", group]),
  ].join("\n");
}

function printGroup({ bearing, title, reasons }: ReasonGroup, color: Color, verbose: boolean): string {
  const head = `${color(ROLE[bearing], `${SIGN[bearing]} ${title}`)} (${reasons.length})`;
  if (bearing === "passed" && !verbose) {
    const rules = [...new Set(reasons.map(({ rule }) => cleanText(rule)))];
    return `${head}: ${rules.join(", ")}`;
  }
  return [head, ...reasons.map((reason) => printReason(reason, bearing, color))].join("\n");
}

type Color = (role: TextRole, text: string) => string;

function printReason(reason: Reason, bearing: Bearing, color: Color): string {
  const field = (name: string, text: string): string =>
    `    ${color("dim", `${name}:`.padEnd(10))} ${cleanText(text, LONGEST)}`;
  const { exception } = reason;
  const more = bearing === "passed" ? "" : ` ${color("dim", `(${outcomeWords(reason)})`)}`;
  return [
    `  ${color("strong", cleanText(reason.rule))}${more}`,
    field("expected", reason.expected),
    field("found", reason.found),
    ...(reason.fix === undefined ? [] : [field("fix", reason.fix)]),
    ...(exception === undefined
      ? []
      : [field("exception", `${exception.reason}; granted by ${exception.owner}, expires ${exception.expires}`)]),
  ].join("\n");
}

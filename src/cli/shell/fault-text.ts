import type { FaultFacts } from "../../model/fault.ts";

/** The two lines of a fault on stderr: what, where, expected and found with the code, then the hint. */
export function faultText(facts: FaultFacts): string {
  const where = facts.where === undefined ? "" : `${facts.where}: `;
  const expected = facts.expected === undefined ? "" : `; expected ${facts.expected}`;
  const found = facts.found === undefined ? "" : `; found ${facts.found}`;
  const line = `waybill: ${facts.code} ${where}${facts.what}${expected}${found}`.replaceAll("\n", " ");
  return facts.fix === undefined ? line : `${line}\n  hint: ${facts.fix.replaceAll("\n", " ")}`;
}

/** CLI.md, "Exit code". */
export function exitCodeOfFault(facts: FaultFacts): 1 | 2 | 3 {
  return facts.kind === "input" ? 2 : facts.kind === "refused" ? 1 : 3;
}

import { cleanText } from "../../artifact/clean-text.ts";
import type { FaultFacts } from "../../model/fault.ts";

/** One line without what would move a terminal's cursor or turn its text round; names of files are anybody's. */
const shown = (text: string): string => cleanText(text.replaceAll("\n", " "), 4000);

/** The two lines of a fault on stderr: what, where, expected and found with the code, then the hint. */
export function faultText(facts: FaultFacts): string {
  const where = facts.where === undefined ? "" : `${facts.where}: `;
  const expected = facts.expected === undefined ? "" : `; expected ${facts.expected}`;
  const found = facts.found === undefined ? "" : `; found ${facts.found}`;
  const line = `waybill: ${facts.code} ${where}${facts.what}${expected}${found}`;
  return facts.fix === undefined ? shown(line) : `${shown(line)}\n  hint: ${shown(facts.fix)}`;
}

/** CLI.md, "Exit code". */
export function exitCodeOfFault(facts: FaultFacts): 1 | 2 | 3 {
  return facts.kind === "input" ? 2 : facts.kind === "refused" ? 1 : 3;
}

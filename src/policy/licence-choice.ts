import { matchPattern } from "../artifact/pattern.ts";

/** What lists say about an expression: `unknown` where they decide neither way. */
export type LicenceJudgement = "allowed" | "denied" | "unknown";

export interface LicenceLists {
  /** SPDX identifiers, `ID WITH EXCEPTION`, or either with `*`. */
  readonly deny: readonly string[];
  /** Where given, what is not on it is denied. */
  readonly allow?: readonly string[];
}

const MAX_TOKENS = 400;
/** GNU licences whose bare identifier means "only" (SPDX licence list, deprecated identifiers). */
const GNU_BARE = /^(?:a|l)?gpl-\d\.\d$|^gfdl-\d\.\d$/;

function normal(id: string): string {
  const lower = id.toLowerCase();
  if (lower.endsWith("+")) return `${lower.slice(0, -1)}-or-later`;
  return GNU_BARE.test(lower) ? `${lower}-only` : lower;
}

function isListed(list: readonly string[], licence: string, exception: string | undefined): boolean {
  const full = exception === undefined ? licence : `${licence} with ${exception}`;
  return list.some((entry) => {
    const [id = "", with_] = entry.split(/\s+with\s+/i);
    const pattern = with_ === undefined ? normal(id) : `${normal(id)} with ${with_.toLowerCase()}`;
    return matchPattern(pattern, full) || (with_ === undefined && matchPattern(pattern, licence));
  });
}

function judgeOne(lists: LicenceLists, licence: string, exception: string | undefined): LicenceJudgement {
  if (isListed(lists.deny, licence, exception)) return "denied";
  if (lists.allow !== undefined) return isListed(lists.allow, licence, exception) ? "allowed" : "denied";
  return licence.includes("licenseref-") ? "unknown" : "allowed";
}

const WORST: readonly LicenceJudgement[] = ["allowed", "unknown", "denied"];
function join(operator: string, a: LicenceJudgement, b: LicenceJudgement): LicenceJudgement {
  const [low, high] = WORST.indexOf(a) < WORST.indexOf(b) ? [a, b] : [b, a];
  return operator === "or" ? low : high;
}

/**
 * Judges an SPDX licence expression (SPDX 2.3, annex D) by lists: of `A OR B` one allowed licence is enough, of `A AND B` each must
 * be. A text that is no expression is `unknown`. Operators wait on a stack, so nesting costs no call stack.
 */
export function judgeLicence(expression: string, lists: LicenceLists): LicenceJudgement {
  const tokens = expression.replaceAll("(", " ( ").replaceAll(")", " ) ").trim().toLowerCase().split(/\s+/);
  if (tokens.length > MAX_TOKENS) return "unknown";
  const values: LicenceJudgement[] = [];
  const waiting: string[] = [];
  const settle = (least: number): boolean => {
    while (waiting.length > 0 && rank(waiting.at(-1) ?? "") >= least) {
      const [b, a] = [values.pop(), values.pop()];
      if (a === undefined || b === undefined) return false;
      values.push(join(waiting.pop() ?? "", a, b));
    }
    return true;
  };
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] ?? "";
    if (token === "(") waiting.push(token);
    else if (token === ")") {
      if (!settle(1) || waiting.pop() !== "(") return "unknown";
    } else if (token === "and" || token === "or") {
      if (!settle(rank(token))) return "unknown";
      waiting.push(token);
    } else if (token === "") {
      return "unknown";
    } else {
      const exception = tokens[index + 1] === "with" ? tokens[index + 2] : undefined;
      values.push(judgeOne(lists, normal(token), exception));
      if (exception !== undefined) index += 2;
    }
  }
  const [only] = settle(1) && values.length === 1 && waiting.length === 0 ? values : [];
  return only ?? "unknown";
}

/** AND binds closer than OR; an open bracket stops the settling. */
function rank(operator: string): number {
  return operator === "and" ? 2 : operator === "or" ? 1 : 0;
}

import { cleanText } from "../../artifact/clean-text.ts";
import type { MatchResult } from "../../model/advisory.ts";
import { unchecked } from "../papers.ts";
import type { Outcome } from "../rule.ts";

const SHOWN = 5;

/**
 * Components that could not be matched, as one outcome that is never silent. It warns at most: one package from a git address
 * would otherwise deny every project that uses one.
 */
export function unmatched(unknown: MatchResult["unknown"], expected: string): readonly Outcome[] {
  if (unknown.length === 0) return [];
  const named = unknown.slice(0, SHOWN).map(({ where, what }) => `${cleanText(where, 80)} (${cleanText(what, 80)})`);
  const more = unknown.length > SHOWN ? ` and ${unknown.length - SHOWN} more` : "";
  return [{ ...unchecked(expected, `not matched: ${named.join(", ")}${more}`), atMost: "warn" }];
}

import type { Verdict } from "../model/policy.ts";

/**
 * The exit code of a verdict (CLI.md, "Exit code"): 0 allowed, warnings included; 1 refused; 3 where the deny rests on
 * unchecked rules alone.
 */
export function exitCodeOf(verdict: Verdict): 0 | 1 | 3 {
  if (verdict.decision !== "deny") return 0;
  return verdict.reasons.some(({ mode, outcome }) => mode === "enforce" && outcome === "fail") ? 1 : 3;
}

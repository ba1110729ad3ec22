import { sha256 } from "../artifact/digest.ts";
import type { Mode, Policy } from "../model/policy.ts";
import type { PlacedPolicy } from "./policy-file.ts";
import type { PlacedRule, RuleFile } from "./rule.ts";
import { policyFault } from "./values.ts";

const MODES: readonly Mode[] = ["observe", "warn", "enforce"];

/** Rules that a preset brought into the project's file say nothing of the project's own wish. */
const isOwn = (rule: PlacedRule): boolean => !rule.place.file.startsWith("waybill:");

function loosens(pinned: PlacedRule, project: PlacedRule): string | undefined {
  if (MODES.indexOf(project.mode) < MODES.indexOf(pinned.mode))
    return `its mode ${project.mode} is weaker than ${pinned.mode}`;
  if (
    project.enforceFrom !== undefined &&
    (pinned.enforceFrom === undefined || project.enforceFrom > pinned.enforceFrom)
  ) {
    return "it is enforced later";
  }
  const rule: RuleFile = pinned.rule;
  const equal = rule.explain(pinned.params) === rule.explain(project.params);
  return equal || rule.atLeastAsStrict?.(pinned.params, project.params) === true
    ? undefined
    : "its parameters are not stricter";
}

/**
 * A project's policy under a pinned one: it may add rules and make rules stricter, nothing else (DESIGN, rule 3). Throws
 * `WB-POLICY-LOOSENS` with the project's file and line.
 */
export function tighten(pinned: PlacedPolicy, project: PlacedPolicy): Policy {
  const fault = (place: { readonly file: string; readonly line: number }, what: string): Error =>
    policyFault("WB-POLICY-LOOSENS", place, what, {
      expected: `nothing weaker than the pinned policy (${pinned.input.origin})`,
      fix: "remove it here, or change the pinned policy",
    });
  const [exception] = project.exceptions;
  if (exception !== undefined) throw fault(exception.place, "a project adds no exception where a policy is pinned");
  const rules = new Map(pinned.rules.map((rule) => [rule.rule.id, rule]));
  for (const rule of project.rules.filter(isOwn)) {
    const before = rules.get(rule.rule.id);
    const why = before === undefined ? undefined : loosens(before, rule);
    if (why !== undefined) throw fault(rule.place, `${rule.rule.id} loosens the pinned policy: ${why}`);
    rules.set(rule.rule.id, rule);
  }
  return {
    rules: [...rules.values()],
    exceptions: pinned.exceptions,
    trust: pinned.trust,
    input: {
      origin: `${pinned.input.origin}, tightened by ${project.input.origin}`,
      digest: sha256(`${pinned.input.digest}\n${project.input.digest}\n`),
    },
  };
}

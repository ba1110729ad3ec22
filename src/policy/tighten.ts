import { sha256 } from "../artifact/digest.ts";
import type { Mode } from "../model/policy.ts";
import { inOrder, type PlacedPolicy } from "./policy-file.ts";
import { PRESET_NAMES } from "./presets.ts";
import type { PlacedRule, RuleFile } from "./rule.ts";
import { requiredParams } from "./rules/verify.ts";
import { policyFault } from "./values.ts";

const MODES: readonly Mode[] = ["observe", "warn", "enforce"];

/** Rules that a preset brought into the project's file say nothing of the project's own wish. */
const isOwn = (rule: PlacedRule): boolean => !PRESET_NAMES.some((name) => name === rule.place.file);

/** Whether the project's parameters refuse all that the pinned ones refuse. */
function isAsStrict(rule: RuleFile, pinned: unknown, project: unknown): boolean {
  // The prose of parameters may be cut, so it decides only for rules whose prose holds them whole.
  if (rule.atLeastAsStrict === undefined) return rule.explain(pinned) === rule.explain(project);
  return rule.atLeastAsStrict(pinned, project);
}

function loosens(pinned: PlacedRule, project: PlacedRule): string | undefined {
  if (MODES.indexOf(project.mode) < MODES.indexOf(pinned.mode))
    return `its mode ${project.mode} is weaker than ${pinned.mode}`;
  // A pinned rule that only warns says nothing of when it is enforced.
  const before = pinned.mode === "enforce" ? Date.parse(pinned.enforceFrom ?? "1970-01-01T00:00:00Z") : Infinity;
  if (project.enforceFrom !== undefined && Date.parse(project.enforceFrom) > before) return "it is enforced later";
  return isAsStrict(pinned.rule, pinned.params, project.params) ? undefined : "its parameters are not stricter";
}

/**
 * A project's policy under a pinned one: it may add rules and make rules stricter, nothing else (DESIGN, rule 3). Its trust
 * entries do not count: more signers are less strict. Throws `WB-POLICY-LOOSENS` with the project's file and line for a
 * lower mode, a later date, parameters that are not at least as strict, and any exception.
 */
export function tighten(pinned: PlacedPolicy, project: PlacedPolicy): PlacedPolicy {
  const fault = (place: { readonly file: string; readonly line: number }, what: string): Error =>
    policyFault("WB-POLICY-LOOSENS", place, what, {
      expected: `nothing weaker than the pinned policy (${pinned.input.origin})`,
      fix: "remove it here, or change the pinned policy",
    });
  const [exception] = project.exceptions;
  if (exception !== undefined) throw fault(exception.place, "a project adds no exception where a policy is pinned");
  const rules = new Map(pinned.rules.map((rule) => [rule.rule.id, rule]));
  const required = requiredParams(pinned.rules);
  for (const rule of project.rules.filter(isOwn)) {
    const before = rules.get(rule.rule.id);
    // A rule that the pinned policy only requires at install has parameters there too, and takes this one's.
    const asked = required.get(rule.rule.id);
    const loose = asked !== undefined && !isAsStrict(rule.rule, asked.params, rule.params);
    const why =
      before === undefined ? (loose ? "install.verify requires it stricter" : undefined) : loosens(before, rule);
    if (why !== undefined) throw fault(rule.place, `${rule.rule.id} loosens the pinned policy: ${why}`);
    rules.set(rule.rule.id, rule);
  }
  return {
    rules: inOrder(rules),
    exceptions: pinned.exceptions,
    trust: pinned.trust,
    input: {
      origin: `${pinned.input.origin}, tightened by ${project.input.origin}`,
      digest: sha256(`${pinned.input.digest}\n${project.input.digest}\n`),
    },
  };
}

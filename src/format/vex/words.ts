import type { VexStatus } from "../../model/advisory.ts";
import type { CarryOver, CycloneDxJustification, ExactStatus, VexJustification, VexResponse } from "../../model/vex.ts";

export const STATUSES: readonly VexStatus[] = ["not_affected", "affected", "fixed", "under_investigation"];

export const JUSTIFICATIONS: readonly VexJustification[] = [
  "component_not_present",
  "vulnerable_code_not_present",
  "vulnerable_code_not_in_execute_path",
  "vulnerable_code_cannot_be_controlled_by_adversary",
  "inline_mitigations_already_exist",
];

export const CARRY_OVERS: readonly CarryOver[] = ["none", "minor", "major", "until fixed"];

export const EXACT_STATUSES: readonly ExactStatus[] = [
  "false_positive",
  "resolved_with_pedigree",
  "first_affected",
  "last_affected",
  "first_fixed",
  "unknown",
];

/**
 * Written where a form demands a text that the author did not give (OpenVEX: an action for `affected`; CSAF's profile 5: 6.1.27.9,
 * 6.1.27.10), and read as none.
 */
export const NOT_STATED = "Not stated by the author.";

/** What each justification of CycloneDX 1.7 comes to among the five of OpenVEX and CSAF, by the definitions of both. */
export const JUSTIFICATION_OF: Readonly<Record<CycloneDxJustification, VexJustification>> = {
  code_not_present: "vulnerable_code_not_present",
  code_not_reachable: "vulnerable_code_not_in_execute_path",
  requires_configuration: "vulnerable_code_cannot_be_controlled_by_adversary",
  requires_dependency: "component_not_present",
  requires_environment: "vulnerable_code_cannot_be_controlled_by_adversary",
  protected_by_compiler: "inline_mitigations_already_exist",
  protected_at_runtime: "inline_mitigations_already_exist",
  protected_at_perimeter: "inline_mitigations_already_exist",
  protected_by_mitigating_control: "inline_mitigations_already_exist",
};
export const FINER = Object.keys(JUSTIFICATION_OF) as CycloneDxJustification[];

/** The way back, for a statement that says no finer. */
export const CYCLONEDX_JUSTIFICATION: Readonly<Record<VexJustification, CycloneDxJustification>> = {
  component_not_present: "code_not_present",
  vulnerable_code_not_present: "code_not_present",
  vulnerable_code_not_in_execute_path: "code_not_reachable",
  vulnerable_code_cannot_be_controlled_by_adversary: "requires_environment",
  inline_mitigations_already_exist: "protected_by_mitigating_control",
};

/** CycloneDX `analysis.response`. What CSAF tells apart further (a plan, a patch that is optional) has no word there. */
export const RESPONSE_OF: Readonly<Record<string, VexResponse>> = {
  can_not_fix: "none_available",
  will_not_fix: "no_fix_planned",
  update: "vendor_fix",
  rollback: "rollback",
  workaround_available: "workaround",
};

export const CSAF_RESPONSES: readonly VexResponse[] = [
  "vendor_fix",
  "workaround",
  "no_fix_planned",
  "none_available",
  "fix_planned",
  "optional_patch",
];

/** One spelling for a hash algorithm, OpenVEX's: `sha-256` for CSAF's `sha256` and CycloneDX's `SHA-256`; others in lower case. */
export function hashName(written: string): string {
  const name = written.toLowerCase();
  const split = /^(sha|blake2b|blake2s)-?(256|384|512)$/u.exec(name);
  return split === null ? name.replace(/^sha-1$/u, "sha1") : `${split[1]}-${split[2]}`;
}

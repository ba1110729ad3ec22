import { cleanText } from "../artifact/clean-text.ts";
import type { FaultCode } from "../model/fault.ts";
import type { Check } from "../model/trust.ts";

/** Every check of a verification, in the order in which they are reported. */
export const CHECK_NAMES = [
  "bundle-form",
  "payload-type",
  "key-known",
  "signature",
  "key-validity",
  "statement-form",
  "subject",
  "predicate-type",
  "predicate-form",
  "scope-predicate",
  "scope-subject",
  "scope-builder",
  "scope-verifier",
  "signing-time",
] as const;

type CheckName = (typeof CHECK_NAMES)[number];

/** A check under one of the names above. */
export type NamedCheck = Check & { readonly name: CheckName };

/** What was expected and found; text of input is cleaned and bounded. */
export interface Seen {
  readonly expected?: string;
  readonly found?: string;
}

function shown({ expected, found }: Seen): Seen {
  return {
    ...(expected === undefined ? {} : { expected: cleanText(expected, 400) }),
    ...(found === undefined ? {} : { found: cleanText(found, 400) }),
  };
}

/** The check holds. */
export function verified(name: CheckName, seen: Seen = {}): NamedCheck {
  return { name, outcome: "verified", ...shown(seen) };
}

/** The check was made and does not hold. */
export function refused(name: CheckName, code: FaultCode, seen: Seen): NamedCheck {
  return { name, outcome: "refused", code, ...shown(seen) };
}

/** The check could not be made (DESIGN, rule 1): neither good nor bad. */
export function unchecked(name: CheckName, code: FaultCode, seen: Seen): NamedCheck {
  return { name, outcome: "unchecked", code, ...shown(seen) };
}

/**
 * All checks in their order; one that was not made, because an earlier one left nothing to judge, is unchecked with
 * `WB-CHECK-NOT-REACHED`.
 */
export function inOrder(made: readonly NamedCheck[]): readonly NamedCheck[] {
  return CHECK_NAMES.map(
    (name) => made.find((check) => check.name === name) ?? unchecked(name, "WB-CHECK-NOT-REACHED", {}),
  );
}

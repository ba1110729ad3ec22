import type { CsafVersion } from "./document.ts";
import type { CsafTest, TestGroup } from "./test.ts";
import { agreementTests21 } from "./tests/agreement.ts";
import { branchTests, branchTests21 } from "./tests/branches.ts";
import { dateTests21 } from "./tests/dates.ts";
import { documentTests, documentTests20, documentTests21 } from "./tests/document.ts";
import { extensionTests21 } from "./tests/extensions.ts";
import { identificationTests, identificationTests21 } from "./tests/identification.ts";
import { noteTests21 } from "./tests/notes.ts";
import { overlapTests21 } from "./tests/overlap.ts";
import { productIdTests } from "./tests/product-ids.ts";
import { productStatusTests, productStatusTests21 } from "./tests/product-status.ts";
import { profileTests, profileTests21 } from "./tests/profiles.ts";
import { registryTests, registryTests21 } from "./tests/registries.ts";
import { scoreTests, scoreTests21 } from "./tests/scores.ts";
import { sharingTests21 } from "./tests/sharing.ts";
import { ssvcTests21 } from "./tests/ssvc.ts";
import { trackingTests, trackingTests21 } from "./tests/tracking.ts";
import { vocabularyTests, vocabularyTests21 } from "./tests/vocabulary.ts";
import { vulnerabilityTests } from "./tests/vulnerabilities.ts";

/** Tests that both versions have under the same number. */
const BOTH: readonly CsafTest[] = [
  ...productIdTests,
  ...productStatusTests,
  ...scoreTests,
  ...vocabularyTests,
  ...identificationTests,
  ...trackingTests,
  ...documentTests,
  ...vulnerabilityTests,
  ...profileTests,
  ...branchTests,
  ...registryTests,
];

const ONLY_21: readonly CsafTest[] = [
  ...productStatusTests21,
  ...scoreTests21,
  ...vocabularyTests21,
  ...identificationTests21,
  ...trackingTests21,
  ...documentTests21,
  ...profileTests21,
  ...agreementTests21,
  ...branchTests21,
  ...overlapTests21,
  ...dateTests21,
  ...sharingTests21,
  ...ssvcTests21,
  ...noteTests21,
  ...extensionTests21,
  ...registryTests21,
];

/** By the numbers of the sections: 6.1.9 before 6.1.10. */
function byNumber({ id: one }: { readonly id: string }, { id: other }: { readonly id: string }): number {
  const [left, right] = [one, other].map((id) => id.split(".").map(Number));
  const index = left?.findIndex((part, at) => part !== right?.[at]) ?? -1;
  return index === -1 ? one.length - other.length : (left?.[index] ?? 0) - (right?.[index] ?? 0);
}

/** The tests of section 6 of a version, in the order of their numbers. */
export const CSAF_TESTS: Readonly<Record<CsafVersion, readonly CsafTest[]>> = {
  "2.0": [...BOTH, ...documentTests20].toSorted(byNumber),
  "2.1": [...BOTH, ...ONLY_21].toSorted(byNumber),
};

export function groupOf(id: string): TestGroup {
  if (id.startsWith("6.1.")) return "mandatory";
  return id.startsWith("6.2.") ? "recommended" : "informative";
}

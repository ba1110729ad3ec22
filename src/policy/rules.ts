import type { RuleId } from "../model/policy.ts";
import type { RuleFile } from "./rule.ts";
import { custom } from "./rules/custom.ts";
import { freshness } from "./rules/freshness.ts";
import { hermetic } from "./rules/hermetic.ts";
import { identity } from "./rules/identity.ts";
import { ingestRules } from "./rules/ingest.ts";
import { knownMalware } from "./rules/known-malware.ts";
import { licenses } from "./rules/licenses.ts";
import { manifest } from "./rules/manifest.ts";
import { provenance } from "./rules/provenance.ts";
import { reproducible } from "./rules/reproducible.ts";
import { sbom } from "./rules/sbom.ts";
import { signedBy } from "./rules/signed-by.ts";
import { verify } from "./rules/verify.ts";
import { vulnerabilities } from "./rules/vulnerabilities.ts";

/** Every rule, in the order of the stations: a new one is a file under rules/ and a line here. */
export const RULES: readonly RuleFile[] = [
  ...ingestRules,
  provenance,
  hermetic,
  reproducible,
  sbom,
  signedBy,
  manifest,
  licenses("package"),
  knownMalware("package"),
  vulnerabilities("package"),
  verify,
  identity,
  licenses("install"),
  knownMalware("install"),
  vulnerabilities("install"),
  freshness,
  custom,
] as readonly RuleFile[];

export const RULE_IDS: readonly RuleId[] = RULES.map(({ id }) => id);

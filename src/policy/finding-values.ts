import { isLeastRisk } from "../advisory/risk.ts";
import { assessSsvc, isLeastDecision } from "../advisory/ssvc.ts";
import { SETTINGS, type SsvcContext, type SsvcSetting, ssvcValue, ssvcValueNames } from "../advisory/ssvc-context.ts";
import { SSVC_DECISIONS } from "../advisory/ssvc-tables.ts";
import type { Finding, IndexIdentity, Severity } from "../model/advisory.ts";
import type { Facts } from "../model/policy.ts";
import type { CelVariables } from "./cel.ts";
import type { PlaceOf } from "./rule.ts";
import { Keys } from "./values.ts";

export const SEVERITIES: readonly Severity[] = ["none", "unknown", "low", "medium", "high", "critical"];
export const SEVERITY_WORDS = SEVERITIES.map((severity) => severity.toUpperCase());
/** Decisions of SSVC as CEL can compare them: DEFER, SCHEDULED, OUT_OF_CYCLE, IMMEDIATE. */
const DECISIONS = SSVC_DECISIONS.map((decision) => decision.toUpperCase().replaceAll("-", "_"));
export const CONSTANTS = Object.fromEntries(
  [SEVERITY_WORDS, DECISIONS].flatMap((words) => words.map((word, index) => [word, BigInt(index)])),
);
/** What an expression on a finding can ask. */
export const VARIABLES: CelVariables = {
  severity: "int",
  fixed: "bool",
  malicious: "bool",
  scope: "string",
  direct: "bool",
  kind: "string",
  statement: "string",
  cvss: "double",
  // An index need not hold the data for these: an expression that rests on what is not known is unchecked, never false.
  kev: "bool",
  epss: "double",
  risk: "double",
  ssvc: "int",
};

const NAMES = Object.keys(SETTINGS) as SsvcSetting[];

function isDirect(finding: Finding, { declared, inspected }: Facts): boolean {
  return [declared, inspected].some(
    (sbom) => sbom?.components.some(({ ref, direct }) => direct && ref === finding.component) === true,
  );
}

/** What is known of exploitation; a name is absent where the index lacks what could make it true or more. */
function exploitation(finding: Finding, ssvc: SsvcContext, database: IndexIdentity): Readonly<Record<string, unknown>> {
  const { rating, kind } = finding;
  const decided = assessSsvc(finding, ssvc, database);
  // Malicious code is not patched but thrown out, at once; what is no flaw asks for nothing.
  const decision = decided?.decision ?? (kind === "malicious" ? "immediate" : "defer");
  return {
    ...((rating.exploited !== undefined || database.exploited !== undefined) && {
      kev: rating.exploited !== undefined,
    }),
    ...((rating.epss !== undefined || database.epss !== undefined) && { epss: rating.epss?.score ?? 0 }),
    ...(!isLeastRisk(finding, database) && { risk: rating.risk }),
    ...((decided === undefined || !isLeastDecision(decided)) && { ssvc: BigInt(SSVC_DECISIONS.indexOf(decision)) }),
  };
}

/** The values of an expression's variables for one finding. */
export function findingValues(
  finding: Finding,
  facts: Facts,
  database: IndexIdentity,
  ssvc: SsvcContext,
): Readonly<Record<string, unknown>> {
  return {
    ...exploitation(finding, ssvc, database),
    severity: BigInt(SEVERITIES.indexOf(finding.severity)),
    cvss: finding.rating.cvss?.score ?? 0,
    fixed: finding.fixed.length > 0,
    malicious: finding.kind === "malicious",
    kind: finding.kind,
    statement: finding.vex?.status ?? "none",
    scope: finding.scope,
    direct: isDirect(finding, facts),
  };
}

/** Reads the `ssvc` of a rule: role, exposure, mission, safety, density. */
export function readSsvc(value: unknown, place: PlaceOf): SsvcContext {
  const settings = new Keys(value, place, "ssvc", ["role", ...NAMES]);
  const stated = NAMES.flatMap((name): (readonly [SsvcSetting, string])[] => {
    const word = settings.word(name, ssvcValueNames(name).split(", "));
    const value = word === undefined ? undefined : ssvcValue(name, word);
    return value === undefined ? [] : [[name, value]];
  });
  return { role: settings.word("role", ["deployer", "supplier"]) ?? "deployer", stated: Object.fromEntries(stated) };
}

const statedOf = ({ role, stated }: SsvcContext): string =>
  [`role ${role}`, ...NAMES.flatMap((name) => (stated[name] === undefined ? [] : [`${name} ${stated[name]}`]))].join(
    ", ",
  );

export function sameSsvc(a: SsvcContext, b: SsvcContext): boolean {
  return statedOf(a) === statedOf(b);
}

/** What is stated, as prose; nothing where nothing is. */
export function explainSsvc(context: SsvcContext): string {
  const stated = context.role === "supplier" || Object.keys(context.stated).length > 0;
  return stated ? ` (SSVC by ${statedOf(context)})` : "";
}

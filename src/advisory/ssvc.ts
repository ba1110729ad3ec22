import { parseCvss } from "../format/cvss.ts";
import type { CvssVector } from "../format/cvss-vector.ts";
import { AUTOMATABLE, type DecisionPoint, EXPLOITATION, TECHNICAL_IMPACT } from "../format/ssvc-points.ts";
import type { Finding, IndexIdentity, MatchResult, SsvcAssessment, SsvcPoint } from "../model/advisory.ts";
import { SETTINGS, type SsvcContext, type SsvcSetting } from "./ssvc-context.ts";
import {
  type DecisionTable,
  decide,
  DEPLOYER_TABLE,
  HUMAN_IMPACT_TABLE,
  PUBLIC_SAFETY_TABLE,
  SUPPLIER_TABLE,
  UTILITY_TABLE,
} from "./ssvc-tables.ts";

/** What CERT/CC advises to assume where nothing is known (SSVC, "Gathering information about …", default values). */
const ASSUMED: Readonly<Record<SsvcSetting, string>> = {
  exposure: "open",
  mission: "mef support crippled",
  safety: "marginal",
  density: "diffuse",
};

function answer<V extends string>(
  { name, key }: DecisionPoint<V>,
  value: NoInfer<V>,
  by: SsvcPoint["by"],
  why: string,
): SsvcPoint {
  return { name, key, value, by, why };
}

/** What a vector says of exploits at hand: CVSS 4 `E`, CVSS 3 and 2 `E` (exploit code maturity, exploitability). */
function maturity(vector: CvssVector | undefined): "active" | "public poc" | "none" | undefined {
  const value = vector?.metrics.get("E");
  if (vector?.version === "4.0")
    return value === "A" ? "active" : value === "P" ? "public poc" : value === "U" ? "none" : undefined;
  if (value === "U") return "none";
  return value === "P" || value === "POC" || value === "F" || value === "H" ? "public poc" : undefined;
}

/**
 * The state of exploitation as it is, never as it is foretold: EPSS is no evidence of it. KEV lists what is exploited; an
 * index without it leaves "none" an assumption.
 */
function exploitation({ rating }: Finding, vector: CvssVector | undefined, database: IndexIdentity): SsvcPoint {
  const { exploited } = rating;
  if (exploited !== undefined) {
    return answer(
      EXPLOITATION,
      "active",
      "derived",
      `CISA lists ${exploited.cve} as exploited since ${exploited.added}`,
    );
  }
  const told = maturity(vector);
  const by = `E:${vector?.metrics.get("E") ?? ""} of CVSS ${vector?.version ?? ""}`;
  if (told === "active") return answer(EXPLOITATION, told, "derived", by);
  if (rating.proof !== undefined) {
    return answer(EXPLOITATION, "public poc", "derived", `a demonstration is published: ${rating.proof}`);
  }
  if (told === "public poc") return answer(EXPLOITATION, told, "derived", by);
  if (database.exploited === undefined) {
    return answer(EXPLOITATION, "none", "assumed", "the index holds no catalog of exploited vulnerabilities");
  }
  const not = `not in CISA's catalog of ${database.exploited.date}`;
  return answer(EXPLOITATION, "none", "derived", told === undefined ? not : `${not}; ${by}`);
}

/** Metrics that stand for steps 1 to 4 of the kill chain: found and reached over the network, without luck, rights or a person. */
const AUTOMATIC: Readonly<Record<CvssVector["version"], Readonly<Record<string, string>>>> = {
  "2.0": { AV: "N", AC: "L", Au: "N" },
  "3.0": { AV: "N", AC: "L", PR: "N", UI: "N" },
  "3.1": { AV: "N", AC: "L", PR: "N", UI: "N" },
  "4.0": { AV: "N", AC: "L", AT: "N", PR: "N", UI: "N" },
};

/** CVSS 4's own `AU` is the same question (SSVC, "CVSS:Automatable vs SSVC:Automatable"); else by what an attack needs. */
function automatable(vector: CvssVector | undefined): SsvcPoint {
  if (vector === undefined) return answer(AUTOMATABLE, "yes", "assumed", "no CVSS vector says what an attack needs");
  const { version, metrics } = vector;
  const stated = version === "4.0" ? metrics.get("AU") : undefined;
  if (stated === "Y" || stated === "N") {
    return answer(AUTOMATABLE, stated === "Y" ? "yes" : "no", "derived", `AU:${stated} of CVSS 4.0`);
  }
  const needed = Object.entries(AUTOMATIC[version]);
  const against = needed.filter(([name, value]) => metrics.get(name) !== value);
  const shown = (against.length > 0 ? against : needed).map(([name]) => `${name}:${metrics.get(name) ?? ""}`);
  return answer(AUTOMATABLE, against.length > 0 ? "no" : "yes", "derived", `${shown.join(" ")} of CVSS ${version}`);
}

/**
 * SSVC, "CVSS and Technical Impact": total where confidentiality and integrity of the vulnerable system are lost whole. With
 * a changed scope in CVSS 3 the two may be those of another system, so "total" is then only assumed.
 */
function technicalImpact(vector: CvssVector | undefined): SsvcPoint {
  if (vector === undefined) return answer(TECHNICAL_IMPACT, "total", "assumed", "no CVSS vector says what is lost");
  const { version, metrics } = vector;
  const [names, most] = version === "4.0" ? [["VC", "VI"], "H"] : [["C", "I"], version === "2.0" ? "C" : "H"];
  const total = names.every((name) => metrics.get(name) === most);
  const shown = names.map((name) => `${name}:${metrics.get(name) ?? ""}`).join(" ");
  const why = `${shown} of CVSS ${version}`;
  if (total && metrics.get("S") === "C" && version !== "4.0") {
    return answer(TECHNICAL_IMPACT, "total", "assumed", `${why}, perhaps of another system (S:C)`);
  }
  return answer(TECHNICAL_IMPACT, total ? "total" : "partial", "derived", why);
}

function setting({ stated }: SsvcContext, name: SsvcSetting): SsvcPoint {
  const value = stated[name];
  return value === undefined
    ? answer(SETTINGS[name], ASSUMED[name], "assumed", `no ${name} is stated`)
    : answer(SETTINGS[name], value, "stated", `${name} as stated`);
}

/** A point that a table makes of others; it is as sure as the least sure of them. */
function combined(table: DecisionTable, ...parts: readonly SsvcPoint[]): SsvcPoint {
  const by = parts.some((part) => part.by === "assumed")
    ? "assumed"
    : parts.some((part) => part.by === "derived")
      ? "derived"
      : "stated";
  const value = decide(
    table,
    parts.map((part) => part.value),
  );
  return answer(table.outcome, value, by, parts.map((part) => `${part.name} ${part.value}`).join(", "));
}

/**
 * Decides on one finding by CERT/CC's SSVC 2: the deployer's table (Patch Application Priority 1.0.0) or the supplier's
 * (Patch Development Priority 1.0.0), with every point used, how it is known and why. Undefined for what is no flaw to be
 * patched: malicious code is thrown out, whatever the tables say, and an unmaintained package has no patch.
 */
export function assessSsvc(
  finding: Finding,
  context: SsvcContext,
  database: IndexIdentity,
): SsvcAssessment | undefined {
  if (finding.kind !== "vulnerable") return undefined;
  const read = finding.rating.cvss === undefined ? undefined : parseCvss(finding.rating.cvss.vector);
  const vector = read?.known === true ? read.value : undefined;
  const active = exploitation(finding, vector, database);
  const automatic = automatable(vector);
  const safety = setting(context, "safety");
  if (context.role === "supplier") {
    const density = setting(context, "density");
    const utility = combined(UTILITY_TABLE, automatic, density);
    const technical = technicalImpact(vector);
    const publicSafety = combined(PUBLIC_SAFETY_TABLE, safety);
    const decision = decide(SUPPLIER_TABLE, [active.value, utility.value, technical.value, publicSafety.value]);
    return {
      role: "supplier",
      decision,
      points: [active, automatic, density, utility, technical, safety, publicSafety],
    };
  }
  const exposure = setting(context, "exposure");
  const mission = setting(context, "mission");
  const human = combined(HUMAN_IMPACT_TABLE, safety, mission);
  const decision = decide(DEPLOYER_TABLE, [active.value, exposure.value, automatic.value, human.value]);
  return { role: "deployer", decision, points: [active, exposure, automatic, safety, mission, human] };
}

/** Whether a decision is but the least that it may be: no data said whether the flaw is exploited. */
export function isLeastDecision({ points }: SsvcAssessment): boolean {
  return points.some(({ key, by }) => key === EXPLOITATION.key && by === "assumed");
}

/** The same result with an SSVC decision in the rating of every flaw. */
export function withSsvc(result: MatchResult, context: SsvcContext): MatchResult {
  const findings = result.findings.map((finding) => {
    const ssvc = assessSsvc(finding, context, result.database);
    return ssvc === undefined ? finding : { ...finding, rating: { ...finding.rating, ssvc } };
  });
  return { ...result, findings };
}

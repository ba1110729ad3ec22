import { type CvssMetrics, type CvssScores, type CvssVector, isDefined, metricsOf, numbersOf } from "./cvss-vector.ts";

const IMPACT = { H: 0.56, L: 0.22, N: 0 };
const REQUIREMENT = { X: 1, H: 1.5, M: 1, L: 0.5 };
const BASE = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  PR: { N: 0.85, L: 0.62, H: 0.27 },
  UI: { N: 0.85, R: 0.62 },
  S: { U: 0, C: 1 },
  C: IMPACT,
  I: IMPACT,
  A: IMPACT,
};
/** Privileges weigh more where the scope changes. */
const PR_CHANGED: Readonly<Record<string, number>> = { N: 0.85, L: 0.68, H: 0.5 };

/** The metrics of CVSS 3.0 and 3.1 (specification 3.1, 7.4 and table 15); a modified one that is not given is the base's. */
export const CVSS3_METRICS: CvssMetrics = {
  ...metricsOf("base", BASE),
  ...metricsOf("threat", {
    E: { X: 1, H: 1, F: 0.97, P: 0.94, U: 0.91 },
    RL: { X: 1, U: 1, W: 0.97, T: 0.96, O: 0.95 },
    RC: { X: 1, C: 1, R: 0.96, U: 0.92 },
  }),
  ...metricsOf("environmental", {
    CR: REQUIREMENT,
    IR: REQUIREMENT,
    AR: REQUIREMENT,
    ...Object.fromEntries(Object.entries(BASE).map(([name, values]) => [`M${name}`, { X: 0, ...values }])),
  }),
};

/**
 * One decimal upwards. 3.1 says how (appendix A: in integers of 1/100,000); 3.0 says the smallest tenth that is not below,
 * so only what binary fractions add is taken off.
 */
function roundUp(value: number, version: CvssVector["version"]): number {
  if (version === "3.0") return Math.ceil(Number((value * 10).toFixed(8))) / 10;
  const integer = Math.round(value * 100_000);
  return integer % 10_000 === 0 ? integer / 100_000 : (Math.floor(integer / 10_000) + 1) / 10;
}

/** Exploitability and scope; `name` gives the metric to use for a base metric: itself, or its modified form. */
function reach(vector: CvssVector, name: (base: string) => string): { exploitability: number; changed: boolean } {
  const weight = numbersOf(vector, CVSS3_METRICS);
  const changed = weight(name("S")) === 1;
  const privileges = changed ? (PR_CHANGED[vector.metrics.get(name("PR")) ?? ""] ?? 0) : weight(name("PR"));
  const exploitability = 8.22 * weight(name("AV")) * weight(name("AC")) * privileges * weight(name("UI"));
  return { exploitability, changed };
}

function combine(impact: number, { exploitability, changed }: ReturnType<typeof reach>): number {
  return impact <= 0 ? 0 : Math.min((changed ? 1.08 : 1) * (impact + exploitability), 10);
}

function baseScore(vector: CvssVector): number {
  const weight = numbersOf(vector, CVSS3_METRICS);
  const reached = reach(vector, (name) => name);
  const loss = 1 - (1 - weight("C")) * (1 - weight("I")) * (1 - weight("A"));
  const impact = reached.changed ? 7.52 * (loss - 0.029) - 3.25 * (loss - 0.02) ** 15 : 6.42 * loss;
  return roundUp(combine(impact, reached), vector.version);
}

/** 7.3; the two versions differ in the impact of a changed scope. `threat` is the product of the temporal weights. */
function environmentalScore(vector: CvssVector, threat: number): number {
  const weight = numbersOf(vector, CVSS3_METRICS);
  const modified = (name: string): string => (isDefined(vector.metrics.get(`M${name}`)) ? `M${name}` : name);
  const reached = reach(vector, modified);
  const kept = (metric: string, requirement: string): number => 1 - weight(requirement) * weight(modified(metric));
  const loss = Math.min(1 - kept("C", "CR") * kept("I", "IR") * kept("A", "AR"), 0.915);
  const tail = vector.version === "3.0" ? (loss - 0.02) ** 15 : (loss * 0.9731 - 0.02) ** 13;
  const impact = reached.changed ? 7.52 * (loss - 0.029) - 3.25 * tail : 6.42 * loss;
  return roundUp(roundUp(combine(impact, reached), vector.version) * threat, vector.version);
}

/**
 * CVSS 3.0 and 3.1, section 7 (8 in 3.0). The temporal and environmental equations are defined for every vector, so both
 * scores are always given; `score` takes them only where the vector has metrics of their group.
 */
export function scoreCvss3(vector: CvssVector): CvssScores & Required<Pick<CvssScores, "threat" | "environmental">> {
  const weight = numbersOf(vector, CVSS3_METRICS);
  const factor = weight("E") * weight("RL") * weight("RC");
  const base = baseScore(vector);
  const threat = roundUp(base * factor, vector.version);
  const environmental = environmentalScore(vector, factor);
  const { groups } = vector;
  const score = groups.has("environmental") ? environmental : groups.has("threat") ? threat : base;
  return { base, threat, environmental, score };
}

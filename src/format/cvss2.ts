import { type CvssMetrics, type CvssScores, type CvssVector, metricsOf, numbersOf } from "./cvss-vector.ts";

const IMPACT = { N: 0, P: 0.275, C: 0.66 };
const REQUIREMENT = { L: 0.5, M: 1, H: 1.51, ND: 1 };

/** The metrics of CVSS 2 (A Complete Guide to the Common Vulnerability Scoring System 2.0, 2.1 to 2.3 and 3.2). */
export const CVSS2_METRICS: CvssMetrics = {
  ...metricsOf("base", {
    AV: { L: 0.395, A: 0.646, N: 1 },
    AC: { H: 0.35, M: 0.61, L: 0.71 },
    Au: { M: 0.45, S: 0.56, N: 0.704 },
    C: IMPACT,
    I: IMPACT,
    A: IMPACT,
  }),
  ...metricsOf("threat", {
    E: { U: 0.85, POC: 0.9, F: 0.95, H: 1, ND: 1 },
    RL: { OF: 0.87, TF: 0.9, W: 0.95, U: 1, ND: 1 },
    RC: { UC: 0.9, UR: 0.95, C: 1, ND: 1 },
  }),
  ...metricsOf("environmental", {
    CDP: { N: 0, L: 0.1, LM: 0.3, MH: 0.4, H: 0.5, ND: 0 },
    TD: { N: 0, L: 0.25, M: 0.75, H: 1, ND: 1 },
    CR: REQUIREMENT,
    IR: REQUIREMENT,
    AR: REQUIREMENT,
  }),
};

/** One decimal, halves upwards. What binary fractions add to an exact half (4.35 is 4.3499…) is taken off first. */
function round(value: number): number {
  return Math.round(Number((value * 10).toFixed(8))) / 10;
}

/** CVSS 2, 3.2.1 to 3.2.3. A score of a group of which the vector has no metric is absent. */
export function scoreCvss2(vector: CvssVector): CvssScores {
  const weight = numbersOf(vector, CVSS2_METRICS);
  const exploitability = 20 * weight("AV") * weight("AC") * weight("Au");
  const baseOf = (impact: number): number =>
    impact === 0 ? 0 : round((0.6 * impact + 0.4 * exploitability - 1.5) * 1.176);
  const temporalOf = (base: number): number => round(base * weight("E") * weight("RL") * weight("RC"));
  const base = baseOf(10.41 * (1 - (1 - weight("C")) * (1 - weight("I")) * (1 - weight("A"))));
  const adjusted =
    10.41 *
    (1 - (1 - weight("C") * weight("CR")) * (1 - weight("I") * weight("IR")) * (1 - weight("A") * weight("AR")));
  const threat = temporalOf(base);
  const adjustedThreat = temporalOf(baseOf(Math.min(10, adjusted)));
  // A low requirement can take more from the impact than the equations allow for: there is no score below 0.
  const environmental = Math.max(0, round((adjustedThreat + (10 - adjustedThreat) * weight("CDP")) * weight("TD")));
  const { groups } = vector;
  return {
    base,
    ...(groups.has("threat") && { threat }),
    ...(groups.has("environmental") && { environmental }),
    score: groups.has("environmental") ? environmental : groups.has("threat") ? threat : base,
  };
}

import { MACROVECTOR_SCORES } from "./cvss4-macrovectors.ts";
import { type CvssMetrics, type CvssScores, type CvssVector, isDefined, metricsOf } from "./cvss-vector.ts";

/** Values from the most to the least severe, each with its distance from the most severe in steps (specification 8.2). */
const levels = (values: string, first = 0): Readonly<Record<string, number>> =>
  Object.fromEntries([...values].map((value, index) => [value, first + index]));

const BASE = {
  AV: levels("NALP"),
  AC: levels("LH"),
  AT: levels("NP"),
  PR: levels("NLH"),
  UI: levels("NPA"),
  VC: levels("HLN"),
  VI: levels("HLN"),
  VA: levels("HLN"),
  // Subsequent systems have "safety" above "high", by modified metrics alone.
  SC: levels("HLN", 1),
  SI: levels("HLN", 1),
  SA: levels("HLN", 1),
};
const SAFETY = levels("SHLN");
/** Not defined is the worst case (specification 3.1 and 4.1). */
const REQUIREMENT = { X: 0, ...levels("HML") };
const modified = Object.fromEntries(Object.entries(BASE).map(([name, values]) => [`M${name}`, { X: 0, ...values }]));

/** The metrics of CVSS 4.0 in the order that its vectors must have (specification, table 23). */
export const CVSS4_METRICS: CvssMetrics = {
  ...metricsOf("base", BASE),
  ...metricsOf("threat", { E: { X: 0, ...levels("APU") } }),
  ...metricsOf("environmental", { CR: REQUIREMENT, IR: REQUIREMENT, AR: REQUIREMENT, ...modified }),
  ...metricsOf("environmental", { MSI: { X: 0, ...SAFETY }, MSA: { X: 0, ...SAFETY } }),
  ...metricsOf("supplemental", {
    S: { X: 0, N: 0, P: 0 },
    AU: { X: 0, N: 0, Y: 0 },
    R: { X: 0, A: 0, U: 0, I: 0 },
    V: { X: 0, D: 0, C: 0 },
    RE: { X: 0, L: 0, M: 0, H: 0 },
    U: { X: 0, Clear: 0, Green: 0, Amber: 0, Red: 0 },
  }),
};

/** The level of each metric that scores, modified metrics in the place of the base's. */
type Levels = Readonly<Record<string, number>>;

function levelsOf({ metrics }: CvssVector, baseOnly: boolean, withThreat: boolean): Levels {
  const level = (name: string): number => CVSS4_METRICS[name]?.values[metrics.get(name) ?? "X"] ?? 0;
  const used = (name: string): string => (!baseOnly && isDefined(metrics.get(`M${name}`)) ? `M${name}` : name);
  const found: Record<string, number> = { E: withThreat ? level("E") : 0 };
  for (const name of Object.keys(BASE)) found[name] = level(used(name));
  for (const name of ["CR", "IR", "AR"]) found[name] = baseOnly ? 0 : level(name);
  return found;
}

/** Levels of the equivalence sets EQ1, EQ2, EQ3 with EQ6, EQ4, EQ5 (specification, tables 24 to 30). */
interface MacroVector {
  readonly eq1: number;
  readonly eq2: number;
  readonly eq3: number;
  readonly eq4: number;
  readonly eq5: number;
  readonly eq6: number;
}

function macroVector(of: Levels): MacroVector {
  const is = (name: string, level: number): boolean => of[name] === level;
  const open = [is("AV", 0), is("PR", 0), is("UI", 0)];
  const eq1 = open.every(Boolean) ? 0 : open.some(Boolean) && !is("AV", 3) ? 1 : 2;
  const eq2 = is("AC", 0) && is("AT", 0) ? 0 : 1;
  const eq3 = is("VC", 0) && is("VI", 0) ? 0 : is("VC", 0) || is("VI", 0) || is("VA", 0) ? 1 : 2;
  const eq4 = is("SI", 0) || is("SA", 0) ? 0 : is("SC", 1) || is("SI", 1) || is("SA", 1) ? 1 : 2;
  const needed = (["VC/CR", "VI/IR", "VA/AR"] as const).some((pair) => pair.split("/").every((name) => is(name, 0)));
  return { eq1, eq2, eq3, eq4, eq5: of["E"] ?? 0, eq6: needed ? 0 : 1 };
}

function scoreOf({ eq1, eq2, eq3, eq4, eq5, eq6 }: MacroVector): number | undefined {
  const column = eq3 === 2 ? (eq6 === 1 ? 4 : -1) : eq3 * 2 + eq6;
  return eq6 > 1 ? undefined : MACROVECTOR_SCORES[`${eq1}${eq2}${eq4}`]?.[eq5]?.[column];
}

/** The score one step down in EQ3 and EQ6, which depend on each other; from 00 the higher of the two ways (8.2, 2.a). */
function lowerImpact(at: MacroVector): number | undefined {
  const down = (eq3: number, eq6: number): number | undefined => scoreOf({ ...at, eq3, eq6 });
  if (at.eq3 === 0 && at.eq6 === 0) return Math.max(down(0, 1) ?? 0, down(1, 0) ?? 0);
  if (at.eq3 === 1 && at.eq6 === 0) return down(1, 1);
  return down(at.eq3 + 1, at.eq6);
}

type Highest = readonly Readonly<Record<string, number>>[];
const highest = (names: string, ...vectors: readonly string[]): Highest =>
  vectors.map((vector) => Object.fromEntries(names.split(" ").map((name, index) => [name, Number(vector[index])])));

/** For each level of a set, its highest severity vectors, as levels of the named metrics (specification, tables 24 to 30). */
const IMPACTS = "VC VI VA CR IR AR";
const HIGHEST = {
  eq1: [highest("AV PR UI", "000"), highest("AV PR UI", "100", "010", "001"), highest("AV PR UI", "300", "111")],
  eq2: [highest("AC AT", "00"), highest("AC AT", "10", "01")],
  eq4: [highest("SC SI SA", "100"), highest("SC SI SA", "111"), highest("SC SI SA", "222")],
  impact: {
    "00": highest(IMPACTS, "000000"),
    "01": highest(IMPACTS, "001110", "000111"),
    "10": highest(IMPACTS, "100000", "010000"),
    "11": highest(IMPACTS, "101010", "100011", "010101", "011100", "110001"),
    "21": highest(IMPACTS, "111000"),
  } as Readonly<Record<string, Highest>>,
};
/** How many steps deep each level of a set is: the most that a vector can lie below the highest, and one. */
const DEPTH = {
  eq1: [1, 4, 5],
  eq2: [1, 2],
  eq4: [6, 5, 4],
  impact: { "00": 7, "01": 6, "10": 8, "11": 8, "21": 10 } as Readonly<Record<string, number>>,
};

/** Steps from the first of the highest vectors that is nowhere below this one. */
function distance(of: Levels, vectors: Highest): number {
  for (const vector of vectors) {
    const steps = Object.entries(vector).map(([name, level]) => (of[name] ?? 0) - level);
    if (steps.every((step) => step >= 0)) return steps.reduce((sum, step) => sum + step, 0);
  }
  return 0;
}

/** Specification 8.2: the macrovector's score, less the mean of how far the vector lies from it towards each next lower one. */
function interpolate(of: Levels): number {
  if (["VC", "VI", "VA"].every((name) => of[name] === 2) && ["SC", "SI", "SA"].every((name) => of[name] === 3))
    return 0;
  const at = macroVector(of);
  const value = scoreOf(at) ?? 0;
  const impact = `${at.eq3}${at.eq6}`;
  const sets: readonly (readonly [lower: number | undefined, part: number])[] = [
    [scoreOf({ ...at, eq1: at.eq1 + 1 }), distance(of, HIGHEST.eq1[at.eq1] ?? []) / (DEPTH.eq1[at.eq1] ?? 1)],
    [scoreOf({ ...at, eq2: at.eq2 + 1 }), distance(of, HIGHEST.eq2[at.eq2] ?? []) / (DEPTH.eq2[at.eq2] ?? 1)],
    [lowerImpact(at), distance(of, HIGHEST.impact[impact] ?? []) / (DEPTH.impact[impact] ?? 1)],
    [scoreOf({ ...at, eq4: at.eq4 + 1 }), distance(of, HIGHEST.eq4[at.eq4] ?? []) / (DEPTH.eq4[at.eq4] ?? 1)],
    // A level of EQ5 has one value: no vector lies below its highest.
    [scoreOf({ ...at, eq5: at.eq5 + 1 }), 0],
  ];
  const parts = sets.flatMap(([lower, part]) => (lower === undefined ? [] : [(value - lower) * part]));
  const mean = parts.length === 0 ? 0 : parts.reduce((sum, part) => sum + part, 0) / parts.length;
  // Halves upwards; what binary fractions take from an exact half is given back first.
  return Math.round(Number((Math.min(10, Math.max(0, value - mean)) * 10).toFixed(8))) / 10;
}

/**
 * CVSS 4.0, section 8. There is one score by all metrics (`score`); `base` is that of the base metrics alone (CVSS-B),
 * `threat` with the threat metric (CVSS-BT) and `environmental` with all, each where the vector has metrics of its group.
 */
export function scoreCvss4(vector: CvssVector): CvssScores {
  const [threat, environmental] = [vector.groups.has("threat"), vector.groups.has("environmental")];
  const score = interpolate(levelsOf(vector, false, true));
  const base = threat || environmental ? interpolate(levelsOf(vector, true, false)) : score;
  return {
    base,
    ...(threat && { threat: environmental ? interpolate(levelsOf(vector, true, true)) : score }),
    ...(environmental && { environmental: score }),
    score,
  };
}

import type { CvssScore } from "../model/advisory.ts";

export type CvssVersion = CvssScore["version"];

/** Groups of metrics. CVSS 2 and 3 call `threat` "temporal". */
export type CvssGroup = "base" | "threat" | "environmental" | "supplemental";

/** A metric: its group, and its values each with the number that the equations use for it. */
export interface CvssMetric {
  readonly group: CvssGroup;
  readonly values: Readonly<Record<string, number>>;
}

/** Metrics of one version in the order in which its specification writes them. */
export type CvssMetrics = Readonly<Record<string, CvssMetric>>;

/** A vector whose metrics are all known, none given twice, all of the base group there. */
export interface CvssVector {
  readonly version: CvssVersion;
  /** As it was given. */
  readonly vector: string;
  /** Value by metric, as given: also `X` and `ND`, and the supplemental metrics, which no score depends on. */
  readonly metrics: ReadonlyMap<string, string>;
  /** Groups of which a metric has a value other than "not defined". */
  readonly groups: ReadonlySet<CvssGroup>;
}

/** What a vector scores. `score` is by all metrics that it carries; 0.0 to 10.0, one decimal. */
export interface CvssScores {
  readonly base: number;
  readonly threat?: number;
  readonly environmental?: number;
  readonly score: number;
}

/** "Not defined" of CVSS 2, and of 3 and 4: the metric counts as if it were not there. */
export const isDefined = (value: string | undefined): value is string =>
  value !== undefined && value !== "X" && value !== "ND";

/** The numbers that a vector's metrics stand for; those not given count as "not defined". */
export function numbersOf({ metrics }: CvssVector, table: CvssMetrics): (name: string) => number {
  return (name) => {
    const values = table[name]?.values ?? {};
    return values[metrics.get(name) ?? ""] ?? values["X"] ?? values["ND"] ?? 0;
  };
}

/** Metrics of one group from a list of `[name, values]`. */
export function metricsOf(
  group: CvssGroup,
  metrics: Readonly<Record<string, Readonly<Record<string, number>>>>,
): CvssMetrics {
  return Object.fromEntries(Object.entries(metrics).map(([name, values]) => [name, { group, values }]));
}

import type { Severity } from "../model/advisory.ts";

type Weights = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** CVSS v3.1 specification, table 16 (7.4 Metric Values). PR is for an unchanged scope; `PR` of a changed one is below. */
const V3: Weights = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  PR: { N: 0.85, L: 0.62, H: 0.27 },
  UI: { N: 0.85, R: 0.62 },
  S: { U: 0, C: 1 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
};
const V3_PR_CHANGED: Readonly<Record<string, number>> = { N: 0.85, L: 0.68, H: 0.5 };

/** CVSS v2 guide, 3.2.1 Base Equation. */
const V2: Weights = {
  AV: { L: 0.395, A: 0.646, N: 1 },
  AC: { H: 0.35, M: 0.61, L: 0.71 },
  Au: { M: 0.45, S: 0.56, N: 0.704 },
  C: { N: 0, P: 0.275, C: 0.66 },
  I: { N: 0, P: 0.275, C: 0.66 },
  A: { N: 0, P: 0.275, C: 0.66 },
};

/**
 * The base score, 0.0 to 10.0, of a CVSS vector of version 2, 3.0 or 3.1; temporal and environmental metrics are passed
 * over. Undefined for a vector that lacks or repeats a base metric, and for version 4.0, whose table is not carried here.
 */
export function cvssBaseScore(vector: string): number | undefined {
  if (vector.length > 400) return undefined;
  if (/^CVSS:3\.[01]\//.test(vector)) {
    const metrics = readMetrics(vector.slice(9));
    return metrics && scoreV3(metrics);
  }
  if (vector.startsWith("CVSS:")) return undefined;
  const metrics = readMetrics(vector.replace(/^\((.*)\)$/, "$1"));
  return metrics && scoreV2(metrics);
}

/** The qualitative rating of a base score (CVSS v3.1 specification, section 5). */
export function severityOfScore(score: number): Severity {
  if (score === 0) return "none";
  if (score < 4) return "low";
  if (score < 7) return "medium";
  return score < 9 ? "high" : "critical";
}

function readMetrics(text: string): ReadonlyMap<string, string> | undefined {
  const metrics = new Map<string, string>();
  for (const part of text.split("/")) {
    const [name = "", value = "", ...rest] = part.split(":");
    if (rest.length > 0 || metrics.has(name)) return undefined;
    metrics.set(name, value);
  }
  return metrics;
}

/** The weight of each base metric; undefined if one is absent or has no such value. */
function weigh(metrics: ReadonlyMap<string, string>, weights: Weights): Record<string, number> | undefined {
  const found: Record<string, number> = {};
  for (const [name, values] of Object.entries(weights)) {
    const value = metrics.get(name);
    if (value === undefined || !Object.hasOwn(values, value)) return undefined;
    found[name] = values[value] ?? 0;
  }
  return found;
}

function scoreV3(metrics: ReadonlyMap<string, string>): number | undefined {
  const weights = weigh(metrics, V3);
  if (weights === undefined) return undefined;
  const { AV = 0, AC = 0, PR = 0, UI = 0, S = 0, C = 0, I = 0, A = 0 } = weights;
  const changed = S === 1;
  const base = 1 - (1 - C) * (1 - I) * (1 - A);
  const impact = changed ? 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15 : 6.42 * base;
  if (impact <= 0) return 0;
  const privileges = changed ? (V3_PR_CHANGED[metrics.get("PR") ?? ""] ?? 0) : PR;
  const exploitability = 8.22 * AV * AC * privileges * UI;
  return roundUp(Math.min((changed ? 1.08 : 1) * (impact + exploitability), 10));
}

/** CVSS v3.1 specification, appendix A: one decimal upwards, in integers so that 4.02 does not come from 4.000…1. */
function roundUp(value: number): number {
  const integer = Math.round(value * 100_000);
  return integer % 10_000 === 0 ? integer / 100_000 : (Math.floor(integer / 10_000) + 1) / 10;
}

function scoreV2(metrics: ReadonlyMap<string, string>): number | undefined {
  const weights = weigh(metrics, V2);
  if (weights === undefined) return undefined;
  const { AV = 0, AC = 0, Au = 0, C = 0, I = 0, A = 0 } = weights;
  const impact = 10.41 * (1 - (1 - C) * (1 - I) * (1 - A));
  const exploitability = 20 * AV * AC * Au;
  const factor = impact === 0 ? 0 : 1.176;
  return Math.round((0.6 * impact + 0.4 * exploitability - 1.5) * factor * 10) / 10;
}

import { cleanText } from "../artifact/clean-text.ts";
import type { CvssScore, Severity } from "../model/advisory.ts";
import type { Known } from "../model/digest.ts";
import { CVSS2_METRICS, scoreCvss2 } from "./cvss2.ts";
import { CVSS3_METRICS, scoreCvss3 } from "./cvss3.ts";
import { CVSS4_METRICS, scoreCvss4 } from "./cvss4.ts";
import { type CvssGroup, type CvssMetrics, type CvssScores, type CvssVector, isDefined } from "./cvss-vector.ts";

/** Twice the longest vector that has every metric of version 4.0. */
const MAX_LENGTH = 400;

const TABLES: Readonly<Record<CvssVector["version"], CvssMetrics>> = {
  "2.0": CVSS2_METRICS,
  "3.0": CVSS3_METRICS,
  "3.1": CVSS3_METRICS,
  "4.0": CVSS4_METRICS,
};

const no = (why: string): { readonly known: false; readonly why: string } => ({ known: false, why });

/**
 * Reads a CVSS vector of version 2.0 (bare or in the parentheses that NVD puts around it), 3.0, 3.1 or 4.0, strictly: every
 * metric and value is of the version, none is given twice, all base metrics are there; in 4.0 they are in order (its section
 * 7 demands that, the versions before do not). Or says what is wrong with it.
 */
export function parseCvss(text: string): Known<CvssVector> {
  if (text.length > MAX_LENGTH) return no(`it is longer than ${MAX_LENGTH} characters`);
  const prefix = /^CVSS:([^/]*)\//.exec(text);
  const version = prefix === null ? "2.0" : (["3.0", "3.1", "4.0"] as const).find((one) => one === prefix[1]);
  if (version === undefined)
    return no(`there is no CVSS version "${cleanText(prefix?.[1] ?? "", 20)}" with this prefix`);
  const body = prefix === null ? text.replace(/^\((.*)\)$/, "$1") : text.slice(prefix[0].length);
  const metrics = readMetrics(body, TABLES[version], version === "4.0");
  if (!metrics.known) return metrics;
  const groups = new Set<CvssGroup>();
  for (const [name, value] of metrics.value) {
    const group = TABLES[version][name]?.group;
    if (group !== undefined && isDefined(value)) groups.add(group);
  }
  return { known: true, value: { version, vector: text, metrics: metrics.value, groups } };
}

function readMetrics(text: string, table: CvssMetrics, ordered: boolean): Known<ReadonlyMap<string, string>> {
  const metrics = new Map<string, string>();
  const order = Object.keys(table);
  let last = -1;
  for (const part of text.split("/")) {
    const [, name = "", value = ""] = /^([A-Za-z]+):([A-Za-z]+)$/.exec(part) ?? [];
    if (name === "") return no(`"${cleanText(part, 20)}" is not a metric with its value`);
    if (!Object.hasOwn(table, name)) return no(`there is no metric ${name}`);
    if (!Object.hasOwn(table[name]?.values ?? {}, value)) return no(`${name} has no value ${cleanText(value, 20)}`);
    if (metrics.has(name)) return no(`${name} is given twice`);
    const place = order.indexOf(name);
    if (ordered && place < last) return no(`${name} stands after ${order[last]}`);
    last = place;
    metrics.set(name, value);
  }
  const absent = order.filter((name) => table[name]?.group === "base" && !metrics.has(name));
  return absent.length > 0 ? no(`${absent.join(", ")} must be given`) : { known: true, value: metrics };
}

/** Scores a vector by the equations of its version. */
export function scoreCvss(vector: CvssVector): CvssScores {
  if (vector.version === "2.0") return scoreCvss2(vector);
  return vector.version === "4.0" ? scoreCvss4(vector) : scoreCvss3(vector);
}

/** Which groups the score of a vector rests on (CVSS 4.0, 1.3): CVSS-B, CVSS-BT, CVSS-BE or CVSS-BTE. */
export function cvssNomenclature({ groups }: CvssVector): "CVSS-B" | "CVSS-BT" | "CVSS-BE" | "CVSS-BTE" {
  return `CVSS-B${groups.has("threat") ? "T" : ""}${groups.has("environmental") ? "E" : ""}`;
}

/**
 * The word for a score, 0.0 to 10.0: the qualitative ratings of CVSS 3.1 (section 5) and 4.0 (section 6). CVSS 2 itself has
 * none; NVD's three bands for it know no "critical" and no "none".
 */
export function cvssSeverity(score: number, version: CvssVector["version"]): Severity {
  if (version === "2.0") return score < 4 ? "low" : score < 7 ? "medium" : "high";
  if (score === 0) return "none";
  if (score < 4) return "low";
  if (score < 7) return "medium";
  return score < 9 ? "high" : "critical";
}

/** A vector with its score by all metrics that it carries; undefined for what is no vector. */
export function rateCvss(text: string): CvssScore | undefined {
  const read = parseCvss(text);
  if (!read.known) return undefined;
  const { version, vector } = read.value;
  const { score } = scoreCvss(read.value);
  return { version, vector, score, severity: cvssSeverity(score, version) };
}

/** Records give a few vectors; one that gives a million is judged by the first of them. */
const MAX_VECTORS = 1_000;

/**
 * The one score of several vectors: the newest version counts, for each version was made because the one before misjudged;
 * of several vectors of that version the worst, and of equal ones the first in order. Undefined where none is a vector.
 */
export function worstOfNewest(vectors: readonly string[]): CvssScore | undefined {
  return vectors
    .slice(0, MAX_VECTORS)
    .flatMap((vector) => rateCvss(vector) ?? [])
    .reduce<CvssScore | undefined>((best, one) => (best === undefined || outranks(one, best) ? one : best), undefined);
}

function outranks(one: CvssScore, best: CvssScore): boolean {
  if (one.version !== best.version) return one.version > best.version;
  return one.score === best.score ? one.vector < best.vector : one.score > best.score;
}

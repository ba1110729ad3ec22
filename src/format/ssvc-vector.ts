import { cleanText } from "../artifact/clean-text.ts";
import type { SsvcAssessment } from "../model/advisory.ts";
import type { Known, Timestamp } from "../model/digest.ts";
import {
  AUTOMATABLE,
  DECISION,
  type DecisionPoint,
  EXPLOITATION,
  EXPOSURE,
  HUMAN_IMPACT,
  MISSION_IMPACT,
  PUBLIC_SAFETY,
  SAFETY_IMPACT,
  TECHNICAL_IMPACT,
  UTILITY,
  VALUE_DENSITY,
} from "./ssvc-points.ts";

const MAX_LENGTH = 400;

/** All points by key; the keys are those of the decision points' versions, so that a vector reads without its tree. */
const POINTS: Readonly<Record<string, DecisionPoint>> = Object.fromEntries(
  [
    EXPLOITATION,
    EXPOSURE,
    AUTOMATABLE,
    TECHNICAL_IMPACT,
    VALUE_DENSITY,
    MISSION_IMPACT,
    SAFETY_IMPACT,
    HUMAN_IMPACT,
    UTILITY,
    PUBLIC_SAFETY,
    DECISION,
  ].map((point): [string, DecisionPoint] => [point.key, point]),
);

/** `SSVCv2/E:A/EXP:O/…/DSOI:I/2026-11-24T00:00:00Z/`: the points, the decision, and the time up to which the data is known. */
export function printSsvcVector({ points, decision }: SsvcAssessment, at: Timestamp): string {
  const pairs = points.map(({ key, value }) => `${key}:${POINTS[key]?.values[value] ?? ""}`);
  return `SSVCv2/${[...pairs, `${DECISION.key}:${DECISION.values[decision]}`, at].join("/")}/`;
}

/** What an SSVC vector says: the value of each point by its key. Or why it is none. */
export function parseSsvcVector(
  text: string,
): Known<{ readonly values: ReadonlyMap<string, string>; readonly at: string }> {
  const no = (why: string): { known: false; why: string } => ({ known: false, why });
  if (text.length > MAX_LENGTH) return no(`it is longer than ${MAX_LENGTH} characters`);
  const parts = /^SSVCv2\/(.*)\/$/.exec(text)?.[1]?.split("/");
  if (parts === undefined) return no("it does not begin with SSVCv2/ and end with /");
  const at = parts.pop() ?? "";
  // Days, RFC 3339 times and the seconds of older calculators stand there.
  if (!/^(?:\d{1,12}|\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)?)$/.test(at))
    return no(`"${cleanText(at, 40)}" is no time`);
  const values = new Map<string, string>();
  for (const part of parts) {
    const [key = "", letter = ""] = part.split(":");
    const point = Object.hasOwn(POINTS, key) ? POINTS[key] : undefined;
    if (point === undefined) return no(`"${cleanText(key, 20)}" is no decision point that is known here`);
    const value = Object.keys(point.values).find((one) => point.values[one] === letter);
    if (value === undefined || part.split(":").length !== 2)
      return no(`${point.name} has no value "${cleanText(part, 20)}"`);
    if (values.has(key)) return no(`${point.name} is given twice`);
    values.set(key, value);
  }
  return { known: true, value: { values, at } };
}

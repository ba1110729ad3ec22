import { cvssSeverity } from "../cvss.ts";
import { CVSS_METRICS, readVector } from "./cvss-metrics.ts";
import type { Node } from "./node.ts";
import { problem, type TestProblem } from "./test.ts";

/** The JSON forms of CVSS (FIRST, cvss-v2.0.json, cvss-v3.0.json, cvss-v3.1.json and cvss-v4.0.json of 2026-02-26). */

const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  cvss_v2: ["2.0"],
  cvss_v3: ["3.0", "3.1"],
  cvss_v4: ["4.0"],
};
const SCORES: Readonly<Record<string, readonly string[]>> = {
  cvss_v2: ["baseScore", "temporalScore", "environmentalScore"],
  cvss_v3: ["baseScore", "temporalScore", "environmentalScore"],
  // 4.0 has one score, whatever metrics it rests on.
  cvss_v4: ["baseScore"],
};
const SEVERITIES = ["NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"];

/** The members that a CVSS object may have. */
export function cvssMembers(kind: string): readonly string[] {
  const scores = SCORES[kind] ?? [];
  const words = kind === "cvss_v2" ? [] : scores.map((name) => name.replace("Score", "Severity"));
  const metrics = CVSS_METRICS[kind] ?? [];
  return ["version", "vectorString", ...metrics.map(({ property }) => property), ...scores, ...words];
}

function checkVector(cvss: Node, version: string): readonly TestProblem[] {
  const node = cvss.at("vectorString");
  if (node.text === undefined) return [problem(node, "vectorString is missing")];
  const read = readVector(cvss.key, version, node.text);
  if (read === undefined) return [problem(node, `the vector is none of CVSS ${version}`)];
  if (cvss.key !== "cvss_v4") return [];
  // Only 4.0 fixes the order, and its form demands the base metrics.
  const order = (CVSS_METRICS[cvss.key] ?? []).map(({ name }) => name);
  const places = [...read.metrics.keys()].map((name) => order.indexOf(name));
  const ascending = places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
  const whole = (CVSS_METRICS[cvss.key] ?? []).every(({ base, name }) => !base || read.metrics.has(name));
  if (ascending && whole && read.repeated === undefined) return [];
  return [problem(node, "the vector lacks a base metric, or has its metrics in another order than CVSS 4.0")];
}

function checkScore(node: Node): readonly TestProblem[] {
  const { value } = node;
  if (value === undefined) return [];
  return typeof value === "number" && value >= 0 && value <= 10
    ? []
    : [problem(node, `${node.key} is no number from 0 to 10`)];
}

/** What is not of the form of its version. The object's name (`cvss_v3`) says which versions it may have. */
export function checkCvss(cvss: Node): readonly TestProblem[] {
  if (cvss.object === undefined) return [problem(cvss, "a CVSS object is due here")];
  const found: TestProblem[] = [];
  const version = cvss.at("version");
  const versions = VERSIONS[cvss.key] ?? [];
  if (version.text === undefined || !versions.includes(version.text)) {
    found.push(
      problem(version, `version is ${version.exists ? "not" : "missing, and due as"} ${versions.join(" or ")}`),
    );
  }
  found.push(...checkVector(cvss, version.text ?? versions.at(-1) ?? ""));
  const scores = SCORES[cvss.key] ?? [];
  if (!cvss.has("baseScore")) found.push(problem(cvss.at("baseScore"), "baseScore is missing"));
  found.push(...scores.flatMap((name) => checkScore(cvss.at(name))));
  if (cvss.key !== "cvss_v2") {
    if (!cvss.has("baseSeverity")) found.push(problem(cvss.at("baseSeverity"), "baseSeverity is missing"));
    found.push(...scores.flatMap((name) => checkSeverity(cvss, name)));
  }
  for (const { property, words } of CVSS_METRICS[cvss.key] ?? []) {
    const node = cvss.at(property);
    const allowed = [...words.values()];
    if (node.exists && !allowed.includes(node.text ?? "")) {
      found.push(problem(node, `${property} is none of ${allowed.join(", ")}`));
    }
  }
  if (cvss.key === "cvss_v4") {
    const members = cvssMembers(cvss.key);
    const unknown = cvss.members().filter(({ key }) => !members.includes(key));
    found.push(...unknown.map((node) => problem(node, `CVSS 4.0 has no member ${node.key}`)));
  }
  return found;
}

function checkSeverity(cvss: Node, score: string): readonly TestProblem[] {
  const node = cvss.at(score.replace("Score", "Severity"));
  if (!node.exists) return [];
  if (!SEVERITIES.includes(node.text ?? "")) {
    return [problem(node, `${node.key} is none of ${SEVERITIES.join(", ")}`)];
  }
  // The form of 4.0 binds the word to the score; for those before, 6.1.9 does.
  const { value } = cvss.at(score);
  const wrong =
    cvss.key === "cvss_v4" && typeof value === "number" && cvssSeverity(value, "4.0").toUpperCase() !== node.text;
  return wrong ? [problem(node, `${node.key} is ${node.text ?? ""}, which is not the word for ${value}`)] : [];
}

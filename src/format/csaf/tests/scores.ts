import { cvssSeverity, parseCvss, scoreCvss } from "../../cvss.ts";
import { type CsafFacts, inStatus, type Metric, type Vulnerability } from "../facts.ts";
import { CVSS_METRICS, readVector } from "../cvss-metrics.ts";
import { checkCvss } from "../cvss-form.ts";
import type { Node } from "../node.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";
import { canonicalUrls } from "./document.ts";

/** CVSS and qualitative ratings: `scores` in 2.0, `metrics` in 2.1. */

const eachCvss =
  (run: (cvss: Node, metric: Metric) => readonly TestProblem[]): CsafTest["run"] =>
  (facts) =>
    facts.metrics().flatMap((metric) => metric.cvss.flatMap((cvss) => run(cvss, metric)));

const eachMetric =
  (run: (metric: Metric, facts: CsafFacts) => readonly TestProblem[]): CsafTest["run"] =>
  (facts) =>
    facts.metrics().flatMap((metric) => run(metric, facts));

/** The version that an object claims; versions that CSAF does not know count too. */
const versionOf = (cvss: Node): string => cvss.at("version").text ?? cvss.key;

function sameVersionTwice({ metrics }: Vulnerability): readonly TestProblem[] {
  const seen = new Set<string>();
  return metrics.flatMap(({ cvss, products, source }) =>
    cvss.flatMap((object) =>
      products.flatMap((product) => {
        const key = JSON.stringify([product.text, versionOf(object), source ?? ""]);
        if (!seen.has(key)) {
          seen.add(key);
          return [];
        }
        return [problem(object, `the product ${product.text ?? ""} has a score of CVSS ${versionOf(object)} before`)];
      }),
    ),
  );
}

/** Properties whose words are not those of the vector. A metric that the vector does not have contradicts nothing. */
function contradicting(cvss: Node): readonly TestProblem[] {
  const vector = readVector(cvss.key, versionOf(cvss), cvss.at("vectorString").text ?? "");
  if (vector === undefined) return [];
  return (CVSS_METRICS[cvss.key] ?? []).flatMap(({ name, property, words }) => {
    const said = cvss.at(property);
    const word = words.get(vector.metrics.get(name) ?? "");
    if (said.text === undefined || word === undefined || said.text === word) return [];
    return [problem(said, `${property} is ${said.text}, and ${word} in the vector`)];
  });
}

/** The scores and words that the vector does not give: it takes precedence (6.1.9). */
function miscalculated(cvss: Node): readonly TestProblem[] {
  const vector = cvss.at("vectorString");
  const read = parseCvss(vector.text ?? "");
  // What is no vector at all is told by 6.1.8; one that lacks a base metric is of its form, and has no score.
  if (!read.known) {
    return readVector(cvss.key, versionOf(cvss), vector.text ?? "") === undefined
      ? []
      : [problem(vector, `the vector has no score: ${read.why}`)];
  }
  const { version } = read.value;
  const { base, threat = base, environmental = threat, score } = scoreCvss(read.value);
  const due: readonly (readonly [name: string, score: number])[] =
    version === "4.0"
      ? [["base", score]]
      : [
          ["base", base],
          ["temporal", threat],
          ["environmental", environmental],
        ];
  return due.flatMap(([name, number]) => {
    const [given, word] = [cvss.at(`${name}Score`), cvss.at(`${name}Severity`)];
    const severity = cvssSeverity(number, version).toUpperCase();
    return [
      ...(typeof given.value === "number" && given.value !== number
        ? [problem(given, `${given.key} is ${given.value}, and ${number} by the vector`)]
        : []),
      ...(version !== "2.0" && word.text !== undefined && word.text !== severity
        ? [problem(word, `${word.key} is ${word.text}, and ${severity} by the vector`)]
        : []),
    ];
  });
}

function ratedAndScored({ metrics }: Vulnerability): readonly TestProblem[] {
  const key = (product: Node, { source }: Metric): string => JSON.stringify([product.text, source ?? ""]);
  const scored = new Set(
    metrics.flatMap((metric) => (metric.cvss.length > 0 ? metric.products.map((each) => key(each, metric)) : [])),
  );
  return metrics.flatMap((metric) => {
    const rating = metric.content.at("qualitative_severity_rating");
    if (!rating.exists) return [];
    return metric.products
      .filter((product) => scored.has(key(product, metric)))
      .map((product) => problem(rating, `the product ${product.text ?? ""} has a CVSS score of the same source`));
  });
}

/** The metrics that bring a score to 0: all of them with this value, in the vector or beside it (6.2.19). */
const NO_IMPACT: Readonly<Record<string, readonly string[]>> = {
  cvss_v2: ["TD"],
  cvss_v3: ["MC", "MI", "MA"],
  cvss_v4: ["MVC", "MVI", "MVA", "MSC", "MSI", "MSA"],
};

function hasNoImpact(cvss: Node): boolean {
  if (cvss.at("environmentalScore").value === 0 || cvss.at("baseScore").value === 0) return true;
  const vector = readVector(cvss.key, versionOf(cvss), cvss.at("vectorString").text ?? "")?.metrics;
  return (NO_IMPACT[cvss.key] ?? []).every((name) => {
    const metric = CVSS_METRICS[cvss.key]?.find((one) => one.name === name);
    if (metric === undefined) return false;
    const given = vector?.get(name);
    return given === undefined || given === "X" || given === "ND"
      ? cvss.at(metric.property).text === metric.words.get("N")
      : given === "N";
  });
}

function scoredThoughFixed({ node, metrics }: Vulnerability): readonly TestProblem[] {
  const fixed = new Set(inStatus(node, "fixed").map(({ text }) => text));
  return metrics.flatMap(({ cvss, products }) => {
    if (!products.some(({ text }) => text !== undefined && fixed.has(text))) return [];
    return cvss
      .filter((object) => !hasNoImpact(object))
      .map((object) => problem(object, "the score of a product that is fixed is above 0"));
  });
}

/** Affected products that no metric of a kind is about. */
function unscored(
  { node, metrics }: Vulnerability,
  counts: (metric: Metric) => boolean,
  what: string,
): readonly TestProblem[] {
  const scored = new Set(metrics.filter(counts).flatMap(({ products }) => products.map(({ text }) => text)));
  return inStatus(node, "affected")
    .filter(({ text }) => !scored.has(text))
    .map((place) => problem(place, `the affected product ${place.text ?? ""} has no ${what}`));
}

/** Whether the document is about this metric's products with CVSS 2 alone. */
function onlyCvss2({ metrics }: Vulnerability, facts: CsafFacts): readonly TestProblem[] {
  const others = new Set(
    metrics
      .filter(({ content }) => Object.keys(content.object ?? {}).some((name) => OTHER_SYSTEMS.includes(name)))
      .flatMap(({ products }) => products.map(({ text }) => text)),
  );
  facts.spend(metrics.length);
  return metrics.flatMap(({ content, products }) => {
    const cvss = content.at("cvss_v2");
    if (!cvss.exists || products.every(({ text }) => others.has(text))) return [];
    return [problem(cvss, "CVSS 2 is the only score of a product")];
  });
}
const OTHER_SYSTEMS = ["cvss_v3", "cvss_v4", "ssvc_v2"];

const perVulnerability =
  (run: (vulnerability: Vulnerability, facts: CsafFacts) => readonly TestProblem[]): CsafTest["run"] =>
  (facts) =>
    facts.vulnerabilities().flatMap((vulnerability) => run(vulnerability, facts));

export const scoreTests: readonly CsafTest[] = [
  { id: "6.1.7", title: "Multiple Scores with Same Version per Product", run: perVulnerability(sameVersionTwice) },
  { id: "6.1.8", title: "Invalid CVSS", run: eachCvss(checkCvss) },
  { id: "6.1.9", title: "Invalid CVSS Computation", run: eachCvss(miscalculated) },
  { id: "6.1.10", title: "Inconsistent CVSS", run: eachCvss(contradicting) },
  {
    id: "6.2.3",
    title: "Missing Score or Metric",
    run: perVulnerability((vulnerability) => unscored(vulnerability, () => true, "score")),
  },
  { id: "6.2.19", title: "CVSS for Fixed Products", run: perVulnerability(scoredThoughFixed) },
  { id: "6.3.1", title: "Use of CVSS v2 as the Only Scoring System", run: perVulnerability(onlyCvss2) },
  {
    id: "6.3.2",
    title: "Use of CVSS v3.0",
    run: eachCvss((cvss) =>
      cvss.at("version").text === "3.0" ? [problem(cvss.at("version"), "CVSS 3.1 has replaced CVSS 3.0")] : [],
    ),
  },
];

export const scoreTests21: readonly CsafTest[] = [
  { id: "6.1.56", title: "Use of CVSS and Qualitative Severity Rating", run: perVulnerability(ratedAndScored) },
  {
    id: "6.2.47",
    title: "Use of Qualitative Severity Rating by Issuing Party",
    run: (facts) => {
      const own = canonicalUrls(facts);
      return facts
        .metrics()
        .filter(({ content, source }) => {
          const issuer = source === undefined || own.includes(source);
          return issuer && content.has("qualitative_severity_rating");
        })
        .map(({ content }) =>
          problem(content.at("qualitative_severity_rating"), "the issuing party rates by a word instead of a score"),
        );
    },
  },
  {
    id: "6.3.12",
    title: "Missing CVSS v4.0",
    run: perVulnerability((vulnerability) => [
      ...vulnerability.metrics
        .filter(({ cvss, content }) => cvss.length > 0 && !content.has("cvss_v4"))
        .map(({ content }) => problem(content, "there is no score of CVSS 4.0")),
      ...unscored(vulnerability, ({ cvss }) => cvss.length > 0, "CVSS score"),
    ]),
  },
  {
    id: "6.3.18",
    title: "Use of Qualitative Severity Rating",
    run: eachMetric(({ content }) => {
      const rating = content.at("qualitative_severity_rating");
      return rating.exists ? [problem(rating, "a word says nothing of what it rests on; a score does")] : [];
    }),
  },
];

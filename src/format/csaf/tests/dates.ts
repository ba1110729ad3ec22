import type { CsafFacts, Vulnerability } from "../facts.ts";
import type { Node } from "../node.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";
import { compareInstants, type Instant, latest, parseInstant } from "../time.ts";
import { newestRevision } from "./tracking.ts";

/** Dates of 2.1: their form, and which cannot be later than which. */

/** Members of type string and format date-time, wherever they stand. */
const DATES = new Set(
  `current_release_date date disclosure_date discovery_date exploitation_date initial_release_date release_date
   timestamp`.split(/\s+/),
);

/** RFC 3339 as section 2.3 narrows it: T and Z in upper case, no leap second. */
const STRICT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** What is in an extension has the form of its own schema. */
function malformed(facts: CsafFacts): readonly TestProblem[] {
  const found: TestProblem[] = [];
  facts.root.eachObject((node) => {
    for (const [name, value] of Object.entries(node.object ?? {})) {
      if (typeof value !== "string" || !DATES.has(name) || isDate(value)) continue;
      found.push(problem(node.at(name), `${name} is no date-time, as 2026-01-31T12:00:00Z`));
    }
  }, "x_extensions");
  return found;
}

const isDate = (text: string): boolean => STRICT.test(text) && parseInstant(text) !== undefined;

const later = (node: Node, than: Instant | undefined): boolean => {
  const time = parseInstant(node.text);
  return time !== undefined && than !== undefined && compareInstants(time, than) > 0;
};

const disclosures = (facts: CsafFacts): readonly Node[] =>
  facts.vulnerabilities().map(({ node }) => node.at("disclosure_date"));

/** Times that are later than the newest revision of a document that is published. */
function afterRevision(
  times: (facts: CsafFacts) => readonly Node[],
  applies: (facts: CsafFacts) => boolean = () => true,
): CsafTest["run"] {
  return (facts) => {
    if (!facts.released || !applies(facts)) return [];
    const newest = newestRevision(facts);
    return times(facts)
      .filter((node) => later(node, newest))
      .map((node) => problem(node, `${node.key} is later than the newest revision`));
  };
}

const timestamps =
  (metric: string) =>
  (facts: CsafFacts): readonly Node[] =>
    facts.metrics().map(({ content }) => content.at(metric, "timestamp"));

const exploitations = (facts: CsafFacts): readonly Node[] =>
  facts.vulnerabilities().flatMap(({ node }) => node.at("first_known_exploitation_dates").items());

const FIFTEEN_DAYS = 15 * 24 * 3600;

function oldEpss(facts: CsafFacts, { metrics }: Vulnerability): readonly TestProblem[] {
  const newest = newestRevision(facts);
  const nodes = metrics.map(({ content }) => content.at("epss", "timestamp"));
  const youngest = latest(nodes.flatMap(({ text }) => parseInstant(text) ?? []));
  if (newest === undefined || youngest === undefined) return [];
  const limit = { ...youngest, seconds: youngest.seconds + FIFTEEN_DAYS };
  if (compareInstants(limit, newest) >= 0) return [];
  const node = nodes.find(({ text }) => {
    const time = parseInstant(text);
    return time !== undefined && compareInstants(time, youngest) === 0;
  });
  return node === undefined
    ? []
    : [problem(node, "the youngest EPSS is more than 15 days older than the newest revision")];
}

export const dateTests21: readonly CsafTest[] = [
  {
    id: "6.1.37",
    title: "Date and Time",
    run: malformed,
  },
  {
    id: "6.1.45",
    title: "Inconsistent Disclosure Date",
    run: afterRevision(disclosures, ({ tlp }) => tlp === "CLEAR"),
  },
  { id: "6.1.49", title: "Inconsistent SSVC Timestamp", run: afterRevision(timestamps("ssvc_v2")) },
  { id: "6.1.51", title: "Inconsistent EPSS Timestamp", run: afterRevision(timestamps("epss")) },
  {
    id: "6.1.52",
    title: "Inconsistent First Known Exploitation Dates",
    run: afterRevision((facts) =>
      exploitations(facts).flatMap((item) => [item.at("date"), item.at("exploitation_date")]),
    ),
  },
  {
    id: "6.1.53",
    title: "Inconsistent Exploitation Date",
    run: (facts) =>
      exploitations(facts)
        .filter((item) => later(item.at("exploitation_date"), parseInstant(item.at("date").text)))
        .map((item) => problem(item.at("exploitation_date"), "the exploitation is later than its record")),
  },
  {
    id: "6.2.33",
    title: "Disclosure Date Newer than Revision History",
    needs: "now",
    run: (facts, { now }) => {
      const newest = newestRevision(facts);
      const present = parseInstant(now?.toISOString());
      return disclosures(facts)
        .filter((node) => !later(node, present) && later(node, newest))
        .map((node) => problem(node, "the disclosure is past, and later than the newest revision"));
    },
  },
  {
    id: "6.2.41",
    title: "Old EPSS Timestamp",
    run: (facts) => (facts.released ? facts.vulnerabilities().flatMap((each) => oldEpss(facts, each)) : []),
  },
];

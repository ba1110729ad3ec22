import type { CsafFacts } from "../facts.ts";
import type { Node } from "../node.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";
import { compareInstants, type Instant, latest, parseInstant } from "../time.ts";
import { compareVersions, type DocumentVersion, isInitial, parseVersion } from "../version.ts";

/** Revision history, version and status of the document. */

interface Revision {
  readonly node: Node;
  readonly time: Instant;
  readonly date: string;
  readonly version: DocumentVersion;
}

/** Most versions that are named one by one as missing. */
const MAX_MISSING = 100;

/** Items with a time and a version, by time and then by version (6.1.14). */
function sortedRevisions(facts: CsafFacts): readonly Revision[] {
  return facts
    .revisions()
    .flatMap((node) => {
      const date = node.at("date").text ?? "";
      const time = parseInstant(date);
      const version = parseVersion(node.at("number").text);
      return time === undefined || version === undefined ? [] : [{ node, time, date, version }];
    })
    .toSorted((a, b) => compareInstants(a.time, b.time) || compareVersions(a.version, b.version));
}

/** The time of the newest revision. */
export function newestRevision(facts: CsafFacts): Instant | undefined {
  return latest(times(facts));
}

function times(facts: CsafFacts): readonly Instant[] {
  return facts.revisions().flatMap((node) => parseInstant(node.at("date").text) ?? []);
}

const history = (facts: CsafFacts): Node => facts.tracking.at("revision_history");
const number = (node: Node): Node => node.at("number");
const versionOf = (facts: CsafFacts): DocumentVersion | undefined => parseVersion(facts.tracking.at("version").text);

function unsorted(facts: CsafFacts): readonly TestProblem[] {
  const sorted = sortedRevisions(facts);
  const late = sorted.find(({ version }, index) => {
    const before = sorted[index - 1];
    return before !== undefined && compareVersions(before.version, version) > 0;
  });
  if (late === undefined) return [];
  return [
    problem(history(facts), `versions do not ascend with the dates: ${late.version.text} of ${late.date} is too late`),
  ];
}

function notLatest(facts: CsafFacts): readonly TestProblem[] {
  const last = sortedRevisions(facts).at(-1)?.version;
  const version = versionOf(facts);
  if (last === undefined || version === undefined) return [];
  const draft = facts.status === "draft";
  const bare = (one: DocumentVersion): DocumentVersion => (draft ? { ...one, pre: undefined } : one);
  if (compareVersions(bare(last), bare(version)) === 0) return [];
  return [
    problem(facts.tracking.at("version"), `the version is ${version.text}, and the newest revision ${last.text}`),
  ];
}

/** Gaps in the (major) versions as they were published; what stands later in the list is told as misplaced. */
function missingRevisions(facts: CsafFacts): readonly TestProblem[] {
  const sorted = sortedRevisions(facts);
  const [first] = sorted;
  if (first === undefined) return [];
  const there = new Set(sorted.map(({ version }) => version.major));
  const found: TestProblem[] = [];
  const tell = (message: string): number => found.push(problem(history(facts), message));
  if (first.version.major > 1n) tell(`the history begins with ${first.version.text}, not with 0 or 1`);
  let highest = first.version.major > 1n ? 0n : first.version.major;
  let since: string | undefined = first.version.major > 1n ? undefined : first.date;
  for (const { version, date } of sorted) {
    for (let missing = highest + 1n; missing < version.major; missing += 1n) {
      if (found.length >= MAX_MISSING) {
        tell(`and ${version.major - missing} more versions before ${version.text} are missing`);
        break;
      }
      const text = version.semantic ? `${missing}.0.0` : String(missing);
      const place = since === undefined ? `before ${date}` : `between ${since} and ${date}`;
      tell(there.has(missing) ? `the version ${text} is missing ${place}` : `the version ${text} is missing at all`);
    }
    if (version.major <= highest && since !== undefined) continue;
    highest = version.major;
    since = date;
  }
  return found;
}

function repeatedVersions(facts: CsafFacts): readonly TestProblem[] {
  const seen = new Set<string>();
  return facts.revisions().flatMap((node) => {
    const version = parseVersion(number(node).text);
    if (version === undefined) return [];
    // Build metadata does not tell versions apart (Semantic Versioning, section 10).
    const key = version.text.replace(/\+.*/, "");
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [problem(number(node), `the version ${version.text} is in the history before`)];
  });
}

function mixedVersions(facts: CsafFacts): readonly TestProblem[] {
  const nodes = [...facts.revisions().map(number), facts.tracking.at("version")];
  const kinds = nodes.map((node) => parseVersion(node.text)?.semantic);
  if (!kinds.includes(true) || !kinds.includes(false)) return [];
  const found: TestProblem[] = [];
  const [first] = kinds;
  if (kinds.slice(0, -1).some((kind) => kind !== undefined && kind !== first)) {
    found.push(problem(history(facts), "integer and semantic versioning are mixed"));
  }
  if (kinds.at(-1) !== kinds.at(-2)) {
    found.push(problem(facts.tracking.at("version"), "the versioning is another one than that of the last revision"));
  }
  return found;
}

const everyRevision =
  (wrong: (version: DocumentVersion, facts: CsafFacts) => string | undefined): CsafTest["run"] =>
  (facts) =>
    facts.revisions().flatMap((node) => {
      const version = parseVersion(number(node).text);
      const message = version === undefined ? undefined : wrong(version, facts);
      return message === undefined ? [] : [problem(number(node), message)];
    });

export const trackingTests: readonly CsafTest[] = [
  { id: "6.1.14", title: "Sorted Revision History", run: unsorted },
  { id: "6.1.16", title: "Latest Document Version", run: notLatest },
  {
    id: "6.1.17",
    title: "Document Status Draft",
    run: (facts) => {
      const version = versionOf(facts);
      if (version === undefined || facts.status === "draft" || (!isInitial(version) && version.pre === undefined))
        return [];
      return [problem(facts.tracking.at("status"), `the version ${version.text} is that of a draft`)];
    },
  },
  {
    id: "6.1.18",
    title: "Released Revision History",
    run: everyRevision((version, facts) =>
      facts.released && isInitial(version) ? `the version ${version.text} is from before the release` : undefined,
    ),
  },
  {
    id: "6.1.19",
    title: "Revision History Entries for Pre-release Versions",
    run: everyRevision(({ text, pre }) => (pre === undefined ? undefined : `${text} is a pre-release`)),
  },
  {
    id: "6.1.20",
    title: "Non-Draft Document Version",
    run: (facts) => {
      const version = versionOf(facts);
      if (version?.pre === undefined || !facts.released) return [];
      return [
        problem(facts.tracking.at("version"), `${version.text} is a pre-release, and the status ${facts.status}`),
      ];
    },
  },
  { id: "6.1.21", title: "Missing Item in Revision History", run: missingRevisions },
  { id: "6.1.22", title: "Multiple Definition in Revision History", run: repeatedVersions },
  { id: "6.1.30", title: "Mixed Integer and Semantic Versioning", run: mixedVersions },
  {
    id: "6.2.4",
    title: "Build Metadata in Revision History",
    run: everyRevision(({ text, build }) => (build === undefined ? undefined : `${text} has build metadata`)),
  },
  {
    id: "6.2.5",
    title: "Older Initial Release Date than Revision History",
    run: (facts) => {
      const node = facts.tracking.at("initial_release_date");
      const date = parseInstant(node.text);
      const oldest = times(facts).toSorted(compareInstants)[0];
      if (date === undefined || oldest === undefined || compareInstants(date, oldest) >= 0) return [];
      return [problem(node, "the initial release is older than the oldest revision")];
    },
  },
  {
    id: "6.2.6",
    title: "Older Current Release Date than Revision History",
    run: (facts) => {
      const node = facts.tracking.at("current_release_date");
      const date = parseInstant(node.text);
      const newest = newestRevision(facts);
      if (date === undefined || newest === undefined || compareInstants(date, newest) >= 0) return [];
      return [problem(node, "the current release is older than the newest revision")];
    },
  },
];

export const trackingTests21: readonly CsafTest[] = [
  {
    id: "6.2.21",
    title: "Same Timestamps in Revision History",
    run: (facts) => {
      const seen = new Set<string>();
      return facts.revisions().flatMap((node) => {
        const time = parseInstant(node.at("date").text);
        if (time === undefined) return [];
        const key = `${time.seconds}.${time.fraction}`;
        if (seen.has(key)) return [problem(node.at("date"), "another revision has the same time")];
        seen.add(key);
        return [];
      });
    },
  },
];

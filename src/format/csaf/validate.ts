import { cleanText } from "../../artifact/clean-text.ts";
import { Fault, type FaultFacts } from "../../model/fault.ts";
import { parseJson } from "../json.ts";
import { Fields, rootPlace } from "../shape.ts";
import type { CsafVersion } from "./document.ts";
import { CsafFacts } from "./facts.ts";
import { NO_MEMBER } from "./shape.ts";
import type { CsafTest, TestContext, TestGroup, TestProblem } from "./test.ts";
import { CSAF_TESTS, groupOf } from "./tests.ts";

/** Larger documents are split by their issuers (appendix C of the specification has the limits of single members). */
const MAX_BYTES = 32 * 1024 * 1024;

/** Something that is wrong with a document. */
export interface CsafProblem {
  /** `schema`, or the number of the test, as `6.1.1`. */
  readonly test: string;
  readonly group: "schema" | TestGroup;
  /** JSON pointer. */
  readonly path: string;
  readonly message: string;
  /** False: only what could not be checked is told, and the document does not fail for it. */
  readonly fails: boolean;
}

/** What validation said. */
export interface CsafReport {
  readonly version: CsafVersion;
  /** By the schema and the mandatory tests alone; unchecked where one of these could not be run. */
  readonly outcome: "valid" | "invalid" | "unchecked";
  readonly problems: readonly CsafProblem[];
  readonly testsRun: readonly string[];
  readonly testsNotRun: readonly { readonly id: string; readonly why: string }[];
}

/** Of one test no more are told one by one. */
const MAX_PROBLEMS = 1000;
const MAX_PATH = 4000;
const MAX_MESSAGE = 400;

/** Tests that nothing here runs, and why. */
const NOT_RUN: Readonly<Record<CsafVersion, readonly { readonly id: string; readonly why: string }[]>> = {
  "2.0": [
    { id: "6.3.6", why: "asks the network whether URLs resolve" },
    { id: "6.3.7", why: "asks the network whether URLs resolve" },
    { id: "6.3.8", why: "needs a dictionary of the document's language" },
  ],
  "2.1": [
    { id: "6.3.6", why: "asks the network whether URLs resolve" },
    { id: "6.3.7", why: "asks the network whether URLs resolve" },
    { id: "6.3.8", why: "needs a dictionary of the document's language" },
    { id: "6.3.16", why: "needs a grammar of the document's language" },
  ],
};

const LACKS: Readonly<Record<keyof TestContext, string>> = {
  now: "depends on the present, which is not given",
  compareVersions: "needs the orders of version schemes, which are not given",
};

/** What `validateCsaf` is told: which groups of tests to run (default all three), and what a test cannot know. */
export interface ValidateOptions extends Partial<TestContext> {
  readonly groups?: readonly TestGroup[];
}

/**
 * Validates a CSAF document, 2.0 or 2.1 as it says: the JSON schema, then the tests of section 6. `where` names the document in
 * messages; `now` is the present, for 6.2.33, and `compareVersions` the order of two versions of a VERS type (negative, 0,
 * positive, undefined where the type has none), for the tests of version ranges. Time and memory go with the size of the document (at most 32 MiB).
 *
 * Faults: those of `parseJson`; WB-CSAF-FORM for what is no CSAF document, WB-CSAF-VERSION (unchecked) for another version.
 */
export function validateCsaf(bytes: Uint8Array, where: string, options: ValidateOptions = {}): CsafReport {
  const root = new Fields(parseJson(bytes, where, { maxBytes: MAX_BYTES }), rootPlace(where, "WB-CSAF-FORM"));
  const version = readVersion(root);
  const facts = new CsafFacts(root.raw, version);
  // 2.0 allows members that its schema does not name.
  const schema = facts.schemaProblems().filter(({ message }) => version === "2.1" || message !== NO_MEMBER);
  const problems = [...asProblems("schema", "schema", schema)];
  const groups = options.groups ?? ["mandatory", "recommended", "informative"];
  const context = { now: options.now, compareVersions: options.compareVersions };
  const testsRun: string[] = [];
  const testsNotRun = NOT_RUN[version].filter(({ id }) => groups.includes(groupOf(id)));
  for (const test of CSAF_TESTS[version]) {
    const group = groupOf(test.id);
    if (!groups.includes(group)) continue;
    if (test.needs !== undefined && context[test.needs] === undefined) {
      testsNotRun.push({ id: test.id, why: LACKS[test.needs] });
      continue;
    }
    const outcome = runTest(test, facts, context);
    if ("why" in outcome) testsNotRun.push({ id: test.id, why: outcome.why });
    else {
      testsRun.push(test.id);
      problems.push(...asProblems(test.id, group, outcome.problems));
    }
  }
  const fails = problems.some((each) => each.fails && (each.group === "schema" || each.group === "mandatory"));
  const open = !groups.includes("mandatory") || testsNotRun.some(({ id }) => groupOf(id) === "mandatory");
  return { version, outcome: fails ? "invalid" : open ? "unchecked" : "valid", problems, testsRun, testsNotRun };
}

function asProblems(test: string, group: CsafProblem["group"], found: readonly TestProblem[]): readonly CsafProblem[] {
  // Names and identifiers of the document stand in messages.
  const told = found.slice(0, MAX_PROBLEMS).map(({ node, message, fails = true }) => ({
    test,
    group,
    path: cleanText(node.path, MAX_PATH),
    message: cleanText(message, MAX_MESSAGE),
    fails,
  }));
  if (found.length === told.length) return told;
  const more = `and ${found.length - told.length} more of this test, which are not told one by one`;
  return [...told, { test, group, path: "", message: more, fails: found.some(({ fails = true }) => fails) }];
}

/** A test that costs more than it may is not run, and said so; the others are. */
function runTest(
  test: CsafTest,
  facts: CsafFacts,
  context: TestContext,
): { readonly problems: readonly TestProblem[] } | { readonly why: FaultFacts["what"] } {
  facts.beginTest();
  try {
    return { problems: test.run(facts, context) };
  } catch (error) {
    if (!(error instanceof Fault) || error.facts.code !== "WB-CSAF-LIMIT") throw error;
    return { why: error.facts.what };
  }
}

function readVersion(root: Fields): CsafVersion {
  const document = root.object("document");
  const version = document.string("csaf_version");
  if (version === "2.0" || version === "2.1") return version;
  throw new Fault({
    code: "WB-CSAF-VERSION",
    kind: "unchecked",
    what: "a CSAF document of a version that is not read here",
    where: document.place.where,
    expected: "2.0 or 2.1",
    found: cleanText(version, 60),
  });
}

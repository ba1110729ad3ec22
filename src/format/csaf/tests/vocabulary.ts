import { cweIn, cweList, placeOfVersion } from "../cwe.ts";
import type { CsafFacts } from "../facts.ts";
import { checkLanguage, privateSubtag } from "../language.ts";
import type { Node } from "../node.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";

/** Words from registries: weaknesses (CWE) and languages. */

const cwes = (facts: CsafFacts): readonly Node[] =>
  facts
    .vulnerabilities()
    .flatMap(({ node }) => [...(node.has("cwe") ? [node.at("cwe")] : []), ...node.at("cwes").items()]);

function unknownCwe(node: Node): readonly TestProblem[] {
  const [id, name, version] = ["id", "name", "version"].map((member) => node.at(member).text);
  if (id === undefined || name === undefined) return [];
  const entries = cweList().weaknesses.get(id);
  const place = version === undefined ? undefined : placeOfVersion(version);
  if (version !== undefined && place === undefined) {
    const message = `CWE ${version} is not known here: the newest is ${cweList().versions.at(-1)?.version ?? ""}`;
    return [{ ...problem(node.at("version"), message), fails: false }];
  }
  if (entries === undefined) return [problem(node.at("id"), `${id} is no weakness`)];
  if (place === undefined) {
    // 2.0 names no version: the name of any will do.
    return entries.some((entry) => entry.name === name) ? [] : [problem(node.at("name"), `${id} has another name`)];
  }
  const entry = cweIn(id, place);
  if (entry === undefined) return [problem(node.at("id"), `${id} is no weakness in CWE ${version ?? ""}`)];
  return entry.name === name
    ? []
    : [problem(node.at("name"), `the name of ${id} is ${entry.name} in CWE ${version ?? ""}`)];
}

/** What is wrong with a weakness as it is in the version that the document names. */
const inVersion =
  (wrong: (entry: NonNullable<ReturnType<typeof cweIn>>, id: string) => string | undefined): CsafTest["run"] =>
  (facts) =>
    cwes(facts).flatMap((node) => {
      const id = node.at("id").text ?? "";
      const place = placeOfVersion(node.at("version").text ?? "");
      const entry = place === undefined ? undefined : cweIn(id, place);
      const message = entry === undefined ? undefined : wrong(entry, id);
      return message === undefined ? [] : [problem(node, message)];
    });

/** The newest version on the day of the last revision; later ones than the table are not known, and nothing is said then. */
function otherCweVersion(facts: CsafFacts): readonly TestProblem[] {
  const days = facts.revisions().flatMap((node) => node.at("date").text?.slice(0, 10) ?? []);
  const day = days.toSorted().at(-1);
  if (day === undefined) return [];
  const { versions } = cweList();
  const due = versions.findLast((one) => one.day <= day);
  return cwes(facts)
    .map((node) => node.at("version"))
    .filter(({ text }) => text !== undefined && placeOfVersion(text) !== undefined && text !== due?.version)
    .map((node) => problem(node, `CWE ${due?.version ?? ""} was the newest version on ${day}`));
}

const languages = (facts: CsafFacts): readonly Node[] =>
  ["lang", "source_lang"].map((name) => facts.document.at(name)).filter(({ text }) => text !== undefined);

const eachLanguage =
  (wrong: (tag: string) => string | undefined): CsafTest["run"] =>
  (facts) =>
    languages(facts).flatMap((node) => {
      const message = wrong(node.text ?? "");
      return message === undefined ? [] : [problem(node, message)];
    });

export const vocabularyTests: readonly CsafTest[] = [
  { id: "6.1.11", title: "CWE", run: (facts) => cwes(facts).flatMap(unknownCwe) },
  {
    id: "6.1.12",
    title: "Language",
    run: eachLanguage((tag) => {
      const wrong = checkLanguage(tag);
      return wrong === undefined ? undefined : `not a language tag: ${wrong}`;
    }),
  },
  {
    id: "6.2.14",
    title: "Use of Private Language",
    run: eachLanguage((tag) => {
      const subtag = privateSubtag(tag);
      return subtag === undefined ? undefined : `${subtag} is reserved for private use`;
    }),
  },
  {
    id: "6.2.15",
    title: "Use of Default Language",
    run: eachLanguage((tag) =>
      tag.toLowerCase() === "i-default" ? "i-default says nothing of the language" : undefined,
    ),
  },
];

export const vocabularyTests21: readonly CsafTest[] = [
  {
    id: "6.2.23",
    title: "Usage of Deprecated CWE",
    run: inVersion(({ deprecated }, id) => (deprecated ? `${id} is deprecated` : undefined)),
  },
  { id: "6.2.24", title: "Usage of Non-Latest CWE Version", run: otherCweVersion },
  {
    id: "6.2.25",
    title: "Usage of CWE Not Allowed for Vulnerability Mapping",
    run: inVersion(({ usage }, id) =>
      usage === "discouraged" || usage === "prohibited" ? `mapping to ${id} is ${usage}` : undefined,
    ),
  },
  {
    id: "6.2.26",
    title: "Usage of CWE Allowed with Review for Vulnerability Mapping",
    run: inVersion(({ usage }, id) =>
      usage === "allowed with review" ? `mapping to ${id} is allowed after a review only` : undefined,
    ),
  },
];

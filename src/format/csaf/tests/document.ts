import type { CsafFacts } from "../facts.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";

/** The document itself: its category, languages and where it was published. */

/** Values of `document.category` that are profiles (section 4), CSAF Base among them. */
const PROFILES = {
  "2.0": [
    "csaf_base",
    "csaf_security_incident_response",
    "csaf_informational_advisory",
    "csaf_security_advisory",
    "csaf_vex",
  ],
  "2.1": [
    "csaf_base",
    "csaf_security_incident_response",
    "csaf_informational_advisory",
    "csaf_security_advisory",
    "csaf_vex",
    "csaf_deprecated_security_advisory",
    "csaf_withdrawn",
    "csaf_superseded",
  ],
} as const;

/** Dashes, hyphens, minuses, underscores and blanks in all their graphical variants. */
const SEPARATORS = /[\p{Pd}\p{Pc}\s\u00ad\u2043\u207b\u208b\u2212\u02d7\u200b]|\u0332/gu;

const folded = (text: string): string => text.replaceAll(SEPARATORS, "").toLowerCase();

function prohibitedCategory(facts: CsafFacts): readonly TestProblem[] {
  const { category, version } = facts;
  const profiles: readonly string[] = PROFILES[version];
  if (category === "" || profiles.includes(category)) return [];
  const node = facts.document.at("category");
  if (category.toLowerCase().startsWith("csaf_")) return [problem(node, "the prefix csaf_ is reserved")];
  const bare = folded(category);
  const profile = profiles.find((name) => [folded(name), folded(name.slice("csaf_".length))].includes(bare));
  if (profile === undefined || profile === "csaf_base") return [];
  return [problem(node, `the category is that of the profile ${profile}, written otherwise`)];
}

function translator(facts: CsafFacts): readonly TestProblem[] {
  if (facts.document.at("publisher", "category").text !== "translator") return [];
  const node = facts.document.at("source_lang");
  if (!node.exists) return [problem(node, "a translator gives the language of the source, which is missing")];
  return node.text === undefined || node.text === ""
    ? [problem(node, "a translator gives the language of the source, which is empty")]
    : [];
}

/** The rule of section 5.1: what else than `+`, `-`, a lower-case letter or a digit stands in the identifier becomes `_`. */
export function fileName(id: string): string {
  return `${id.toLowerCase().replaceAll(/[^+\-a-z0-9]+/g, "_")}.json`;
}

/** URLs that the document gives for itself under its file name. */
export function canonicalUrls(facts: CsafFacts): readonly string[] {
  const name = fileName(facts.tracking.at("id").text ?? "");
  return facts.document
    .at("references")
    .items()
    .filter((item) => item.at("category").text === "self")
    .flatMap((item) => item.at("url").text ?? [])
    .filter((url) => url.startsWith("https://") && url.endsWith(`/${name}`));
}

function absentOrEmpty(facts: CsafFacts, member: string): readonly TestProblem[] {
  const node = facts.document.at(member);
  if (!node.exists) return [problem(node, `${member} is missing`)];
  return node.text === undefined || node.text === "" ? [problem(node, `${member} is empty`)] : [];
}

/** Members of each object in the order of their names. */
function unsortedKeys(facts: CsafFacts): readonly TestProblem[] {
  const found: TestProblem[] = [];
  facts.root.eachObject((node) => {
    const names = Object.keys(node.object ?? {});
    const late = names.findIndex((name, index) => index > 0 && (names[index - 1] ?? "") > name);
    if (late > 0) found.push(problem(node.at(names[late] ?? ""), `stands after ${names[late - 1] ?? ""}`));
  });
  return found;
}

export const documentTests: readonly CsafTest[] = [
  { id: "6.1.15", title: "Translator", run: translator },
  { id: "6.1.26", title: "Prohibited Document Category Name", run: prohibitedCategory },
  {
    id: "6.1.28",
    title: "Translation",
    run: (facts) => {
      const [lang, source] = ["lang", "source_lang"].map((name) => facts.document.at(name));
      if (lang?.text === undefined || source?.text === undefined) return [];
      // Language tags do not tell upper from lower case (RFC 5646, section 2.1.1).
      return lang.text.toLowerCase() === source.text.toLowerCase()
        ? [problem(source, "the language of the source is that of the document")]
        : [];
    },
  },
  {
    id: "6.2.11",
    title: "Missing Canonical URL",
    run: (facts) =>
      canonicalUrls(facts).length > 0
        ? []
        : [
            problem(
              facts.document.at("references"),
              `no reference of category self has an https URL that ends with ${fileName(facts.tracking.at("id").text ?? "")}`,
            ),
          ],
  },
  { id: "6.2.12", title: "Missing Document Language", run: (facts) => absentOrEmpty(facts, "lang") },
  { id: "6.2.13", title: "Sorting", run: unsortedKeys },
];

export const documentTests20: readonly CsafTest[] = [
  {
    id: "6.2.10",
    title: "Missing TLP label",
    run: (facts) =>
      facts.tlp === "" ? [problem(facts.document.at("distribution", "tlp", "label"), "there is no TLP label")] : [],
  },
];

export const documentTests21: readonly CsafTest[] = [
  {
    id: "6.2.22",
    title: "Document Tracking ID in Title",
    run: (facts) => {
      const id = facts.tracking.at("id").text;
      const title = facts.document.at("title");
      return id !== undefined && id !== "" && title.text?.includes(id) === true
        ? [problem(title, `the title contains the tracking identifier ${id}`)]
        : [];
    },
  },
  {
    id: "6.2.38",
    title: "Usage of Deprecated Profile",
    run: (facts) =>
      facts.category.startsWith("csaf_deprecated_")
        ? [problem(facts.document.at("category"), `the profile ${facts.category} is deprecated`)]
        : [],
  },
  { id: "6.2.43", title: "Missing License Expression", run: (facts) => absentOrEmpty(facts, "license_expression") },
];

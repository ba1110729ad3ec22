import type { CsafFacts } from "../facts.ts";
import { isDeprecated, isListed, isMissing, readExpression } from "../licence-expression.ts";
import type { Node } from "../node.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";
import {
  isEnglish,
  ofProfile,
  withoutCorresponding,
  withoutSupersedingDocument,
  withoutTitledNote,
} from "./profiles.ts";

/** Licences, and notes that have a fixed title in the language of the document. */

/** OASIS's list of translations (csaf_2.1/language_specific_translation), of 2.1. */
const TRANSLATIONS: Readonly<Record<string, Readonly<Record<Term, string>>>> = {
  de: {
    licence: "Lizenz",
    product: "Produktbeschreibung",
    withdrawal: "Begründung für die Zurückziehung",
    supersession: "Begründung für die Ersetzung",
    document: "Ersetzendes Dokument",
  },
};
const ENGLISH: Readonly<Record<Term, string>> = {
  licence: "License",
  product: "Product Description",
  withdrawal: "Reasoning for Withdrawal",
  supersession: "Reasoning for Supersession",
  document: "Superseding Document",
};
type Term = "licence" | "product" | "withdrawal" | "supersession" | "document";

/** Undefined for English, and for languages that OASIS has no translation for: then nothing can be tested. */
function translation(facts: CsafFacts, term: Term): string | undefined {
  const language = facts.document.at("lang").text?.toLowerCase().split("-")[0] ?? "en";
  return Object.hasOwn(TRANSLATIONS, language) ? TRANSLATIONS[language]?.[term] : undefined;
}

const expression = (facts: CsafFacts): Node => facts.document.at("license_expression");
const licenceNames = (facts: CsafFacts): readonly string[] => readExpression(expression(facts).text ?? "") ?? [];

function unlisted(facts: CsafFacts): boolean {
  return licenceNames(facts).some((name) => !isListed(name));
}

/** A test of the names in the licence expression. */
const ofLicences =
  (wrong: (name: string) => string | undefined): CsafTest["run"] =>
  (facts) =>
    licenceNames(facts).flatMap((name) => {
      const message = wrong(name);
      return message === undefined ? [] : [problem(expression(facts), message)];
    });

/** Notes that describe a product, in English or in the language of the document. */
function withoutProduct(facts: CsafFacts): readonly TestProblem[] {
  const title = isEnglish(facts) ? ENGLISH.product : translation(facts, "product");
  if (title === undefined) return [];
  const notes = [
    ...facts.document.at("notes").items(),
    ...facts.vulnerabilities().flatMap(({ node }) => node.at("notes").items()),
  ];
  return notes
    .filter((note) => note.at("category").text === "description" && note.at("title").text?.startsWith(title) === true)
    .filter((note) => !note.has("product_ids") && !note.has("group_ids"))
    .map((note) => problem(note, "the product description names neither products nor product groups"));
}

/** Remediations that say that a fixed version does not exist, and those that say it may. */
const NO_FIX = ["fix_planned", "no_fix_planned", "none_available"];

function withoutFixed(facts: CsafFacts): readonly TestProblem[] {
  return facts.vulnerabilities().flatMap((vulnerability) => {
    const unfixed = new Set(
      vulnerability.node
        .at("remediations")
        .items()
        .filter((item) => NO_FIX.includes(item.at("category").text ?? ""))
        .flatMap((item) => [...facts.productsOf(item)]),
    );
    return withoutCorresponding(vulnerability, facts, "affected", "fixed")
      .filter(({ text }) => !unfixed.has(text ?? ""))
      .map((place) => problem(place, `no version of the affected product ${place.text ?? ""} is listed as fixed`));
  });
}

const translated = (id: string, title: string, category: string, term: Term): CsafTest =>
  ofProfile(id, title, [category], (facts) => {
    const due = translation(facts, term);
    return due === undefined ? [] : withoutTitledNote(facts, due, "description");
  });

export const noteTests21: readonly CsafTest[] = [
  {
    id: "6.1.54",
    title: "License Expression",
    run: (facts) => {
      const node = expression(facts);
      return node.text !== undefined && readExpression(node.text) === undefined
        ? [problem(node, "is no licence expression of SPDX 3.0.1 without DocumentRef")]
        : [];
    },
  },
  {
    id: "6.1.55",
    title: "License Text",
    run: (facts) =>
      isEnglish(facts) && unlisted(facts) ? withoutTitledNote(facts, ENGLISH.licence, "legal_disclaimer") : [],
  },
  ofProfile("6.2.39.1", "Missing Fixed Product", ["csaf_security_advisory"], withoutFixed),
  translated("6.2.39.2", "Language Specific Reasoning for Withdrawal", "csaf_withdrawn", "withdrawal"),
  translated("6.2.39.3", "Language Specific Reasoning for Supersession", "csaf_superseded", "supersession"),
  ofProfile("6.2.39.4", "Language Specific Superseding Document", ["csaf_superseded"], (facts) => {
    const due = translation(facts, "document");
    return due === undefined ? [] : withoutSupersedingDocument(facts, due);
  }),
  { id: "6.2.40", title: "Product Description without Product Reference", run: withoutProduct },
  {
    id: "6.2.44",
    title: "Deprecated License Identifier",
    run: ofLicences((name) => (isDeprecated(name) ? `${name} is deprecated` : undefined)),
  },
  {
    id: "6.2.45",
    title: "Non-Existing License Identifier",
    run: ofLicences((name) => (isMissing(name) ? `${name} is not in the list that its form says it is of` : undefined)),
  },
  {
    id: "6.2.46",
    title: "Language Specific License Text",
    run: (facts) => {
      const due = translation(facts, "licence");
      return due !== undefined && unlisted(facts) ? withoutTitledNote(facts, due, "legal_disclaimer") : [];
    },
  },
  {
    id: "6.3.17",
    title: "Use of Unregistered License",
    run: ofLicences((name) =>
      !isListed(name) ? `${name} is neither in the SPDX License List nor in ScanCode's LicenseDB` : undefined,
    ),
  },
];

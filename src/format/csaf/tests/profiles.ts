import { type CsafFacts, inStatus, type Vulnerability } from "../facts.ts";
import type { Node } from "../node.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";

/** Section 6.1.27: what each profile demands of its documents. */

const ADVISORY = ["csaf_security_advisory", "csaf_vex", "csaf_deprecated_security_advisory"];
const SECURITY = ["csaf_security_advisory", "csaf_deprecated_security_advisory"];
const INFORMATION = ["csaf_informational_advisory", "csaf_security_incident_response"];
const REPLACED = ["csaf_withdrawn", "csaf_superseded"];
const VEX = ["csaf_vex"];
const VEX_STATUSES = ["fixed", "known_affected", "known_not_affected", "under_investigation"];

/** A test of documents of some categories; others pass. */
export function ofProfile(
  id: string,
  title: string,
  categories: readonly string[],
  run: (facts: CsafFacts) => readonly TestProblem[],
): CsafTest {
  return { id, title, run: (facts) => (categories.includes(facts.category) ? run(facts) : []) };
}

/** The same of each vulnerability. */
function ofEach(
  id: string,
  title: string,
  categories: readonly string[],
  run: (vulnerability: Vulnerability, facts: CsafFacts) => readonly TestProblem[],
): CsafTest {
  return ofProfile(id, title, categories, (facts) => facts.vulnerabilities().flatMap((each) => run(each, facts)));
}

const absent = (node: Node, what: string): readonly TestProblem[] => (node.exists ? [] : [problem(node, what)]);
const present = (node: Node, what: string): readonly TestProblem[] => (node.exists ? [problem(node, what)] : []);

function withoutNote(facts: CsafFacts, categories: readonly string[]): readonly TestProblem[] {
  const notes = facts.document.at("notes");
  return notes.items().some((note) => categories.includes(note.at("category").text ?? ""))
    ? []
    : [problem(notes, `there is no note of the category ${categories.join(", ")}`)];
}

/** Products of the identifiers that are for some products only (2.1); nothing where one is for all. */
function withoutIdentifier({ node }: Vulnerability, facts: CsafFacts): readonly TestProblem[] {
  if (node.has("cve")) return [];
  const ids = node.at("ids").items();
  if (ids.length === 0) return [problem(node, "there is neither a CVE nor another identifier")];
  if (ids.some((item) => !item.has("group_ids") && !item.has("product_ids"))) return [];
  const named = new Set(ids.flatMap((item) => [...facts.productsOf(item)]));
  return node
    .at("product_status")
    .members()
    .flatMap((status) => status.items())
    .filter(({ text }) => text !== undefined && !named.has(text))
    .map((place) => problem(place, `the product ${place.text ?? ""} has no identifier of the vulnerability`));
}

/** Products of a status that none of the items names; an item that names none is about all (2.0, 3.2.3.14; 2.1, 3.2.4.16). */
function unexplained(
  status: string,
  items: (vulnerability: Node) => readonly Node[],
  what: string,
): (vulnerability: Vulnerability, facts: CsafFacts) => readonly TestProblem[] {
  return ({ node }, facts) => {
    const named = new Set(items(node).flatMap((item) => [...facts.productsOf(item)]));
    return node
      .at("product_status", status)
      .items()
      .filter(({ text }) => text !== undefined && !named.has(text))
      .map((place) => problem(place, `there is no ${what} for the product ${place.text ?? ""}`));
  };
}

const impacts = (node: Node): readonly Node[] => [
  ...node.at("flags").items(),
  ...node
    .at("threats")
    .items()
    .filter((threat) => threat.at("category").text === "impact"),
];

export const profileTests: readonly CsafTest[] = [
  ofProfile("6.1.27.1", "Document Notes", INFORMATION, (facts) =>
    withoutNote(facts, ["description", "details", "general", "summary"]),
  ),
  ofProfile("6.1.27.2", "Document References", INFORMATION, (facts) => {
    const references = facts.document.at("references");
    // The default of the category is external (3.1.10).
    return references.items().some((item) => (item.at("category").text ?? "external") === "external")
      ? []
      : [problem(references, "there is no reference of the category external")];
  }),
  ofProfile("6.1.27.3", "Vulnerabilities", ["csaf_informational_advisory", ...REPLACED], (facts) =>
    present(facts.root.at("vulnerabilities"), "there are vulnerabilities"),
  ),
  ofProfile("6.1.27.4", "Product Tree", ADVISORY, (facts) => absent(facts.tree, "there is no product tree")),
  ofEach("6.1.27.5", "Vulnerability Notes", ADVISORY, ({ node }) => absent(node.at("notes"), "there are no notes")),
  ofEach("6.1.27.6", "Product Status", SECURITY, ({ node }) =>
    absent(node.at("product_status"), "there is no product status"),
  ),
  ofEach("6.1.27.7", "VEX Product Status", VEX, ({ node }) => {
    const status = node.at("product_status");
    return VEX_STATUSES.some((name) => status.has(name))
      ? []
      : [problem(status, `none of ${VEX_STATUSES.join(", ")} is there`)];
  }),
  ofEach("6.1.27.8", "Vulnerability ID", VEX, withoutIdentifier),
  ofEach("6.1.27.9", "Impact Statement", VEX, unexplained("known_not_affected", impacts, "impact statement")),
  ofEach(
    "6.1.27.10",
    "Action Statement",
    VEX,
    unexplained("known_affected", (node) => node.at("remediations").items(), "action statement"),
  ),
  ofProfile("6.1.27.11", "Vulnerabilities", ADVISORY, (facts) =>
    absent(facts.root.at("vulnerabilities"), "there are no vulnerabilities"),
  ),
];

/** English, or no language at all: titles are in English. */
export function isEnglish(facts: CsafFacts): boolean {
  const lang = facts.document.at("lang").text?.toLowerCase();
  return lang === undefined || lang === "en" || lang.startsWith("en-");
}

/** Exactly one note with this title, and of this category. */
export function withoutTitledNote(facts: CsafFacts, title: string, category: string): readonly TestProblem[] {
  const notes = facts.document.at("notes");
  const titled = notes.items().filter((note) => note.at("title").text === title);
  const [first] = titled;
  if (first === undefined) return [problem(notes, `there is no note with the title ${title}`)];
  if (titled.length > 1) return [problem(notes, `there are ${titled.length} notes with the title ${title}`)];
  return first.at("category").text === category
    ? []
    : [problem(first.at("category"), `the note with the title ${title} is not of the category ${category}`)];
}

/** A reference whose summary begins so, and which is external. */
export function withoutSupersedingDocument(facts: CsafFacts, summary: string): readonly TestProblem[] {
  const references = facts.document.at("references");
  const found = references.items().filter((item) => item.at("summary").text?.startsWith(summary) === true);
  const [first] = found;
  if (first === undefined) return [problem(references, `there is no reference whose summary begins with ${summary}`)];
  return found.some((item) => item.at("category").text === "external")
    ? []
    : [problem(first.at("category"), "the reference to the superseding document is not external")];
}

/** Places of the products in one status group that no product in the other one corresponds to. */
export function withoutCorresponding(
  { node }: Vulnerability,
  facts: CsafFacts,
  group: string,
  others: string,
): readonly Node[] {
  const lineage = facts.lineage();
  const lines = new Set<string>();
  const linesOf = ({ text }: Node): readonly string[] => {
    const found = lineage.linesOf(text ?? "");
    facts.spend(found.length);
    return found;
  };
  for (const place of inStatus(node, others)) for (const line of linesOf(place)) lines.add(line);
  // What is not defined has no branches to compare: 6.1.1 tells it.
  const defined = inStatus(node, group).filter(({ text }) => facts.productsById().has(text ?? ""));
  return defined.filter((place) => !linesOf(place).some((line) => lines.has(line)));
}

export const profileTests21: readonly CsafTest[] = [
  ofEach("6.1.27.12", "Affected Products", ["csaf_security_advisory"], ({ node }) =>
    absent(node.at("product_status", "known_affected"), "there are no known affected products"),
  ),
  ofEach("6.1.27.13", "Corresponding Affected Products", ["csaf_security_advisory"], (vulnerability, facts) =>
    withoutCorresponding(vulnerability, facts, "fixed", "affected").map((place) =>
      problem(place, `no version of the fixed product ${place.text ?? ""} is listed as affected`),
    ),
  ),
  ofProfile("6.1.27.14", "Document Notes", REPLACED, (facts) => withoutNote(facts, ["description"])),
  ofProfile("6.1.27.15", "Product Tree", REPLACED, (facts) => present(facts.tree, "there is a product tree")),
  ofProfile("6.1.27.16", "Revision History", REPLACED, (facts) =>
    facts.revisions().length >= 2
      ? []
      : [problem(facts.tracking.at("revision_history"), "there are fewer than two revisions")],
  ),
  ofProfile("6.1.27.17", "Reasoning for Withdrawal", ["csaf_withdrawn"], (facts) =>
    isEnglish(facts) ? withoutTitledNote(facts, "Reasoning for Withdrawal", "description") : [],
  ),
  ofProfile("6.1.27.18", "Reasoning for Supersession", ["csaf_superseded"], (facts) =>
    isEnglish(facts) ? withoutTitledNote(facts, "Reasoning for Supersession", "description") : [],
  ),
  ofProfile("6.1.27.19", "Reference to Superseding Document", ["csaf_superseded"], (facts) =>
    isEnglish(facts) ? withoutSupersedingDocument(facts, "Superseding Document") : [],
  ),
];

import { checkDeclared, EXTENSION_CONTENT, type ExtensionPlace, knownExtension } from "../extensions.ts";
import type { CsafFacts } from "../facts.ts";
import type { Node } from "../node.ts";
import { checkShape } from "../shape.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";

/** Extensions (2.1). No official and no registered one exists yet; the documentation extensions are experimental. */

interface ExtensionList {
  readonly place: ExtensionPlace;
  readonly node: Node;
}

const listsOf = new WeakMap<CsafFacts, readonly ExtensionList[]>();

/** Found once for a document: all of these tests ask. */
function lists(facts: CsafFacts): readonly ExtensionList[] {
  const there = listsOf.get(facts) ?? findLists(facts);
  listsOf.set(facts, there);
  return there;
}

function findLists(facts: CsafFacts): readonly ExtensionList[] {
  const found: ExtensionList[] = [
    { place: "root", node: facts.root },
    { place: "document", node: facts.document },
    ...facts.products().map(({ from, node }) => ({ place: from, node })),
    ...facts.vulnerabilities().map(({ node }) => ({ place: "vulnerability" as const, node })),
    ...facts.metrics().map(({ content }) => ({ place: "metric" as const, node: content })),
  ];
  return found
    .filter(({ node }) => node.has("x_extensions"))
    .map(({ place, node }) => ({ place, node: node.at("x_extensions") }));
}

const items = (facts: CsafFacts): readonly Node[] => lists(facts).flatMap(({ node }) => node.items());

const eachItem =
  (wrong: (node: Node, facts: CsafFacts) => string | undefined): CsafTest["run"] =>
  (facts) =>
    items(facts).flatMap((node) => {
      const message = wrong(node, facts);
      return message === undefined ? [] : [problem(node, message)];
    });

function unknown(node: Node): TestProblem {
  const schema = node.at("$schema").text ?? "without a schema";
  return {
    ...problem(node, `the extension ${schema} is not official, not registered, and not known here`),
    fails: false,
  };
}

function notAllowed({ place, node }: ExtensionList): readonly TestProblem[] {
  const counts = new Map<string, number>();
  const there = new Set(node.items().map((item) => item.at("$schema").text));
  return node.items().flatMap((item) => {
    const known = knownExtension(item);
    if (known === undefined) return [unknown(item)];
    const count = (counts.get(known.schema) ?? 0) + 1;
    counts.set(known.schema, count);
    if (count > known.most[place])
      return [problem(item, `the extension may stand here ${known.most[place]} times at most`)];
    const other = known.incompatible.find((schema) => there.has(schema));
    return other === undefined ? [] : [problem(item, `the extension does not go together with ${other}`)];
  });
}

/** Any extension at one of the places. */
const usedAt =
  (place: ExtensionPlace): CsafTest["run"] =>
  (facts) =>
    lists(facts)
      .filter((list) => list.place === place)
      .map(({ node }) => problem(node, "extensions are used here"));

export const extensionTests21: readonly CsafTest[] = [
  {
    id: "6.1.60.1",
    title: "Extension Content Schema",
    run: (facts) => items(facts).flatMap((node) => checkShape(EXTENSION_CONTENT, node)),
  },
  {
    id: "6.1.60.2",
    title: "Extension Schema",
    run: (facts) =>
      items(facts).flatMap((node) => {
        const known = knownExtension(node);
        return known === undefined ? [unknown(node)] : checkDeclared(known, node);
      }),
  },
  { id: "6.1.60.3", title: "Extension Metadata", run: (facts) => lists(facts).flatMap(notAllowed) },
  {
    id: "6.2.39.5",
    title: "Extension in Superseded or Withdrawn Document",
    run: (facts) =>
      ["csaf_superseded", "csaf_withdrawn"].includes(facts.category)
        ? lists(facts).map(({ node }) => problem(node, "a document that is withdrawn or superseded has no extensions"))
        : [],
  },
  { id: "6.2.54.1", title: "Registered Extension", run: eachItem(() => "the extension is not registered") },
  { id: "6.2.54.2", title: "Official Extension", run: eachItem(() => "the extension is not official") },
  {
    id: "6.2.54.3",
    title: "Critical Extension",
    run: eachItem((node) => (node.at("critical").value === false ? undefined : "the extension is critical")),
  },
  {
    id: "6.2.54.4",
    title: "Usage of Experimental Extension in TLP:CLEAR Document",
    run: eachItem((_, { tlp }) => (tlp === "CLEAR" ? "the extension is experimental" : undefined)),
  },
  {
    id: "6.3.21.1",
    title: "Extension Category Essential",
    run: eachItem((node) => (node.at("category").text === "essential" ? "the extension is essential" : undefined)),
  },
  {
    id: "6.3.21.2",
    title: "Usage of Experimental Extension in Non-TLP:CLEAR Document",
    run: eachItem((_, { tlp }) => (tlp === "CLEAR" ? undefined : "the extension is experimental")),
  },
  { id: "6.3.21.3", title: "Usage of Extension at Document Level", run: usedAt("document") },
  { id: "6.3.21.4", title: "Usage of Extension in Product Tree Branch Path", run: usedAt("branch") },
  { id: "6.3.21.5", title: "Usage of Extension in Product Tree Full Product Names Path", run: usedAt("name") },
  { id: "6.3.21.6", title: "Usage of Extension in Product Tree Product Paths Path", run: usedAt("path") },
  { id: "6.3.21.7", title: "Usage of Extension in Vulnerabilities Metrics Path", run: usedAt("metric") },
  { id: "6.3.21.8", title: "Usage of Extension at Vulnerabilities Level", run: usedAt("vulnerability") },
  { id: "6.3.21.9", title: "Usage of Extension at Root Level", run: usedAt("root") },
];

import { type CsafFacts, stepsOf } from "../facts.ts";
import type { Node } from "../node.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";

/** Which products and groups there are, and who refers to them. */

/** The nodes whose text was there before. */
export function repeated(nodes: readonly Node[], say: (text: string) => string): readonly TestProblem[] {
  const seen = new Set<string>();
  return nodes.flatMap((node) => {
    const { text } = node;
    if (text === undefined) return [];
    if (seen.has(text)) return [problem(node, say(text))];
    seen.add(text);
    return [];
  });
}

/**
 * Products whose definition leads back to themselves. Each product is looked at once, without recursion: the way down is a
 * list, so a chain of a hundred thousand relationships costs no stack.
 */
function circular(facts: CsafFacts): readonly TestProblem[] {
  const steps = new Map<string, readonly string[]>();
  for (const path of facts.paths()) {
    const id = path.at("full_product_name", "product_id").text;
    if (id !== undefined) steps.set(id, [...(steps.get(id) ?? []), ...stepsOf(path).map((step) => step.text ?? "")]);
  }
  const done = new Set<string>();
  const found = new Set<string>();
  for (const start of steps.keys()) {
    if (done.has(start)) continue;
    const way: { readonly id: string; next: number }[] = [{ id: start, next: 0 }];
    const open = new Set([start]);
    for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
      const next = steps.get(here.id)?.[here.next++];
      if (next === undefined) {
        done.add(here.id);
        open.delete(here.id);
        way.pop();
      } else if (open.has(next)) found.add(next);
      else if (steps.has(next) && !done.has(next)) {
        open.add(next);
        way.push({ id: next, next: 0 });
      }
    }
  }
  return facts
    .paths()
    .map((path) => path.at("full_product_name", "product_id"))
    .filter(({ text }) => text !== undefined && found.has(text))
    .map((node) => problem(node, `the product ${node.text ?? ""} is defined by itself`));
}

const productId = ({ node }: { readonly node: Node }): Node => node.at("product_id");

export const productIdTests: readonly CsafTest[] = [
  {
    id: "6.1.1",
    title: "Missing Definition of Product ID",
    run: (facts) =>
      facts
        .productReferences()
        .filter(({ text }) => text !== undefined && !facts.productsById().has(text))
        .map((node) => problem(node, `the product ${node.text ?? ""} is not defined`)),
  },
  {
    id: "6.1.2",
    title: "Multiple Definition of Product ID",
    run: (facts) => repeated(facts.products().map(productId), (id) => `the product ${id} is defined before`),
  },
  { id: "6.1.3", title: "Circular Definition of Product ID", run: circular },
  {
    id: "6.1.4",
    title: "Missing Definition of Product Group ID",
    run: (facts) =>
      facts
        .referring()
        .flatMap((node) => node.at("group_ids").items())
        .filter(({ text }) => text !== undefined && !facts.groupsById().has(text))
        .map((node) => problem(node, `the product group ${node.text ?? ""} is not defined`)),
  },
  {
    id: "6.1.5",
    title: "Multiple Definition of Product Group ID",
    run: (facts) =>
      repeated(
        facts.groups().map((group) => group.at("group_id")),
        (id) => `the product group ${id} is defined before`,
      ),
  },
];

import type { CsafFacts } from "./facts.ts";
import type { Node } from "./node.ts";

/** How many product paths are followed into one another. */
const MAX_NESTING = 20;
/** The key of products outside of branches: nothing tells which of them correspond. */
const OUTSIDE = "outside";

/**
 * Under which keys products are compared whatever their versions are: two products correspond where the branches above them
 * are the same but for the version, or where product paths lead from corresponding products to the same ones. Keys are small
 * numbers in texts: a name of a megabyte above a hundred thousand products is looked at once.
 */
export class Lineage {
  readonly #facts: CsafFacts;
  readonly #keys = new Map<string, number>();
  readonly #lines = new Map<string, readonly string[]>();
  readonly #paths = new Map<string, Node>();
  readonly #hosts = new Map<string, string[]>();
  readonly #branchKeys = new Map<object, string>();

  constructor(facts: CsafFacts) {
    this.#facts = facts;
    for (const { node, parent, category, name } of facts.branches()) {
      const above = parent === undefined ? "" : (this.#branchKeys.get(parent.node) ?? "");
      const version = category.startsWith("product_version");
      this.#branchKeys.set(node, version ? above : this.#intern(`${above}\n${category}\n${name}`));
    }
    for (const path of facts.paths()) {
      const id = path.at("full_product_name", "product_id").text;
      if (id !== undefined) this.#paths.set(id, path);
      let host = path.at("beginning_product_reference").text;
      for (const step of path.at("subpaths").items()) {
        const next = step.at("next_product_reference").text ?? "";
        if (step.at("category").text === "installed_with" && host !== undefined) {
          const hosts = this.#hosts.get(next) ?? [];
          hosts.push(host);
          this.#hosts.set(next, hosts);
        }
        host = next;
      }
    }
  }

  #intern(text: string): string {
    const key = this.#keys.get(text) ?? this.#keys.size;
    this.#keys.set(text, key);
    return `b${key}`;
  }

  /**
   * The first key is the product's own; a product path with a step `installed_with` stands also for the path before that step
   * (6.1.27.13).
   */
  linesOf(id: string, depth = 0): readonly string[] {
    const known = this.#lines.get(id);
    if (known !== undefined) return known;
    const product = this.#facts.productsById().get(id);
    const path = product?.from === "path" && depth < MAX_NESTING ? this.#paths.get(id) : undefined;
    const branch = product?.branch === undefined ? undefined : this.#branchKeys.get(product.branch.node);
    // Set before a path is followed: one that leads back to itself ends here.
    this.#lines.set(id, [branch ?? this.#intern(`id\n${id}`)]);
    const own = path === undefined ? [branch ?? OUTSIDE] : this.#pathLines(path, depth + 1);
    const lines = [...own, ...this.#hostsOf(id, depth + 1)];
    this.#lines.set(id, lines);
    return lines;
  }

  /** A fix may be a product of its own that is installed with the affected one: it stands for that too. */
  #hostsOf(id: string, depth: number): readonly string[] {
    if (depth > MAX_NESTING) return [];
    return (this.#hosts.get(id) ?? []).flatMap((host) => this.linesOf(host, depth)[0] ?? []);
  }

  #pathLines(path: Node, depth: number): readonly string[] {
    let line = this.linesOf(path.at("beginning_product_reference").text ?? "", depth)[0] ?? "";
    const before: string[] = [];
    for (const step of path.at("subpaths").items()) {
      const category = step.at("category").text ?? "";
      if (category === "installed_with") before.push(line);
      line = this.#intern(`${line}\n>${category}\n${step.at("next_product_reference").text ?? ""}`);
    }
    return [line, ...before];
  }
}

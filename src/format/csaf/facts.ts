import { Fault } from "../../model/fault.ts";
import type { JsonObject } from "../../model/statement.ts";
import { Lineage } from "./lineage.ts";
import { Node } from "./node.ts";
import { checkSchema } from "./shapes.ts";
import type { TestProblem } from "./test.ts";
import type { CsafVersion } from "./document.ts";

/**
 * Groups name products, and items name groups: a group of half a document would be counted once for each of half a million
 * flags. Siblings are compared in pairs.
 */
const MAX_STEPS = 2_000_000;

/** A branch of the product tree with those above it. */
export interface Branch {
  readonly node: Node;
  readonly category: string;
  readonly name: string;
  /** 1 for a branch of the product tree itself. */
  readonly depth: number;
  readonly parent: Branch | undefined;
}

/** A product that is defined: an object of type `full_product_name_t`. */
export interface Product {
  readonly id: string;
  readonly node: Node;
  /** Where it is defined; `path` is a relationship in 2.0 and a product path in 2.1. */
  readonly from: "branch" | "name" | "path";
  readonly branch?: Branch;
}

/** An item of `scores` (2.0) or `metrics` (2.1). */
export interface Metric {
  readonly node: Node;
  /** The object whose members are `cvss_v3` and the like. */
  readonly content: Node;
  readonly products: readonly Node[];
  readonly source: string | undefined;
  /** The CVSS objects in it. */
  readonly cvss: readonly Node[];
}

export interface Vulnerability {
  readonly node: Node;
  readonly metrics: readonly Metric[];
}

/** Lists of a vulnerability whose items name products and groups. */
const ITEMS = ["first_known_exploitation_dates", "flags", "ids", "involvements", "notes", "remediations", "threats"];

function memoised<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What several tests ask of a document, found once and in time in proportion to it. */
export class CsafFacts {
  readonly version: CsafVersion;
  readonly root: Node;
  readonly document: Node;
  readonly tracking: Node;
  readonly tree: Node;
  #steps = 0;

  constructor(root: JsonObject, version: CsafVersion) {
    this.version = version;
    this.root = new Node(root);
    this.document = this.root.at("document");
    this.tracking = this.document.at("tracking");
    this.tree = this.root.at("product_tree");
  }

  get category(): string {
    return this.document.at("category").text ?? "";
  }

  get status(): string {
    return this.tracking.at("status").text ?? "";
  }

  /** `final` or `interim`: the document was published. */
  get released(): boolean {
    return this.status === "final" || this.status === "interim";
  }

  get tlp(): string {
    return this.document.at("distribution", "tlp", "label").text ?? "";
  }

  /** Where the document breaks its JSON schema, members that the schema does not name among them. */
  readonly schemaProblems = memoised((): readonly TestProblem[] => checkSchema(this.version, this.root));

  readonly branches = memoised((): readonly Branch[] => {
    const found: Branch[] = [];
    const visit = (list: Node, parent: Branch | undefined): void => {
      for (const node of list.items()) {
        const category = node.at("category").text ?? "";
        const branch = { node, category, name: node.at("name").text ?? "", depth: (parent?.depth ?? 0) + 1, parent };
        found.push(branch);
        visit(node.at("branches"), branch);
      }
    };
    visit(this.tree.at("branches"), undefined);
    return found;
  });

  /** Relationships (2.0) or product paths (2.1). */
  readonly paths = memoised((): readonly Node[] =>
    this.tree.at(this.version === "2.0" ? "relationships" : "product_paths").items(),
  );

  readonly products = memoised((): readonly Product[] => {
    const found: Product[] = [];
    const add = (node: Node, from: Product["from"], branch?: Branch): void => {
      const id = node.at("product_id").text;
      if (id !== undefined) found.push({ id, node, from, ...(branch !== undefined && { branch }) });
    };
    for (const branch of this.branches()) add(branch.node.at("product"), "branch", branch);
    for (const node of this.tree.at("full_product_names").items()) add(node, "name");
    for (const node of this.paths()) add(node.at("full_product_name"), "path");
    return found;
  });

  readonly productsById = memoised(
    (): ReadonlyMap<string, Product> => new Map(this.products().map((product) => [product.id, product])),
  );

  readonly lineage = memoised((): Lineage => new Lineage(this));

  readonly helpers = memoised((): readonly Node[] =>
    this.products()
      .map(({ node }) => node.at("product_identification_helper"))
      .filter(({ exists }) => exists),
  );

  readonly groups = memoised((): readonly Node[] => this.tree.at("product_groups").items());

  readonly groupsById = memoised((): ReadonlyMap<string, readonly string[]> => {
    const found = new Map<string, readonly string[]>();
    for (const group of this.groups()) {
      const id = group.at("group_id").text;
      if (id !== undefined) found.set(id, texts(group.at("product_ids")));
    }
    return found;
  });

  readonly vulnerabilities = memoised((): readonly Vulnerability[] =>
    this.root
      .at("vulnerabilities")
      .items()
      .map((node) => ({ node, metrics: this.#metrics(node) })),
  );

  #metrics(vulnerability: Node): readonly Metric[] {
    return vulnerability
      .at(this.version === "2.0" ? "scores" : "metrics")
      .items()
      .map((node) => {
        const content = this.version === "2.0" ? node : node.at("content");
        const cvss = ["cvss_v2", "cvss_v3", "cvss_v4"].filter((name) => content.has(name));
        return {
          node,
          content,
          products: node.at("products").items(),
          source: node.at("source").text,
          cvss: cvss.map((name) => content.at(name)),
        };
      });
  }

  readonly metrics = memoised((): readonly Metric[] => this.vulnerabilities().flatMap(({ metrics }) => metrics));

  /** Objects with `product_ids` or `group_ids`. */
  readonly referring = memoised((): readonly Node[] => [
    ...this.document.at("notes").items(),
    ...this.vulnerabilities().flatMap(({ node }) => ITEMS.flatMap((name) => node.at(name).items())),
  ]);

  /** Each place that names a product defined elsewhere. */
  readonly productReferences = memoised((): readonly Node[] => [
    ...this.groups().flatMap((group) => group.at("product_ids").items()),
    ...this.paths().flatMap(stepsOf),
    ...this.referring().flatMap((node) => node.at("product_ids").items()),
    ...this.vulnerabilities().flatMap(({ node, metrics }) => [
      ...node
        .at("product_status")
        .members()
        .flatMap((status) => status.items()),
      ...metrics.flatMap(({ products }) => products),
    ]),
  ]);

  /** As they stand in the document. */
  readonly revisions = memoised((): readonly Node[] => this.tracking.at("revision_history").items());

  /** The products that an object names, by itself and by groups. */
  productsOf(node: Node): ReadonlySet<string> {
    const found = new Set(texts(node.at("product_ids")));
    for (const group of texts(node.at("group_ids"))) {
      for (const id of this.membersOf(group)) found.add(id);
    }
    return found;
  }

  membersOf(group: string): readonly string[] {
    const members = this.groupsById().get(group) ?? [];
    this.spend(members.length);
    return members;
  }

  /** Each test may take so many steps; what they share was found once. */
  beginTest(): void {
    this.#steps = 0;
  }

  /** Counts work that a document can ask for beyond its size. Fault: WB-CSAF-LIMIT. */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps <= MAX_STEPS) return;
    throw new Fault({
      code: "WB-CSAF-LIMIT",
      kind: "unchecked",
      what: "what groups of products, relations and version ranges stand for is more than is looked at",
      expected: `at most ${MAX_STEPS} steps for one test`,
    });
  }
}

/** The texts of a list. */
export function texts(list: Node): readonly string[] {
  return list.items().flatMap(({ text }) => (text === undefined ? [] : [text]));
}

/** What a relationship (2.0) or a product path (2.1) refers to, in order. */
export function stepsOf(path: Node): readonly Node[] {
  const relationship = [path.at("product_reference"), path.at("relates_to_product_reference")];
  const subpaths = path.at("subpaths").items();
  const steps = [path.at("beginning_product_reference"), ...subpaths.map((step) => step.at("next_product_reference"))];
  return [...relationship, ...steps].filter(({ text }) => text !== undefined);
}

/** Product status groups (3.2.4.11 in 2.1, 3.2.3.9 in 2.0): what is in one is in no other. */
export const STATUS_GROUPS: Readonly<Record<string, readonly string[]>> = {
  affected: ["first_affected", "known_affected", "last_affected"],
  "not affected": ["known_not_affected"],
  fixed: ["first_fixed", "fixed"],
  "under investigation": ["under_investigation"],
  unknown: ["unknown"],
  recommended: ["recommended"],
};

/** Places of the products in a group of statuses. */
export function inStatus(vulnerability: Node, group: string): readonly Node[] {
  return (STATUS_GROUPS[group] ?? [])
    .flatMap((name) => vulnerability.at("product_status", name).items())
    .filter(({ text }) => text !== undefined);
}

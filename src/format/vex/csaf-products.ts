import { parsePurl } from "../../artifact/purl.ts";
import { Fault } from "../../model/fault.ts";
import type { Json } from "../../model/statement.ts";
import type { VexComponent, VexProduct } from "../../model/vex.ts";
import { asString, Fields, type Place } from "../shape.ts";
import { type ComponentParts, joinProducts, vexComponent } from "./component.ts";

/** The products of a document by `product_id`, and its groups. */
export interface ProductTree {
  product(id: string): VexProduct;
  /** The ids that `product_ids` and `group_ids` of a part name. */
  named(part: Fields): readonly string[];
  /** Counts pairs of parts and products, and throws the place's code where there are more than any document has. */
  spend(pairs: number, part: Fields): void;
}

interface Relationship {
  readonly part: string;
  readonly whole: string;
}

/** A relationship of relationships deeper than this is none that a product has. */
const MAX_RELATED = 16;
/** A group, or a part that names no product, is about many at once: a document must not grow by the product of both. */
const MAX_PAIRS = 5_000_000;

/** Reads `product_tree` (CSAF 2.0 and 2.1, 3.2.2): branches, full product names, relationships or paths, groups. */
export function readProductTree(document: Fields): ProductTree {
  const tree = document.optionalObject("product_tree");
  const components = new Map<string, VexComponent>();
  const related = new Map<string, Relationship>();
  const groups = new Map<string, readonly string[]>();
  const add = (value: Json, place: Place, versions?: Versions): void => {
    const fields = new Fields(value, place);
    components.set(fields.string("product_id"), readFullName(fields, versions));
  };
  tree?.optionalList("full_product_names", (item, at) => add(item, at));
  tree?.optionalList("branches", (item, at) => readBranch(item, at, add));
  tree?.optionalList("relationships", (item, at) => {
    const fields = new Fields(item, at);
    const name = fields.object("full_product_name");
    related.set(name.string("product_id"), {
      part: fields.string("product_reference"),
      whole: fields.string("relates_to_product_reference"),
    });
  });
  // 2.1: from the innermost part to the outermost whole.
  tree?.optionalList("product_paths", (item, at) => {
    const fields = new Fields(item, at);
    const steps = fields.list("subpaths", (step, place) => new Fields(step, place).string("next_product_reference"));
    const part = fields.string("beginning_product_reference");
    related.set(fields.object("full_product_name").string("product_id"), { part, whole: steps.at(-1) ?? part });
  });
  tree?.optionalList("product_groups", (item, at) => {
    const fields = new Fields(item, at);
    groups.set(fields.string("group_id"), fields.list("product_ids", asString));
  });
  const component = (id: string): VexComponent => components.get(id) ?? vexComponent({ names: [id] });
  /** The innermost part, or the outermost whole. */
  const end = (id: string, side: keyof Relationship): VexComponent => {
    let at = id;
    for (let steps = 0; steps < MAX_RELATED; steps += 1) {
      const next = related.get(at)?.[side];
      if (next === undefined) break;
      at = next;
    }
    return component(at);
  };
  let spent = 0;
  const spend = (pairs: number, part: Fields): void => {
    spent += pairs;
    if (spent > MAX_PAIRS) throw part.fault("group_ids", `at most ${MAX_PAIRS} pairs of parts and products`);
  };
  return {
    product(id) {
      if (!related.has(id)) return { ...component(id), subcomponents: [] };
      return { ...end(id, "whole"), subcomponents: [end(id, "part")] };
    },
    named(part) {
      const direct = part.optionalList("product_ids", asString);
      const named = part.optionalList("group_ids", asString).map((group) => groups.get(group) ?? []);
      for (const group of named) spend(group.length, part);
      return [...direct, ...named.flat()];
    },
    spend,
  };
}

/** What the branch says of the versions of the product that it ends in. */
interface Versions {
  readonly category: (typeof VERSION_BRANCHES)[number];
  readonly name: string;
}

const VERSION_BRANCHES = ["product_version", "product_version_range"] as const;

/** Depth is bounded by `parseJson`. */
function readBranch(value: Json, place: Place, add: (value: Json, place: Place, versions?: Versions) => void): void {
  const fields = new Fields(value, place);
  const category = VERSION_BRANCHES.find((one) => one === fields.get("category"));
  const versions = category === undefined ? undefined : { category, name: fields.optionalString("name") ?? "" };
  if (fields.has("product")) add(fields.get("product") ?? null, fields.at("product"), versions);
  fields.optionalList("branches", (item, at) => readBranch(item, at, add));
}

function readFullName(fields: Fields, versions: Versions | undefined): VexComponent {
  const helper = fields.optionalObject("product_identification_helper");
  const names: string[] = [];
  const parts: { -readonly [K in keyof ComponentParts]: ComponentParts[K] } = { names };
  if (helper !== undefined) {
    const purl = helper.optionalString("purl");
    // 2.0 has one, 2.1 a list (3.1.3.3.4).
    names.push(...(purl ? [purl] : []), ...helper.optionalList("purls", asString));
    names.push(...helper.optionalList("x_generic_uris", (item, at) => new Fields(item, at).string("uri")));
    const cpe = helper.optionalString("cpe");
    if (cpe) parts.cpes = [cpe];
    parts.hashes = helper
      .optionalList("hashes", (item, at) =>
        new Fields(item, at).optionalList("file_hashes", (hash, place) => {
          const one = new Fields(hash, place);
          return { algorithm: one.string("algorithm"), value: one.string("value") };
        }),
      )
      .flat();
  }
  const range = rangeOf(names, versions);
  if (range !== undefined) parts.versions = range;
  return vexComponent({ ...parts, name: fields.string("name") });
}

/**
 * The range of a branch `product_version_range` (a VERS text, or else nothing that can be judged), and a `product_version` whose
 * package URL leaves the version open: a statement about one version must not come to be about all.
 */
function rangeOf(names: readonly string[], versions: Versions | undefined): string | undefined {
  if (versions === undefined) return undefined;
  if (versions.category === "product_version_range") return versions.name;
  for (const name of names.filter((one) => one.startsWith("pkg:"))) {
    try {
      const { type, version, qualifiers } = parsePurl(name, true);
      if (version === undefined && qualifiers?.["vers"] === undefined) {
        return `vers:${type}/${encodeURIComponent(versions.name)}`;
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }
  return undefined;
}

/** Products of one statement, those of one whole joined. */
export function productsOf(tree: ProductTree, ids: readonly string[]): readonly VexProduct[] {
  return joinProducts(ids.map((id) => tree.product(id)));
}

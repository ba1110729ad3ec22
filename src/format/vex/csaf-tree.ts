import { parsePurl } from "../../artifact/purl.ts";
import { Fault } from "../../model/fault.ts";
import type { Json, JsonObject } from "../../model/statement.ts";
import type { VexComponent, VexProduct } from "../../model/vex.ts";
import { componentKey, spokenName } from "./component.ts";
import type { Losses } from "./lost.ts";

interface Relation {
  readonly id: string;
  readonly part: Numbered;
  readonly whole: Numbered;
}

const CATEGORY = "default_component_of";

const pathName = ({ id, part, whole }: Relation): JsonObject => ({
  name: `${spokenName(part.component)} in ${spokenName(whole.component)}`,
  product_id: id,
});

/** CSAF 2.0, 3.2.2.4. */
const relationship = (one: Relation): JsonObject => ({
  category: CATEGORY,
  full_product_name: pathName(one),
  product_reference: one.part.id,
  relates_to_product_reference: one.whole.id,
});

/** CSAF 2.1 has paths instead. */
const productPath = (one: Relation): JsonObject => ({
  beginning_product_reference: one.part.id,
  full_product_name: pathName(one),
  subpaths: [{ category: CATEGORY, next_product_reference: one.whole.id }],
});

interface Numbered {
  readonly id: string;
  readonly component: VexComponent;
}

/** As CSAF wants it: valid by the rules of its type. */
function isPurl(text: string): boolean {
  try {
    parsePurl(text);
    return true;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

/** Gathers the products of a document and gives each an id, in the order in which they are met. */
export class CsafProducts {
  readonly #version: "2.0" | "2.1";
  readonly #losses: Losses;
  readonly #components = new Map<string, Numbered>();
  readonly #relations = new Map<string, Relation>();

  constructor(version: "2.0" | "2.1", losses: Losses) {
    this.#version = version;
    this.#losses = losses;
  }

  /** The ids of products; a product with subcomponents has one for each of them. */
  idsOf(products: readonly VexProduct[]): readonly string[] {
    const ids = products.flatMap(({ subcomponents, ...whole }) => {
      const product = this.#number(whole);
      return subcomponents.length === 0
        ? [product.id]
        : subcomponents.map((part) => this.#relate(this.#number(part), product));
    });
    return [...new Set(ids)];
  }

  #nextId(): string {
    return `CSAFPID-${String(this.#components.size + this.#relations.size + 1).padStart(4, "0")}`;
  }

  #number(component: VexComponent): Numbered {
    const key = componentKey(component);
    let found = this.#components.get(key);
    if (found === undefined) this.#components.set(key, (found = { id: this.#nextId(), component }));
    return found;
  }

  #relate(part: Numbered, whole: Numbered): string {
    const key = `${part.id} ${whole.id}`;
    let found = this.#relations.get(key);
    if (found === undefined) this.#relations.set(key, (found = { id: this.#nextId(), part, whole }));
    return found.id;
  }

  /** `product_tree`: a branch for each product with a range (3.1.2.2), a plain name for every other. */
  tree(): JsonObject {
    const all = [...this.#components.values()];
    const ranged = all.filter(({ component }) => component.versions !== undefined);
    const plain = all.filter(({ component }) => component.versions === undefined);
    const relations = [...this.#relations.values()];
    return {
      ...(ranged.length > 0 && { branches: ranged.map((one) => this.#branch(one)) }),
      ...(plain.length > 0 && { full_product_names: plain.map((one) => this.#fullName(one)) }),
      ...(relations.length > 0 &&
        (this.#version === "2.0"
          ? { relationships: relations.map(relationship) }
          : { product_paths: relations.map(productPath) })),
    };
  }

  #branch(one: Numbered): JsonObject {
    const { versions = "", ...open } = one.component;
    return {
      branches: [{ category: "product_version_range", name: versions, product: this.#fullName(one) }],
      category: "product_name",
      name: spokenName(open),
    };
  }

  #fullName({ id, component }: Numbered): JsonObject {
    const helper = this.#helper(component);
    return {
      name: spokenName(component),
      product_id: id,
      ...(Object.keys(helper).length > 0 && { product_identification_helper: helper }),
    };
  }

  #helper({ ids, purls: written, cpes, hashes, name }: VexComponent): JsonObject {
    // What is no package URL is an identifier like any other (6.1.13).
    const purls = written.filter((purl) => isPurl(purl));
    const lose = (values: readonly string[]): void => {
      for (const value of values) this.#losses.tell(`a further identifier, ${value}`);
    };
    lose(cpes.slice(1));
    if (this.#version === "2.0") lose(purls.slice(1));
    // The schema asks for at least 32 hex digits.
    const good = hashes.filter(({ value }) => /^[0-9a-f]{32,}$/u.test(value));
    const isUri = (id: string): boolean => /^[a-z][a-z0-9+.-]*:\S+$/iu.test(id);
    const others = written.filter((purl) => !isPurl(purl));
    const uris: Json[] = [...ids.filter(isUri), ...others].map((uri) => ({ namespace: "https://openvex.dev/ns", uri }));
    // One that is no URI is the name where nothing else is.
    lose(ids.filter((id, index) => !isUri(id) && (index > 0 || name !== undefined || purls.length > 0)));
    return {
      ...(cpes[0] !== undefined && { cpe: cpes[0] }),
      ...(good.length > 0 && {
        hashes: [
          {
            file_hashes: good.map(({ algorithm, value }) => ({
              algorithm: algorithm.replace(/^(sha|blake2[bs])-/u, "$1"),
              value,
            })),
            filename: name ?? purls[0] ?? ids[0] ?? "artifact",
          },
        ],
      }),
      ...(this.#version === "2.0" && purls[0] !== undefined && { purl: purls[0] }),
      ...(this.#version === "2.1" && purls.length > 0 && { purls }),
      ...(uris.length > 0 && { x_generic_uris: uris }),
    };
  }
}

import { parsePurl } from "../../artifact/purl.ts";
import { Fault } from "../../model/fault.ts";
import type { JsonObject } from "../../model/statement.ts";
import type { VexComponent, VexProduct } from "../../model/vex.ts";
import { componentKey, purlWithVersions, spokenName } from "./component.ts";
import { PROPERTY, purlName } from "./cyclonedx-refs.ts";
import type { Losses } from "./lost.ts";

/** A type and no interface, so that it is a `JsonObject`. */
export type Property = { readonly name: string; readonly value: string };

/** `hashes[].alg` by the model's names. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  md5: "MD5",
  sha1: "SHA-1",
  "sha-256": "SHA-256",
  "sha-384": "SHA-384",
  "sha-512": "SHA-512",
  "sha3-256": "SHA3-256",
  "sha3-384": "SHA3-384",
  "sha3-512": "SHA3-512",
  "blake2b-256": "BLAKE2b-256",
  "blake2b-384": "BLAKE2b-384",
  "blake2b-512": "BLAKE2b-512",
  blake3: "BLAKE3",
};

interface Target {
  readonly ref: string;
  readonly versions: string | undefined;
}

interface Placed {
  readonly ref: string;
  readonly component: VexComponent;
  readonly parts: Map<string, Placed>;
}

/** Gathers the components that statements are about: a product on the top, its subcomponents in it. */
export class BomComponents {
  readonly #losses: Losses;
  readonly #top = new Map<string, Placed>();
  readonly #refs = new Set<string>();

  constructor(losses: Losses) {
    this.#losses = losses;
  }

  /** The references of a product: its own, or those of its subcomponents, each with the range that it is bound to. */
  targetsOf({ subcomponents, ...whole }: VexProduct): readonly Target[] {
    const { versions, ...open } = whole;
    if (subcomponents.length === 0) return [{ ref: this.#place(this.#top, open, "").ref, versions }];
    // The range of a product that is only the frame has no place but its package URL.
    const framed = { ...open, purls: open.purls.map((purl) => purlWithVersions(purl, versions)) };
    if (versions !== undefined && framed.purls.every((purl, index) => purl === open.purls[index])) {
      this.#losses.tell(
        `the range ${versions} of ${spokenName(whole)}: only a package URL without version can carry it`,
      );
    }
    const place = this.#place(this.#top, framed, "");
    return subcomponents.map(({ versions: range, ...part }) => ({
      ref: this.#place(place.parts, part, `${place.ref} > `).ref,
      versions: range,
    }));
  }

  #place(into: Map<string, Placed>, component: VexComponent, prefix: string): Placed {
    const key = componentKey(component);
    let placed = into.get(key);
    if (placed === undefined) {
      const wanted = `${prefix}${spokenName(component)}`;
      let ref = wanted;
      for (let number = 2; this.#refs.has(ref); number += 1) ref = `${wanted} (${number})`;
      this.#refs.add(ref);
      into.set(key, (placed = { ref, component, parts: new Map() }));
    }
    return placed;
  }

  all(): readonly JsonObject[] {
    return [...this.#top.values()].map((placed) => this.#json(placed));
  }

  #json({ ref, component, parts }: Placed): JsonObject {
    const { ids, purls, cpes, hashes } = component;
    for (const extra of [...purls.slice(1), ...cpes.slice(1)]) this.#losses.tell(`a further identifier, ${extra}`);
    const known = hashes.filter(({ algorithm }) => Object.hasOwn(ALGORITHMS, algorithm));
    for (const one of hashes) if (!known.includes(one)) this.#losses.tell(`a ${one.algorithm} hash`);
    const [purl] = purls;
    const name = component.name ?? purlName(purl) ?? spokenName(component);
    const version = versionOf(purl);
    const properties: readonly Property[] = ids.map((value) => ({ name: `${PROPERTY}id`, value }));
    return {
      type: parts.size > 0 ? "application" : "library",
      "bom-ref": ref,
      name,
      ...(version !== undefined && { version }),
      ...(known.length > 0 && {
        hashes: known.map(({ algorithm, value }) => ({ alg: ALGORITHMS[algorithm] ?? "", content: value })),
      }),
      ...(cpes[0] !== undefined && { cpe: cpes[0] }),
      ...(purl !== undefined && { purl }),
      ...(properties.length > 0 && { properties }),
      ...(parts.size > 0 && { components: [...parts.values()].map((part) => this.#json(part)) }),
    };
  }
}

function versionOf(purl: string | undefined): string | undefined {
  if (purl === undefined) return undefined;
  try {
    return parsePurl(purl, true).version;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

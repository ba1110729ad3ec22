import { parsePurl, printPurl } from "../../artifact/purl.ts";
import { Fault } from "../../model/fault.ts";
import type { VexComponent, VexProduct } from "../../model/vex.ts";
import { hashName } from "./words.ts";

/** The parts of a component as a form gives them. */
export interface ComponentParts {
  readonly names?: readonly string[];
  readonly cpes?: readonly string[];
  readonly hashes?: readonly { readonly algorithm: string; readonly value: string }[];
  readonly name?: string;
  readonly versions?: string;
}

/** A hash in the place of an id, where a form demands one: `sha-256:HEX`. */
const HASH_ID = /^(sha-?(?:256|384|512)):([0-9a-f]{64,128})$/u;

const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

/** Takes a `vers` qualifier out of a package URL (purl-spec, "known qualifiers"): it is a range and names no package. */
function splitVers(purl: string): { readonly purl: string; readonly versions?: string } {
  if (!/[?&]vers=/iu.test(purl)) return { purl };
  try {
    const { qualifiers, ...parts } = parsePurl(purl, true);
    const { vers, ...others } = qualifiers ?? {};
    if (vers === undefined) return { purl };
    return { purl: printPurl({ ...parts, qualifiers: others }), versions: vers };
  } catch (error) {
    if (error instanceof Fault) return { purl };
    throw error;
  }
}

/** Sorts what names a component into the model's lists. */
export function vexComponent(parts: ComponentParts): VexComponent {
  const ids: string[] = [];
  const purls: string[] = [];
  const hashes = [...(parts.hashes ?? [])];
  let { versions } = parts;
  for (const name of parts.names ?? []) {
    const hash = HASH_ID.exec(name);
    if (hash !== null) hashes.push({ algorithm: hash[1] ?? "", value: hash[2] ?? "" });
    else if (/^pkg:/iu.test(name)) {
      const split = splitVers(name);
      purls.push(split.purl);
      versions ??= split.versions;
    } else ids.push(name);
  }
  const digests = new Map(hashes.map(({ algorithm, value }) => [hashName(algorithm), value.toLowerCase()] as const));
  const component: VexComponent = {
    ids: unique(ids),
    purls: unique(purls),
    cpes: unique(parts.cpes ?? []),
    hashes: [...digests].map(([algorithm, value]) => ({ algorithm, value })),
    ...(versions !== undefined && { versions }),
  };
  const { name } = parts;
  if (name === undefined || name === "") return component;
  // A name alone names all the same, if nothing that can be found by it.
  if (ids.length + purls.length + component.cpes.length + hashes.length === 0) return { ...component, ids: [name] };
  return name === spokenName(component) ? component : { ...component, name };
}

/** How a component without a name of its own is called where a form demands a name. */
export function spokenName(component: VexComponent): string {
  const { name, purls, ids, cpes, hashes, versions } = component;
  const first = purls[0] ?? ids[0] ?? cpes[0] ?? `${hashes[0]?.algorithm}:${hashes[0]?.value}`;
  return name ?? (versions === undefined ? first : `${first} (${versions})`);
}

/** A package URL with its range as `vers` qualifier, for forms without a place of their own; as it is where it has a version. */
export function purlWithVersions(purl: string, versions: string | undefined): string {
  if (versions === undefined) return purl;
  try {
    const parts = parsePurl(purl, true);
    if (parts.version !== undefined) return purl;
    return printPurl({ ...parts, qualifiers: { ...parts.qualifiers, vers: versions } });
  } catch (error) {
    if (error instanceof Fault) return purl;
    throw error;
  }
}

/** Tells components apart: the same text for the same names, hashes and range. */
export function componentKey({ ids, purls, cpes, hashes, name, versions }: VexComponent): string {
  return JSON.stringify([ids, purls, cpes, hashes.map((one) => [one.algorithm, one.value]), name, versions]);
}

/** One product for all that differ only in their subcomponents; a product as a whole stays one of its own. */
export function joinProducts(products: readonly VexProduct[]): readonly VexProduct[] {
  const joined = new Map<string, { product: VexProduct; parts: Map<string, VexComponent> }>();
  for (const product of products) {
    const whole = product.subcomponents.length === 0;
    const key = `${whole ? "whole" : "parts"} ${componentKey(product)}`;
    let entry = joined.get(key);
    if (entry === undefined) joined.set(key, (entry = { product, parts: new Map() }));
    for (const part of product.subcomponents) entry.parts.set(componentKey(part), part);
  }
  return [...joined.values()].map(({ product, parts }) => ({ ...product, subcomponents: [...parts.values()] }));
}

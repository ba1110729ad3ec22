import type { Json } from "../../model/statement.ts";
import type { VexComponent, VexProduct } from "../../model/vex.ts";
import { parsePurl } from "../../artifact/purl.ts";
import { Fault } from "../../model/fault.ts";
import { Fields, type Place } from "../shape.ts";
import { vexComponent } from "./component.ts";

/** The properties by which these documents say what CycloneDX has no member for. */
export const PROPERTY = "waybill:vex:";

/** A BOM-Link (CycloneDX, "BOM-Link"; RFC 8141): `urn:cdx:SERIAL/VERSION#REF`. */
const BOM_LINK = /^urn:cdx:([0-9a-f-]{36})\/(\d+)(?:#(.+))?$/iu;

interface Held {
  readonly component: VexComponent;
  readonly holder?: VexComponent;
}

/** What the references of a document lead to. */
export interface References {
  /** The product that an `affects[].ref` means: the component in what holds it, a component of another document by its link. */
  product(ref: string): VexProduct;
}

/** Values of the document's own properties by name without the prefix, in order. */
export function propertiesOf(fields: Fields): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  fields.optionalList("properties", (item, place) => {
    const property = new Fields(item, place);
    const name = property.optionalString("name") ?? "";
    const value = property.optionalString("value");
    if (!name.startsWith(PROPERTY) || value === undefined) return;
    const values = found.get(name.slice(PROPERTY.length));
    if (values === undefined) found.set(name.slice(PROPERTY.length), [value]);
    else values.push(value);
  });
  return found;
}

/** The name that a package URL gives, as components carry it. */
export function purlName(purl: string | undefined): string | undefined {
  if (purl === undefined) return undefined;
  try {
    return parsePurl(purl, true).name;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

function readComponent(fields: Fields): VexComponent {
  const purl = fields.optionalString("purl");
  const cpe = fields.optionalString("cpe");
  const own = propertiesOf(fields);
  const name = fields.optionalString("name");
  const hashes = fields.optionalList("hashes", (item, place) => {
    const hash = new Fields(item, place);
    return { algorithm: hash.optionalString("alg") ?? "", value: hash.optionalString("content") ?? "" };
  });
  const plain = own.has("name") ? own.get("name")?.[0] : name === purlName(purl) ? undefined : name;
  return vexComponent({
    names: [...(own.get("id") ?? []), ...(purl ? [purl] : [])],
    cpes: cpe ? [cpe] : [],
    hashes: hashes.filter(({ algorithm, value }) => algorithm !== "" && value !== ""),
    ...(plain !== undefined && { name: plain }),
  });
}

/** Gathers the components and services of a document. What lies in nothing else lies in `metadata.component`. */
export function readReferences(root: Fields): References {
  const held = new Map<string, Held>();
  const subject = root.optionalObject("metadata")?.optionalObject("component");
  const walk = (value: Json, place: Place, holder: VexComponent | undefined): VexComponent => {
    const fields = new Fields(value, place);
    const ref = fields.optionalString("bom-ref");
    const read = readComponent(fields);
    // The reference is a name, too: of a subject without package URL it is the only one that a matcher knows.
    const isFound = read.purls.length + read.hashes.length > 0;
    const component = isFound || !ref ? read : { ...read, ids: [...new Set([...read.ids, ref])] };
    if (ref) held.set(ref, { component, ...(holder !== undefined && { holder }) });
    for (const list of ["components", "services"]) fields.optionalList(list, (item, at) => walk(item, at, component));
    return component;
  };
  const top = subject === undefined ? undefined : walk(subject.raw, subject.place, undefined);
  for (const list of ["components", "services"]) root.optionalList(list, (item, at) => walk(item, at, top));
  const serial = root
    .optionalString("serialNumber")
    ?.replace(/^urn:uuid:/u, "")
    .toLowerCase();
  return {
    product(ref) {
      const [, document, , element] = BOM_LINK.exec(ref) ?? [];
      const decoded = element === undefined ? undefined : decode(element);
      const local = held.get(ref) ?? (document?.toLowerCase() === serial && decoded ? held.get(decoded) : undefined);
      if (local === undefined) {
        const names = decoded !== undefined && /^pkg:/iu.test(decoded) ? [ref, decoded] : [ref];
        return { ...vexComponent({ names }), subcomponents: [] };
      }
      if (local.holder === undefined) return { ...local.component, subcomponents: [] };
      return { ...local.holder, subcomponents: [local.component] };
    },
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import { cleanText } from "../artifact/clean-text.ts";
import { Fault } from "../model/fault.ts";
import { type XmlElement } from "./xml.ts";
import { attributeOf, elementsOf, textOf } from "./xml-look.ts";

const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XML = "http://www.w3.org/XML/1998/namespace";

/** A resource of the graph: named by a URI, or blank (`_:…`). */
export interface RdfNode {
  readonly id: string;
  /** URIs of the classes. */
  readonly types: Set<string>;
  /** Property URI → values in the order of the text. */
  readonly properties: Map<string, (RdfNode | string)[]>;
  /** Where it is first described. */
  line: number;
}

/**
 * The graph of an RDF/XML document (W3C RDF 1.1 XML Syntax): typed nodes, nested and referenced, property attributes,
 * `rdf:about`, `rdf:ID`, `rdf:nodeID`, `rdf:resource`, `parseType="Resource"`, `rdf:li`. Literals are their text; data types
 * and languages are not kept. A graph may be cyclic. `parseType="Literal"` and `"Collection"` are refused: SPDX has neither.
 *
 * Faults: WB-RDF-FORM with file and line.
 */
export function parseRdf(root: XmlElement, where: string): ReadonlyMap<string, RdfNode> {
  return new Reader(where).read(root);
}

class Reader {
  readonly #where: string;
  readonly #nodes = new Map<string, RdfNode>();
  #blanks = 0;

  constructor(where: string) {
    this.#where = where;
  }

  read(root: XmlElement): ReadonlyMap<string, RdfNode> {
    const base = attributeOf(root, "base", XML) ?? "";
    if (root.namespace === RDF && root.name === "RDF") for (const child of elementsOf(root)) this.#node(child, base);
    else this.#node(root, base);
    return this.#nodes;
  }

  #node(element: XmlElement, outer: string): RdfNode {
    const base = attributeOf(element, "base", XML) ?? outer;
    const node = this.#named(this.#idOf(element, base), element.line);
    if (element.namespace !== RDF || element.name !== "Description") node.types.add(element.namespace + element.name);
    this.#attributes(node, element, new Set(["about", "ID", "nodeID"]));
    this.#members(node, element, base);
    return node;
  }

  #named(id: string, line: number): RdfNode {
    let node = this.#nodes.get(id);
    if (node === undefined) this.#nodes.set(id, (node = { id, types: new Set(), properties: new Map(), line }));
    // A resource that was only pointed at gets its line from where it is described.
    else if (node.properties.size === 0) node.line = line;
    return node;
  }

  #idOf(element: XmlElement, base: string): string {
    const about = attributeOf(element, "about", RDF);
    if (about !== undefined) return resolve(about, base);
    const id = attributeOf(element, "ID", RDF);
    if (id !== undefined) return resolve(`#${id}`, base);
    const nodeId = attributeOf(element, "nodeID", RDF);
    return nodeId === undefined ? this.#blank() : `_:n-${nodeId}`;
  }

  #blank(): string {
    this.#blanks += 1;
    return `_:b-${this.#blanks}`;
  }

  #attributes(node: RdfNode, element: XmlElement, own: ReadonlySet<string>): void {
    for (const { namespace, name, value } of element.attributes) {
      if (namespace === XML || namespace === "" || (namespace === RDF && own.has(name))) continue;
      if (namespace === RDF && name === "type") node.types.add(value);
      else add(node, namespace + name, value);
    }
  }

  #members(node: RdfNode, element: XmlElement, base: string): void {
    let item = 0;
    for (const child of element.children) {
      if (typeof child === "string") {
        if (child.trim() !== "") throw this.#fault(element, "has text where properties are expected");
        continue;
      }
      const isItem = child.namespace === RDF && child.name === "li";
      const property = isItem ? `${RDF}_${(item += 1)}` : child.namespace + child.name;
      const value = this.#value(child, base);
      if (property === `${RDF}type`) node.types.add(typeof value === "string" ? value : value.id);
      else add(node, property, value);
    }
  }

  #value(element: XmlElement, outer: string): RdfNode | string {
    const base = attributeOf(element, "base", XML) ?? outer;
    const parseType = attributeOf(element, "parseType", RDF);
    if (parseType === "Resource") {
      const node = this.#named(this.#blank(), element.line);
      this.#members(node, element, base);
      return node;
    }
    if (parseType !== undefined)
      throw this.#fault(element, `has the parseType ${cleanText(parseType, 40)}, which is not read`);
    const resource = attributeOf(element, "resource", RDF);
    const nodeId = attributeOf(element, "nodeID", RDF);
    const inner = elementsOf(element);
    const [first, second] = inner;
    if (first !== undefined) {
      if (second !== undefined || resource !== undefined || nodeId !== undefined || textOf(element).trim() !== "") {
        throw this.#fault(element, "has more than one value");
      }
      return this.#node(first, base);
    }
    const named = resource === undefined ? nodeId && `_:n-${nodeId}` : resolve(resource, base);
    const properties = element.attributes.some(
      ({ namespace, name }) => namespace !== "" && namespace !== XML && (namespace !== RDF || name === "type"),
    );
    if (named === undefined && !properties) return textOf(element);
    const node = this.#named(named ?? this.#blank(), element.line);
    this.#attributes(node, element, new Set(["resource", "nodeID", "datatype", "ID"]));
    return node;
  }

  #fault({ name, line }: XmlElement, what: string): Fault {
    return new Fault({
      code: "WB-RDF-FORM",
      kind: "input",
      what: `the RDF element ${cleanText(name, 60)} ${what}`,
      where: `${this.#where}:${line}`,
    });
  }
}

function add(node: RdfNode, property: string, value: RdfNode | string): void {
  const values = node.properties.get(property);
  if (values === undefined) node.properties.set(property, [value]);
  else values.push(value);
}

/** Only what documents need: absolute references stay, fragments join the base. */
function resolve(reference: string, base: string): string {
  if (reference === "" || reference.startsWith("#")) return base.replace(/#.*$/s, "") + reference;
  return reference;
}

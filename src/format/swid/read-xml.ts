import { cleanText } from "../../artifact/clean-text.ts";
import { Fault } from "../../model/fault.ts";
import { parseTimestamp } from "../timestamp.ts";
import { parseXml, type XmlElement } from "../xml.ts";
import { elementsOf, textOf } from "../xml-look.ts";
import { type ReadTags, sortedAttributes, sortedHashes } from "./coswid-read.ts";
import {
  MAX_DIRECTORIES,
  type SoftwareIdentity,
  type SwidAttribute,
  type SwidCollection,
  type SwidDirectory,
  type SwidEvidence,
  type SwidFile,
  type SwidHash,
  type SwidWord,
} from "./model.ts";
import { HASHES, META_NAMES, XML_ROLES } from "./names.ts";

/** The 2015 edition, and the draft that its published schema still names. */
export const SWID_NAMESPACE = "http://standards.iso.org/iso/19770/-2/2015/schema.xsd";
const NAMESPACES = new Set([SWID_NAMESPACE, "http://standards.iso.org/iso/19770/-2/2014-DIS/schema.xsd"]);
export const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";
/** ISO has no document of several tags; this is ours. */
export const SWID_SET_NAMESPACE = "https://waybill.dev/swid-set/v1";

/**
 * Reads SWID tags (ISO/IEC 19770-2:2015) from XML: one `SoftwareIdentity`, or our set of several. Signatures and elements of
 * other name spaces are told as lost. Faults with file and line: WB-SWID-FORM, those of `parseXml`.
 */
export function parseSwid(bytes: Uint8Array, where: string): ReadTags {
  const root = parseXml(bytes, where);
  const lost: string[] = [];
  const isSet = root.namespace === SWID_SET_NAMESPACE && root.name === "SoftwareIdentities";
  const tags = (isSet ? elementsOf(root) : [root]).map((element) => {
    if (!NAMESPACES.has(element.namespace) || element.name !== "SoftwareIdentity") {
      throw swidFault(element, where, "a SoftwareIdentity of ISO/IEC 19770-2:2015");
    }
    return readTag(new Node(element, where, lost));
  });
  if (tags.length === 0) throw swidFault(root, where, "a set of at least one SoftwareIdentity");
  return { tags, lost };
}

function swidFault({ name, line }: XmlElement, where: string, expected: string): Fault {
  return new Fault({
    code: "WB-SWID-FORM",
    kind: "input",
    what: `the element ${cleanText(name, 60)} is not ${expected}`,
    where: `${where}:${line}`,
    expected,
  });
}

/** An element whose attributes and children are taken one by one. */
class Node {
  readonly #element: XmlElement;
  readonly #where: string;
  readonly #left: Map<string, SwidAttribute>;
  readonly #children: Set<XmlElement>;
  readonly lost: string[];

  constructor(element: XmlElement, where: string, lost: string[]) {
    this.#element = element;
    this.#where = where;
    this.lost = lost;
    this.#left = new Map(element.attributes.map((one) => [`${one.namespace}\n${one.name}`, one]));
    this.#children = new Set(elementsOf(element));
    if (textOf(element).trim() !== "") this.#lose("text");
  }

  #lose(what: string): void {
    if (this.lost.length < 100) this.lost.push(cleanText(`${this.#element.name}:${this.#element.line} ${what}`, 120));
  }

  fault(expected: string): Fault {
    return swidFault(this.#element, this.#where, expected);
  }

  take(name: string, namespace = ""): string | undefined {
    const key = `${namespace}\n${name}`;
    const found = this.#left.get(key);
    this.#left.delete(key);
    return found?.value;
  }

  text(name: string): string {
    const value = this.take(name);
    if (value === undefined) throw this.fault(`an element with the attribute ${name}`);
    return value;
  }

  optionalText<const N extends string>(key: N, name: string = key, namespace = ""): { readonly [K in N]?: string } {
    const value = this.take(name, namespace);
    return value === undefined ? {} : ({ [key]: value } as { [K in N]?: string });
  }

  flag(name: string): boolean | undefined {
    const value = this.take(name)?.trim();
    if (value === undefined) return undefined;
    if (value === "true" || value === "1") return true;
    if (value === "false" || value === "0") return false;
    throw this.fault(`an element whose ${name} is true or false`);
  }

  integer(name: string): number | undefined {
    const value = this.take(name)?.trim();
    if (value === undefined) return undefined;
    if (!/^-?[0-9]{1,15}$/.test(value)) throw this.fault(`an element whose ${name} is an integer`);
    return Number(value);
  }

  optionalWord<const N extends string>(name: N): { readonly [K in N]?: SwidWord } {
    const value = this.take(name);
    return value === undefined ? {} : ({ [name]: wordOfXml(value) } as { [K in N]?: SwidWord });
  }

  /** Elements of ISO's name space by their name. */
  all(name: string): readonly Node[] {
    const found = [...this.#children].filter((child) => child.name === name && NAMESPACES.has(child.namespace));
    for (const child of found) this.#children.delete(child);
    return found.map((child) => new Node(child, this.#where, this.lost));
  }

  hashes(): readonly SwidHash[] {
    const found: SwidHash[] = [];
    for (const [, algorithm, digits, namespace] of HASHES) {
      const value = namespace === undefined ? undefined : this.take("hash", namespace);
      if (value === undefined) continue;
      const hex = value.trim().toLowerCase();
      if (hex.length !== digits || !/^[0-9a-f]+$/.test(hex))
        throw this.fault(`an element with a ${algorithm} hash in hex`);
      found.push({ algorithm, value: hex });
    }
    return sortedHashes(found);
  }

  rest(): readonly SwidAttribute[] {
    for (const child of this.#children) this.#lose(`element ${child.name}`);
    return sortedAttributes([...this.#left.values()].map(({ namespace, name, value }) => ({ namespace, name, value })));
  }
}

/** Digits are an index without a name. */
function wordOfXml(text: string): SwidWord {
  return /^-?[0-9]{1,15}$/.test(text) ? Number(text) : text;
}

function readTag(node: Node): SoftwareIdentity {
  const entities = node.all("Entity").map(readEntity);
  if (entities.length === 0) throw node.fault("a tag with at least one Entity");
  const [payload, ...payloads] = node.all("Payload").map(readCollection);
  const [evidence, ...evidences] = node.all("Evidence").map(readEvidence);
  if (payloads.length + evidences.length > 0) throw node.fault("a tag with one Payload or Evidence");
  const version = node.take("version");
  const tagId = node.text("tagId");
  if (tagId === "") throw node.fault("a tag with an identifier");
  return {
    tagId: /^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$/.test(tagId) ? tagId.toLowerCase() : tagId,
    tagVersion: node.integer("tagVersion") ?? 0,
    corpus: node.flag("corpus") ?? false,
    patch: node.flag("patch") ?? false,
    supplemental: node.flag("supplemental") ?? false,
    name: node.text("name"),
    ...(version !== undefined && { version }),
    ...node.optionalWord("versionScheme"),
    ...node.optionalText("media"),
    ...node.optionalText("lang", "lang", XML_NAMESPACE),
    entities,
    metas: node.all("Meta").map(readMeta),
    links: node.all("Link").map(readLink),
    ...(payload !== undefined && { payload }),
    ...(evidence !== undefined && { evidence }),
    any: node.rest(),
  };
}

function readEntity(node: Node): SoftwareIdentity["entities"][number] {
  const thumbprint = readThumbprint(node);
  const roles = (node.take("role") ?? "").split(/\s+/).filter((role) => role !== "");
  if (roles.length === 0) throw node.fault("an Entity with a role");
  return {
    name: node.text("name"),
    ...node.optionalText("regId", "regid"),
    roles: roles.map((role) => XML_ROLES.find(([, written]) => written === role)?.[0] ?? wordOfXml(role)),
    ...(thumbprint !== undefined && { thumbprint }),
    any: node.rest(),
  };
}

/** `sha-256:HEX`; ISO says only that it is a hash, and what is written in other ways is lost. */
function readThumbprint(node: Node): SwidHash | undefined {
  const text = node.take("thumbprint");
  if (text === undefined) return undefined;
  const [, name = "", value = ""] = /^([a-z0-9-]+):([0-9a-f]+)$/.exec(text) ?? [];
  const known = HASHES.find(([, algorithm, digits]) => algorithm === name && digits === value.length);
  if (known !== undefined) return { algorithm: known[1], value };
  const index = wordOfXml(name);
  if (typeof index === "number" && value.length % 2 === 0) return { algorithm: index, value };
  node.lost.push(cleanText(`Entity thumbprint ${text}`, 120));
  return undefined;
}

function readMeta(node: Node): SoftwareIdentity["metas"][number] {
  const texts = Object.assign(
    {},
    ...META_NAMES.map((name) => node.optionalText(name)),
  ) as SoftwareIdentity["metas"][number]["texts"];
  const required = node.flag("entitlementDataRequired");
  return { texts, ...(required !== undefined && { entitlementDataRequired: required }), any: node.rest() };
}

function readLink(node: Node): SoftwareIdentity["links"][number] {
  return {
    href: node.text("href"),
    rel: wordOfXml(node.text("rel")),
    ...node.optionalText("artifact"),
    ...node.optionalText("media"),
    ...node.optionalText("mediaType", "type"),
    ...node.optionalWord("ownership"),
    ...node.optionalWord("use"),
    any: node.rest(),
  };
}

function readCollection(node: Node): SwidCollection {
  return {
    directories: node.all("Directory").map((one) => readDirectory(one, 1)),
    files: node.all("File").map(readFile),
    processes: node.all("Process").map((one) => {
      const pid = one.integer("pid");
      return { name: one.text("name"), ...(pid !== undefined && { pid }), any: one.rest() };
    }),
    resources: node.all("Resource").map((one) => ({ type: one.text("type"), any: one.rest() })),
    any: node.rest(),
  };
}

function readEvidence(node: Node): SwidEvidence {
  const written = node.take("date");
  const date = written === undefined ? undefined : parseTimestamp(written)?.replace(/\.\d+Z$/, "Z");
  if (written !== undefined && date === undefined) throw node.fault("an Evidence whose date is a time (RFC 3339)");
  const head = {
    ...(date !== undefined && { date }),
    ...node.optionalText("deviceId"),
    ...node.optionalText("location"),
  };
  return { ...head, ...readCollection(node) };
}

function pathItem(node: Node): Omit<SwidDirectory, "files" | "directories" | "any"> {
  const key = node.flag("key");
  return {
    name: node.text("name"),
    ...node.optionalText("location"),
    ...node.optionalText("root"),
    ...(key !== undefined && { key }),
  };
}

function readDirectory(node: Node, depth: number): SwidDirectory {
  if (depth > MAX_DIRECTORIES) throw node.fault(`a Directory at most ${MAX_DIRECTORIES} deep`);
  return {
    ...pathItem(node),
    files: node.all("File").map(readFile),
    directories: node.all("Directory").map((one) => readDirectory(one, depth + 1)),
    any: node.rest(),
  };
}

function readFile(node: Node): SwidFile {
  const size = node.integer("size");
  if (size !== undefined && size < 0) throw node.fault("a File with a size in bytes");
  return {
    ...pathItem(node),
    ...(size !== undefined && { size }),
    ...node.optionalText("version"),
    hashes: node.hashes(),
    any: node.rest(),
  };
}

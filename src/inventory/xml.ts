import { cleanText } from "../artifact/clean-text.ts";
import type { Entry } from "../model/artifact.ts";
import { type DocumentKind, syntaxFault } from "./document.ts";

/** An element of a document. */
export interface XmlElement {
  /** Without the prefix of its name space. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its text, trimmed; elements inside are not in it. */
  readonly text: string;
  /** Where its start tag begins in the document's text. */
  readonly offset: number;
}

export interface XmlDocument {
  readonly root: XmlElement;
  readonly text: string;
}

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_DEPTH = 64;
const NAME = /[A-Za-z_:\u00c0-\uffff][-A-Za-z0-9._:\u00b7-\uffff]{0,255}/y;
const ATTRIBUTE = /\s{1,999}([A-Za-z_:][-A-Za-z0-9._:]{0,255})\s{0,99}=\s{0,99}(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s{0,999}(\/?)>/y;
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
  readonly offset: number;
}

/**
 * Reads an XML document as build tools do (XML 1.0, without DTDs: a document type, with which entities are declared, is refused).
 * Beside `format/xml.ts`, which is strict, because poms are not: Maven reads prefixes that nobody declared and entities of HTML, and
 * so must whoever says what it takes. And poms are read by the hundred: this takes half of the time.
 * Throws the kind's syntax code with the line.
 */
export function readXml(entry: Entry, kind: DocumentKind): XmlDocument {
  const text = decode(entry, kind);
  const wrong = (at: number, problem: string): Error => syntaxFault(kind, entry.path, lineAt(text, at), problem);
  const open: Open[] = [];
  let root: XmlElement | undefined;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const next = text.indexOf("<", at);
    const end = next < 0 ? text.length : next;
    const top = open.at(-1);
    if (end > at) {
      const between = text.slice(at, end);
      if (top !== undefined) top.text += unescaped(between);
      else if (between.trim() !== "") throw wrong(at, "there is text outside of the document's element");
    }
    if (next < 0) break;
    if (text.startsWith("<!--", next)) at = after("-->", next + 4);
    else if (text.startsWith("<?", next)) at = after("?>", next + 2);
    else if (text.startsWith("<![CDATA[", next) && top !== undefined) {
      at = after("]]>", next + 9);
      top.text += text.slice(next + 9, at - 3);
    } else if (text.startsWith("<!", next)) throw wrong(next, "it has a document type, which is not read");
    else if (text.startsWith("</", next)) at = close(next);
    else at = start(next);
  }
  if (open.length > 0) throw wrong(text.length, `the element ${open.at(-1)?.name ?? ""} is not closed`);
  if (root === undefined) throw wrong(0, "it is no XML document");
  return { root, text };

  function after(mark: string, from: number): number {
    const found = text.indexOf(mark, from);
    if (found < 0) throw wrong(from, `there is no ${mark}`);
    return found + mark.length;
  }

  function nameAt(from: number): string {
    NAME.lastIndex = from;
    const name = NAME.exec(text)?.[0];
    if (name === undefined) throw wrong(from, "there is a tag without a name");
    return name;
  }

  function start(from: number): number {
    if (root !== undefined) throw wrong(from, "there is a second element outside of the document's");
    if (open.length >= MAX_DEPTH) throw wrong(from, `more than ${MAX_DEPTH} elements are inside of each other`);
    const name = nameAt(from + 1);
    let position = from + 1 + name.length;
    if (text[position] === ">") {
      // Most tags have no attributes.
      open.push({ name, attributes: NO_ATTRIBUTES, children: [], text: "", offset: from });
      return position + 1;
    }
    let attributes: Map<string, string> | undefined;
    ATTRIBUTE.lastIndex = position;
    for (let found = ATTRIBUTE.exec(text); found !== null; found = ATTRIBUTE.exec(text)) {
      attributes ??= new Map();
      attributes.set(found[1] ?? "", unescaped(found[2] ?? found[3] ?? ""));
      position = ATTRIBUTE.lastIndex;
    }
    TAG_END.lastIndex = position;
    const ending = TAG_END.exec(text);
    if (ending === null) throw wrong(from, `the tag ${cleanText(name, 40)} is not well-formed`);
    open.push({ name, attributes: attributes ?? NO_ATTRIBUTES, children: [], text: "", offset: from });
    if (ending[1] === "/") finish();
    return TAG_END.lastIndex;
  }

  function close(from: number): number {
    const top = open.at(-1);
    if (top !== undefined && text.startsWith(top.name, from + 2) && text[from + 2 + top.name.length] === ">") {
      finish();
      return from + 3 + top.name.length;
    }
    const name = nameAt(from + 2);
    TAG_END.lastIndex = from + 2 + name.length;
    const ending = TAG_END.exec(text);
    if (ending === null || ending[1] === "/" || top?.name !== name) {
      throw wrong(from, `the end of ${cleanText(name, 40)} does not belong here`);
    }
    finish();
    return TAG_END.lastIndex;
  }

  function finish(): void {
    const done = open.pop();
    if (done === undefined) return;
    const { name, attributes, children, offset } = done;
    const element = { name: name.slice(name.indexOf(":") + 1), attributes, children, text: done.text.trim(), offset };
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  }
}

/** The 1-based line of an offset. */
function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let feed = text.indexOf("\n"); feed >= 0 && feed < offset; feed = text.indexOf("\n", feed + 1)) line += 1;
  return line;
}

/** Lines of many offsets of one text. */
export class Lines {
  readonly #feeds: number[] = [];

  constructor(text: string) {
    for (let feed = text.indexOf("\n"); feed >= 0; feed = text.indexOf("\n", feed + 1)) this.#feeds.push(feed);
  }

  /** The 1-based line of an offset. */
  at(offset: number): number {
    let low = 0;
    let high = this.#feeds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#feeds[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }
}

/** The encodings that such files have: UTF-8, and Latin-1 where the declaration names it. */
function decode(entry: Entry, kind: DocumentKind): string {
  const bytes = entry.bytes(MAX_BYTES);
  const declared = /^<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})/.exec(
    Buffer.from(bytes.subarray(0, 300)).toString("latin1"),
  )?.[1];
  const label = /^(?:iso-8859-1|latin1|windows-1252|us-ascii)$/i.test(declared ?? "") ? "windows-1252" : "utf-8";
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw syntaxFault(kind, entry.path, undefined, `it is not ${label}`);
  }
}

function unescaped(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES.get(String(name)) ?? whole;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The text of a child; undefined where there is none, or it is empty. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  const text = childOf(element, name)?.text;
  return text === "" ? undefined : text;
}

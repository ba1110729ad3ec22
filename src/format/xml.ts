import { cleanText } from "../artifact/clean-text.ts";
import { Fault, type FaultCode } from "../model/fault.ts";
import { decodeXml } from "./xml-encoding.ts";

/**
 * A reader for XML 1.0 (fifth edition) with name spaces, for documents of others. Written here because what is at hand either
 * does not check well-formedness or gives neither lines nor name spaces, and because of what it does not do: no DOCTYPE, hence
 * no entities but the five of the language, nothing is fetched, and depth, elements and attributes are bounded.
 */

export interface XmlAttribute {
  readonly name: string;
  /** Empty for a name without prefix. */
  readonly namespace: string;
  readonly prefix: string;
  readonly value: string;
}

export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly namespace: string;
  readonly prefix: string;
  /** Without `xmlns`, which is in `namespace` already. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly (XmlElement | string)[];
  /** 1-based. */
  readonly line: number;
}

export const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";
const XMLNS_NAMESPACE = "http://www.w3.org/2000/xmlns/";

const MAX_DEPTH = 200;
/** Attributes count as elements. So many take some 150 MB, and an inventory of them as much again; an SBOM of 17 MB has as many. */
const MAX_ELEMENTS = 500_000;
const MAX_ATTRIBUTES = 256;

/** Most elements have no attributes, and many no children: they share this. */
const NONE: readonly never[] = [];
/** Blanks between elements are nearly always the same few texts, which are then kept once. */
const MAX_BLANKS = 1000;
/** So are the names of elements and attributes. */
const MAX_NAMES = 1000;

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
/** Section 2.3 and Namespaces in XML, section 4; the letters by property instead of by table. */
const NAME = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{M}\p{Nd}_.·-]*(?::[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{M}\p{Nd}_.·-]*)?/uy;
const BLANKS = /[ \t\n]*/y;
/** What is no character of XML 1.0 (section 2.2). */
const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/u;

/**
 * Reads the root element of an XML document.
 *
 * Faults: WB-XML-SYNTAX (with the line), WB-XML-DOCTYPE, WB-XML-ENCODING, WB-XML-TOO-LARGE (32 MiB, 500,000 elements and
 * attributes, 256 attributes of one element), WB-XML-TOO-DEEP (200 levels).
 */
export function parseXml(bytes: Uint8Array, where: string): XmlElement {
  return new Reader(decodeXml(bytes, where), where).document();
}

interface Open {
  readonly element: XmlElement & { children: readonly (XmlElement | string)[] };
  /** Gathered here first: an array that grows has room for 17, and most elements hold one text. */
  readonly children: (XmlElement | string)[];
  readonly tag: string;
  readonly prefixes: ReadonlyMap<string, string>;
}

class Reader {
  readonly text: string;
  readonly where: string;
  at = 0;
  elements = 0;
  readonly #names = new Map<string, string>();
  readonly #blanks = new Map<string, string>();
  #line = 1;
  #feed: number;

  constructor(text: string, where: string) {
    // Section 2.11: before anything else, every line ends in a line feed.
    this.text = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
    this.where = where;
    this.#feed = this.text.indexOf("\n");
    const bad = NO_CHARACTER.exec(this.text);
    if (bad !== null) {
      this.at = bad.index;
      throw this.fault("a character that XML does not allow");
    }
  }

  document(): XmlElement {
    this.prolog();
    if (this.text[this.at] !== "<") throw this.fault("the root element is due here");
    const root = this.tree();
    this.misc();
    if (this.at < this.text.length) throw this.fault("nothing but comments may follow the root element");
    return root;
  }

  prolog(): void {
    if (/^<\?xml[ \t\n]/.test(this.text.slice(0, 6))) {
      const end = this.text.indexOf("?>");
      const words = this.text.slice(5, Math.max(end, 5));
      const form =
        /^\s+version\s*=\s*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:\s+encoding\s*=\s*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*$/;
      if (end === -1 || words.length > 200 || !form.test(words))
        throw this.fault("an XML declaration that is not well-formed");
      this.at = end + 2;
    }
    this.misc();
  }

  /** Blanks, comments and processing instructions. */
  misc(): void {
    for (;;) {
      this.blanks();
      if (this.text.startsWith("<!--", this.at)) this.comment();
      else if (this.text.startsWith("<?", this.at)) this.instruction();
      else if (this.text.startsWith("<!", this.at)) throw this.declaration();
      else return;
    }
  }

  /** Without recursion: depth costs a list entry, not stack. */
  tree(): XmlElement {
    const open: Open[] = [];
    let prefixes: ReadonlyMap<string, string> = new Map([["xml", XML_NAMESPACE]]);
    for (;;) {
      const parent = open.at(-1);
      if (parent !== undefined) {
        this.characters(parent.children);
        if (this.text.startsWith("</", this.at)) {
          const closed = this.close(parent);
          open.pop();
          prefixes = open.at(-1)?.prefixes ?? prefixes;
          if (open.length === 0) return closed;
          continue;
        }
        prefixes = parent.prefixes;
      }
      const started = this.start(prefixes);
      parent?.children.push(started.element);
      if (started.empty) {
        if (parent === undefined) return started.element;
      } else {
        if (open.length >= MAX_DEPTH) {
          throw this.fault(`nested deeper than ${MAX_DEPTH} levels`, "WB-XML-TOO-DEEP");
        }
        open.push(started);
      }
    }
  }

  start(outer: ReadonlyMap<string, string>): Open & { readonly empty: boolean } {
    this.count();
    const line = this.line();
    this.at += 1;
    const tag = this.name("a name after <");
    const raw: [string, string][] = [];
    for (;;) {
      const before = this.at;
      this.blanks();
      if (this.text.startsWith("/>", this.at) || this.text[this.at] === ">") break;
      if (before === this.at) throw this.fault("a blank, > or /> is due here");
      if (raw.length >= MAX_ATTRIBUTES) throw this.fault(`more than ${MAX_ATTRIBUTES} attributes`, "WB-XML-TOO-LARGE");
      raw.push(this.attribute());
    }
    const empty = this.text[this.at] === "/";
    this.at += empty ? 2 : 1;
    const prefixes = this.declared(raw, outer);
    const [prefix, name] = split(tag);
    const namespace = prefixes.get(prefix) ?? "";
    if (prefix !== "" && namespace === "") throw this.fault(`the prefix ${cleanText(prefix, 60)} is not declared`);
    const attributes = this.attributes(raw, prefixes);
    return {
      element: { name, namespace, prefix, attributes, children: NONE, line },
      children: [],
      tag,
      prefixes,
      empty,
    };
  }

  count(): void {
    this.elements += 1;
    if (this.elements <= MAX_ELEMENTS) return;
    throw this.fault(`more than ${MAX_ELEMENTS} elements and attributes`, "WB-XML-TOO-LARGE");
  }

  attribute(): [string, string] {
    this.count();
    const name = this.name("an attribute");
    this.blanks();
    if (this.text[this.at] !== "=") throw this.fault("= is due here");
    this.at += 1;
    this.blanks();
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") throw this.fault("a quoted value is due here");
    const end = this.text.indexOf(quote, this.at + 1);
    if (end === -1) throw this.fault("a value without a closing quote");
    const written = this.text.slice(this.at + 1, end);
    if (written.includes("<")) throw this.fault("< in the value of an attribute");
    // Section 3.3.3: blanks become spaces; those written as references stay.
    const value = this.references(written.replace(/[\t\n]/g, " "));
    this.at = end + 1;
    return [name, value];
  }

  declared(
    raw: readonly (readonly [string, string])[],
    outer: ReadonlyMap<string, string>,
  ): ReadonlyMap<string, string> {
    let prefixes: Map<string, string> | undefined;
    for (const [name, value] of raw) {
      if (name !== "xmlns" && !name.startsWith("xmlns:")) continue;
      const prefix = name === "xmlns" ? "" : name.slice(6);
      if (prefix !== "" && value === "") throw this.fault("a prefix for no name space");
      if (prefix === "xmlns" || value === XMLNS_NAMESPACE || (prefix === "xml") !== (value === XML_NAMESPACE)) {
        throw this.fault("xml and xmlns cannot be declared anew");
      }
      prefixes ??= new Map(outer);
      prefixes.set(prefix, value);
    }
    return prefixes ?? outer;
  }

  attributes(
    raw: readonly (readonly [string, string])[],
    prefixes: ReadonlyMap<string, string>,
  ): readonly XmlAttribute[] {
    if (raw.length === 0) return NONE;
    const seen = new Set<string>();
    const attributes: XmlAttribute[] = [];
    for (const [written, value] of raw) {
      const [prefix, name] = split(written);
      const declares = written === "xmlns" || prefix === "xmlns";
      const namespace = prefix === "" || declares ? "" : (prefixes.get(prefix) ?? "");
      if (prefix !== "" && !declares && namespace === "") {
        throw this.fault(`the prefix ${cleanText(prefix, 60)} is not declared`);
      }
      const key = declares ? written : `${namespace}\n${name}`;
      if (seen.has(key)) throw this.fault(`the attribute ${cleanText(written, 60)} stands twice`);
      seen.add(key);
      if (!declares) attributes.push({ name, namespace, prefix, value });
    }
    return attributes.slice();
  }

  close(open: Open): XmlElement {
    this.at += 2;
    const tag = this.name("a name after </");
    if (tag !== open.tag) {
      throw this.fault(`</${cleanText(tag, 60)}> closes <${cleanText(open.tag, 60)}> of line ${open.element.line}`);
    }
    this.blanks();
    if (this.text[this.at] !== ">") throw this.fault("> is due here");
    this.at += 1;
    if (open.children.length > 0) open.element.children = open.children.slice();
    return open.element;
  }

  /** Text, CDATA sections, comments and instructions up to the next tag. */
  characters(into: (XmlElement | string)[]): void {
    let text = "";
    for (;;) {
      const next = this.text.indexOf("<", this.at);
      if (next === -1) throw this.fault("the text ends inside an element", "WB-XML-SYNTAX", this.text.length);
      if (next > this.at) {
        const piece = this.text.slice(this.at, next);
        if (piece.includes("]]>")) throw this.fault("]]> in text");
        text += this.references(piece);
        this.at = next;
      }
      if (this.text.startsWith("<![CDATA[", next)) {
        const end = this.text.indexOf("]]>", next);
        if (end === -1) throw this.fault("a CDATA section without end");
        text += this.text.slice(next + 9, end);
        this.at = end + 3;
      } else if (this.text.startsWith("<!--", next)) this.comment();
      else if (this.text.startsWith("<?", next)) this.instruction();
      else if (this.text.startsWith("<!", next)) throw this.declaration();
      else break;
    }
    if (text !== "") into.push(this.blank(text));
  }

  blank(text: string): string {
    if (text.length > 100 || /[^ \n\t]/.test(text)) return text;
    return kept(this.#blanks, text, MAX_BLANKS);
  }

  references(text: string): string {
    if (!text.includes("&")) return text;
    return text.replace(/&([^;&]{0,12};?)/g, (_, body: string) => {
      const character = body.endsWith(";") ? this.reference(body.slice(0, -1)) : undefined;
      if (character === undefined) throw this.fault(`an entity that is not of XML itself: &${cleanText(body, 20)}`);
      return character;
    });
  }

  reference(body: string): string | undefined {
    if (Object.hasOwn(ENTITIES, body)) return ENTITIES[body];
    const code = /^#[0-9]+$/.test(body)
      ? Number(body.slice(1))
      : /^#x[0-9a-fA-F]+$/.test(body)
        ? parseInt(body.slice(2), 16)
        : -1;
    if (code < 0 || code > 0x10ffff) return undefined;
    const character = String.fromCodePoint(code);
    return NO_CHARACTER.test(character) ? undefined : character;
  }

  comment(): void {
    const end = this.text.indexOf("--", this.at + 4);
    if (end === -1 || this.text[end + 2] !== ">") throw this.fault("a comment without end, or with -- in it");
    this.at = end + 3;
  }

  instruction(): void {
    const end = this.text.indexOf("?>", this.at);
    const target = this.text.slice(this.at + 2, this.at + 6);
    if (end === -1 || !/^[\p{L}_]/u.test(target) || /^xml[ \t\n?]/i.test(target)) {
      throw this.fault("a processing instruction that is not well-formed");
    }
    this.at = end + 2;
  }

  declaration(): Fault {
    return this.text.startsWith("<!DOCTYPE", this.at)
      ? this.fault("a DOCTYPE, which is not read because it can define entities", "WB-XML-DOCTYPE")
      : this.fault("<! begins neither a comment nor a CDATA section");
  }

  blanks(): void {
    BLANKS.lastIndex = this.at;
    BLANKS.test(this.text);
    this.at = Math.max(this.at, BLANKS.lastIndex);
  }

  name(expected: string): string {
    NAME.lastIndex = this.at;
    const found = NAME.exec(this.text)?.[0];
    if (found === undefined) throw this.fault(`${expected} is due here`);
    this.at += found.length;
    return kept(this.#names, found, MAX_NAMES);
  }

  /** Counted on from the last time, and the next line feed is kept: linear over the document. */
  line(): number {
    while (this.#feed !== -1 && this.#feed < this.at) {
      this.#line += 1;
      this.#feed = this.text.indexOf("\n", this.#feed + 1);
    }
    return this.#line;
  }

  fault(what: string, code: FaultCode = "WB-XML-SYNTAX", at = this.at): Fault {
    this.at = at;
    return new Fault({
      code,
      kind: "input",
      what: code === "WB-XML-SYNTAX" ? `not well-formed XML: ${what}` : `an XML document with ${what}`,
      where: `${this.where}:${this.line()}`,
      fix: "correct the text, or write the file anew with the tool that made it",
    });
  }
}

/** The same text as one string however often it stands in the document: of the first so many. */
function kept(all: Map<string, string>, text: string, most: number): string {
  const known = all.get(text);
  if (known === undefined && all.size < most) all.set(text, text);
  return known ?? text;
}

function split(name: string): readonly [prefix: string, name: string] {
  const at = name.indexOf(":");
  return at === -1 ? ["", name] : [name.slice(0, at), name.slice(at + 1)];
}

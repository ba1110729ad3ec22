import { cleanText } from "../artifact/clean-text.ts";
import { Fault, type FaultCode } from "../model/fault.ts";
import { decodeText } from "./text.ts";

export interface XmlAttribute {
  /** The name space's URI; empty without a prefix. */
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

/** An element with its content in order: elements, and texts with references resolved and line ends as `\n`. */
export interface XmlElement {
  readonly namespace: string;
  /** The local name. */
  readonly name: string;
  /** Without the declarations of name spaces. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly (XmlElement | string)[];
  /** 1-based line of the start tag. */
  readonly line: number;
}

const MAX_DEPTH = 200;
const MAX_NODES = 4_000_000;
const NAME =
  /[A-Za-z_\u00b7-\uffff][A-Za-z0-9_.\-\u00b7-\uffff]*(?::[A-Za-z_\u00b7-\uffff][A-Za-z0-9_.\-\u00b7-\uffff]*)?/y;
const BLANKS = /[ \t\r\n]*/y;
/** What XML 1.0 does not allow as a character (section 2.2). */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const REFERENCES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", apos: "'", quot: '"' };
const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

/** Name spaces in force, innermost first. Linked, not copied: copies would cost the product of two long lists. */
interface Scope {
  readonly prefixes: ReadonlyMap<string, string>;
  readonly outer: Scope | undefined;
}

interface Attribute {
  readonly written: string;
  readonly value: string;
}

interface Open {
  readonly element: XmlElement & { readonly children: (XmlElement | string)[] };
  readonly written: string;
  readonly scope: Scope | undefined;
}

/**
 * Reads an XML 1.0 document with name spaces, strictly and within bounds: UTF-8 or UTF-16, 64 MiB, 200 levels, 4 million
 * elements and texts. There is no document type: `<!DOCTYPE` is refused, so that neither external nor nested entities exist.
 * Comments and processing instructions are passed over. Linear in the size of the text.
 *
 * Faults with file and line: WB-XML-SYNTAX, WB-XML-DOCTYPE, WB-XML-TOO-DEEP, WB-XML-TOO-LARGE; those of `decodeText`.
 */
export function parseXml(bytes: Uint8Array, where: string): XmlElement {
  return new Reader(decodeText(bytes, where), where).read();
}

class Reader {
  readonly #text: string;
  readonly #where: string;
  readonly #open: Open[] = [];
  #at = 0;
  #line = 1;
  /** Where the next line end stands that is not counted yet: looked for once, not from every tag of a long line. */
  #lineEnd: number;
  #nodes = 0;
  #root: XmlElement | undefined;

  constructor(text: string, where: string) {
    this.#text = text;
    this.#where = where;
    this.#lineEnd = text.indexOf("\n");
  }

  read(): XmlElement {
    const text = this.#text;
    const bad = FORBIDDEN.exec(text);
    if (bad !== null) {
      this.#at = bad.index;
      throw this.#fault(`the character U+${text.charCodeAt(bad.index).toString(16).padStart(4, "0")} is not allowed`);
    }
    this.#declaration();
    while (this.#at < text.length) {
      const next = text.indexOf("<", this.#at);
      const end = next === -1 ? text.length : next;
      if (end > this.#at) this.#characters(text.slice(this.#at, end));
      this.#at = end;
      if (next !== -1) this.#markup();
    }
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) throw this.#fault(`the element ${shown(unclosed.written)} is not closed`);
    if (this.#root === undefined) throw this.#fault("there is no element");
    return this.#root;
  }

  #declaration(): void {
    if (!/^<\?xml[ \t\r\n]/.test(this.#text)) return;
    const end = this.#text.indexOf("?>");
    if (end === -1) throw this.#fault("the XML declaration is not closed");
    const declaration = this.#text.slice(0, end);
    const encoding = /[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*["']([^"']*)["']/.exec(declaration)?.[1] ?? "UTF-8";
    // A byte order mark is stronger than the declaration, which programs that change the encoding leave as it was.
    if (!/^(?:utf-?8|utf-?16(?:le|be)?|us-ascii)$/i.test(encoding)) {
      throw this.#fault(`the encoding ${shown(encoding)} is not read: save the file as UTF-8`);
    }
    if (/[ \t\r\n]version[ \t\r\n]*=[ \t\r\n]*["'](?!1\.0["'])/.test(declaration))
      throw this.#fault("only XML 1.0 is read");
    this.#at = end + 2;
  }

  #markup(): void {
    const { [this.#at + 1]: second } = this.#text;
    if (second === "/") this.#endTag();
    else if (second === "?") this.#skip("?>", "the processing instruction");
    else if (second !== "!") this.#startTag();
    else if (this.#text.startsWith("<!--", this.#at)) this.#skip("-->", "the comment", 4);
    else if (this.#text.startsWith("<![CDATA[", this.#at)) this.#cdata();
    else if (this.#text.startsWith("<!DOCTYPE", this.#at)) {
      throw this.#fault("a document type (DOCTYPE) is not allowed: it can name external entities", "WB-XML-DOCTYPE");
    } else throw this.#fault("`<!` opens nothing that is known");
  }

  #skip(close: string, what: string, opening = 2): void {
    const end = this.#text.indexOf(close, this.#at + opening);
    if (end === -1) throw this.#fault(`${what} is not closed`);
    this.#at = end + close.length;
  }

  #cdata(): void {
    const start = this.#at + "<![CDATA[".length;
    const end = this.#text.indexOf("]]>", start);
    if (end === -1) throw this.#fault("the CDATA section is not closed");
    if (this.#open.length === 0) throw this.#fault("text outside of the root element");
    this.#append(lineEnds(this.#text.slice(start, end)));
    this.#at = end + 3;
  }

  #characters(raw: string): void {
    if (this.#open.length === 0) {
      if (/[^ \t\r\n]/.test(raw)) throw this.#fault("text outside of the root element");
      return;
    }
    if (raw.includes("]]>")) throw this.#fault("`]]>` in text");
    this.#append(this.#resolve(lineEnds(raw)));
  }

  #append(text: string): void {
    const children = this.#open.at(-1)?.element.children;
    if (children === undefined || text === "") return;
    const last = children.at(-1);
    if (typeof last === "string") children[children.length - 1] = last + text;
    else {
      this.#count();
      children.push(text);
    }
  }

  #count(): void {
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES)
      throw this.#fault(`there are more than ${MAX_NODES} elements and texts`, "WB-XML-TOO-LARGE");
  }

  #resolve(text: string): string {
    if (!text.includes("&")) return text;
    return text.replaceAll(/&([^;&]{0,40})(;?)/g, (whole, name: string, end: string) => {
      if (end === "" || name === "") throw this.#fault("`&` begins no reference");
      if (!name.startsWith("#")) {
        if (Object.hasOwn(REFERENCES, name)) return REFERENCES[name] ?? whole;
        throw this.#fault(`the entity ${shown(name)} is not defined`);
      }
      const digits = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/.exec(name);
      const code =
        digits === null ? -1 : Number.parseInt(digits[1] ?? digits[2] ?? "", digits[1] === undefined ? 10 : 16);
      const allowed = code > 0 && code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff);
      if (!allowed || FORBIDDEN.test(String.fromCodePoint(code))) throw this.#fault(`&${shown(name)}; is no character`);
      return String.fromCodePoint(code);
    });
  }

  #startTag(): void {
    const line = this.#here();
    this.#at += 1;
    const written = this.#match(NAME);
    if (written === "") throw this.#fault("`<` begins no tag");
    const raw = this.#attributes(written);
    const outer = this.#open.at(-1)?.scope;
    const declared = raw.filter(isDeclaration);
    const scope =
      declared.length === 0
        ? outer
        : { prefixes: new Map(declared.map(({ written: name, value }) => [name.slice(6), value])), outer };
    const attributes = raw
      .filter((attribute) => !isDeclaration(attribute))
      .map(({ written: name, value }) => ({ ...this.#qualify(name, scope, false), value }));
    const element = { ...this.#qualify(written, scope, true), attributes, children: [], line };
    this.#attach(element);
    if (this.#text.startsWith("/>", this.#at)) this.#at += 2;
    else if (this.#text[this.#at] === ">") {
      this.#at += 1;
      this.#open.push({ element, written, scope });
      if (this.#open.length > MAX_DEPTH) throw this.#fault(`nested deeper than ${MAX_DEPTH} levels`, "WB-XML-TOO-DEEP");
    } else throw this.#fault(`the tag ${shown(written)} is not closed`);
  }

  #attributes(tag: string): Attribute[] {
    const found: Attribute[] = [];
    for (;;) {
      const blanks = this.#match(BLANKS);
      const { [this.#at]: next } = this.#text;
      if (next === ">" || next === "/" || next === undefined) break;
      if (blanks === "") throw this.#fault(`a blank is missing in the tag ${shown(tag)}`);
      found.push(this.#attribute());
    }
    if (found.length > 1) {
      const names = new Set<string>();
      for (const { written } of found) {
        if (names.has(written)) throw this.#fault(`the attribute ${shown(written)} stands twice`);
        names.add(written);
      }
    }
    return found;
  }

  #attribute(): Attribute {
    const written = this.#match(NAME);
    if (written === "") throw this.#fault("an attribute has no name");
    this.#match(BLANKS);
    if (this.#text[this.#at] !== "=") throw this.#fault(`the attribute ${shown(written)} has no value`);
    this.#at += 1;
    this.#match(BLANKS);
    const { [this.#at]: quote } = this.#text;
    if (quote !== '"' && quote !== "'") throw this.#fault(`the value of ${shown(written)} is not quoted`);
    const end = this.#text.indexOf(quote, this.#at + 1);
    if (end === -1) throw this.#fault(`the value of ${shown(written)} is not closed`);
    const raw = this.#text.slice(this.#at + 1, end);
    if (raw.includes("<")) throw this.#fault(`\`<\` in the value of ${shown(written)}`);
    const value = this.#resolve(lineEnds(raw).replaceAll(/[\t\n]/g, " "));
    this.#at = end + 1;
    return { written, value };
  }

  #attach(element: XmlElement): void {
    this.#count();
    const parent = this.#open.at(-1);
    if (parent !== undefined) parent.element.children.push(element);
    else if (this.#root === undefined) this.#root = element;
    else throw this.#fault("there is a second root element");
  }

  #qualify(written: string, scope: Scope | undefined, byDefault: boolean): { namespace: string; name: string } {
    const colon = written.indexOf(":");
    if (colon === -1 && !byDefault) return { namespace: "", name: written };
    const prefix = colon === -1 ? "" : written.slice(0, colon);
    const name = written.slice(colon + 1);
    if (prefix === "xml") return { namespace: XML_NAMESPACE, name };
    for (let inner = scope; inner !== undefined; inner = inner.outer) {
      const namespace = inner.prefixes.get(prefix);
      if (namespace !== undefined) return { namespace, name };
    }
    if (prefix === "") return { namespace: "", name };
    throw this.#fault(`the prefix ${shown(prefix)} is not declared`);
  }

  #endTag(): void {
    this.#at += 2;
    const written = this.#match(NAME);
    this.#match(BLANKS);
    const open = this.#open.pop();
    if (open === undefined || open.written !== written || this.#text[this.#at] !== ">") {
      throw this.#fault(`the end tag ${shown(written)} closes nothing, expected ${shown(open?.written ?? "none")}`);
    }
    this.#at += 1;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  /** The line of the place that is read: each line end is counted once in the whole run. */
  #here(): number {
    while (this.#lineEnd !== -1 && this.#lineEnd < this.#at) {
      this.#line += 1;
      this.#lineEnd = this.#text.indexOf("\n", this.#lineEnd + 1);
    }
    return this.#line;
  }

  #fault(what: string, code: FaultCode = "WB-XML-SYNTAX"): Fault {
    return new Fault({
      code,
      kind: "input",
      what: `not XML that is read: ${what}`,
      where: `${this.#where}:${this.#here()}`,
    });
  }
}

function isDeclaration({ written }: Attribute): boolean {
  return written === "xmlns" || written.startsWith("xmlns:");
}

function lineEnds(text: string): string {
  return text.includes("\r") ? text.replaceAll(/\r\n?/g, "\n") : text;
}

function shown(text: string): string {
  return cleanText(text, 60);
}

/** The elements among the children. */
export function elementsOf(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child) => typeof child !== "string");
}

/** The texts among the children, joined. */
export function textOf(element: XmlElement): string {
  return element.children.filter((child) => typeof child === "string").join("");
}

/** The value of an attribute without a name space, or of the one named. */
export function attributeOf(element: XmlElement, name: string, namespace = ""): string | undefined {
  return element.attributes.find((one) => one.name === name && one.namespace === namespace)?.value;
}

import type { Document, LineCounter, Node, Pair } from "yaml";
import { cleanText } from "../artifact/clean-text.ts";
import { Fault, type FaultCode } from "../model/fault.ts";
import type { ConfigPlace } from "../model/policy.ts";

/** What kind of file is read, for its messages and bounds. */
export interface YamlForm {
  /** As messages name it: `the policy`. */
  readonly name: string;
  /** Code of every complaint about the YAML itself. */
  readonly code: FaultCode;
  /** Far above any such file; at 1 MiB the parser needs a second. */
  readonly maxBytes: number;
  /** Values in the file, counted again each time an alias repeats them. */
  readonly maxValues: number;
}

const MAX_DEPTH = 24;
/** The tags of the core schema, which say what a value is anyway (YAML 1.2, chapter 10.3). */
const TAGS = /^tag:yaml\.org,2002:(?:null|bool|int|float|str|seq|map)$/;
/** Resolving an alias walks the document. */
const MAX_ALIASES = 50;

/** A YAML document as plain values (mappings without prototype) and the line of each of them. */
export interface YamlDocument {
  readonly value: unknown;
  /** Where the key or item at this path stands; the nearest parent's line where there is none. */
  readonly placeOf: (path: readonly (string | number)[]) => ConfigPlace;
}

type Path = readonly (string | number)[];
const keyOf = (path: Path): string => path.join("\u0000");

/** The one complaint about YAML itself: what is wrong, and on which line. */
function syntaxFault(form: YamlForm, file: string, line: number, what: string): Fault {
  return new Fault({ code: form.code, kind: "input", what, where: `${cleanText(file, 300)}:${line}` });
}

/**
 * Reads a file of one YAML 1.2 document (core schema) strictly, in time and memory that grow with its size alone: no second
 * document, no tags, no merge keys, no duplicate or non-text keys, bounded size, depth and aliases. `file` names it in messages.
 * Throws the form's code (input) with file and line. Asynchronous because the parser is loaded only when it is needed.
 */
export async function readYaml(bytes: Uint8Array, file: string, form: YamlForm): Promise<YamlDocument> {
  const yaml = await import("yaml");
  const fail = (line: number, what: string): Fault => syntaxFault(form, file, line, what);
  if (bytes.byteLength > form.maxBytes) throw fail(1, `${form.name} is larger than ${form.maxBytes / 1024} KiB`);
  const text = decode(bytes, () => fail(1, `${form.name} is not UTF-8 text`));
  const lines = new yaml.LineCounter();
  // `uniqueKeys` compares each key with all others: a file of many keys would take minutes. Checked below instead.
  const document = yaml.parseDocument(text, {
    version: "1.2",
    schema: "core",
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
    // "silent" would also pass over further documents in the file.
    logLevel: "error",
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const deep = problem.message.startsWith("Maximum call stack");
    const what = deep ? "nested too deep" : cleanText(problem.message, 120);
    throw fail(lineAt(lines, problem.pos[0]), `${form.name} is not valid YAML: ${what}`);
  }
  return new Reader(yaml, document, lines, file, form).read();
}

function decode(bytes: Uint8Array, fault: () => Error): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw fault();
  }
}

function lineAt(lines: LineCounter, offset: number): number {
  return Math.max(1, lines.linePos(offset).line);
}

class Reader {
  readonly #yaml: typeof import("yaml");
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #file: string;
  readonly #form: YamlForm;
  readonly #places = new Map<string, number>();
  #values = 0;
  #aliases = 0;

  constructor(
    yaml: typeof import("yaml"),
    document: Document.Parsed,
    lines: LineCounter,
    file: string,
    form: YamlForm,
  ) {
    this.#yaml = yaml;
    this.#document = document;
    this.#lines = lines;
    this.#file = file;
    this.#form = form;
  }

  read(): YamlDocument {
    const value = this.#plain(this.#document.contents, [], 0);
    const placeOf = (path: Path): ConfigPlace => {
      for (let length = path.length; length > 0; length -= 1) {
        const line = this.#places.get(keyOf(path.slice(0, length)));
        if (line !== undefined) return { file: this.#file, line };
      }
      return { file: this.#file, line: 1 };
    };
    return { value, placeOf };
  }

  #fail(node: Node | null | undefined, what: string): Error {
    return syntaxFault(this.#form, this.#file, this.#line(node) ?? 1, `${this.#form.name} ${what}`);
  }

  #line(node: Node | null | undefined): number | undefined {
    const offset = node?.range?.[0];
    return offset === undefined ? undefined : lineAt(this.#lines, offset);
  }

  #plain(node: Node | null, path: Path, depth: number): unknown {
    this.#values += 1;
    const { maxValues } = this.#form;
    if (this.#values > maxValues) throw this.#fail(node, `has more than ${maxValues} values, aliases counted`);
    if (depth > MAX_DEPTH) throw this.#fail(node, `is nested deeper than ${MAX_DEPTH}`);
    const { isAlias, isMap, isScalar, isSeq } = this.#yaml;
    if (node === null) return null;
    if (isAlias(node)) {
      this.#aliases += 1;
      if (this.#aliases > MAX_ALIASES) throw this.#fail(node, `has more than ${MAX_ALIASES} aliases`);
      const target = node.resolve(this.#document);
      if (target === undefined) throw this.#fail(node, `has no anchor ${JSON.stringify(cleanText(node.source, 60))}`);
      return this.#plain(target, path, depth + 1);
    }
    if (node.tag !== undefined && !TAGS.test(node.tag)) throw this.#fail(node, "may hold no tags");
    if (isScalar(node)) return typeof node.value === "bigint" ? Number(node.value) : node.value;
    if (isSeq(node)) return node.items.map((item, index) => this.#item(item as Node | null, [...path, index], depth));
    if (isMap(node)) return this.#mapping(node.items as Pair<Node, Node | null>[], path, depth);
    throw this.#fail(node, "holds what is no YAML value");
  }

  #item(item: Node | null, path: Path, depth: number): unknown {
    this.#remember(path, item);
    return this.#plain(item, path, depth + 1);
  }

  #mapping(pairs: readonly Pair<Node, Node | null>[], path: Path, depth: number): Record<string, unknown> {
    // Without a prototype `__proto__` is a key like any other, and an unknown one.
    const mapping = Object.create(null) as Record<string, unknown>;
    for (const { key, value } of pairs) {
      const name = this.#yaml.isScalar(key) ? key.value : undefined;
      if (typeof name !== "string") throw this.#fail(key, "has a key that is not a text");
      if (name === "<<") throw this.#fail(key, "may hold no merge keys");
      if (Object.hasOwn(mapping, name))
        throw this.#fail(key, `has the key ${JSON.stringify(cleanText(name, 60))} twice`);
      const inner = [...path, name];
      this.#remember(inner, key);
      mapping[name] = this.#plain(value ?? null, inner, depth + 1);
    }
    return mapping;
  }

  #remember(path: Path, node: Node | null): void {
    const line = this.#line(node);
    if (line !== undefined) this.#places.set(keyOf(path), line);
  }
}

/** A value of a file in a few words, for a message: never the content of a list or mapping. Not cleaned. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "object" ? "a mapping" : String(value);
}

import type { Document, LineCounter, Node, Pair } from "yaml";
import { cleanText } from "../artifact/clean-text.ts";
import type { ConfigPlace } from "../model/policy.ts";
import { policyFault } from "./values.ts";

/** Far above any policy file; below what the parser needs a second for. */
const MAX_BYTES = 1024 * 1024;
/** Values in the file, counted again each time an alias repeats them. */
const MAX_VALUES = 20_000;
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

/**
 * Reads one YAML 1.2 document (core schema) strictly: no tags, no merge keys, no duplicate or non-text keys, bounded size,
 * depth and aliases. Throws `WB-POLICY-SYNTAX` with file and line.
 */
export async function readYaml(bytes: Uint8Array, file: string): Promise<YamlDocument> {
  const yaml = await import("yaml");
  const fail = (line: number, what: string, fix?: string): Error =>
    policyFault("WB-POLICY-SYNTAX", { file, line }, what, fix === undefined ? {} : { fix });
  if (bytes.byteLength > MAX_BYTES) throw fail(1, "the policy is larger than 1 MiB");
  const text = decode(bytes, () => fail(1, "the policy is not UTF-8 text"));
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
    throw fail(lineAt(lines, problem.pos[0]), deep ? "the policy is nested too deep" : cleanText(problem.message, 120));
  }
  return new Reader(yaml, document, lines, file).read();
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
  readonly #places = new Map<string, number>();
  #values = 0;
  #aliases = 0;

  constructor(yaml: typeof import("yaml"), document: Document.Parsed, lines: LineCounter, file: string) {
    this.#yaml = yaml;
    this.#document = document;
    this.#lines = lines;
    this.#file = file;
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
    return policyFault("WB-POLICY-SYNTAX", { file: this.#file, line: this.#line(node) ?? 1 }, what);
  }

  #line(node: Node | null | undefined): number | undefined {
    const offset = node?.range?.[0];
    return offset === undefined ? undefined : lineAt(this.#lines, offset);
  }

  #plain(node: Node | null, path: Path, depth: number): unknown {
    this.#values += 1;
    if (this.#values > MAX_VALUES)
      throw this.#fail(node, `the policy has more than ${MAX_VALUES} values, aliases counted`);
    if (depth > MAX_DEPTH) throw this.#fail(node, `the policy is nested deeper than ${MAX_DEPTH}`);
    const { isAlias, isMap, isScalar, isSeq } = this.#yaml;
    if (node === null) return null;
    if (isAlias(node)) {
      this.#aliases += 1;
      if (this.#aliases > MAX_ALIASES) throw this.#fail(node, `the policy has more than ${MAX_ALIASES} aliases`);
      const target = node.resolve(this.#document);
      if (target === undefined)
        throw this.#fail(node, `there is no anchor ${JSON.stringify(cleanText(node.source, 60))}`);
      return this.#plain(target, path, depth + 1);
    }
    if (node.tag !== undefined && !TAGS.test(node.tag)) throw this.#fail(node, "tags are not allowed in a policy");
    if (isScalar(node)) return typeof node.value === "bigint" ? Number(node.value) : node.value;
    if (isSeq(node)) return node.items.map((item, index) => this.#item(item as Node | null, [...path, index], depth));
    if (isMap(node)) return this.#mapping(node.items as Pair<Node, Node | null>[], path, depth);
    throw this.#fail(node, "this is no YAML value");
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
      if (typeof name !== "string") throw this.#fail(key, "a key is not a text");
      if (name === "<<") throw this.#fail(key, "merge keys are not allowed in a policy");
      if (Object.hasOwn(mapping, name))
        throw this.#fail(key, `the key ${JSON.stringify(cleanText(name, 60))} stands twice`);
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

import { cleanText } from "../../artifact/clean-text.ts";
import { syntaxFault } from "../npm/lock-form.ts";

/** One entry of a `yarn.lock`. */
export interface Block {
  /** What resolves to this entry: `name@range` each. */
  readonly descriptors: readonly string[];
  readonly line: number;
  readonly fields: ReadonlyMap<string, string>;
  /** `dependencies` and the like: name to range. Of what is nested deeper (`dependenciesMeta`) the fields that are true. */
  readonly maps: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** A `yarn.lock`: `berry` is the form of yarn 2 and later, which has a block `__metadata`. */
export interface YarnFile {
  readonly berry: boolean;
  readonly blocks: readonly Block[];
}

interface Reading {
  readonly file: string;
  readonly line: number;
}

function fault({ file, line }: Reading, what: string, found: string): Error {
  return syntaxFault({ what, where: `${cleanText(file)}:${line}`, found: cleanText(found, 80) }, "yarn");
}

/** The text in double quotes that begins at `start`, and where it ends. */
function quoted(text: string, start: number, at: Reading): { readonly value: string; readonly end: number } {
  let end = start + 1;
  while (end < text.length && text.charCodeAt(end) !== 34) end += text.charCodeAt(end) === 92 ? 2 : 1;
  try {
    return { value: JSON.parse(text.slice(start, end + 1)) as string, end: end + 1 };
  } catch {
    throw fault(at, "a text in quotes does not end or is escaped in a way that JSON does not know", text);
  }
}

/** `key: value`, `key value`, `key:` with either side in quotes; without a value a map begins. */
function pair(content: string, at: Reading): { readonly key: string; readonly value: string | undefined } {
  let key: string;
  let rest: string;
  if (content.startsWith('"')) {
    const { value, end } = quoted(content, 0, at);
    key = value;
    rest = content.slice(end);
    if (rest.startsWith(":")) rest = rest.slice(1);
  } else {
    const blank = content.indexOf(" ");
    const word = blank === -1 ? content : content.slice(0, blank);
    rest = blank === -1 ? "" : content.slice(blank);
    if (!word.endsWith(":") && blank === -1)
      throw fault(at, "a line is neither a name with a value nor a list", content);
    key = word.endsWith(":") ? word.slice(0, -1) : word;
  }
  if (rest === "") return { key, value: undefined };
  const text = rest.trimStart();
  if (!text.startsWith('"')) return { key, value: text };
  const { value, end } = quoted(text, 0, at);
  if (end !== text.length) throw fault(at, "something follows a text in quotes", content);
  return { key, value };
}

/** What stands before the colon of an entry: one text in quotes with commas (berry), or several with and without quotes (classic). */
function descriptorsOf(body: string, at: Reading): string[] {
  const found: string[] = [];
  const add = (text: string): void => {
    for (const part of text.split(", ")) {
      // A range can hold a comma: what has no `@` behind a name belongs to the one before.
      if (part.indexOf("@", 1) === -1 && found.length > 0) found.push(`${found.pop() ?? ""}, ${part}`);
      else found.push(part.trim());
    }
  };
  for (let start = 0; start < body.length;) {
    if (body[start] === " " || body[start] === ",") start += 1;
    else if (body[start] === '"') {
      const { value, end } = quoted(body, start, at);
      add(value);
      start = end;
    } else {
      const comma = body.indexOf(",", start);
      const end = comma === -1 ? body.length : comma;
      add(body.slice(start, end));
      start = end;
    }
  }
  return found;
}

class BlockReader {
  readonly blocks: Block[] = [];
  berry = false;
  #fields = new Map<string, string>();
  #maps = new Map<string, Map<string, string>>();
  #map: Map<string, string> | undefined;
  #inner = "";

  header(content: string, at: Reading): void {
    const long = content.startsWith("? ");
    if (!long && !content.endsWith(":")) throw fault(at, "a line outside of an entry does not begin one", content);
    const descriptors = descriptorsOf(long ? content.slice(2) : content.slice(0, -1), at);
    if (descriptors.length === 0) throw fault(at, "an entry has no name", content);
    this.#fields = new Map();
    this.#maps = new Map();
    this.#map = undefined;
    if (descriptors[0] === "__metadata") this.berry = true;
    else this.blocks.push({ descriptors, line: at.line, fields: this.#fields, maps: this.#maps });
  }

  body(indent: number, content: string, at: Reading): void {
    const { key, value } = pair(content, at);
    if (indent === 2) {
      this.#map = undefined;
      if (value !== undefined) this.#fields.set(key, value);
      else this.#maps.set(key, (this.#map = new Map()));
    } else if (this.#map === undefined) throw fault(at, "a line is indented below nothing", content);
    else if (indent === 4) {
      this.#inner = key;
      if (value !== undefined) this.#map.set(key, value);
    } else if (value === "true") this.#map.set(this.#inner, `${this.#map.get(this.#inner) ?? ""} ${key}`);
  }
}

/**
 * Parses a `yarn.lock` of any version: the form of yarn 1 (yarn docs, "yarn.lock") and the restricted YAML that yarn 2 and later
 * write. Lines of all entries are kept. Throws `WB-LOCKFILE-SYNTAX` with the line.
 */
export function parseYarnLock(text: string, file: string): YarnFile {
  const reader = new BlockReader();
  let line = 0;
  for (let start = text.startsWith("\ufeff") ? 1 : 0; start < text.length;) {
    const feed = text.indexOf("\n", start);
    const stop = feed === -1 ? text.length : feed;
    const end = text.charCodeAt(stop - 1) === 13 && stop > start ? stop - 1 : stop;
    line += 1;
    let first = start;
    while (first < end && text.charCodeAt(first) === 32) first += 1;
    const indent = first - start;
    const content = text.slice(first, end).trimEnd();
    start = stop + 1;
    // The colon alone ends a long name that stands behind `?`.
    if (content === "" || content.startsWith("#") || (indent === 0 && content === ":")) continue;
    if (indent === 0) reader.header(content, { file, line });
    else reader.body(indent, content, { file, line });
  }
  return { berry: reader.berry, blocks: reader.blocks };
}

/** A value that a Python expression states literally. */
export type Literal =
  | { readonly kind: "text"; readonly text: string; readonly line: number }
  | { readonly kind: "list"; readonly items: readonly Literal[] }
  | { readonly kind: "dict"; readonly entries: readonly (readonly [Literal, Literal])[] }
  /** Computed: what it is can be known by running it only. */
  | { readonly kind: "computed"; readonly line: number };

interface Token {
  readonly kind: "text" | "name" | "sign";
  readonly value: string;
  readonly line: number;
  /** At the start of a line, without indentation. */
  readonly outer: boolean;
}

const MAX_DEPTH = 32;
const MAX_TOKENS = 200_000;
/** Names that stand for each other could double a value many times over. */
const MAX_ITEMS = 10_000;
const MAX_TEXT = 256 * 1024;
const WORD = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y;
const NUMBER = /\d[\w.]*/y;

/** Python's tokens (The Python Language Reference, "Lexical analysis"), without indentation. Undefined past a bound. */
function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let line = 1;
  let start = true;
  for (let at = 0; at < text.length && tokens.length < MAX_TOKENS;) {
    const character = text.charAt(at);
    if (character === "\n") {
      line += 1;
      at += 1;
      start = true;
      continue;
    }
    const outer = start;
    start = false;
    if (character === "#") {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end;
      continue;
    }
    if (/\s|\\/.test(character)) {
      at += 1;
      continue;
    }
    const found = stringAt(text, at);
    if (found !== undefined) {
      tokens.push({ kind: found.literal ? "text" : "sign", value: found.value, line, outer });
      for (let feed = text.indexOf("\n", at); feed >= 0 && feed < found.end; feed = text.indexOf("\n", feed + 1))
        line += 1;
      at = found.end;
      continue;
    }
    const word = sticky(WORD, text, at) ?? sticky(NUMBER, text, at);
    const value =
      word ??
      (text.startsWith("+=", at) || text.startsWith("==", at) || text.startsWith("**", at)
        ? text.slice(at, at + 2)
        : character);
    tokens.push({ kind: word === undefined ? "sign" : "name", value, line, outer });
    at += value.length;
  }
  return tokens.length < MAX_TOKENS ? tokens : undefined;
}

function sticky(form: RegExp, text: string, at: number): string | undefined {
  form.lastIndex = at;
  return form.exec(text)?.[0];
}

const OPENING = /([rRbBuUfFtT]{0,2})("""|'''|"|')/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["\n", ""],
  ["\\", "\\"],
  ['"', '"'],
  ["'", "'"],
]);

/** A string that begins here. `literal` is false for one with parts that are computed. */
function stringAt(text: string, at: number): { value: string; end: number; literal: boolean } | undefined {
  OPENING.lastIndex = at;
  const [whole, prefix = "", quote = ""] = OPENING.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const raw = /r/i.test(prefix);
  let value = "";
  let end = at + whole.length;
  for (let piece = end; end < text.length; end += 1) {
    const character = text.charAt(end);
    if (character === "\\") {
      value += raw
        ? text.slice(piece, end + 2)
        : text.slice(piece, end) + (ESCAPES.get(text.charAt(end + 1)) ?? text.slice(end, end + 2));
      end += 1;
      piece = end + 1;
    } else if (text.startsWith(quote, end) || (quote.length === 1 && character === "\n")) {
      value += text.slice(piece, end);
      break;
    }
  }
  const computed = /[fFtT]/.test(prefix) && /[{}]/.test(value);
  return { value, end: Math.min(text.length, end + quote.length), literal: !computed && !/b/i.test(prefix) };
}

/** A module's calls and the values of its top-level names, as far as they are literal. Nothing is run. */
export class LiteralModule {
  readonly #tokens: readonly Token[];
  /** Where the values of a name begin: behind `=`, and behind each `+=`. */
  readonly #assigned = new Map<string, number[]>();
  readonly #values = new Map<string, Literal>();
  readonly #open = new Set<string>();
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text) ?? [];
    for (const [index, { kind, value, outer }] of this.#tokens.entries()) {
      const sign = outer && kind === "name" ? this.#tokens[index + 1]?.value : undefined;
      if (sign === "=") this.#assigned.set(value, [index + 2]);
      else if (sign === "+=") this.#assigned.set(value, [...(this.#assigned.get(value) ?? []), index + 2].slice(0, 64));
    }
  }

  /** The keyword arguments of the first call of a name, however deep in the module; undefined where it is never called. */
  callOf(name: string): ReadonlyMap<string, Literal> | undefined {
    const call = this.#tokens.findIndex(
      ({ kind, value }, index) =>
        kind === "name" && value === name && this.#sign(index + 1) === "(" && this.#tokens[index - 1]?.value !== "def",
    );
    if (call < 0) return undefined;
    const found = new Map<string, Literal>();
    for (this.#at = call + 2; this.#at < this.#tokens.length && this.#sign(this.#at) !== ")";) {
      const before = this.#at;
      const key = this.#tokens[before];
      if (key?.kind === "name" && this.#sign(this.#at + 1) === "=") {
        this.#at += 2;
        found.set(key.value, this.#expression(0));
      } else this.#skip();
      // A bracket that was never opened ends nothing.
      if (this.#sign(this.#at) === "," || this.#at === before) this.#at += 1;
    }
    return found;
  }

  #sign(at: number): string | undefined {
    const token = this.#tokens[at];
    return token?.kind === "sign" ? token.value : undefined;
  }

  #line(): number {
    return this.#tokens[this.#at]?.line ?? this.#tokens.at(-1)?.line ?? 1;
  }

  /** To the end of an expression: a comma, a colon of a dict, or the bracket that closes around it. */
  #skip(): Literal {
    const line = this.#line();
    for (let depth = 0; this.#at < this.#tokens.length; this.#at += 1) {
      const sign = this.#sign(this.#at);
      if (sign === "(" || sign === "[" || sign === "{") depth += 1;
      else if (sign === ")" || sign === "]" || sign === "}") {
        if (depth === 0) break;
        depth -= 1;
      } else if (depth === 0 && (sign === "," || (sign === ":" && this.#inDict))) break;
    }
    return { kind: "computed", line };
  }

  #inDict = false;

  #expression(depth: number): Literal {
    const start = this.#at;
    let value = this.#operand(depth);
    while (this.#sign(this.#at) === "+" && value.kind !== "computed") {
      this.#at += 1;
      value = plus(value, this.#operand(depth));
    }
    const end = this.#tokens[this.#at];
    const ends = end === undefined || end.outer || (end.kind === "sign" && /^[,)\]}:]$/.test(end.value));
    if (ends && value.kind !== "computed") return value;
    if (end?.outer === true && depth === 0) return value;
    this.#at = start;
    return this.#skip();
  }

  #operand(depth: number): Literal {
    const token = this.#tokens[this.#at];
    if (token === undefined || depth > MAX_DEPTH) return this.#skip();
    if (token.kind === "text") return this.#texts();
    if (token.kind === "name") return this.#named(token, depth);
    if (token.value === "[" || token.value === "(") return this.#list(depth);
    return token.value === "{" ? this.#dict(depth) : this.#skip();
  }

  /** Strings side by side are one; `.split()` makes a list of one. */
  #texts(): Literal {
    const { line } = this.#tokens[this.#at] ?? { line: 1 };
    let text = "";
    for (let token = this.#tokens[this.#at]; token?.kind === "text"; token = this.#tokens[this.#at]) {
      text += token.value;
      this.#at += 1;
    }
    if (this.#sign(this.#at) !== ".") return { kind: "text", text, line };
    const method = this.#tokens[this.#at + 1]?.value;
    const plain = this.#sign(this.#at + 2) === "(" && this.#sign(this.#at + 3) === ")";
    if (!plain || (method !== "split" && method !== "splitlines" && method !== "strip"))
      return { kind: "computed", line };
    this.#at += 4;
    if (method === "strip")
      return this.#sign(this.#at) === "." ? { kind: "computed", line } : { kind: "text", text: text.trim(), line };
    const items: Literal[] = [];
    for (const [index, row] of text.split("\n").entries()) {
      const words = method === "split" ? row.split(/\s+/) : [row];
      for (const word of words) if (word !== "") items.push({ kind: "text", text: word, line: line + index });
    }
    return { kind: "list", items };
  }

  #named(token: Token, depth: number): Literal {
    const assigned = this.#assigned.get(token.value);
    this.#at += 1;
    const next = this.#sign(this.#at);
    if (assigned === undefined || this.#open.has(token.value) || next === "." || next === "(" || next === "[") {
      return { kind: "computed", line: token.line };
    }
    const known = this.#values.get(token.value);
    if (known !== undefined) return known;
    const after = this.#at;
    this.#open.add(token.value);
    const inDict = this.#inDict;
    this.#inDict = false;
    let value: Literal | undefined;
    for (const at of assigned) {
      this.#at = at;
      const one = this.#expression(depth + 1);
      value = value === undefined ? one : plus(value, one);
    }
    this.#inDict = inDict;
    this.#open.delete(token.value);
    this.#at = after;
    const whole: Literal = value ?? { kind: "computed", line: token.line };
    this.#values.set(token.value, whole);
    return whole;
  }

  #list(depth: number): Literal {
    const close = this.#sign(this.#at) === "[" ? "]" : ")";
    const inDict = this.#inDict;
    this.#inDict = false;
    this.#at += 1;
    const items: Literal[] = [];
    let commas = 0;
    while (this.#at < this.#tokens.length && this.#sign(this.#at) !== close) {
      const before = this.#at;
      items.push(this.#expression(depth + 1));
      if (this.#sign(this.#at) === ",") {
        this.#at += 1;
        commas += 1;
      } else if (this.#at === before) this.#at += 1;
    }
    this.#at += 1;
    this.#inDict = inDict;
    const [first] = items;
    // Parentheses around one value make no list.
    return close === ")" && commas === 0 && items.length === 1 && first !== undefined ? first : { kind: "list", items };
  }

  #dict(depth: number): Literal {
    const inDict = this.#inDict;
    this.#at += 1;
    const entries: (readonly [Literal, Literal])[] = [];
    while (this.#at < this.#tokens.length && this.#sign(this.#at) !== "}") {
      const before = this.#at;
      this.#inDict = true;
      const key = this.#expression(depth + 1);
      this.#inDict = false;
      if (this.#sign(this.#at) === ":") {
        this.#at += 1;
        entries.push([key, this.#expression(depth + 1)]);
      }
      if (this.#sign(this.#at) === "," || this.#at === before) this.#at += 1;
    }
    this.#at += 1;
    this.#inDict = inDict;
    return { kind: "dict", entries };
  }
}

function plus(a: Literal, b: Literal): Literal {
  if (a.kind === "text" && b.kind === "text" && a.text.length + b.text.length < MAX_TEXT) {
    return { kind: "text", text: a.text + b.text, line: a.line };
  }
  const more = b.kind === "list" ? b.items : [b];
  if (a.kind === "list" && a.items.length + more.length < MAX_ITEMS)
    return { kind: "list", items: [...a.items, ...more] };
  return { kind: "computed", line: a.kind === "text" || a.kind === "computed" ? a.line : 1 };
}

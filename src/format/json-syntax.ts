/** Where a JSON text breaks the grammar: 1-based line and column, and what was wrong. */
export interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const LITERALS = ["true", "false", "null"];

/**
 * Finds the first place where a text breaks RFC 8259. Asked only after `JSON.parse` refused it, because that does not tell
 * the place for every error. Linear, and without recursion: depth costs a list entry, not stack.
 */
export function locateSyntaxProblem(text: string): SyntaxProblem {
  const scan = new SyntaxScan(text);
  const what = scan.run();
  return place(text, scan.at, what);
}

function place(text: string, at: number, what: string): SyntaxProblem {
  let line = 1;
  let start = 0;
  for (let feed = text.indexOf("\n"); feed !== -1 && feed < at; feed = text.indexOf("\n", start)) {
    line += 1;
    start = feed + 1;
  }
  return { line, column: at - start + 1, what };
}

class SyntaxScan {
  readonly text: string;
  at = 0;
  readonly #open: ("{" | "[")[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** Moves `at` to the problem and says what it is. */
  run(): string {
    for (;;) {
      const problem = this.#value();
      if (problem !== undefined) return problem;
      this.#blank();
      const inside = this.#open.at(-1);
      if (inside === undefined) return this.#end("nothing after the value");
      const next = this.text[this.at];
      if (next === ",") {
        this.at += 1;
        if (inside === "{") {
          const key = this.#key();
          if (key !== undefined) return key;
        }
      } else return this.#end(inside === "{" ? "`,` or `}`" : "`,` or `]`");
    }
  }

  /** Reads one value and all brackets that close after it. */
  #value(): string | undefined {
    for (;;) {
      this.#blank();
      const first = this.text[this.at];
      if (first !== "{" && first !== "[") return this.#scalar(first) ?? this.#close();
      this.at += 1;
      this.#blank();
      if (this.text[this.at] === (first === "{" ? "}" : "]")) {
        this.at += 1;
        return this.#close();
      }
      this.#open.push(first);
      const key = first === "{" ? this.#key() : undefined;
      if (key !== undefined) return key;
    }
  }

  #close(): undefined {
    for (;;) {
      this.#blank();
      const inside = this.#open.at(-1);
      if (inside === undefined || this.text[this.at] !== (inside === "{" ? "}" : "]")) return undefined;
      this.#open.pop();
      this.at += 1;
    }
  }

  #key(): string | undefined {
    this.#blank();
    if (this.text[this.at] !== '"') return this.#end("a name in double quotes");
    const problem = this.#string();
    if (problem !== undefined) return problem;
    this.#blank();
    if (this.text[this.at] !== ":") return this.#end("`:`");
    this.at += 1;
    return undefined;
  }

  #scalar(first: string | undefined): string | undefined {
    if (first === '"') return this.#string();
    const literal = LITERALS.find((word) => this.text.startsWith(word, this.at));
    if (literal !== undefined) {
      this.at += literal.length;
      return undefined;
    }
    NUMBER.lastIndex = this.at;
    const number = NUMBER.exec(this.text);
    if (number === null) return this.#end("a value");
    this.at += number[0].length;
    return undefined;
  }

  #string(): string | undefined {
    this.at += 1;
    for (; this.at < this.text.length; this.at += 1) {
      const unit = this.text.charCodeAt(this.at);
      if (unit === 0x22) {
        this.at += 1;
        return undefined;
      }
      if (unit < 0x20) return "a control character in a string";
      if (unit !== 0x5c) continue;
      const escape = this.text.slice(this.at + 1, this.at + 6);
      if (!/^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(escape)) return "an escape that JSON does not know";
      this.at += escape[0] === "u" ? 5 : 1;
    }
    return "the text ends inside a string";
  }

  #blank(): void {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) this.at += 1;
  }

  #end(expected: string): string {
    return this.at >= this.text.length ? `the text ends where ${expected} is due` : `${expected} is due here`;
  }
}

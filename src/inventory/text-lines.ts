/** So many texts that are not found, and the search stops: a hostile file could else make each run to the end. */
const MAX_MISSES = 16;

/** Finds the 1-based lines of pieces of a text that come in its order: no line rather than a wrong one. */
export class TextLines {
  readonly #text: string;
  #offset = 0;
  /** The next line feed; kept, so that a text of one long line is not searched to its end each time. */
  #feed: number;
  #line = 1;
  #misses = 0;

  constructor(text: string) {
    this.#text = text;
    this.#feed = text.indexOf("\n");
  }

  /** The line of the first of these spellings after what was found last. */
  next(...spellings: readonly string[]): number | undefined {
    if (this.#misses >= MAX_MISSES) return undefined;
    let found = -1;
    for (const spelling of spellings) {
      const at = this.#text.indexOf(spelling, this.#offset);
      if (at !== -1 && (found === -1 || at < found)) found = at;
    }
    if (found === -1) {
      this.#misses += 1;
      return undefined;
    }
    this.#offset = found + 1;
    while (this.#feed !== -1 && this.#feed < found) {
      this.#line += 1;
      this.#feed = this.#text.indexOf("\n", this.#feed + 1);
    }
    return this.#line;
  }
}

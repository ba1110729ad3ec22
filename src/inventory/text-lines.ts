/** So often as the text is long is searched in vain, and the search stops: a hostile file could else make each run to the end. */
const MAX_VAIN = 16;

/** Finds the 1-based lines of pieces of a text that come in its order: no line rather than a wrong one. */
export class TextLines {
  readonly #text: string;
  #offset = 0;
  /** The next line feed; kept, so that a text of one long line is not searched to its end each time. */
  #feed: number;
  #line = 1;
  #vain = 0;
  /** Which of the spellings was found last: a file is written in one. */
  #usual = 0;

  constructor(text: string) {
    this.#text = text;
    this.#feed = text.indexOf("\n");
  }

  /** The line of the first of these spellings after what was found last. */
  next(...spellings: readonly string[]): number | undefined {
    let found = -1;
    const first = this.#usual;
    for (let turn = 0; turn < spellings.length; turn += 1) {
      const index = (first + turn) % spellings.length;
      const at = this.#find(spellings[index] ?? "", found);
      if (at === -1) continue;
      found = at;
      this.#usual = index;
    }
    if (found === -1) return undefined;
    this.#offset = found + 1;
    while (this.#feed !== -1 && this.#feed < found) {
      this.#line += 1;
      this.#feed = this.#text.indexOf("\n", this.#feed + 1);
    }
    return this.#line;
  }

  /** Where a spelling comes next, before `end` where that is none of -1. */
  #find(spelling: string, end: number): number {
    if (end !== -1) {
      const at = this.#text.slice(this.#offset, end + spelling.length - 1).indexOf(spelling);
      return at === -1 ? -1 : this.#offset + at;
    }
    if (this.#vain > MAX_VAIN * this.#text.length) return -1;
    const at = this.#text.indexOf(spelling, this.#offset);
    if (at === -1) this.#vain += this.#text.length - this.#offset;
    return at;
  }
}

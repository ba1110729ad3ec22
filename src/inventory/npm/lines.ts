/** After so many keys that were not found the scan stops: a hostile file could else make every search run to the end. */
const MAX_MISSES = 16;

/**
 * Finds the lines of object-valued (or with `[` list-valued) keys by one forward scan, as the keys come in the order of the text. A key that is
 * written with escapes, or a text that was edited into a strange form, has no line rather than a wrong one.
 */
export class LineScan {
  readonly #text: string;
  readonly #open: string;
  #offset = 0;
  /** The next line feed; kept, so that a text of one long line is not searched to its end each time. */
  #feed: number;
  #line = 1;
  #misses = 0;

  constructor(text: string, opener: "{" | "[" = "{") {
    this.#text = text;
    this.#feed = text.indexOf("\n");
    this.#open = text.includes(`": ${opener}`) ? `": ${opener}` : `":${opener}`;
  }

  /** The 1-based line of the next `"key": {` after the last one found. */
  next(key: string): number | undefined {
    // Names that are whole numbers come first in JavaScript's order, not in the text's.
    if (this.#misses >= MAX_MISSES || isIndex(key)) return undefined;
    const found = this.#text.indexOf(`"${key}${this.#open}`, this.#offset);
    if (found === -1) {
      this.#misses += 1;
      return undefined;
    }
    this.#offset = found + key.length + 4;
    while (this.#feed !== -1 && this.#feed < found) {
      this.#line += 1;
      this.#feed = this.#text.indexOf("\n", this.#feed + 1);
    }
    return this.#line;
  }
}

function isIndex(key: string): boolean {
  for (let at = 0; at < key.length; at += 1) {
    const unit = key.charCodeAt(at);
    if (unit < 48 || unit > 57) return false;
  }
  return true;
}

/** The 1-based line of the first `"name": "value"` in a text, by search; undefined where it is written otherwise. */
export function lineOfPair(text: string, name: string, value: string): number | undefined {
  const key = JSON.stringify(name);
  const written = JSON.stringify(value);
  let found = text.indexOf(`${key}: ${written}`);
  if (found === -1) found = text.indexOf(`${key}:${written}`);
  if (found === -1) return undefined;
  let line = 1;
  for (let feed = text.indexOf("\n"); feed !== -1 && feed < found; feed = text.indexOf("\n", feed + 1)) line += 1;
  return line;
}

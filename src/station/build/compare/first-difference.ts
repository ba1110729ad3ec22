/** The line of a text at a byte offset. */
export interface Line {
  /** 1-based. */
  readonly line: number;
  /** The line, cut to a window around the offset. */
  readonly shown: string;
  /** The word at the offset: what lies between blanks, quotes, brackets and commas. */
  readonly word: string;
}

const STEP = 1 << 16;
const WINDOW = 60;
const WORD = 200;

/** Offset of the first byte that differs; the length of the shorter where it is the other's beginning. */
export function firstDifference(a: Buffer, b: Buffer): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.compare(b, at, Math.min(at + STEP, length), at, Math.min(at + STEP, length)) === 0)
    at += STEP;
  while (at < length && a[at] === b[at]) at += 1;
  return Math.min(at, length);
}

/** Line number, a bounded window and the word around an offset of UTF-8 text. */
export function lineAround(text: Buffer, at: number): Line {
  let line = 1;
  for (let feed = text.indexOf(10); feed >= 0 && feed < at; feed = text.indexOf(10, feed + 1)) line += 1;
  const start = at === 0 ? 0 : text.lastIndexOf(10, at - 1) + 1;
  const feed = text.indexOf(10, at);
  const end = feed < 0 ? text.length : feed;
  const window = (size: number): string => text.toString("utf8", Math.max(start, at - size), Math.min(end, at + size));
  const before = text.toString("utf8", Math.max(start, at - WORD), at);
  const after = text.toString("utf8", at, Math.min(end, at + WORD));
  const head = before.slice(before.search(/[^\s"'`()[\]{}<>,;=]*$/));
  return { line, shown: window(WINDOW), word: head + after.slice(0, after.search(/[\s"'`()[\]{}<>,;=]|$/)) };
}

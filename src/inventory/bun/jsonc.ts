const QUOTE = 34;
const BACKSLASH = 92;
const SLASH = 47;
const STAR = 42;
const COMMA = 44;
/** `[`, `{`, `,` and `:`: a value or an end must follow. */
const OPENERS = new Set([91, 123, COMMA, 58]);

/** Whether nothing but blanks and comments stands between `at` and a closing bracket. */
function closes(text: string, from: number): boolean {
  for (let at = skipBlank(text, from); ;) {
    const end = commentEnd(text, at);
    if (end === undefined) return text[at] === "}" || text[at] === "]";
    at = skipBlank(text, end);
  }
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at += 1;
  return at;
}

/** Where the comment that begins at `at` ends; undefined where none begins. */
function commentEnd(text: string, at: number): number | undefined {
  if (text.charCodeAt(at) !== SLASH) return undefined;
  const second = text.charCodeAt(at + 1);
  if (second !== SLASH && second !== STAR) return undefined;
  const end = text.indexOf(second === SLASH ? "\n" : "*/", at + 2);
  return end === -1 ? text.length : second === SLASH ? end : end + 2;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === BACKSLASH) at += 1;
    else if (unit === QUOTE) return at + 1;
  }
  return at;
}

/**
 * JSON with comments and trailing commas (what bun writes) as plain JSON of the same lines. Strings are left as they are; what is no
 * JSON before is none after. Linear in the length of the text: runs of commas and comments are looked through at most twice.
 */
export function plainJson(text: string): string {
  const pieces: string[] = [];
  let kept = 0;
  let previous = COMMA;
  for (let at = 0; at < text.length;) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      at = stringEnd(text, at);
      previous = QUOTE;
      continue;
    }
    const comment = commentEnd(text, at);
    if (comment !== undefined) {
      const feeds = text.slice(at, comment).split("\n").length - 1;
      pieces.push(text.slice(kept, at), "\n".repeat(feeds));
      kept = comment;
      at = comment;
      continue;
    }
    // A comma behind no value is an error, and stays one.
    if (unit === COMMA && !OPENERS.has(previous) && closes(text, at + 1)) {
      pieces.push(text.slice(kept, at));
      kept = at + 1;
    }
    if (unit > 32) previous = unit;
    at += 1;
  }
  pieces.push(text.slice(kept));
  return pieces.join("");
}

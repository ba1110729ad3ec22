/**
 * Text that must be seen rather than obeyed: controls, bidirectional and other format characters, blanks that look like
 * nothing or like a space, variation selectors, private use, lone surrogates (Unicode UAX #9, UTS #39).
 */
const ODD_RANGES = [
  String.raw`\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}`,
  // Spaces that are not the space, and letters that show nothing.
  String.raw`\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u115f\u1160\u3164\uffa0\u2800`,
  // Marks that show nothing of their own: joiners and variation selectors.
  String.raw`\u034f\u17b4\u17b5\ufe00-\ufe0f\u{e0100}-\u{e01ef}`,
].join("");
const ODD = new RegExp(`[${ODD_RANGES}]`, "u");
const ODD_ALL = new RegExp(ODD.source, "gu");
/** Nothing to escape and nothing odd: nearly every string. */
const PLAIN = /^[ !#-%(-;=?-~]*$/;
const NEEDS_ESCAPE = /[&<>"']/g;
const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** No field of a report is longer; a hostile one is cut and says so. UTF-16 units. */
const LONGEST = 600;

/** Made here and nowhere else: the class is not exported, so that no string becomes markup by itself. */
class Made {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/** Markup that may go into the page as it is. */
export type Markup = Made;

type Part = Markup | string | number | undefined | readonly Markup[];

/**
 * Template tag: the literal parts are markup, every string put in becomes text (bounded, escaped, odd characters as marked
 * `U+XXXX`). Put values into text positions only; attributes come from `attributes`.
 */
export function markup(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let source = literals[0] as string;
  for (let i = 0; i < parts.length; i += 1) source += markupOf(parts[i]) + (literals[i + 1] as string);
  return new Made(source);
}

/** ` name="value"` for each value that is there. Names are the code's own; odd characters are written as ⟨U+XXXX⟩. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): Markup {
  let source = "";
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) source += ` ${name}="${plainly(String(value)).source}"`;
  }
  return new Made(source);
}

/** A string as text without any element in it: for SVG text, `<title>` and attributes. */
export function plainly(text: string): Markup {
  return new Made(PLAIN.test(text) && text.length <= LONGEST ? text : odd(text, (point) => `⟨${point}⟩`));
}

/**
 * `text` linked to `url` where that is an absolute https address without credentials; else the text alone. The address is
 * written as the URL standard prints it: ASCII, host names in punycode.
 */
export function link(url: string | undefined, text: string): Markup {
  const address = url !== undefined && url.length <= LONGEST && URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol !== "https:" || address.username !== "" || address.password !== "") return markup`${text}`;
  return markup`<a${attributes({ href: address.href, rel: "noreferrer noopener" })}>${text}</a>`;
}

function markupOf(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string") {
    return PLAIN.test(part) && part.length <= LONGEST ? part : odd(part, (point) => `<mark>${point}</mark>`);
  }
  if (typeof part === "number") return String(part);
  if (part instanceof Made) return part.source;
  let source = "";
  for (const each of part) source += each.source;
  return source;
}

function odd(text: string, show: (point: string) => string): string {
  // Cut first, so that a huge text costs nothing; a surrogate pair that the cut halves shows as a lone one.
  const cut = text.length > LONGEST ? text.slice(0, LONGEST) : text;
  const escaped = cut.replace(NEEDS_ESCAPE, (character) => ESCAPES[character] as string);
  const shown = ODD.test(escaped) ? escaped.replace(ODD_ALL, (character) => show(codePoint(character))) : escaped;
  return text.length > LONGEST ? `${shown}… (${text.length - LONGEST} more)` : shown;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
}

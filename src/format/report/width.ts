/**
 * Code points that terminals draw two columns wide: East Asian Wide and Fullwidth (Unicode UAX #11) as ranges of blocks,
 * and emoji. JavaScript's regular expressions know no East_Asian_Width property.
 */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const EMOJI_STYLE = /^\p{Extended_Pictographic}\ufe0f/u;
/** Marks and format characters that take no column of their own. */
const NOTHING = /^[\p{Mn}\p{Me}\p{Cf}]/u;
/** Texts of characters that take one column each and join with no other: ASCII, Latin letters, dashes, quotes and the ellipsis. */
const SINGLE = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027]*$/;

let segmenter: Intl.Segmenter | undefined;

/** The parts of a text that a reader sees as one character each. */
export function characters(text: string): readonly string[] {
  if (SINGLE.test(text)) return text.split("");
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Columns that a text takes on a terminal. Control characters must be gone from it before. */
export function displayWidth(text: string): number {
  if (SINGLE.test(text)) return text.length;
  let width = 0;
  for (const character of characters(text)) {
    width += NOTHING.test(character) ? 0 : WIDE.test(character) || EMOJI_STYLE.test(character) ? 2 : 1;
  }
  return width;
}

/** The text within so many columns, with `…` at its end where it was cut. */
export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let cut = "";
  let used = 0;
  for (const character of characters(text.slice(0, 4 * Math.max(width, 0) + 8))) {
    const wide = displayWidth(character);
    if (used + wide > width - 1) break;
    cut += character;
    used += wide;
  }
  return `${cut.trimEnd()}…`;
}

/** The text with blanks behind it up to so many columns. */
export function padToWidth(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/**
 * What must not reach a terminal or a report from input: control characters, line and paragraph separators, bidirectional
 * controls (Unicode UAX #9), invisible format characters and lone surrogates.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e007f}]/gu;

/**
 * Text from input made fit for a message: one line, unsafe characters as `�`, at most `max` UTF-16 units (default 200)
 * with `…` where it was cut.
 */
export function cleanText(text: string, max = 200): string {
  // Cut before cleaning, so that a huge text costs nothing; a surrogate pair cut in half is replaced below.
  const cut = text.length > max ? text.slice(0, max - 1) : text;
  const clean = cut.replace(UNSAFE, "\ufffd");
  return text.length > max ? `${clean}…` : clean;
}

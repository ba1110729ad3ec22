/**
 * Whether a text matches a pattern in which `*` stands for any characters, none included, and every other character for
 * itself. The whole text must match. Pieces are searched left to right, so the time is bounded by
 * pattern length × text length and no backtracking can blow up.
 */
export function matchPattern(pattern: string, text: string): boolean {
  const pieces = pattern.split("*");
  const first = pieces[0] ?? "";
  if (pieces.length === 1) return first === text;
  const last = pieces[pieces.length - 1] ?? "";
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

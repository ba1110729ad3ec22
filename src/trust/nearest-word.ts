/** Edit distance of two short words: insertions, deletions and replacements count one. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const [left = 0, up = 0, corner = 0] = [next[j - 1], row[j], row[j - 1]];
      next.push(Math.min(left + 1, up + 1, corner + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The known word that a mistyped one most likely means: at most two letters away, the first of the nearest. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  if (word.length > 40) return undefined;
  const near = known.map((one) => ({ one, far: distance(word.toLowerCase(), one.toLowerCase()) }));
  return near.filter(({ far }) => far <= 2).sort((a, b) => a.far - b.far)[0]?.one;
}

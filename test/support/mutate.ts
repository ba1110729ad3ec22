/** Tokens that mean something to the readers of documents. */
const TOKENS: readonly string[] = [
  [
    "\u0000",
    "\ufffe",
    "\u202e",
    "__proto__",
    "constructor",
    "&a ",
    "*a ",
    "<<: *a",
    "<!DOCTYPE a>",
    "<![CDATA[",
    "]]>",
  ],
  ["&lt;", "&#0;", "<text>", "</text>", "SPDXRef-DOCUMENT", "NOASSERTION", "NONE", "null", "true", "-1", "1e999"],
  [
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "(",
    ")",
    " AND ",
    " WITH ",
    ": ",
    "\n",
    "\r\n",
    "#",
    "DocumentRef-a:SPDXRef-b",
    "[]",
    "{}",
  ],
  [
    "\u00ff",
    "9".repeat(40),
    "a".repeat(5000),
    "- ",
    "|\n",
    "? ",
    "rdf:nodeID='a'",
    "xmlns:a=''",
    "<a>",
    "</a>",
    "<a/>",
  ],
].flat();

/**
 * Damaged copies of some bytes, always the same for the same number: pieces cut out, doubled, moved and overwritten, tokens
 * put in, the end cut off.
 */
export function* mutants(bytes: Uint8Array, count: number): Iterable<Uint8Array> {
  let state = 0x9e3779b9;
  // xorshift32, whose period is every number but zero.
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % Math.max(1, limit);
  };
  for (let index = 0; index < count; index += 1) {
    let mutant = Buffer.from(bytes);
    for (let change = 0; change <= below(4); change += 1) {
      const at = below(mutant.length + 1);
      const length = below(below(8) === 0 ? 2000 : 12);
      const [before, piece, after] = [
        mutant.subarray(0, at),
        mutant.subarray(at, at + length),
        mutant.subarray(at + length),
      ];
      const token = Buffer.from(TOKENS[below(TOKENS.length)] ?? "");
      const made = [
        [before, after],
        [before, piece, piece, after],
        [before, token, after],
        [before, token, piece, after],
        [before, Buffer.of(below(256)), piece, after],
        [before, piece],
        [after, before, piece],
      ][below(7)];
      mutant = Buffer.concat(made ?? []);
    }
    yield mutant;
  }
}

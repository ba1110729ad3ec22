import { Fault } from "../model/fault.ts";

const MAX_BYTES = 64 * 1024 * 1024;
/** Lines, or values in one line. So many take a second and some 200 MB to read; the largest documents seen have a fifth. */
const MAX_PARTS = 1_000_000;
const ENCODINGS = { "utf-8": "UTF-8", "utf-16le": "UTF-16", "utf-16be": "UTF-16" } as const;

/**
 * The text of a document that may be UTF-8 or UTF-16: a byte order mark decides; without one, a zero byte beside the first
 * character does (XML 1.0, appendix F; RFC 4627, section 3). At most 64 MiB. `where` names the text in messages.
 * Faults: WB-TEXT-ENCODING (not valid in that encoding, or UTF-32), WB-TEXT-TOO-LARGE.
 */
export function decodeText(bytes: Uint8Array, where: string): string {
  if (bytes.byteLength > MAX_BYTES) {
    throw new Fault({
      code: "WB-TEXT-TOO-LARGE",
      kind: "input",
      what: "a document is larger than is read",
      where,
      expected: `at most ${MAX_BYTES} bytes`,
      found: `${bytes.byteLength} bytes`,
    });
  }
  const encoding = encodingOf(bytes);
  try {
    if (encoding !== undefined) return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    // Told below: the reason is always the same.
  }
  throw new Fault({
    code: "WB-TEXT-ENCODING",
    kind: "input",
    what: `a document is not valid ${encoding === undefined ? "UTF-8 or UTF-16" : ENCODINGS[encoding]}`,
    where,
    fix: "save the file as UTF-8",
  });
}

/** Refuses a text with more than a million of these characters, which separate its parts. Faults: WB-TEXT-TOO-LARGE. */
export function refuseManyParts(text: string, separators: string, where: string): void {
  if (text.length <= MAX_PARTS) return;
  let parts = 0;
  for (const separator of separators) {
    for (let at = text.indexOf(separator); at !== -1; at = text.indexOf(separator, at + 1)) parts += 1;
  }
  if (parts <= MAX_PARTS) return;
  throw new Fault({
    code: "WB-TEXT-TOO-LARGE",
    kind: "input",
    what: "a document has more parts than are read",
    where,
    expected: `at most ${MAX_PARTS} lines or values`,
    found: `${parts}`,
  });
}

function encodingOf([a, b, c, d]: Uint8Array): keyof typeof ENCODINGS | undefined {
  const wide = (a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff);
  if (wide) return undefined;
  if ((a === 0xff && b === 0xfe) || (b === 0 && a !== 0 && a !== undefined)) return "utf-16le";
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0 && b !== undefined)) return "utf-16be";
  return "utf-8";
}

import { cleanText } from "../artifact/clean-text.ts";
import { Fault } from "../model/fault.ts";

const MAX_BYTES = 32 * 1024 * 1024;

/** What a declaration may name, by the decoder that reads it. Others are refused: nobody guesses what bytes mean. */
const DECODERS: Readonly<Record<string, "utf-8" | "utf-16" | "latin1" | "ascii">> = {
  "utf-8": "utf-8",
  utf8: "utf-8",
  "utf-16": "utf-16",
  "utf-16le": "utf-16",
  "utf-16be": "utf-16",
  "us-ascii": "ascii",
  ascii: "ascii",
  "iso-8859-1": "latin1",
  latin1: "latin1",
};

/**
 * The text of an XML document (XML 1.0, section 4.3.3 and appendix F): by its byte order mark, else by its declaration, else
 * UTF-8. A declaration that contradicts the bytes is refused, but for UTF-8 before a byte order mark of UTF-16. Faults: WB-XML-TOO-LARGE (32 MiB), WB-XML-ENCODING.
 */
export function decodeXml(bytes: Uint8Array, where: string): string {
  if (bytes.byteLength > MAX_BYTES) {
    throw new Fault({
      code: "WB-XML-TOO-LARGE",
      kind: "input",
      what: "an XML document is larger than is read",
      where,
      expected: `at most ${MAX_BYTES} bytes`,
      found: `${bytes.byteLength} bytes`,
    });
  }
  const seen = byBytes(bytes);
  const wide = seen === "utf-16le" || seen === "utf-16be";
  // The declaration is ASCII in all of these encodings.
  const head = Buffer.from(bytes.subarray(0, 600)).toString("latin1").replaceAll("\0", "").slice(0, 300);
  const declared = /<\?xml\s[^>]{0,200}?\sencoding\s*=\s*["']([^"'>]{0,40})["']/.exec(head)?.[1];
  const named = declared === undefined ? (wide ? "utf-16" : "utf-8") : DECODERS[declared.toLowerCase()];
  if (named === undefined) throw unreadable(where, `the encoding ${cleanText(declared ?? "", 40)}`);
  // Whoever saves a document as UTF-16 seldom changes its declaration: a byte order mark is no guess (appendix F.2).
  const transcoded = named === "utf-8" && (bytes[0] === 0xff || bytes[0] === 0xfe);
  if ((wide !== (named === "utf-16") && !transcoded) || (seen === "utf-8" && named !== "utf-8")) {
    throw unreadable(where, `${seen ?? "8-bit"} bytes that are declared as ${cleanText(declared ?? "", 40)}`);
  }
  if (named === "latin1") return Buffer.from(bytes).toString("latin1");
  if (named === "ascii" && bytes.some((byte) => byte > 0x7f)) throw unreadable(where, "bytes that are not of US-ASCII");
  const encoding = seen ?? "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(where, `bytes that are not of ${encoding}`);
  }
}

function byBytes(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | undefined {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return "utf-16le";
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)) return "utf-16be";
  return undefined;
}

function unreadable(where: string, found: string): Fault {
  return new Fault({
    code: "WB-XML-ENCODING",
    kind: "input",
    what: `an XML document with ${found}`,
    where,
    expected: "UTF-8, UTF-16 with a byte order mark, US-ASCII or ISO-8859-1, as declared",
    fix: "save the file as UTF-8",
  });
}

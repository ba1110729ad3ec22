/**
 * The bytes of standard base64 with padding (RFC 4648, section 4), undefined for anything else. Strict, because a second
 * spelling of the same bytes would let one signature have two texts: blanks, URL-safe letters and stray bits are refused.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}

/** Standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

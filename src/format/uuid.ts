import { hash } from "node:crypto";
import { sha256 } from "../artifact/digest.ts";
import { WAYBILL_URI } from "../model/statement.ts";

/** The name space for URLs (RFC 9562, section 6.6). */
const URL_NAMESPACE = Buffer.from("6ba7b8119dad11d180b400c04fd430c8", "hex");

/** The UUID version 5 (RFC 9562, section 5.5) of a URL. */
export function uuidOfUrl(url: string): string {
  const digest = hash("sha1", Buffer.concat([URL_NAMESPACE, Buffer.from(url, "utf8")]), "buffer");
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

/** A UUID that only the content decides, so that the same content has the same one on every machine. */
export function uuidOfContent(content: string): string {
  return uuidOfUrl(`${WAYBILL_URI}/document/sha256:${sha256(content)}`);
}

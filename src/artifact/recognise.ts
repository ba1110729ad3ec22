import { isAr } from "./ar.ts";
import { isCpio } from "./cpio.ts";
import { isRpm } from "./rpm.ts";
import { isTar } from "./tar-header.ts";

/** So much tells what a file is. */
export const HEAD_BYTES = 512;

export type Compression = "gzip" | "zstd" | "xz" | "bzip2";

/** By the first bytes: RFC 1952, RFC 8878 (skippable frames too), the .xz format 1.2, bzip2. */
export function compressionOf(head: Buffer): Compression | undefined {
  if (head.length < 4) return undefined;
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return "gzip";
  const first = head.readUInt32LE(0);
  if (first === 0xfd2fb528 || (first & 0xfffffff0) >>> 0 === 0x184d2a50) return "zstd";
  if (head.length >= 6 && head.readUIntBE(0, 6) === 0xfd377a585a00) return "xz";
  return /^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/u.test(head.toString("latin1", 0, 10)) ? "bzip2" : undefined;
}

type Format = "tar" | "zip" | "ar" | "cpio" | "rpm";

/** By the first 512 bytes. */
export function formatOf(head: Buffer): Format | undefined {
  if (isTar(head)) return "tar";
  // A zip file with entries begins with the first of them; an empty one is nothing but its end.
  if (head.length >= 22 && /^PK(?:\x03\x04|\x05\x06)/u.test(head.toString("latin1", 0, 4))) return "zip";
  if (isAr(head)) return "ar";
  if (isCpio(head)) return "cpio";
  return isRpm(head) ? "rpm" : undefined;
}

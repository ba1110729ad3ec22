import type { SizeBytes } from "../model/digest.ts";
import { archiveFault } from "./archive-fault.ts";

export const TAR_BLOCK = 512;
/** Names and records; far more than any real one needs. */
export const MAX_EXTENSION_BYTES: SizeBytes = 1 << 20;
/** Each member is seen with all global records, so their number must be small. */
export const MAX_GLOBALS = 64;

/** Whether this begins as a tar file: a header with a right checksum. */
export function isTar(bytes: Uint8Array): boolean {
  if (bytes.length < TAR_BLOCK) return false;
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, TAR_BLOCK);
  return !isZeroBlock(header) && number(header, 148, 8) === checksum(header);
}

/** The number in a header field: octal text ended by blanks or NULs, or GNU's base 256; undefined for anything else. */
export function tarNumber(header: Uint8Array, from: number, length: number): number | undefined {
  return number(Buffer.from(header.buffer, header.byteOffset, header.byteLength), from, length);
}

/** pax records: `LENGTH KEY=VALUE\n`, the length counting itself. A key that comes twice is refused: readers differ. */
export function readRecords(content: Buffer, where: string, offset: number): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length;) {
    const blank = content.indexOf(0x20, at);
    const digits = blank < 0 || blank - at > 7 ? "" : content.toString("latin1", at, blank);
    const end = at + Number(digits);
    if (!/^[1-9]\d*$/.test(digits) || end > content.length || content[end - 1] !== 0x0a) {
      throw corruptTar(where, offset, "an extended header record of a wrong form");
    }
    const equals = content.indexOf(0x3d, blank + 1);
    if (equals < 0 || equals >= end) throw corruptTar(where, offset, "an extended header record without a value");
    const key = content.toString("utf8", blank + 1, equals);
    if (records.has(key)) throw corruptTar(where, offset, "an extended header with the same key twice");
    records.set(key, content.toString("utf8", equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** Throws `WB-ARCHIVE-CORRUPT` for a header that is cut off or has a wrong checksum. */
export function checkTarHeader(header: Buffer, where: string, at: number): void {
  if (header.length < TAR_BLOCK) throw corruptTar(where, at, "a header that is cut off");
  if (number(header, 148, 8) !== checksum(header)) throw corruptTar(where, at, "a header with a wrong checksum");
}

/** The sum of all bytes, those of the checksum itself taken as blanks. */
function checksum(header: Buffer): number {
  // Four bytes at a time, for there may be a million headers: the sum of 128 bytes fits into 16 bits.
  const whole = header.byteOffset % 4 === 0 ? header : Buffer.copyBytesFrom(header);
  const words = new Uint32Array(whole.buffer, whole.byteOffset, TAR_BLOCK / 4);
  let even = 0;
  let odd = 0;
  for (let index = 0; index < TAR_BLOCK / 4; index += 1) {
    const word = words[index] ?? 0;
    even += word & 0x00ff00ff;
    odd += (word >>> 8) & 0x00ff00ff;
  }
  let sum = (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16) + 8 * 0x20;
  for (let index = 148; index < 156; index += 1) sum -= header[index] ?? 0;
  return sum;
}

/** The type flag; `0` for the flags of old files. */
export function typeOf(header: Buffer): string {
  const flag = header[156] ?? 0;
  return flag === 0 ? "0" : String.fromCharCode(flag);
}

/** Name with the ustar prefix; GNU's format has other things in the prefix field. */
export function headerPath(header: Buffer): string {
  const posix = header.toString("latin1", 257, 263) === "ustar\0";
  const prefix = posix && header[345] !== 0 ? tarText(header, 345, 155) : "";
  const name = tarText(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Text up to the first NUL of a field. */
export function tarText(bytes: Buffer, from: number, length: number): string {
  const end = bytes.indexOf(0, from);
  return bytes.toString("utf8", from, end < 0 || end > from + length ? from + length : end);
}

function number(header: Buffer, from: number, length: number): number | undefined {
  const first = header[from] ?? 0;
  if ((first & 0x80) !== 0) {
    let value = first & 0x7f;
    for (let index = from + 1; index < from + length; index += 1) value = value * 256 + (header[index] ?? 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  // By hand, for there may be a million headers with three numbers each.
  const end = from + length;
  let at = from;
  while (at < end && header[at] === 0x20) at += 1;
  let value = 0;
  for (let digit = (header[at] ?? 0) - 0x30; at < end && digit >= 0 && digit < 8; digit = (header[at] ?? 0) - 0x30) {
    value = value * 8 + digit;
    at += 1;
  }
  while (at < end && (header[at] === 0x20 || header[at] === 0)) at += 1;
  return at === end ? value : undefined;
}

const ZEROS = Buffer.alloc(TAR_BLOCK);

export function isZeroBlock(header: Buffer): boolean {
  return header.length <= TAR_BLOCK && header[0] === 0 && header.equals(ZEROS.subarray(0, header.length));
}

export function corruptTar(where: string, at: number, found: string): Error {
  return archiveFault("WB-ARCHIVE-CORRUPT", `the tar file is damaged at byte ${at}`, where, undefined, found);
}

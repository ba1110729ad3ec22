import { crc32, inflateRawSync } from "node:zlib";
import type { SizeBytes } from "../model/digest.ts";
import { archiveFault } from "./archive-fault.ts";
import { systemCode } from "./source-fault.ts";

/** One gzip member (RFC 1952), each header field apart. */
export interface GzipMember {
  readonly flags: number;
  /** The four bytes of MTIME, seconds since 1970. */
  readonly mtime: number;
  readonly extraFlags: number;
  readonly operatingSystem: number;
  readonly extra?: Uint8Array;
  /** Latin-1, without the final NUL. */
  readonly name?: string;
  readonly comment?: string;
  readonly compressed: Uint8Array;
  readonly content: Uint8Array;
}

export interface Gzip {
  readonly members: readonly GzipMember[];
  /** What follows the last member. */
  readonly trailing: Uint8Array;
}

const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;
const HEADER_CRC = 2;
const MAX_MEMBERS = 10_000;
const PIECE_BYTES: SizeBytes = 1 << 18;
/** A match of 258 bytes takes two bits. */
const MAX_DEFLATE_RATIO = 1032;

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/**
 * Decompresses a whole gzip file in memory, at most `limit` bytes over all members, checksums and lengths checked.
 * Throws `WB-ARCHIVE-CORRUPT`, `WB-ARCHIVE-TOO-LARGE`.
 */
export function readGzip(bytes: Uint8Array, where: string, limit: SizeBytes): Gzip {
  const members: GzipMember[] = [];
  let rest = bytes;
  let left = limit;
  do {
    if (members.length === MAX_MEMBERS) throw archiveFault("WB-ARCHIVE-TOO-LARGE", "too many gzip members", where);
    // The end of the file tells the length of the last member, and most files have one; of others it would ask for much each time.
    const expected = members.length === 0 && bytes.length >= 18 ? lengthAtEnd(bytes) : PIECE_BYTES;
    const [member, end] = readMember(rest, where, left, expected);
    members.push(member);
    left -= member.content.length;
    rest = rest.subarray(end);
  } while (isGzip(rest));
  return { members, trailing: rest };
}

/** The content of all members. Bytes other than zero after the last one are refused: nobody would inspect them. */
export function gunzip(bytes: Uint8Array, where: string, limit: SizeBytes): Uint8Array {
  const { members, trailing } = readGzip(bytes, where, limit);
  if (trailing.some((byte) => byte !== 0)) throw corrupt(where, "data after the compressed content");
  const [only] = members;
  return members.length === 1 && only !== undefined ? only.content : Buffer.concat(members.map((m) => m.content));
}

const lengthAtEnd = (bytes: Uint8Array): SizeBytes =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(bytes.length - 4, true);

function readMember(bytes: Uint8Array, where: string, limit: SizeBytes, expected: SizeBytes): [GzipMember, number] {
  if (!isGzip(bytes) || bytes.length < 18) throw corrupt(where, "no gzip header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint8(3);
  if ((flags & 0xe0) !== 0) throw corrupt(where, "reserved gzip flags");
  let at = 10;
  const text = (): string => {
    const end = bytes.indexOf(0, at);
    if (end < 0) throw corrupt(where, "a gzip header without end");
    const value = Buffer.from(bytes.subarray(at, end)).toString("latin1");
    at = end + 1;
    return value;
  };
  let extra: Uint8Array | undefined;
  if ((flags & EXTRA) !== 0) {
    const length = view.getUint16(at, true);
    extra = bytes.subarray(at + 2, at + 2 + length);
    at += 2 + length;
  }
  const name = (flags & NAME) === 0 ? undefined : text();
  const comment = (flags & COMMENT) === 0 ? undefined : text();
  if ((flags & HEADER_CRC) !== 0) {
    if (at + 2 > bytes.length || view.getUint16(at, true) !== (crc32(bytes.subarray(0, at)) & 0xffff)) {
      throw corrupt(where, "a wrong gzip header checksum");
    }
    at += 2;
  }
  const [content, consumed] = inflate(bytes.subarray(at), where, limit, expected);
  const end = at + consumed;
  if (end + 8 > bytes.length) throw corrupt(where, "a cut gzip trailer");
  if (view.getUint32(end, true) !== crc32(content)) throw corrupt(where, "a wrong gzip checksum");
  if (view.getUint32(end + 4, true) !== content.length % 2 ** 32) throw corrupt(where, "a wrong gzip length");
  return [
    {
      flags,
      mtime: view.getUint32(4, true),
      extraFlags: view.getUint8(8),
      operatingSystem: view.getUint8(9),
      ...(extra !== undefined && { extra }),
      ...(name !== undefined && { name }),
      ...(comment !== undefined && { comment }),
      compressed: bytes.subarray(at, end),
      content,
    },
    end + 8,
  ];
}

/**
 * Decompresses one deflate stream (RFC 1951) at the start of `bytes`; gives the content and how many bytes the stream
 * took. `expected` is how long it probably is. Throws `WB-ARCHIVE-CORRUPT`, `WB-ARCHIVE-TOO-LARGE`.
 */
export function inflate(
  bytes: Uint8Array,
  where: string,
  limit: SizeBytes,
  expected: SizeBytes = limit,
): [Uint8Array, number] {
  try {
    // A limit of 0 is no limit to zlib, so one byte more is allowed and then refused. One piece of just the length is made, for
    // joining several takes twice the memory; but no more than deflate can give, so that nobody asks for much by saying so.
    const likely = Math.min(limit, expected, bytes.length * MAX_DEFLATE_RATIO);
    const chunkSize = Math.max(likely + 1, 64);
    const result = inflateRawSync(bytes, { info: true, maxOutputLength: limit + 1, chunkSize }) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    if (result.buffer.length > limit) throw tooLarge(where, limit);
    return [result.buffer, result.engine.bytesWritten];
  } catch (error) {
    const code = systemCode(error);
    if (code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(where, limit);
    if (code?.startsWith("Z_") === true) throw corrupt(where, `compressed data that cannot be read (${code})`);
    throw error;
  }
}

function corrupt(where: string, found: string): Error {
  return archiveFault("WB-ARCHIVE-CORRUPT", "the compressed file is damaged", where, undefined, found);
}

function tooLarge(where: string, limit: SizeBytes): Error {
  return archiveFault("WB-ARCHIVE-TOO-LARGE", `the archive unpacks to more than ${limit} bytes`, where);
}

import type { Hash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import type { SizeBytes } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import { archiveFault } from "./archive-fault.ts";
import type { Budget } from "./budget.ts";
import { chunksOf, type Content, sliceOf } from "./content.ts";
import type { Compression } from "./recognise.ts";
import { systemCode } from "./source-fault.ts";
import type { Spool } from "./spool.ts";

/** Enough for threads and callbacks not to count; measured. */
const CHUNK_BYTES = 1 << 18;

/** What a stream is hashed with on its way: as it lies there, and unpacked. */
export interface StreamHashes {
  readonly packed?: Hash;
  readonly unpacked?: Hash;
}

/**
 * Decompresses all members or frames of a stream into the spool, in constant memory, checksums checked. Zeros after the last
 * one are padding; anything else there is refused, for nobody would inspect it. Node's decompressors work on threads of
 * their own, so that hashing and writing go on beside them. Throws `WB-ARCHIVE-CORRUPT`, `WB-ARCHIVE-TOO-LARGE` (also for
 * a bomb: much, and more than `limits.ratio` times what it takes).
 */
export async function decompress(
  content: Content,
  compression: Compression,
  where: string,
  spool: Spool,
  budget: Budget,
  hashes: StreamHashes = {},
): Promise<Content> {
  const piece = spool.piece(where);
  let packed: SizeBytes = 0;
  let unpacked: SizeBytes = 0;
  const taken = (bytes: Buffer): void => {
    packed += bytes.length;
    hashes.packed?.update(bytes);
  };
  const output = (bytes: Buffer): void => {
    unpacked += bytes.length;
    budget.spend(bytes.length, packed, unpacked, where, compression === "xz" || compression === "bzip2");
    hashes.unpacked?.update(bytes);
    piece.write(bytes);
  };
  await pump(content, compression, where, taken, output);
  return piece.done();
}

/** The first bytes of what a stream unpacks to, at least `length` where there are so many; none of a damaged one. */
export async function unpackedHead(content: Content, compression: Compression, length: SizeBytes): Promise<Buffer> {
  const parts: Buffer[] = [];
  let left = length;
  const enough = new Error("enough");
  const output = (bytes: Buffer): void => {
    parts.push(Buffer.from(bytes.subarray(0, left)));
    left -= bytes.length;
    if (left <= 0) throw enough;
  };
  try {
    await pump(content, compression, "", () => {}, output);
  } catch (error) {
    if (error !== enough && !(error instanceof Fault)) throw error;
  }
  return Buffer.concat(parts);
}

async function pump(
  content: Content,
  compression: Compression,
  where: string,
  taken: (bytes: Buffer) => void,
  output: (bytes: Buffer) => void,
): Promise<void> {
  let read: SizeBytes = 0;
  const input = function* (): Generator<Buffer> {
    for (const chunk of chunksOf(content)) {
      read += chunk.length;
      taken(chunk);
      yield chunk;
    }
  };
  if (compression === "xz") {
    const { unpackXz } = await import("./xz.ts");
    return unpackXz(input(), where, output);
  }
  if (compression === "bzip2") {
    const { unpackBzip2 } = await import("./bzip2.ts");
    return unpackBzip2(input(), where, output);
  }
  const consumed = await inflateStream(input(), compression, where, output);
  const rest = (from: SizeBytes): Iterable<Buffer> => chunksOf(sliceOf(content, from, content.sizeBytes));
  for (const chunk of rest(read)) taken(chunk);
  for (const chunk of rest(consumed)) {
    if (chunk.some((byte) => byte !== 0)) throw damaged(where, "data after the compressed content");
  }
}

/** Gives how much of the input was taken: up to the end of the last member. */
async function inflateStream(
  input: Iterable<Buffer>,
  compression: "gzip" | "zstd",
  where: string,
  output: (bytes: Buffer) => void,
): Promise<SizeBytes> {
  const options = { chunkSize: CHUNK_BYTES };
  const stream = compression === "gzip" ? createGunzip(options) : createZstdDecompress(options);
  let ended = false;
  stream.once("end", () => (ended = true));
  try {
    await pipeline(input, stream, async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) output(chunk);
    });
  } catch (error) {
    const code = systemCode(error) ?? "";
    // It ended before its input: what is left is looked at by the caller.
    if (code === "ERR_STREAM_PREMATURE_CLOSE" && ended) return stream.bytesWritten;
    if (/^Z_|^ZSTD_|^ERR_(?:ZLIB|ZSTD|STREAM|BUFFER)/u.test(code)) {
      throw damaged(where, `compressed data that cannot be read (${code})`);
    }
    throw error;
  }
  return stream.bytesWritten;
}

function damaged(where: string, found: string): Error {
  return archiveFault("WB-ARCHIVE-CORRUPT", "the compressed file is damaged", where, undefined, found);
}

import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, rmSync, writeSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline as pipe, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { CachedResponse, ResponseCache } from "./cache.ts";

/** Sends a body from the cache. `false`: it is not there (any more) or not what it was. */
export async function sendCached(
  cache: ResponseCache,
  entry: CachedResponse,
  to: ServerResponse,
  look?: (chunk: Uint8Array) => void,
): Promise<boolean> {
  const body = await cache.body(entry.sha512);
  if (body === undefined) return false;
  to.writeHead(entry.status, headersOf(entry.status, entry.contentType, entry.sizeBytes));
  if (typeof body !== "string") {
    look?.(body);
    to.end(body);
    return true;
  }
  await pipeline(createReadStream(body), to);
  return true;
}

/**
 * Passes an upstream's body to the client as it comes, decoded, hashing it and keeping it in the cache under its
 * SHA-512. Rejects (with the client cut off, so that it sees no complete answer) where the body is longer than
 * `maxBytes` decoded, ends early or is badly encoded.
 */
export async function relayBody(
  from: IncomingMessage,
  to: ServerResponse,
  cache: ResponseCache,
  maxBytes: number,
  look?: (chunk: Uint8Array) => void,
): Promise<CachedResponse> {
  const status = from.statusCode ?? 502;
  const contentType = from.headers["content-type"] ?? "application/octet-stream";
  const etag = from.headers.etag;
  const temporary = cache.temporary();
  const file = openSync(temporary, "wx", 0o600);
  const hashes = { sha256: createHash("sha256"), sha512: createHash("sha512") };
  let sizeBytes = 0;
  try {
    const body = decode(from);
    const length = body === from ? Number(from.headers["content-length"]) : Number.NaN;
    to.writeHead(status, headersOf(status, contentType, Number.isSafeInteger(length) ? length : undefined));
    for await (const chunk of body as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) throw new Error(`a body of more than ${maxBytes} bytes`);
      hashes.sha256.update(chunk);
      hashes.sha512.update(chunk);
      look?.(chunk);
      for (let at = 0; at < chunk.length;) at += writeSync(file, chunk, at);
      // A client that went away must not stop the record.
      if (!to.destroyed && !to.write(chunk)) await drained(to);
    }
    const digests = { sha256: hashes.sha256.digest("hex"), sha512: hashes.sha512.digest("hex") };
    cache.keep(temporary, digests.sha512);
    to.end();
    return { status, contentType, ...digests, sizeBytes, ...(etag === undefined ? {} : { etag }) };
  } catch (error) {
    if (to.headersSent) to.destroy();
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

function drained(to: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      to.off("drain", go);
      to.off("close", go);
      resolve();
    };
    to.on("drain", go);
    to.on("close", go);
  });
}

function decode(from: IncomingMessage): Readable {
  const encoding = from.headers["content-encoding"] ?? "identity";
  if (encoding === "identity" || encoding === "") return from;
  if (encoding !== "gzip" && encoding !== "x-gzip") throw new Error("an encoding that was not asked for");
  // The errors of either end the iteration over the decoder; the callback only keeps them from being unhandled.
  return pipe(from, createGunzip(), () => undefined);
}

function headersOf(status: number, contentType: string, length: number | undefined): Record<string, string> {
  const bare = status === 204 || status === 304;
  return {
    "content-type": contentType,
    ...(length === undefined || bare ? {} : { "content-length": String(length) }),
  };
}

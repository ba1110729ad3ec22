import { createHash } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cleanText } from "../artifact/clean-text.ts";
import { sha256 } from "../artifact/digest.ts";
import { outputFault, writeAtomic } from "../artifact/write.ts";
import { canonicalJson } from "../format/json.ts";
import type { SizeBytes } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import type { Fetch } from "../model/world.ts";
import { isObject, isString } from "./index-shape.ts";

/** A request that failed is made again so often, after a pause that doubles. What had come is kept. */
const MAX_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 100;
/** An attempt that brought so much does not count. */
const PROGRESS_BYTES = 1 << 16;
/** No byte for so long ends an attempt. */
const IDLE_MS = 60_000;

/** What a server calls the state of a file (RFC 9110, section 8.8): strong ones only say that the bytes are the same. */
interface Part {
  readonly url: string;
  readonly tag: string;
  /** All of it is there. */
  readonly complete: boolean;
}

export function networkFault(url: string, found: string, kind: "unchecked" | "input" = "unchecked"): Fault {
  return new Fault({
    code: "WB-NETWORK-FAILED",
    kind,
    what: "the advisories could not be fetched",
    where: cleanText(url, 300),
    found: cleanText(found),
    fix: "run it again: what has come is kept, and the index that is there serves meanwhile",
  });
}

/** Whether a failure may pass: the connection, or the server's word that it is busy. */
const passing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Calls `attempt` until it gives a value or throws a fault; gives up after some tries that brought nothing. `have`: what came so far. */
async function persist<T>(url: string, attempt: () => Promise<T>, have: () => SizeBytes = () => 0): Promise<T> {
  let [found, last] = ["", have()];
  for (let tried = 0; tried < MAX_ATTEMPTS; tried += 1) {
    if (tried > 0) await sleep(FIRST_PAUSE_MS * 2 ** (tried - 1));
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof Fault) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
      found = error instanceof Error ? `${error.message}${cause}` : "an unknown error";
      if (have() < last + PROGRESS_BYTES) continue;
      last = have();
      tried = 0;
    }
  }
  throw networkFault(url, `${MAX_ATTEMPTS} attempts, the last: ${found}`);
}

function refused(url: string, status: number): Error {
  return passing(status) ? new Error(`status ${status}`) : networkFault(url, `status ${status}`);
}

/** The body piece by piece; a silence of a minute ends it. */
async function* bodyOf(answer: Response): AsyncGenerator<Uint8Array> {
  const reader = answer.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error("nothing came for a minute")), IDLE_MS);
      });
      const { done, value } = await Promise.race([reader.read(), late]).finally(() => clearTimeout(timer));
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The strong entity tag, else undefined: without one a file that changed meanwhile would be joined with its old beginning. */
function strongTag(answer: Response): string | undefined {
  const tag = answer.headers.get("etag") ?? "";
  return /^"[\x21\x23-\x7e]{1,200}"$/.test(tag) ? tag : undefined;
}

/** What came of asking for a small file. */
export type Fetched =
  | { readonly kind: "content"; readonly bytes: Uint8Array; readonly tag?: string }
  | { readonly kind: "same" | "missing" };

/**
 * Fetches a file into memory. `tag`: of the state that is known, so that the same need not come again. Faults: WB-NETWORK-FAILED for
 * what does not answer, refuses, or is larger than `limit`.
 */
export function fetchBytes(fetch: Fetch, url: string, limit: SizeBytes, tag?: string): Promise<Fetched> {
  return persist(url, async (): Promise<Fetched> => {
    const answer = await fetch(url, { headers: tag === undefined ? {} : { "if-none-match": tag } });
    if (answer.status === 304 && tag !== undefined) return { kind: "same" };
    if (answer.status === 404) return { kind: "missing" };
    if (answer.status !== 200) throw refused(url, answer.status);
    const parts: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const part of bodyOf(answer)) {
      sizeBytes += part.length;
      if (sizeBytes > limit) throw networkFault(url, `more than ${limit} bytes`);
      parts.push(part);
    }
    refuseShort(answer, sizeBytes);
    const found = answer.headers.get("etag") ?? undefined;
    return { kind: "content", bytes: Buffer.concat(parts), ...(found !== undefined && { tag: found }) };
  });
}

/** A body that ends early looks like any other where the connection is closed after it. Of a packed one the length is not known. */
function refuseShort(answer: Response, sizeBytes: SizeBytes): void {
  const length = answer.headers.get("content-length");
  const packed = answer.headers.get("content-encoding") !== null;
  if (length !== null && !packed && Number(length) !== sizeBytes)
    throw new Error(`${sizeBytes} of ${length} bytes came`);
}

function readPart(note: string, url: string): Part | undefined {
  try {
    const part: unknown = JSON.parse(readFileSync(note, "utf8"));
    if (!isObject(part) || part["url"] !== url || !isString(part["tag"])) return undefined;
    return { url, tag: part["tag"], complete: part["complete"] === true };
  } catch {
    return undefined;
  }
}

/**
 * Fetches a large file into `folder`, where what came before an interruption is used again: the server is asked for the rest of the
 * same state (RFC 9110, `If-Range` with a strong entity tag), else for all. Gives the path; undefined where there is none. Faults:
 * WB-NETWORK-FAILED, WB-OUTPUT-UNWRITABLE, WB-OUTPUT-DISK-FULL.
 */
export async function download(
  fetch: Fetch,
  url: string,
  folder: string,
  limit: SizeBytes,
): Promise<string | undefined> {
  const path = join(folder, `${sha256(url).slice(0, 32)}.part`);
  const note = `${path}.json`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw outputFault(error, folder);
  }
  const sizeOf = (): SizeBytes => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const attempt = async (): Promise<string | undefined> => {
    const part = readPart(note, url);
    const have = part === undefined ? 0 : sizeOf();
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (part?.complete === true) headers["if-none-match"] = part.tag;
    else if (part !== undefined && have > 0) Object.assign(headers, { range: `bytes=${have}-`, "if-range": part.tag });
    const answer = await fetch(url, { headers });
    if (answer.status === 304 && part?.complete === true) return path;
    if (answer.status === 404) return undefined;
    // All of it was there but for the note.
    if (answer.status === 416) {
      rmSync(note, { force: true });
      throw new Error("status 416");
    }
    if (answer.status !== 200 && answer.status !== 206) throw refused(url, answer.status);
    const from = answer.status === 206 ? have : 0;
    if (answer.status === 206 && !(answer.headers.get("content-range") ?? "").startsWith(`bytes ${have}-`)) {
      rmSync(note, { force: true });
      throw new Error("another part than was asked for");
    }
    const tag = strongTag(answer);
    await receive(answer, { path, note, url, from, limit, ...(tag !== undefined && { tag }) });
    return path;
  };
  return persist(url, attempt, sizeOf);
}

/** The folder beside an index in which archives are kept until it is complete. */
export function partsOf(index: string): string {
  return `${index}.parts`;
}

/** Takes away what `download` put there, and the folder where nothing else is in it. */
export function removeParts(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      if (/^[0-9a-f]{32}\.part(?:\.json)?$/.test(name)) rmSync(join(folder, name), { force: true });
    }
    rmdirSync(folder);
  } catch {
    // It is not there, or somebody else's file is in it.
  }
}

interface Receiving {
  readonly path: string;
  readonly note: string;
  readonly url: string;
  readonly from: SizeBytes;
  readonly limit: SizeBytes;
  readonly tag?: string;
}

async function receive(answer: Response, { path, note, url, from, limit, tag }: Receiving): Promise<void> {
  // What is there belongs to another state until the note says to which.
  if (from === 0) rmSync(note, { force: true });
  const file = openSync(path, from === 0 ? "w" : "r+", 0o600);
  try {
    if (from === 0 && tag !== undefined) writeAtomic(note, canonicalJson({ url, tag, complete: false }), 0o600);
    const md5 = from === 0 ? createHash("md5") : undefined;
    let at = from;
    for await (const part of bodyOf(answer)) {
      if (at + part.length > limit) throw networkFault(url, `more than ${limit} bytes`);
      for (let done = 0; done < part.length;) done += writeSync(file, part, done, part.length - done, at + done);
      md5?.update(part);
      at += part.length;
    }
    refuseShort(answer, at - from);
    refuseOther(answer, md5?.digest("base64"));
  } finally {
    closeSync(file);
  }
  if (tag !== undefined) writeAtomic(note, canonicalJson({ url, tag, complete: true }), 0o600);
}

/** Where the public bucket's server tells a checksum against mistakes of the way (`x-goog-hash: md5=…`), it is compared. */
function refuseOther(answer: Response, md5: string | undefined): void {
  const told = /(?:^|,\s*)md5=([A-Za-z0-9+/]{22}==)/.exec(answer.headers.get("x-goog-hash") ?? "")?.[1];
  if (told !== undefined && md5 !== undefined && told !== md5)
    throw new Error("other bytes than the server's checksum says");
}

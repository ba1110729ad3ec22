import { constants, inflateRawSync } from "node:zlib";
import type { SizeBytes } from "../model/digest.ts";
import type { Content } from "./content.ts";
import type { SourceLimits } from "./limits.ts";
import type { Member } from "./member.ts";
import { zipContent, zipPlaces } from "./zip.ts";
import type { ZipHeader } from "./zip-directory.ts";
import { inputInContent } from "./zip-input.ts";

const MAX_TARGET_BYTES = 16_384;
/** APPNOTE 4.4.2: made on Unix or macOS, whose modes are then in the upper half of the external attributes. */
const UNIX = new Set([3, 19]);

/**
 * The members of a zip file by its directory, which alone is held in memory, and only until the last of them; contents are inflated
 * when they are asked for, from where they lie. Throws what `readZip` throws.
 */
export function* zipMembers(content: Content, where: string, limits: SourceLimits): Generator<Member> {
  for (const [entry, from] of zipPlaces(inputInContent(content), where, Math.floor(limits.entries / 2))) {
    const unixMode = UNIX.has(entry.madeBy >> 8) ? entry.externalAttributes >>> 16 : 0;
    const kind = unixMode & 0o170000;
    const facts = { path: entry.name, mode: unixMode === 0 ? 0o644 : unixMode & 0o7777 };
    if (entry.name.endsWith("/") || kind === 0o040000) yield { ...facts, kind: "directory" };
    else if (kind === 0o120000) {
      const compressed = content.read(from, Math.min(entry.compressedBytes, MAX_TARGET_BYTES + 1));
      const target = Buffer.from(zipContent({ ...entry, compressed }, where, MAX_TARGET_BYTES)).toString("utf8");
      yield { ...facts, kind: "symlink", target };
    } else if (kind !== 0 && kind !== 0o100000) yield { ...facts, kind: "other", found: "a device, pipe or socket" };
    else {
      const base = new ZipContent(content, entry, from, where);
      yield { ...facts, kind: "file", sizeBytes: entry.sizeBytes, base, offset: 0 };
    }
  }
}

/** One file in a zip file: where it lies, and not its bytes. There may be a million of them, so that each has no more than it needs. */
class ZipContent implements Content {
  readonly sizeBytes: SizeBytes;
  readonly packedBytes: SizeBytes;
  readonly #zip: Content;
  readonly #name: string;
  readonly #method: number;
  readonly #crc: number;
  readonly #start: SizeBytes;
  readonly #where: string;
  /** Kept while it is read piece by piece. */
  #inflated: WeakRef<Buffer> | undefined;

  constructor(
    zip: Content,
    { name, method, crc, compressedBytes, sizeBytes }: ZipHeader,
    start: SizeBytes,
    where: string,
  ) {
    this.#zip = zip;
    this.#name = name;
    this.#method = method;
    // As a small integer, which takes no object of its own.
    this.#crc = crc | 0;
    this.#start = start;
    this.packedBytes = compressedBytes;
    this.#where = where;
    this.sizeBytes = sizeBytes;
  }

  read(offset: SizeBytes, length: SizeBytes): Buffer {
    const end = Math.min(offset + length, this.sizeBytes);
    const head = end <= HEAD_BYTES && this.packedBytes > PACKED_HEAD_BYTES ? this.#head() : undefined;
    const whole = head !== undefined && head.length >= end ? head : this.#whole();
    return whole.subarray(offset, end);
  }

  /** The beginning, without inflating the rest: of most files nobody looks at more. Its checksum is not known. */
  #head(): Buffer | undefined {
    if (this.#method !== DEFLATED) return undefined;
    const packed = this.#zip.read(this.#start, PACKED_HEAD_BYTES);
    try {
      return inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
    } catch {
      // Damaged: reading the whole says how.
      return undefined;
    }
  }

  #whole(): Buffer {
    const kept = this.#inflated?.deref();
    if (kept !== undefined) return kept;
    const compressed = this.#zip.read(this.#start, this.packedBytes);
    const { sizeBytes, packedBytes: compressedBytes } = this;
    const entry = {
      name: this.#name,
      method: this.#method,
      crc: this.#crc >>> 0,
      compressed,
      compressedBytes,
      sizeBytes,
    };
    const bytes = zipContent(entry, this.#where, MAX_INFLATED_BYTES);
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#inflated = new WeakRef(whole);
    return whole;
  }
}

const DEFLATED = 8;
/** Deflate makes at most 1,032 times as much of them. */
const PACKED_HEAD_BYTES: SizeBytes = 4096;
const HEAD_BYTES: SizeBytes = 1024;
/** One file is inflated in memory. */
const MAX_INFLATED_BYTES: SizeBytes = 256 << 20;

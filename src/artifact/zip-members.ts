import { constants, inflateRawSync } from "node:zlib";
import type { SizeBytes } from "../model/digest.ts";
import { archiveFault } from "./archive-fault.ts";
import type { Content } from "./content.ts";
import type { SourceLimits } from "./limits.ts";
import type { Member } from "./member.ts";
import { readZip, type ZipEntry, zipContent } from "./zip.ts";

const MAX_TARGET_BYTES = 16_384;
/** APPNOTE 4.4.2: made on Unix or macOS, whose modes are then in the upper half of the external attributes. */
const UNIX = new Set([3, 19]);

/**
 * The members of a zip file by its directory; contents are inflated when they are asked for, from where they lie. The file is in
 * memory only while its directory is read. Throws what `readZip` throws, and `WB-ARCHIVE-TOO-LARGE` past `limits.archiveBytes`.
 */
export function* zipMembers(content: Content, where: string, limits: SourceLimits): Generator<Member> {
  if (content.sizeBytes > limits.archiveBytes) {
    throw archiveFault(
      "WB-ARCHIVE-TOO-LARGE",
      "the archive is too large",
      where,
      undefined,
      `${content.sizeBytes} bytes`,
    );
  }
  const whole = content.read(0, content.sizeBytes);
  const { entries } = readZip(whole, where, limits.entries);
  for (const entry of entries) {
    const unixMode = UNIX.has(entry.madeBy >> 8) ? entry.externalAttributes >>> 16 : 0;
    const kind = unixMode & 0o170000;
    const facts = { path: entry.name, mode: unixMode === 0 ? 0o644 : unixMode & 0o7777 };
    if (entry.name.endsWith("/") || kind === 0o040000) yield { ...facts, kind: "directory" };
    else if (kind === 0o120000) {
      const target = Buffer.from(zipContent(entry, where, MAX_TARGET_BYTES)).toString("utf8");
      yield { ...facts, kind: "symlink", target };
    } else if (kind !== 0 && kind !== 0o100000) yield { ...facts, kind: "other", found: "a device, pipe or socket" };
    else {
      const base = new ZipContent(content, entry, entry.compressed.byteOffset - whole.byteOffset, where);
      yield { ...facts, kind: "file", sizeBytes: entry.sizeBytes, base, offset: 0 };
    }
  }
}

/** One file in a zip file: where it lies, and not its bytes. */
class ZipContent implements Content {
  readonly sizeBytes: SizeBytes;
  readonly packedBytes: SizeBytes;
  readonly #zip: Content;
  readonly #entry: Omit<ZipEntry, "compressed" | "extra" | "localExtra" | "comment">;
  readonly #start: SizeBytes;
  readonly #where: string;
  /** Kept while it is read piece by piece. */
  #inflated: WeakRef<Buffer> | undefined;

  constructor(zip: Content, entry: ZipEntry, start: SizeBytes, where: string) {
    const { compressed, extra: _extra, localExtra: _localExtra, comment: _comment, ...facts } = entry;
    this.#zip = zip;
    this.#entry = facts;
    this.#start = start;
    this.packedBytes = compressed.length;
    this.#where = where;
    this.sizeBytes = entry.sizeBytes;
  }

  read(offset: SizeBytes, length: SizeBytes): Buffer {
    const end = Math.min(offset + length, this.sizeBytes);
    const head = end <= HEAD_BYTES && this.packedBytes > PACKED_HEAD_BYTES ? this.#head() : undefined;
    const whole = head !== undefined && head.length >= end ? head : this.#whole();
    return whole.subarray(offset, end);
  }

  /** The beginning, without inflating the rest: of most files nobody looks at more. Its checksum is not known. */
  #head(): Buffer | undefined {
    if (this.#entry.method !== DEFLATED) return undefined;
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
    const nothing = new Uint8Array();
    const entry = { ...this.#entry, compressed, extra: nothing, localExtra: nothing, comment: nothing };
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

import { archiveFault } from "./archive-fault.ts";

/** Bytes one after another out of chunks. Throws `WB-ARCHIVE-CORRUPT` where they end too early. */
export class ByteReader {
  readonly #chunks: Iterator<Buffer>;
  readonly #where: string;
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  /** How many bytes were taken. */
  taken = 0;

  constructor(chunks: Iterable<Buffer>, where: string) {
    this.#chunks = chunks[Symbol.iterator]();
    this.#where = where;
  }

  byte(): number {
    const value = this.peek();
    if (value < 0) throw this.corrupt("compressed data that is cut off");
    this.#at += 1;
    this.taken += 1;
    return value;
  }

  /** The next byte without taking it; -1 at the end. */
  peek(): number {
    while (this.#at === this.#chunk.length) {
      const next = this.#chunks.next();
      if (next.done === true) return -1;
      this.#chunk = next.value;
      this.#at = 0;
    }
    return this.#chunk[this.#at] ?? -1;
  }

  /** So many bytes, each taken. */
  bytes(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let filled = 0; filled < length;) {
      if (this.peek() < 0) throw this.corrupt("compressed data that is cut off");
      const copied = this.#chunk.copy(bytes, filled, this.#at, this.#at + length - filled);
      filled += copied;
      this.#at += copied;
    }
    this.taken += length;
    return bytes;
  }

  /** Zeros up to the end are padding; anything else is refused. */
  expectPadding(): void {
    for (let value = this.peek(); value >= 0; value = this.peek()) {
      if (value !== 0) throw this.corrupt("data after the compressed content");
      this.#at += 1;
    }
  }

  corrupt(found: string): Error {
    return archiveFault("WB-ARCHIVE-CORRUPT", "the compressed file is damaged", this.#where, undefined, found);
  }
}

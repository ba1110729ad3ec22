import type { Entry } from "../../model/artifact.ts";

/**
 * Numbers of a header inside of a program: little or big endian, 32 or 64 bits wide. Past the end of the bytes, and where a number
 * is too large to be an offset, the answer is undefined.
 */
export class Fields {
  readonly #view: DataView;
  readonly littleEndian: boolean;

  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.littleEndian = littleEndian;
  }

  get length(): number {
    return this.#view.byteLength;
  }

  u16(at: number): number | undefined {
    return at + 2 <= this.length ? this.#view.getUint16(at, this.littleEndian) : undefined;
  }

  u32(at: number): number | undefined {
    return at + 4 <= this.length ? this.#view.getUint32(at, this.littleEndian) : undefined;
  }

  u64(at: number): number | undefined {
    if (at + 8 > this.length) return undefined;
    // Two halves, for a BigInt each costs more than all else that is read of a program.
    const high = this.#view.getUint32(at + (this.littleEndian ? 4 : 0), this.littleEndian);
    const low = this.#view.getUint32(at + (this.littleEndian ? 0 : 4), this.littleEndian);
    return high < 1 << 21 ? high * 2 ** 32 + low : undefined;
  }

  /** A field as wide as an address. */
  word(at: number, wide: boolean): number | undefined {
    return wide ? this.u64(at) : this.u32(at);
  }
}

/** Text of a fixed width, up to its first NUL. */
export function fixedText(bytes: Uint8Array, at: number, width: number): string {
  const part = bytes.subarray(at, at + width);
  const end = part.indexOf(0);
  return Buffer.from(end < 0 ? part : part.subarray(0, end)).toString("latin1");
}

/** `length` bytes from `offset`, fewer where the file ends; none for numbers that are no offsets. */
export function rangeOf(entry: Entry, offset: number, length: number): Uint8Array {
  if (!Number.isSafeInteger(offset) || offset < 0 || length <= 0 || offset >= entry.sizeBytes) return new Uint8Array();
  return entry.range(offset, Math.min(length, entry.sizeBytes - offset));
}

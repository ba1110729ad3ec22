/**
 * Whether a deflate stream (RFC 1951) holds nothing beside its content: no empty block before the last one, no bits set
 * where a block or the stream is filled up to a byte, nothing after the end. Decompressors pass such places over, so that
 * a payload could lie there while the content is the same. Gives false for what is no whole stream.
 *
 * What remains is the choice of codes and matches, which is what "compressed by another program" means.
 */
export function isPlainDeflate(bytes: Uint8Array): boolean {
  const bits = new BitReader(bytes);
  for (;;) {
    const last = bits.take(1) === 1;
    const kind = bits.take(2);
    if (kind === 3 || bits.failed) return false;
    const produced = kind === 0 ? stored(bits) : coded(bits, kind === 1 ? fixedTables() : dynamicTables(bits));
    if (produced === undefined || bits.failed || (produced === 0 && !last)) return false;
    if (last) return bits.fillIsZero() && bits.position === bytes.length;
  }
}

/** Codes by their reversed bits: `symbol << 4 | length`, 0 where no code is. */
interface Table {
  readonly cells: Uint16Array;
  readonly width: number;
}

class BitReader {
  readonly #bytes: Uint8Array;
  position = 0;
  #held = 0;
  #count = 0;
  failed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  #fill(count: number): void {
    while (this.#count < count && this.position < this.#bytes.length) {
      this.#held |= (this.#bytes[this.position] ?? 0) << this.#count;
      this.position += 1;
      this.#count += 8;
    }
  }

  /** At most 16 bits. */
  take(count: number): number {
    this.#fill(count);
    if (this.#count < count) this.failed = true;
    const value = this.#held & ((1 << count) - 1);
    this.#held >>>= count;
    this.#count -= count;
    return value;
  }

  symbol(table: Table): number {
    this.#fill(15);
    const cell = table.cells[this.#held & ((1 << table.width) - 1)] ?? 0;
    const length = cell & 15;
    if (length === 0 || length > this.#count) {
      this.failed = true;
      return -1;
    }
    this.#held >>>= length;
    this.#count -= length;
    return cell >>> 4;
  }

  /** Drops the bits up to the next whole byte; true where all were zero. */
  fillIsZero(): boolean {
    const whole = this.#count >> 3;
    const rest = this.#count & 7;
    const zero = (this.#held & ((1 << rest) - 1)) === 0;
    this.position -= whole;
    this.#held = 0;
    this.#count = 0;
    return zero;
  }
}

/** Bytes that the block makes, undefined where it is damaged. */
function stored(bits: BitReader): number | undefined {
  if (!bits.fillIsZero()) return undefined;
  const length = bits.take(16);
  if ((bits.take(16) ^ 0xffff) !== length || !bits.fillIsZero()) return undefined;
  bits.position += length;
  return length;
}

function coded(bits: BitReader, tables: readonly [Table, Table] | undefined): number | undefined {
  if (tables === undefined) return undefined;
  const [literals, distances] = tables;
  for (let produced = 0; ; produced += 1) {
    const symbol = bits.symbol(literals);
    if (symbol === 256) return produced;
    if (symbol < 0 || symbol > 285) return undefined;
    if (symbol < 256) continue;
    // Lengths and distances themselves do not matter, only how many extra bits they take (RFC 1951, 3.2.5).
    bits.take(symbol < 265 || symbol === 285 ? 0 : (symbol - 261) >> 2);
    const distance = bits.symbol(distances);
    if (distance < 0 || distance > 29) return undefined;
    bits.take(distance < 4 ? 0 : (distance - 2) >> 1);
  }
}

const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const;

function dynamicTables(bits: BitReader): readonly [Table, Table] | undefined {
  const literals = bits.take(5) + 257;
  const total = literals + bits.take(5) + 1;
  const counts = bits.take(4) + 4;
  const meta = new Uint8Array(19);
  for (const position of ORDER.slice(0, counts)) meta[position] = bits.take(3);
  const table = tableOf(meta);
  const lengths = new Uint8Array(total);
  for (let at = 0; at < total;) {
    const symbol = bits.symbol(table);
    if (symbol < 0 || symbol > 18) return undefined;
    if (symbol < 16) {
      lengths[at] = symbol;
      at += 1;
      continue;
    }
    const value = symbol === 16 ? lengths[at - 1] : 0;
    const repeat = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    if (value === undefined || at + repeat > total) return undefined;
    lengths.fill(value, at, at + repeat);
    at += repeat;
  }
  return [tableOf(lengths.subarray(0, literals)), tableOf(lengths.subarray(literals))];
}

function tableOf(lengths: Uint8Array): Table {
  const width = Math.max(1, ...lengths);
  const cells = new Uint16Array(1 << width);
  let code = 0;
  for (let length = 1; length <= width; length += 1) {
    for (let symbol = 0; symbol < lengths.length; symbol += 1) {
      if (lengths[symbol] !== length) continue;
      for (let cell = reversed(code, length); cell < cells.length; cell += 1 << length) {
        cells[cell] = (symbol << 4) | length;
      }
      code += 1;
    }
    code <<= 1;
  }
  return { cells, width };
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit += 1) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}

let fixed: readonly [Table, Table] | undefined;

function fixedTables(): readonly [Table, Table] {
  const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
  return (fixed ??= [tableOf(lengths), tableOf(new Uint8Array(30).fill(5))]);
}

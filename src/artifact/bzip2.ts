import { archiveFault } from "./archive-fault.ts";
import { ByteReader } from "./byte-reader.ts";

const BLOCK_MAGIC = 0x314159265359;
const END_MAGIC = 0x177245385090;
/** Symbols of one selector. */
const GROUP = 50;
const MAX_CODE_LENGTH = 20;
const CHUNK_BYTES = 1 << 20;
/** Compressors write one for each 900,000 bytes. */
const MAX_BLOCKS = 100_000;

/**
 * Decompresses bzip2 (its format is described by its one implementation; there is no standard): streams one after another,
 * both checksums of each checked, zeros after the last one passed over. Memory: 4 MB for a block. Blocks of the first
 * versions, with "randomised" data, are refused. Throws `WB-ARCHIVE-CORRUPT` and what `output` throws; the bytes given to it are
 * overwritten afterwards.
 */
export function unpackBzip2(chunks: Iterable<Buffer>, where: string, output: (bytes: Buffer) => void): void {
  const input = new ByteReader(chunks, where);
  const room: Room = { block: new Uint32Array(900_000), out: Buffer.allocUnsafe(CHUNK_BYTES), blocks: 0 };
  do {
    unpackStream(input, where, output, room);
  } while (input.peek() === 0x42);
  input.expectPadding();
}

/** Taken once: there may be many small blocks. */
interface Room {
  readonly block: Uint32Array;
  readonly out: Buffer;
  /** How many were met; streams count too. */
  blocks: number;
}

function count(room: Room, where: string): void {
  room.blocks += 1;
  if (room.blocks > MAX_BLOCKS) {
    throw archiveFault("WB-ARCHIVE-TOO-LARGE", `a bzip2 file of more than ${MAX_BLOCKS} blocks`, where);
  }
}

function unpackStream(input: ByteReader, where: string, output: (bytes: Buffer) => void, room: Room): void {
  count(room, where);
  const level = input.bytes(4).toString("latin1");
  if (!/^BZh[1-9]$/u.test(level)) throw input.corrupt("no bzip2 header");
  const bits = new Bits(input);
  const block = room.block.subarray(0, Number(level[3]) * 100_000);
  let combined = 0;
  for (;;) {
    const magic = bits.take(24) * 0x1000000 + bits.take(24);
    if (magic === END_MAGIC) break;
    if (magic !== BLOCK_MAGIC) throw input.corrupt("no bzip2 block");
    count(room, where);
    const expected = bits.word();
    const crc = writeBlock(...readBlock(bits, block, input), room.out, output, input);
    if (crc !== expected) throw input.corrupt("a wrong bzip2 block checksum");
    combined = ((combined << 1) | (combined >>> 31)) ^ crc;
  }
  if (bits.word() !== combined >>> 0) throw input.corrupt("a wrong bzip2 checksum");
}

/** Most significant bit first. */
class Bits {
  readonly #input: ByteReader;
  #held = 0;
  #count = 0;

  constructor(input: ByteReader) {
    this.#input = input;
  }

  /** At most 24. */
  take(count: number): number {
    while (this.#count < count) {
      this.#held = (this.#held << 8) | this.#input.byte();
      this.#count += 8;
    }
    this.#count -= count;
    const value = (this.#held >>> this.#count) & ((1 << count) - 1);
    this.#held &= (1 << this.#count) - 1;
    return value;
  }

  word(): number {
    return this.take(16) * 0x10000 + this.take(16);
  }
}

/** A canonical Huffman code: for each length the largest code, and where its symbols stand. */
interface Code {
  readonly limits: Int32Array;
  readonly bases: Int32Array;
  readonly symbols: Uint16Array;
  readonly shortest: number;
}

function codeOf(lengths: Uint8Array): Code {
  const limits = new Int32Array(MAX_CODE_LENGTH + 2).fill(-1);
  const bases = new Int32Array(MAX_CODE_LENGTH + 2);
  const order = [...lengths.keys()].sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= MAX_CODE_LENGTH; length += 1) {
    bases[length] = index - code;
    const first = index;
    while (index < order.length && lengths[order[index] ?? 0] === length) index += 1;
    code += index - first;
    limits[length] = index === first ? -1 : code - 1;
    code <<= 1;
  }
  return { limits, bases, symbols: Uint16Array.from(order), shortest: Math.min(...lengths) };
}

function symbolOf(bits: Bits, code: Code, input: ByteReader): number {
  let value = bits.take(code.shortest);
  for (let length = code.shortest; length <= MAX_CODE_LENGTH; length += 1) {
    if (value <= (code.limits[length] ?? -1)) {
      const symbol = code.symbols[value + (code.bases[length] ?? 0)];
      if (symbol === undefined) break;
      return symbol;
    }
    value = (value << 1) | bits.take(1);
  }
  throw input.corrupt("a bzip2 code that is not in its table");
}

/** Reads one block up to the transform: `block` holds its bytes; gives how many, and where the text begins. */
function readBlock(bits: Bits, block: Uint32Array, input: ByteReader): [Uint32Array, number, number] {
  if (bits.take(1) === 1) throw input.corrupt("a randomised bzip2 block of an old version");
  const origin = bits.take(24);
  const used = readUsed(bits);
  const groups = bits.take(3);
  const selectorCount = bits.take(15);
  if (used.length === 0 || groups < 2 || groups > 6 || selectorCount === 0) {
    throw input.corrupt("a bzip2 block without tables");
  }
  const selectors = readSelectors(bits, selectorCount, groups, input);
  const codes: Code[] = [];
  for (let group = 0; group < groups; group += 1) codes.push(codeOf(readLengths(bits, used.length + 2, input)));
  const end = used.length + 1;
  let count = 0;
  let run = 0;
  let weight = 1;
  const repeat = (): void => {
    if (run > block.length - count) throw input.corrupt("a bzip2 block that is too long");
    block.fill(used[0] ?? 0, count, count + run);
    count += run;
    [run, weight] = [0, 1];
  };
  for (let group = 0; ; group += 1) {
    const code = codes[selectors[group] ?? -1];
    if (code === undefined) throw input.corrupt("a bzip2 block without end");
    for (let left = GROUP; left > 0; left -= 1) {
      const symbol = symbolOf(bits, code, input);
      if (symbol <= 1) {
        // Runs are numbers in bijective base 2.
        run += weight << symbol;
        weight <<= 1;
        if (run > block.length) throw input.corrupt("a bzip2 block that is too long");
        continue;
      }
      if (run > 0) repeat();
      if (symbol === end) {
        if (origin >= count) throw input.corrupt("a bzip2 block that begins outside");
        return [block, count, origin];
      }
      if (count === block.length) throw input.corrupt("a bzip2 block that is too long");
      const byte = used[symbol - 1] ?? 0;
      used.copyWithin(1, 0, symbol - 1);
      used[0] = byte;
      block[count] = byte;
      count += 1;
    }
  }
}

/** The bytes that occur, as the first state of the move-to-front list. */
function readUsed(bits: Bits): Uint8Array {
  const rows = bits.take(16);
  const used: number[] = [];
  for (let row = 0; row < 16; row += 1) {
    if ((rows & (0x8000 >> row)) === 0) continue;
    const columns = bits.take(16);
    for (let column = 0; column < 16; column += 1)
      if ((columns & (0x8000 >> column)) !== 0) used.push(row * 16 + column);
  }
  return Uint8Array.from(used);
}

function readSelectors(bits: Bits, count: number, groups: number, input: ByteReader): Uint8Array {
  const order = Array.from({ length: groups }, (_, index) => index);
  return Uint8Array.from({ length: count }, () => {
    let at = 0;
    while (bits.take(1) === 1) {
      at += 1;
      if (at >= groups) throw input.corrupt("a bzip2 selector that is not in its table");
    }
    const [group = 0] = order.splice(at, 1);
    order.unshift(group);
    return group;
  });
}

function readLengths(bits: Bits, count: number, input: ByteReader): Uint8Array {
  let length = bits.take(5);
  return Uint8Array.from({ length: count }, () => {
    while (bits.take(1) === 1) length += bits.take(1) === 0 ? 1 : -1;
    if (length < 1 || length > MAX_CODE_LENGTH) throw input.corrupt("a bzip2 code of a wrong length");
    return length;
  });
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) value = (value << 1) ^ ((value & 0x80000000) === 0 ? 0 : 0x04c11db7);
  return value;
});

/** Undoes the Burrows-Wheeler transform and the first run-length code; gives the checksum of what it wrote. */
function writeBlock(
  block: Uint32Array,
  count: number,
  origin: number,
  out: Buffer,
  output: (bytes: Buffer) => void,
  input: ByteReader,
): number {
  const starts = new Uint32Array(257);
  for (let at = 0; at < count; at += 1) {
    const after = ((block[at] ?? 0) & 0xff) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let byte = 1; byte < 256; byte += 1) starts[byte] = (starts[byte] ?? 0) + (starts[byte - 1] ?? 0);
  for (let at = 0; at < count; at += 1) {
    const byte = (block[at] ?? 0) & 0xff;
    const to = starts[byte] ?? 0;
    starts[byte] = to + 1;
    block[to] = (block[to] ?? 0) | (at << 8);
  }
  let length = 0;
  let crc = -1;
  let same = 0;
  let before = -1;
  let next = (block[origin] ?? 0) >>> 8;
  for (let left = count; left > 0; left -= 1) {
    const cell = block[next] ?? 0;
    const byte = cell & 0xff;
    next = cell >>> 8;
    let times = 1;
    if (same === 4) {
      // After four equal bytes comes how often they are repeated.
      [times, same] = [byte, 0];
    } else {
      same = byte === before ? same + 1 : 1;
      before = byte;
    }
    if (length + times > CHUNK_BYTES) {
      output(out.subarray(0, length));
      length = 0;
    }
    for (; times > 0; times -= 1) {
      out[length] = before;
      length += 1;
      crc = (crc << 8) ^ (CRC[((crc >>> 24) ^ before) & 0xff] ?? 0);
    }
  }
  if (same === 4) throw input.corrupt("a bzip2 block that ends inside a run");
  output(out.subarray(0, length));
  return ~crc >>> 0;
}

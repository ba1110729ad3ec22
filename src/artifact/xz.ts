import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { archiveFault } from "./archive-fault.ts";
import { ByteReader } from "./byte-reader.ts";
import { crc64 } from "./crc64.ts";
import { LzmaDecoder, LzmaWindow } from "./lzma.ts";

const MAGIC = "fd377a585a00";
const LZMA2 = 0x21;
const MIN_DICTIONARY_BYTES = 4096;
/** Far more than any tool writes: `xz -T0` makes one of at least a megabyte. */
const MAX_BLOCKS = 100_000;
/** `xz -9` takes 64 MiB. */
const MAX_DICTIONARY_BYTES = 128 << 20;

/**
 * Decompresses .xz ("The .xz File Format", 1.2): streams one after another with padding, the LZMA2 filter alone, every checksum
 * and the index checked. Memory: the dictionary, at most 128 MiB. Throws `WB-ARCHIVE-CORRUPT`, `WB-ARCHIVE-KIND` (another
 * filter or check), `WB-ARCHIVE-TOO-LARGE` (dictionary) and what `output` throws; the bytes given to it are overwritten afterwards.
 */
export function unpackXz(chunks: Iterable<Buffer>, where: string, output: (bytes: Buffer) => void): void {
  const input = new ByteReader(chunks, where);
  const state: State = { window: new LzmaWindow(MIN_DICTIONARY_BYTES), blocks: 0 };
  do {
    unpackStream(input, where, output, state);
    // Stream padding: zeros, a multiple of four of them.
    while (input.peek() === 0) if (input.bytes(4).readUInt32LE(0) !== 0) throw input.corrupt("wrong padding");
  } while (input.peek() >= 0);
}

/** What goes on over the blocks and streams of a file. */
interface State {
  /** The largest that was needed yet: there may be many small blocks. */
  window: LzmaWindow;
  /** Streams count too. */
  blocks: number;
}

function count(state: State, where: string): void {
  state.blocks += 1;
  if (state.blocks > MAX_BLOCKS) {
    throw archiveFault("WB-ARCHIVE-TOO-LARGE", `an xz file of more than ${MAX_BLOCKS} blocks`, where);
  }
}

function unpackStream(input: ByteReader, where: string, output: (bytes: Buffer) => void, state: State): void {
  count(state, where);
  const header = input.bytes(12);
  if (header.toString("hex", 0, 6) !== MAGIC) throw input.corrupt("data after the compressed content");
  const flags = header.subarray(6, 8);
  if (crc32(flags) !== header.readUInt32LE(8)) throw input.corrupt("a wrong checksum of the xz header");
  const check = CHECKS.get(flags.readUInt16BE(0));
  if (check === undefined) throw unread(where, `check ${flags.toString("hex")}`);
  // The index repeats the lengths of all blocks: digests are compared, so that it may be long.
  const records = createHash("sha256");
  let blocks = 0;
  for (; input.peek() !== 0; blocks += 1) {
    count(state, where);
    records.update(unpackBlock(input, where, check, output, state));
  }
  const indexBytes = readIndex(input, blocks, records.digest("hex"));
  const footer = input.bytes(12);
  const right =
    crc32(footer.subarray(4, 10)) === footer.readUInt32LE(0) &&
    (footer.readUInt32LE(4) + 1) * 4 === indexBytes &&
    footer.subarray(8, 10).equals(flags) &&
    footer.toString("latin1", 10) === "YZ";
  if (!right) throw input.corrupt("a wrong xz footer");
}

/** How a block's content is checked: the check's length, and the check itself over chunks. */
interface Check {
  readonly sizeBytes: number;
  start(): { update(bytes: Buffer): void; digest(): Buffer };
}

const CHECKS: ReadonlyMap<number, Check> = new Map<number, Check>([
  [0, { sizeBytes: 0, start: () => ({ update: () => {}, digest: () => Buffer.alloc(0) }) }],
  [
    1,
    {
      sizeBytes: 4,
      start: () => {
        let value = 0;
        return {
          update: (bytes) => void (value = crc32(bytes, value)),
          digest: () => {
            const digest = Buffer.alloc(4);
            digest.writeUInt32LE(value);
            return digest;
          },
        };
      },
    },
  ],
  [4, { sizeBytes: 8, start: crc64 }],
  [
    10,
    {
      sizeBytes: 32,
      start: () => {
        const hash = createHash("sha256");
        return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
      },
    },
  ],
]);

/** Gives its record for the index. */
function unpackBlock(
  input: ByteReader,
  where: string,
  check: Check,
  output: (bytes: Buffer) => void,
  state: State,
): string {
  const start = input.taken;
  const size = input.byte();
  const rest = input.bytes(size * 4 + 3);
  const header = Buffer.concat([Buffer.from([size]), rest.subarray(0, -4)]);
  if (crc32(header) !== rest.readUInt32LE(rest.length - 4)) throw input.corrupt("a wrong checksum of an xz block");
  const fields = new ByteReader([header.subarray(1)], where);
  const flags = fields.byte();
  if ((flags & 0x3c) !== 0) throw input.corrupt("reserved xz flags");
  const packed = (flags & 0x40) === 0 ? undefined : variable(fields);
  const unpacked = (flags & 0x80) === 0 ? undefined : variable(fields);
  const filter = variable(fields);
  if ((flags & 3) !== 0 || filter !== LZMA2 || variable(fields) !== 1) throw unread(where, `filter ${filter}`);
  const dictionary = dictionaryBytes(fields.byte(), input);
  if (dictionary > MAX_DICTIONARY_BYTES) {
    throw archiveFault(
      "WB-ARCHIVE-TOO-LARGE",
      "an xz dictionary is too large",
      where,
      undefined,
      `${dictionary} bytes`,
    );
  }
  fields.expectPadding();
  const dataStart = input.taken;
  const checking = check.start();
  let length = 0;
  if (state.window.sizeBytes < dictionary) state.window = new LzmaWindow(dictionary);
  state.window.begin((bytes) => {
    length += bytes.length;
    checking.update(bytes);
    output(bytes);
  });
  unpackLzma2(input, state.window);
  const dataBytes = input.taken - dataStart;
  if ((packed ?? dataBytes) !== dataBytes || (unpacked ?? length) !== length) {
    throw input.corrupt("an xz block of another length than it says");
  }
  for (let padding = (4 - (dataBytes % 4)) % 4; padding > 0; padding -= 1) {
    if (input.byte() !== 0) throw input.corrupt("wrong padding");
  }
  if (!checking.digest().equals(input.bytes(check.sizeBytes))) throw input.corrupt("a wrong checksum of the content");
  return record(dataStart - start + dataBytes + check.sizeBytes, length);
}

function dictionaryBytes(coded: number, input: ByteReader): number {
  if (coded > 40) throw input.corrupt("a wrong xz dictionary size");
  return coded === 40 ? 0xffffffff : Math.max(MIN_DICTIONARY_BYTES, (2 | (coded & 1)) * 2 ** ((coded >>> 1) + 11));
}

/** The LZMA2 chunks of one block (.xz format 5.3.1; xz's lzma2_decoder as the reference for the control byte). */
function unpackLzma2(input: ByteReader, window: LzmaWindow): void {
  const decoder = new LzmaDecoder(window);
  let needsDictionary = true;
  let needsProperties = true;
  let needsState = true;
  for (let control = input.byte(); control !== 0; control = input.byte()) {
    if (control === 1 || control >= 0xe0) {
      window.filled = 0;
      needsDictionary = false;
    }
    if (needsDictionary) throw input.corrupt("an xz block without a dictionary");
    if (control < 0x80) {
      if (control > 2) throw input.corrupt("a wrong LZMA2 chunk");
      for (const byte of input.bytes(input.bytes(2).readUInt16BE(0) + 1)) window.put(byte);
      continue;
    }
    const sizes = input.bytes(4);
    const unpacked = ((control & 0x1f) << 16) + sizes.readUInt16BE(0) + 1;
    if (control >= 0xc0) {
      if (!decoder.configure(input.byte())) throw input.corrupt("wrong LZMA properties");
      needsProperties = false;
    }
    if (control >= 0xa0) {
      decoder.reset();
      needsState = false;
    }
    if (needsProperties || needsState) throw input.corrupt("an LZMA2 chunk without its properties");
    const chunk = input.bytes(sizes.readUInt16BE(2) + 1);
    if (!decoder.decode(chunk, unpacked)) throw input.corrupt("LZMA data that cannot be read");
  }
  window.flush();
}

const record = (unpadded: number, unpacked: number): string => `${unpadded} ${unpacked}\n`;

/** Checks the index against the blocks; gives its length. */
function readIndex(input: ByteReader, blocks: number, records: string): number {
  const start = input.taken;
  const kept = Buffer.alloc(1 << 16);
  let [length, crc] = [0, 0];
  const byte = (): number => {
    const value = input.byte();
    kept[length] = value;
    length += 1;
    if (length === kept.length) [crc, length] = [crc32(kept, crc), 0];
    return value;
  };
  byte();
  const listed = createHash("sha256");
  const expected = variable({ byte });
  for (let left = expected === blocks ? blocks : 0; left > 0; left -= 1) {
    listed.update(record(variable({ byte }), variable({ byte })));
  }
  if (expected !== blocks || listed.digest("hex") !== records) {
    throw input.corrupt("an xz index that differs from the blocks");
  }
  while ((input.taken - start) % 4 !== 0) if (byte() !== 0) throw input.corrupt("wrong padding");
  if (crc32(kept.subarray(0, length), crc) !== input.bytes(4).readUInt32LE(0)) {
    throw input.corrupt("a wrong xz index checksum");
  }
  return input.taken - start;
}

/** A multibyte integer (1.2): seven bits a byte, the lowest first, at most nine bytes. Past 2^53 it is inexact and fits nothing. */
function variable(input: { byte(): number }): number {
  let value = 0;
  for (let place = 0; place < 9; place += 1) {
    const byte = input.byte();
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) return value;
  }
  return -1;
}

function unread(where: string, found: string): Error {
  return archiveFault("WB-ARCHIVE-KIND", "an xz file that is not read", where, undefined, found);
}

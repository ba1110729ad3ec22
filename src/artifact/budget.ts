import type { SizeBytes } from "../model/digest.ts";
import { archiveFault } from "./archive-fault.ts";
import type { SourceLimits } from "./limits.ts";

/** Whatever the ratio, so much is unpacked: images hold files of zeros. Slow decompressors get less. */
const FREE_BYTES: SizeBytes = 1 << 30;
const FREE_SLOW_BYTES: SizeBytes = 1 << 27;
const MAX_PATH_CHARACTERS = 16_384;
const MAX_NAME_CHARACTERS = 64 << 20;

/** What one source may still cost, over all its layers and the archives inside it. Throws `WB-ARCHIVE-TOO-LARGE`. */
export class Budget {
  readonly limits: SourceLimits;
  #bytes: SizeBytes;
  #entries: number;
  #inner: number;
  #names = MAX_NAME_CHARACTERS;
  #innerPacked: SizeBytes = 0;
  #innerBytes: SizeBytes = 0;

  constructor(limits: SourceLimits) {
    this.limits = limits;
    this.#bytes = limits.spooledBytes;
    this.#entries = limits.entries;
    this.#inner = limits.innerArchives;
  }

  /** So much more was unpacked; `packed` and `unpacked` are what this one stream took and gave up to here. */
  spend(bytes: SizeBytes, packed: SizeBytes, unpacked: SizeBytes, where: string, slow = false): void {
    this.#bytes -= bytes;
    if (this.#bytes < 0) throw tooLarge(where, `it unpacks to more than ${this.limits.spooledBytes} bytes`);
    if (unpacked > (slow ? FREE_SLOW_BYTES : FREE_BYTES) && unpacked > packed * this.limits.ratio) {
      throw tooLarge(where, `${packed} bytes unpack to more than ${unpacked - 1}`);
    }
  }

  /** One entry more, with a path of so many characters. `large`: a folder or a file in a zip file, which take the memory of two. */
  entry(characters: number, where: string, large = false): void {
    this.#entries -= large ? 2 : 1;
    this.#names -= characters;
    if (this.#entries < 0) throw tooLarge(where, `more than ${this.limits.entries} entries`);
    if (characters > MAX_PATH_CHARACTERS || this.#names < 0) throw tooLarge(where, "names that are too long");
  }

  /** One archive inside the archive more, which takes and gives so much: many small bombs are one large one. */
  inner(packed: SizeBytes, unpacked: SizeBytes, where: string): void {
    this.#inner -= 1;
    this.#innerPacked += packed;
    this.#innerBytes += unpacked;
    if (this.#innerBytes > FREE_BYTES && this.#innerBytes > this.#innerPacked * this.limits.ratio) {
      throw tooLarge(where, `archives inside that unpack to more than ${this.#innerBytes - 1} bytes`);
    }
    if (this.#inner < 0) throw tooLarge(where, `more than ${this.limits.innerArchives} archives inside`);
  }
}

function tooLarge(where: string, found: string): Error {
  return archiveFault("WB-ARCHIVE-TOO-LARGE", "the archive is too large", where, undefined, found);
}

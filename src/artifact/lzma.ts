/** Places in the array of probabilities; `LITERAL` is the last, its size depends on lc and lp. */
const IS_MATCH = 0;
const IS_REP = 192;
const IS_REP_0 = 204;
const IS_REP_1 = 216;
const IS_REP_2 = 228;
const IS_REP_0_LONG = 240;
const SLOT = 432;
const SPECIAL = 688;
const ALIGN = 803;
const LENGTH = 819;
const REP_LENGTH = 1333;
const LITERAL = 1847;
const EVEN = 1024;

/** The dictionary: a ring that gives its bytes away before they are overwritten. */
export class LzmaWindow {
  readonly #ring: Uint8Array;
  #output: (bytes: Buffer) => void = () => {};
  #at = 0;
  #given = 0;
  /** Bytes since the dictionary was last emptied: how far a match may reach back. */
  filled = 0;

  constructor(sizeBytes: number) {
    this.#ring = new Uint8Array(sizeBytes);
  }

  get sizeBytes(): number {
    return this.#ring.length;
  }

  /** Empties it for another block. */
  begin(output: (bytes: Buffer) => void): void {
    this.#output = output;
    [this.#at, this.#given, this.filled] = [0, 0, 0];
  }

  put(byte: number): void {
    this.#ring[this.#at] = byte;
    this.#at += 1;
    this.filled += 1;
    if (this.#at === this.#ring.length) this.flush();
  }

  /** The byte `distance` + 1 places back. */
  back(distance: number): number {
    const at = this.#at - distance - 1;
    return this.#ring[at < 0 ? at + this.#ring.length : at] ?? 0;
  }

  has(distance: number): boolean {
    return distance < this.filled && distance < this.#ring.length;
  }

  copy(distance: number, length: number): void {
    const ring = this.#ring;
    let from = this.#at - distance - 1;
    this.filled += length;
    if (from >= 0 && this.#at + length < ring.length) {
      if (length >= 64 && distance >= length) ring.copyWithin(this.#at, from, from + length);
      else for (let to = this.#at, end = to + length; to < end; to += 1, from += 1) ring[to] = ring[from] ?? 0;
      this.#at += length;
      return;
    }
    if (from < 0) from += ring.length;
    let at = this.#at;
    for (let left = length; left > 0; left -= 1) {
      ring[at] = ring[from] ?? 0;
      at += 1;
      from += 1;
      if (from === ring.length) from = 0;
      if (at === ring.length) {
        this.#at = at;
        this.flush();
        at = 0;
      }
    }
    this.#at = at;
  }

  /** Gives away what was not given yet. */
  flush(): void {
    if (this.#at > this.#given) this.#output(Buffer.from(this.#ring.buffer, this.#given, this.#at - this.#given));
    if (this.#at === this.#ring.length) this.#at = 0;
    this.#given = this.#at;
  }
}

/**
 * LZMA as LZMA2 uses it: chunks of known lengths, the probabilities going on from chunk to chunk until they are reset (LZMA
 * specification in the LZMA SDK). `decode` gives false for data that is wrong; nothing is ever read or written outside.
 */
export class LzmaDecoder {
  readonly #window: LzmaWindow;
  readonly #probabilities = new Uint16Array(LITERAL + (0x300 << 4));
  #lc = 0;
  #literalMask = 0;
  #positionMask = 0;
  #state = 0;
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #range = 0;
  #code = 0;

  constructor(window: LzmaWindow) {
    this.#window = window;
  }

  /** New properties, as one byte: (pb × 5 + lp) × 9 + lc. False where they are not allowed in LZMA2. */
  configure(properties: number): boolean {
    const lc = properties % 9;
    const lp = Math.floor(properties / 9) % 5;
    const pb = Math.floor(properties / 45);
    if (pb > 4 || lc + lp > 4) return false;
    this.#lc = lc;
    this.#literalMask = (1 << lp) - 1;
    this.#positionMask = (1 << pb) - 1;
    return true;
  }

  reset(): void {
    this.#probabilities.fill(EVEN);
    this.#state = 0;
    [this.#rep0, this.#rep1, this.#rep2, this.#rep3] = [0, 0, 0, 0];
  }

  /** Decodes a chunk that gives `length` bytes. */
  decode(bytes: Buffer, length: number): boolean {
    if (bytes.length < 5 || bytes[0] !== 0) return false;
    this.#bytes = bytes;
    this.#code = bytes.readUInt32BE(1);
    this.#range = 0xffffffff;
    this.#at = 5;
    const window = this.#window;
    for (let left = length; left > 0;) {
      // Past the end zeros are read; that it happened is seen here.
      if (this.#at > bytes.length) return false;
      const position = window.filled & this.#positionMask;
      if (this.#bit(IS_MATCH + (this.#state << 4) + position) === 0) {
        this.#literal();
        left -= 1;
        continue;
      }
      const matched = this.#match(position);
      if (matched === 0 || matched > left || !window.has(this.#rep0)) return false;
      window.copy(this.#rep0, matched);
      left -= matched;
    }
    this.#normalize();
    return this.#at === bytes.length && this.#code === 0;
  }

  #normalize(): void {
    if (this.#range < 0x1000000) {
      this.#range = (this.#range << 8) >>> 0;
      this.#code = ((this.#code << 8) | (this.#bytes[this.#at] ?? 0)) >>> 0;
      this.#at += 1;
    }
  }

  #bit(index: number): 0 | 1 {
    if (this.#range < 0x1000000) this.#normalize();
    const probability = this.#probabilities[index] ?? EVEN;
    const bound = (this.#range >>> 11) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      this.#probabilities[index] = probability + ((2048 - probability) >>> 5);
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    this.#probabilities[index] = probability - (probability >>> 5);
    return 1;
  }

  /** `bits` bits, each by the probability of those before it. The state is in variables: most of the time goes by here. */
  #tree(base: number, bits: number): number {
    const probabilities = this.#probabilities;
    let range = this.#range;
    let code = this.#code;
    const end = 1 << bits;
    let symbol = 1;
    while (symbol < end) {
      if (range < 0x1000000) {
        range = (range << 8) >>> 0;
        code = ((code << 8) | (this.#bytes[this.#at] ?? 0)) >>> 0;
        this.#at += 1;
      }
      const probability = probabilities[base + symbol] ?? EVEN;
      const bound = (range >>> 11) * probability;
      if (code < bound) {
        range = bound;
        probabilities[base + symbol] = probability + ((2048 - probability) >>> 5);
        symbol <<= 1;
      } else {
        range -= bound;
        code -= bound;
        probabilities[base + symbol] = probability - (probability >>> 5);
        symbol = (symbol << 1) | 1;
      }
    }
    this.#range = range;
    this.#code = code;
    return symbol - end;
  }

  #reverse(base: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let at = 0; at < bits; at += 1) {
      const bit = this.#bit(base + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << at;
    }
    return value;
  }

  #direct(bits: number): number {
    let value = 0;
    for (let left = bits; left > 0; left -= 1) {
      this.#normalize();
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = value * 2 + bit;
    }
    return value;
  }

  #literal(): void {
    const window = this.#window;
    const before = window.filled === 0 ? 0 : window.back(0);
    const place = ((window.filled & this.#literalMask) << this.#lc) + (before >>> (8 - this.#lc));
    const base = LITERAL + place * 0x300;
    let symbol = 1;
    if (this.#state >= 7) {
      let match = window.back(this.#rep0) << 1;
      let offset = 0x100;
      while (symbol < 0x100) {
        const matchBit = match & offset;
        const bit = this.#bit(base + offset + matchBit + symbol);
        symbol = (symbol << 1) | bit;
        offset &= bit === 1 ? matchBit : ~matchBit;
        match <<= 1;
      }
    } else {
      symbol = this.#tree(base, 8);
    }
    window.put(symbol & 0xff);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  /** Sets the distance, gives the length of a match. */
  #match(position: number): number {
    const state = this.#state;
    if (this.#bit(IS_REP + state) === 0) {
      [this.#rep3, this.#rep2, this.#rep1] = [this.#rep2, this.#rep1, this.#rep0];
      const length = this.#length(LENGTH, position);
      this.#rep0 = this.#distance(Math.min(length - 2, 3));
      this.#state = state < 7 ? 7 : 10;
      return length;
    }
    if (this.#bit(IS_REP_0 + state) === 0) {
      if (this.#bit(IS_REP_0_LONG + (state << 4) + position) === 0) {
        this.#state = state < 7 ? 9 : 11;
        return 1;
      }
    } else {
      let distance = this.#rep1;
      if (this.#bit(IS_REP_1 + state) === 1) {
        distance = this.#rep2;
        if (this.#bit(IS_REP_2 + state) === 1) {
          distance = this.#rep3;
          this.#rep3 = this.#rep2;
        }
        this.#rep2 = this.#rep1;
      }
      this.#rep1 = this.#rep0;
      this.#rep0 = distance;
    }
    this.#state = state < 7 ? 8 : 11;
    return this.#length(REP_LENGTH, position);
  }

  #length(base: number, position: number): number {
    if (this.#bit(base) === 0) return 2 + this.#tree(base + 2 + (position << 3), 3);
    if (this.#bit(base + 1) === 0) return 10 + this.#tree(base + 130 + (position << 3), 3);
    return 18 + this.#tree(base + 258, 8);
  }

  #distance(lengthState: number): number {
    const slot = this.#tree(SLOT + (lengthState << 6), 6);
    if (slot < 4) return slot;
    const bits = (slot >>> 1) - 1;
    const top = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return top + this.#reverse(SPECIAL + top - slot - 1, bits);
    return top + this.#direct(bits - 4) * 16 + this.#reverse(ALIGN, 4);
  }
}

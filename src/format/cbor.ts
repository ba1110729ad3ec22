import { Fault, type FaultCode } from "../model/fault.ts";

export type CborKey = number | string;

/** Tag and value (RFC 8949, section 3.4). A class, to be told from a map. */
export class CborTag {
  readonly tag: number;
  readonly value: Cbor;
  constructor(tag: number, value: Cbor) {
    this.tag = tag;
    this.value = value;
  }
}

/** What is read and written: no floating-point numbers, no `undefined`; keys of maps are integers and texts. */
export type Cbor =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Cbor[]
  | ReadonlyMap<CborKey, Cbor>
  | CborTag;

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_DEPTH = 64;
const MAX_ITEMS = 4_000_000;
const [UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const BREAK = Symbol("break");

/**
 * Reads a sequence of CBOR items (RFC 8742; one item is a sequence of one): any well-formed encoding, also of indefinite
 * length, within 64 MiB, 64 levels and 4 million items. A key that stands twice is refused. `where` names the bytes.
 * Faults with the byte offset: WB-CBOR-SYNTAX, WB-CBOR-LIMIT.
 */
export function parseCbor(bytes: Uint8Array, where: string): readonly Cbor[] {
  const reader = new Reader(bytes, where);
  const items: Cbor[] = [];
  while (!reader.atEnd()) items.push(reader.item(0));
  return items;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #where: string;
  #at = 0;
  #items = 0;

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#where = where;
    if (bytes.byteLength > MAX_BYTES) throw this.#fault("there are more than 64 MiB", "WB-CBOR-LIMIT");
  }

  atEnd(): boolean {
    return this.#at === this.#bytes.byteLength;
  }

  item(depth: number): Cbor {
    const value = this.#any(depth);
    if (typeof value === "symbol") throw this.#fault("a break stands outside of an item of indefinite length");
    return value;
  }

  #any(depth: number): Cbor | typeof BREAK {
    if (depth > MAX_DEPTH) throw this.#fault(`nested deeper than ${MAX_DEPTH} levels`, "WB-CBOR-LIMIT");
    this.#items += 1;
    if (this.#items > MAX_ITEMS) throw this.#fault(`there are more than ${MAX_ITEMS} items`, "WB-CBOR-LIMIT");
    const initial = this.#byte();
    const major = initial >> 5;
    const info = initial & 0x1f;
    if (major === SIMPLE) return this.#simple(info);
    if (info === 31) return this.#indefinite(major, depth);
    const argument = this.#argument(info);
    switch (major) {
      case UNSIGNED:
        return argument;
      case NEGATIVE:
        return typeof argument === "bigint" || argument === Number.MAX_SAFE_INTEGER
          ? -1n - BigInt(argument)
          : -1 - argument;
      case BYTES:
        return this.#take(argument).slice();
      case TEXT:
        return this.#text(this.#take(argument));
      case ARRAY:
        return this.#array(this.#length(argument, 1), depth);
      case MAP:
        return this.#map(this.#length(argument, 2), depth);
      default:
        if (typeof argument === "bigint") throw this.#fault("a tag number is too large");
        return new CborTag(argument, this.item(depth + 1));
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw this.#fault("the bytes end inside an item");
    this.#at += 1;
    return byte;
  }

  #argument(info: number): number | bigint {
    if (info < 24) return info;
    if (info > 27) throw this.#fault("the additional information 28 to 30 is not defined");
    const size = 1 << (info - 24);
    if (this.#at + size > this.#bytes.byteLength) throw this.#fault("the bytes end inside an item");
    const at = this.#at;
    this.#at += size;
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at);
    if (size === 4) return this.#view.getUint32(at);
    const value = this.#view.getBigUint64(at);
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }

  #take(length: number | bigint): Uint8Array {
    const size = Number(length);
    if (size > this.#bytes.byteLength - this.#at) throw this.#fault("a text or byte string is longer than the bytes");
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  /** A list that says to be longer than the bytes that are left lies: nothing is set aside for it. */
  #length(argument: number | bigint, bytesEach: number): number {
    const length = Number(argument);
    if (length * bytesEach > this.#bytes.byteLength - this.#at) throw this.#fault("a list is longer than the bytes");
    return length;
  }

  #text(bytes: Uint8Array): string {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw this.#fault("a text is not valid UTF-8");
    }
  }

  #simple(info: number): null | boolean | typeof BREAK {
    if (info === 20) return false;
    if (info === 21) return true;
    if (info === 22) return null;
    if (info === 31) return BREAK;
    throw this.#fault(info >= 25 && info <= 27 ? "a floating-point number is not read" : "a simple value is not read");
  }

  #array(length: number, depth: number): readonly Cbor[] {
    const items: Cbor[] = [];
    for (let index = 0; index < length; index += 1) items.push(this.item(depth + 1));
    return items;
  }

  #map(length: number, depth: number): ReadonlyMap<CborKey, Cbor> {
    const map = new Map<CborKey, Cbor>();
    for (let index = 0; index < length; index += 1) this.#pair(map, this.item(depth + 1), depth);
    return map;
  }

  #pair(map: Map<CborKey, Cbor>, key: Cbor, depth: number): void {
    if (typeof key !== "number" && typeof key !== "string") throw this.#fault("a key is no integer and no text");
    if (map.has(key)) throw this.#fault("a key stands twice in a map");
    map.set(key, this.item(depth + 1));
  }

  #indefinite(major: number, depth: number): Cbor {
    if (major === BYTES || major === TEXT) return this.#chunks(major);
    if (major !== ARRAY && major !== MAP) throw this.#fault("an integer or tag has no indefinite length");
    const items: Cbor[] = [];
    const map = new Map<CborKey, Cbor>();
    for (;;) {
      const item = this.#any(depth + 1);
      if (typeof item === "symbol") return major === ARRAY ? items : map;
      if (major === ARRAY) items.push(item);
      else this.#pair(map, item, depth);
    }
  }

  #chunks(major: number): string | Uint8Array {
    const chunks: Uint8Array[] = [];
    for (let initial = this.#byte(); initial !== 0xff; initial = this.#byte()) {
      if (initial >> 5 !== major || (initial & 0x1f) === 31)
        throw this.#fault("a chunk is of another kind than its string");
      chunks.push(this.#take(this.#argument(initial & 0x1f)));
    }
    const whole = Buffer.concat(chunks);
    return major === TEXT ? chunks.map((chunk) => this.#text(chunk)).join("") : new Uint8Array(whole);
  }

  #fault(what: string, code: FaultCode = "WB-CBOR-SYNTAX"): Fault {
    return new Fault({
      code,
      kind: "input",
      what: `not CBOR that is read: ${what}`,
      where: `${this.#where} (byte ${this.#at})`,
    });
  }
}

/** Core deterministic encoding (RFC 8949, section 4.2.1): shortest arguments, definite lengths, keys in bytewise order. */
export function printCbor(value: Cbor): Uint8Array {
  const out: Uint8Array[] = [];
  write(value, out);
  return new Uint8Array(Buffer.concat(out));
}

function write(value: Cbor, out: Uint8Array[]): void {
  if (value === null) out.push(Uint8Array.of(0xf6));
  else if (typeof value === "boolean") out.push(Uint8Array.of(value ? 0xf5 : 0xf4));
  else if (typeof value === "number" || typeof value === "bigint") out.push(integer(value));
  else if (typeof value === "string") {
    const bytes = Buffer.from(value.toWellFormed(), "utf8");
    out.push(head(TEXT, bytes.byteLength), bytes);
  } else if (value instanceof Uint8Array) out.push(head(BYTES, value.byteLength), value);
  else if (value instanceof CborTag) {
    out.push(head(TAG, value.tag));
    write(value.value, out);
  } else if (value instanceof Map) writeMap(value, out);
  else {
    const items = value as readonly Cbor[];
    out.push(head(ARRAY, items.length));
    for (const item of items) write(item, out);
  }
}

function writeMap(map: ReadonlyMap<CborKey, Cbor>, out: Uint8Array[]): void {
  const entries = [...map].map(([key, value]) => [printCbor(key), value] as const);
  out.push(head(MAP, entries.length));
  for (const [key, value] of entries.sort(([a], [b]) => Buffer.compare(a, b))) {
    out.push(key);
    write(value, out);
  }
}

function integer(value: number | bigint): Uint8Array {
  return value < 0 ? head(NEGATIVE, -1n - BigInt(value)) : head(UNSIGNED, value);
}

function head(major: number, argument: number | bigint): Uint8Array {
  const top = major << 5;
  if (argument < 24) return Uint8Array.of(top | Number(argument));
  const size = argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : argument < 0x1_0000_0000 ? 4 : 8;
  const bytes = new Uint8Array(1 + size);
  bytes[0] = top | (24 + Math.log2(size));
  const view = new DataView(bytes.buffer);
  if (size === 1) view.setUint8(1, Number(argument));
  else if (size === 2) view.setUint16(1, Number(argument));
  else if (size === 4) view.setUint32(1, Number(argument));
  else view.setBigUint64(1, BigInt(argument));
  return bytes;
}

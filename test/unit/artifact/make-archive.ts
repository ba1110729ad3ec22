import { crc32, deflateRawSync } from "node:zlib";

/** A member to be written; everything has a plain default. */
export interface TarSpec {
  readonly path: string;
  readonly content?: string | Uint8Array;
  readonly type?: string;
  readonly link?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly uname?: string;
  readonly mtime?: number;
  /** Records of an extended header before it. */
  readonly pax?: Readonly<Record<string, string>>;
  /** Changes the header block before its checksum is written. */
  readonly header?: (block: Buffer) => void;
  /** Written into the padding behind the content. */
  readonly padding?: string;
}

/** A ustar file with an end marker of two blocks and `tail` behind it. */
export function makeTar(members: readonly TarSpec[], tail: Uint8Array | string = ""): Buffer {
  return Buffer.concat([...members.flatMap(tarMember), Buffer.alloc(1024), Buffer.from(tail)]);
}

export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + 1;
  while (String(length).length + bytes !== length) length += 1;
  return `${length}${rest}`;
}

function tarMember(spec: TarSpec): Buffer[] {
  const records = Object.entries(spec.pax ?? {}).map(([key, value]) => paxRecord(key, value));
  const extended =
    records.length === 0
      ? []
      : block({
          path: `PaxHeader/${spec.path.split("/").at(-1) ?? ""}`.slice(0, 99),
          type: "x",
          content: records.join(""),
        });
  return [...extended, ...block(spec)];
}

function block(spec: TarSpec): Buffer[] {
  const content = Buffer.from(spec.content ?? "");
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number): void => {
    header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  };
  header.write(spec.path.slice(0, 100), 0);
  octal(spec.mode ?? 0o644, 100, 8);
  octal(spec.uid ?? 0, 108, 8);
  octal(0, 116, 8);
  octal(content.length, 124, 12);
  octal(spec.mtime ?? 499_162_500, 136, 12);
  header.write(spec.type ?? "0", 156);
  header.write(spec.link ?? "", 157);
  header.write("ustar\x0000", 257, "latin1");
  header.write(spec.uname ?? "", 265);
  spec.header?.(header);
  sealHeader(header);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  padding.write(spec.padding ?? "");
  return [header, content, padding];
}

/** Writes the checksum of a header block. */
export function sealHeader(header: Buffer): void {
  header.fill(0x20, 148, 156);
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}

export interface ZipSpec {
  readonly name: string;
  readonly content?: string;
  readonly stored?: boolean;
  readonly level?: number;
  /** MS-DOS time and date. */
  readonly time?: number;
  readonly mode?: number;
  readonly extra?: Uint8Array;
  readonly localExtra?: Uint8Array;
  readonly comment?: string;
  /** The compressed bytes, instead of our own. */
  readonly raw?: Buffer;
  /** The name in the local header, where it is to differ. */
  readonly localName?: string;
  /** Bytes behind the data. */
  readonly gap?: string;
  /** Checksum and sizes behind the data instead of before it, with or without a signature. */
  readonly descriptor?: "signed" | "bare";
  /** Sizes and offset in zip64 fields. */
  readonly wide?: boolean;
  readonly flags?: number;
  /** The version in the local header, where it is to differ. */
  readonly localVersion?: number;
  /** What is claimed of the content, where it is a lie. */
  readonly claims?: { readonly crc?: number; readonly size?: number; readonly offset?: number };
}

/** A zip file with an end of 64 bits before the usual one; `change` gets the record of 56 bytes and the end of 22. */
export function makeZip64(entries: readonly ZipSpec[], change?: (record: Buffer, end: Buffer) => void): Buffer {
  const zip = makeZip(entries);
  const end = zip.subarray(-22);
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  for (const at of [24, 32]) record.writeBigUInt64LE(BigInt(entries.length), at);
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(12)), 40);
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(16)), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(zip.length - 22), 8);
  locator.writeUInt32LE(1, 16);
  end.fill(0xff, 8, 20);
  change?.(record, end);
  return Buffer.concat([zip.subarray(0, -22), record, locator, end]);
}

/** A zip file; `tail` is the archive's comment, `after` follows its end. */
export function makeZip(entries: readonly ZipSpec[], comment = "", after = ""): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const [local, central] = zipEntry(entry, offset);
    locals.push(local);
    centrals.push(central);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  // More than the field holds, only `makeZip64` tells (APPNOTE 4.4.21).
  const count = Math.min(entries.length, 0xffff);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...locals, directory, end, Buffer.from(comment + after)]);
}

function zipEntry(spec: ZipSpec, offset: number): [Buffer, Buffer] {
  const content = Buffer.from(spec.content ?? "");
  const raw = spec.raw ?? (spec.stored === true ? content : deflateRawSync(content, { level: spec.level ?? 6 }));
  const sizes = {
    crc: spec.claims?.crc ?? crc32(content),
    packed: raw.length,
    size: spec.claims?.size ?? content.length,
    offset: spec.claims?.offset ?? offset,
  };
  const version = spec.wide === true ? 45 : spec.stored === true ? 10 : 20;
  const flags = (spec.flags ?? 0) | (spec.descriptor === undefined ? 0 : 8);
  const shared = (versionNeeded: number, blank: boolean): Buffer => {
    const bytes = Buffer.alloc(22);
    bytes.writeUInt16LE(versionNeeded, 0);
    bytes.writeUInt16LE(flags, 2);
    bytes.writeUInt16LE(spec.stored === true ? 0 : 8, 4);
    bytes.writeUInt16LE(spec.time ?? 0x6000, 6);
    bytes.writeUInt16LE(0x5021, 8);
    bytes.writeUInt32LE(blank ? 0 : sizes.crc, 10);
    bytes.writeUInt32LE(spec.wide === true ? 0xffffffff : blank ? 0 : sizes.packed, 14);
    bytes.writeUInt32LE(spec.wide === true ? 0xffffffff : blank ? 0 : sizes.size, 18);
    return bytes;
  };
  const lengths = (name: string, extra: Uint8Array): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt16LE(Buffer.byteLength(name), 0);
    bytes.writeUInt16LE(extra.length, 2);
    return bytes;
  };
  const later = spec.descriptor !== undefined;
  const given = spec.extra ?? new Uint8Array();
  const extra = Buffer.concat([given, wideField(spec, [sizes.size, sizes.packed, sizes.offset])]);
  const localWide = wideField(spec, later ? [0, 0] : [sizes.size, sizes.packed]);
  const localExtra = Buffer.concat([spec.localExtra ?? given, localWide]);
  const localName = spec.localName ?? spec.name;
  const central = Buffer.alloc(14);
  central.writeUInt16LE(Buffer.byteLength(spec.comment ?? ""), 0);
  central.writeUInt32LE(((0o100000 | (spec.mode ?? 0o644)) << 16) >>> 0, 6);
  central.writeUInt32LE(spec.wide === true ? 0xffffffff : sizes.offset, 10);
  return [
    Buffer.concat([
      Buffer.from("PK\x03\x04"),
      shared(spec.localVersion ?? version, later),
      lengths(localName, localExtra),
      Buffer.from(localName),
      localExtra,
      raw,
      descriptor(spec, sizes),
      Buffer.from(spec.gap ?? ""),
    ]),
    Buffer.concat([
      Buffer.from("PK\x01\x02\x14\x03"),
      shared(version, false),
      lengths(spec.name, extra),
      central,
      Buffer.from(spec.name),
      extra,
      Buffer.from(spec.comment ?? ""),
    ]),
  ];
}

function wideField(spec: ZipSpec, values: readonly number[]): Buffer {
  if (spec.wide !== true) return Buffer.alloc(0);
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  return field;
}

function descriptor(spec: ZipSpec, { crc, packed, size }: Readonly<Record<"crc" | "packed" | "size", number>>): Buffer {
  if (spec.descriptor === undefined) return Buffer.alloc(0);
  const bytes = Buffer.alloc(spec.wide === true ? 20 : 12);
  bytes.writeUInt32LE(crc, 0);
  if (spec.wide === true) {
    bytes.writeBigUInt64LE(BigInt(packed), 4);
    bytes.writeBigUInt64LE(BigInt(size), 12);
  } else {
    bytes.writeUInt32LE(packed, 4);
    bytes.writeUInt32LE(size, 8);
  }
  return spec.descriptor === "signed" ? Buffer.concat([Buffer.from("PK\x07\x08"), bytes]) : bytes;
}

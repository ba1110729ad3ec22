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
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...locals, directory, end, Buffer.from(comment + after)]);
}

function zipEntry(spec: ZipSpec, offset: number): [Buffer, Buffer] {
  const content = Buffer.from(spec.content ?? "");
  const raw = spec.raw ?? (spec.stored === true ? content : deflateRawSync(content, { level: spec.level ?? 6 }));
  const shared = Buffer.alloc(22);
  shared.writeUInt16LE(spec.stored === true ? 10 : 20, 0);
  shared.writeUInt16LE(spec.stored === true ? 0 : 8, 4);
  shared.writeUInt16LE(spec.time ?? 0x6000, 6);
  shared.writeUInt16LE(0x5021, 8);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(raw.length, 14);
  shared.writeUInt32LE(content.length, 18);
  const lengths = (name: string, extra: Uint8Array): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt16LE(Buffer.byteLength(name), 0);
    bytes.writeUInt16LE(extra.length, 2);
    return bytes;
  };
  const extra = spec.extra ?? new Uint8Array();
  const localExtra = spec.localExtra ?? extra;
  const localName = spec.localName ?? spec.name;
  const central = Buffer.alloc(14);
  central.writeUInt16LE(Buffer.byteLength(spec.comment ?? ""), 0);
  central.writeUInt32LE(((0o100000 | (spec.mode ?? 0o644)) << 16) >>> 0, 6);
  central.writeUInt32LE(offset, 10);
  return [
    Buffer.concat([
      Buffer.from("PK\x03\x04"),
      shared,
      lengths(localName, localExtra),
      Buffer.from(localName),
      localExtra,
      raw,
      Buffer.from(spec.gap ?? ""),
    ]),
    Buffer.concat([
      Buffer.from("PK\x01\x02\x14\x03"),
      shared,
      lengths(spec.name, extra),
      central,
      Buffer.from(spec.name),
      extra,
      Buffer.from(spec.comment ?? ""),
    ]),
  ];
}

const HEAD = 64 + 24 + 240 + 40;
const BASE = 0x400000;
const STRINGS = Buffer.from("\0<Module>\0", "utf8");

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);

/** Metadata of ECMA-335, II.24: a module, three methods, two attributes and the assembly. */
function metadata(name: string, version: readonly number[]): Buffer {
  const strings = Buffer.concat([STRINGS, Buffer.from(`${name}\0`, "utf8")]);
  const rows = [
    Buffer.alloc(10),
    Buffer.alloc(3 * 14),
    Buffer.alloc(2 * 6),
    Buffer.concat([u32(0x8004), ...version.map(u16), u32(0), u16(0), u16(STRINGS.length), u16(0)]),
  ];
  const present = Buffer.concat([u32((1 << 0) | (1 << 6) | (1 << 12)), u32(1)]);
  const counts = Buffer.concat([1, 3, 2, 1].map(u32));
  const tables = padded(Buffer.concat([Buffer.alloc(8), present, Buffer.alloc(8), counts, ...rows]));
  const names = [Buffer.from("#~\0\0"), padded(Buffer.from("#Strings\0"))];
  const begin = 16 + 4 + 4 + 8 * 2 + 4 + 12;
  const streams = [u32(begin), u32(tables.length), names[0], u32(begin + tables.length), u32(strings.length), names[1]];
  const root = [u32(0x424a5342), Buffer.alloc(8), u32(4), Buffer.from("v4\0\0"), u16(0), u16(2)];
  return padded(Buffer.concat([...root, ...streams.filter((part) => part !== undefined), tables, strings]));
}

/** A resource directory of three levels with one version resource (Microsoft, "PE Format"). */
function resources(address: number, product: string): Buffer {
  const level = (id: number, to: number): Buffer => Buffer.concat([Buffer.alloc(12), u16(0), u16(1), u32(id), u32(to)]);
  const key = padded(Buffer.from("ProductVersion\0", "utf16le"));
  const text = Buffer.concat([key, Buffer.from(`${product}\0`, "utf16le")]);
  return Buffer.concat([
    level(16, 0x8000_0018),
    level(1, 0x8000_0030),
    level(1033, 0x48),
    Buffer.concat([u32(address + 0x58), u32(text.length), Buffer.alloc(8)]),
    text,
  ]);
}

/** A PE32+ file that is an assembly of .NET; `product` goes into its version resource. */
export function assembly(name: string, version: readonly number[], product?: string): Buffer {
  const [cli, tables] = [Buffer.alloc(72), metadata(name, version)];
  cli.writeUInt32LE(HEAD + cli.length, 8);
  const resource = HEAD + cli.length + tables.length;
  const body = Buffer.concat([cli, tables, ...(product === undefined ? [] : [resources(resource, product)])]);
  const head = Buffer.alloc(HEAD);
  head.write("MZ", 0, "latin1");
  head.writeUInt32LE(64, 60);
  head.write("PE\0\0", 64, "latin1");
  head.writeUInt16LE(1, 64 + 6);
  head.writeUInt16LE(240, 64 + 20);
  head.writeUInt16LE(0x20b, 88);
  head.writeBigUInt64LE(BigInt(BASE), 88 + 24);
  head.writeUInt32LE(16, 88 + 108);
  if (product !== undefined) head.writeUInt32LE(resource, 88 + 112 + 2 * 8);
  head.writeUInt32LE(HEAD, 88 + 112 + 14 * 8);
  head.write(".text", HEAD - 40, "latin1");
  for (const at of [8, 16]) head.writeUInt32LE(body.length, HEAD - 40 + at);
  for (const at of [12, 20]) head.writeUInt32LE(HEAD, HEAD - 40 + at);
  return Buffer.concat([head, body, Buffer.alloc(1024)]);
}

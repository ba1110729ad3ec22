/** A section of a program that a test makes. */
export interface TestSection {
  readonly name: string;
  readonly data: Uint8Array;
}

const BASE = 0x400000;

/** A little-endian ELF file of 64 bits with these sections and one writable segment over all of it. */
export function elf(sections: readonly TestSection[]): Buffer {
  const all = [...sections, { name: ".shstrtab", data: Buffer.alloc(0) }];
  const names = Buffer.from(`\0${all.map(({ name }) => name).join("\0")}\0`, "latin1");
  const parts = all.map(({ name, data }) => ({ name, data: name === ".shstrtab" ? names : Buffer.from(data) }));
  const header = Buffer.alloc(64);
  header.write("\x7fELF", 0, "latin1");
  header.set([2, 1, 1], 4);
  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(1, 56);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(parts.length + 1, 60);
  header.writeUInt16LE(parts.length, 62);
  const segment = Buffer.alloc(56);
  const table = Buffer.alloc(64 * (parts.length + 1));
  let offset = 64 + 56;
  const bodies = parts.map(({ name, data }, index) => {
    const row = 64 * (index + 1);
    table.writeUInt32LE(names.indexOf(`\0${name}\0`) + 1, row);
    table.writeUInt32LE(1, row + 4);
    table.writeBigUInt64LE(BigInt(BASE + offset), row + 16);
    table.writeBigUInt64LE(BigInt(offset), row + 24);
    table.writeBigUInt64LE(BigInt(data.length), row + 32);
    const padded = Buffer.concat([data, Buffer.alloc((16 - (data.length % 16)) % 16)]);
    offset += padded.length;
    return padded;
  });
  header.writeBigUInt64LE(BigInt(offset), 40);
  segment.writeUInt32LE(1, 0);
  segment.writeUInt32LE(6, 4);
  segment.writeBigUInt64LE(BigInt(BASE), 16);
  segment.writeBigUInt64LE(BigInt(offset), 32);
  return Buffer.concat([header, segment, ...bodies, table]);
}

/** A PE32+ file with these sections, all of them writable. */
export function pe(sections: readonly TestSection[]): Buffer {
  const head = Buffer.alloc(64 + 24 + 112);
  head.write("MZ", 0, "latin1");
  head.writeUInt32LE(64, 60);
  head.write("PE\0\0", 64, "latin1");
  head.writeUInt16LE(sections.length, 64 + 6);
  head.writeUInt16LE(112, 64 + 20);
  head.writeUInt16LE(0x20b, 88);
  head.writeBigUInt64LE(BigInt(BASE), 88 + 24);
  let offset = head.length + 40 * sections.length;
  const rows = sections.map(({ name, data }) => {
    const row = Buffer.alloc(40);
    row.write(name, 0, "latin1");
    row.writeUInt32LE(data.length, 8);
    row.writeUInt32LE(offset, 12);
    row.writeUInt32LE(data.length, 16);
    row.writeUInt32LE(offset, 20);
    row.writeUInt32LE(0xc0000040, 36);
    offset += data.length;
    return row;
  });
  return Buffer.concat([head, ...rows, ...sections.map(({ data }) => data)]);
}

/** A little-endian Mach-O file of 64 bits with one writable segment of these sections. */
export function machO(sections: readonly TestSection[]): Buffer {
  const header = Buffer.alloc(32);
  header.writeUInt32LE(0xfeedfacf, 0);
  const command = Buffer.alloc(72 + 80 * sections.length);
  header.writeUInt32LE(1, 16);
  header.writeUInt32LE(command.length, 20);
  const start = header.length + command.length;
  const size = sections.reduce((sum, { data }) => sum + data.length, 0);
  command.writeUInt32LE(0x19, 0);
  command.writeUInt32LE(command.length, 4);
  command.write("__DATA", 8, "latin1");
  command.writeBigUInt64LE(BigInt(BASE + start), 24);
  command.writeBigUInt64LE(BigInt(start), 40);
  command.writeBigUInt64LE(BigInt(size), 48);
  command.writeUInt32LE(3, 60);
  command.writeUInt32LE(sections.length, 64);
  let offset = start;
  for (const [index, { name, data }] of sections.entries()) {
    const row = 72 + 80 * index;
    command.write(name, row, "latin1");
    command.write("__DATA", row + 16, "latin1");
    command.writeBigUInt64LE(BigInt(BASE + offset), row + 32);
    command.writeBigUInt64LE(BigInt(data.length), row + 40);
    command.writeUInt32LE(offset, row + 48);
    offset += data.length;
  }
  return Buffer.concat([header, command, ...sections.map(({ data }) => data)]);
}

/** A universal file with one Mach-O file in it. */
export function universal(inner: Buffer): Buffer {
  const head = Buffer.alloc(4096);
  head.writeUInt32BE(0xcafebabe, 0);
  head.writeUInt32BE(1, 4);
  head.writeUInt32BE(4096, 16);
  head.writeUInt32BE(inner.length, 20);
  return Buffer.concat([head, inner]);
}

const MARKER = Buffer.alloc(16, 0x30);

/** Go's build information in the form of Go 1.18 and later: the texts follow the header. */
export function goInfo(version: string, modules: string): Buffer {
  const text = (bytes: Buffer): Buffer => {
    const length: number[] = [];
    let left = bytes.length;
    for (; left >= 0x80; left = Math.floor(left / 0x80)) length.push((left % 0x80) | 0x80);
    return Buffer.concat([Buffer.from([...length, left]), bytes]);
  };
  const header = Buffer.alloc(32);
  header.write("\xff Go buildinf:", 0, "latin1");
  header.set([8, 2], 14);
  const list = Buffer.concat([MARKER, Buffer.from(modules), MARKER]);
  return Buffer.concat([header, text(Buffer.from(version)), text(list)]);
}

/** The same in the form before Go 1.18, to be laid at `address`: pointers to strings, which are pointers to texts. */
export function goInfoByPointers(version: string, modules: string, address: number): Buffer {
  const list = Buffer.concat([MARKER, Buffer.from(modules), MARKER]);
  const bytes = Buffer.alloc(64);
  bytes.write("\xff Go buildinf:", 0, "latin1");
  bytes.set([8, 0], 14);
  const words = [
    [16, address + 32],
    [24, address + 48],
    [32, address + 64],
    [40, Buffer.byteLength(version)],
    [48, address + 64 + Buffer.byteLength(version)],
    [56, list.length],
  ] as const;
  for (const [at, value] of words) bytes.writeBigUInt64LE(BigInt(value), at);
  return Buffer.concat([bytes, Buffer.from(version), list]);
}

/** Go's table of functions (runtime/symtab.go, `pcHeader` of Go 1.20) with these names; `magic` of another version. */
export function goFunctions(names: readonly string[], magic = 0xfffffff1): Buffer {
  const header = Buffer.alloc(8 + 8 * 8);
  header.writeUInt32LE(magic, 0);
  header.set([1, 8], 6);
  const table = Buffer.from(`${names.join("\0")}\0`, "latin1");
  const word = magic === 0xfffffffa ? 2 : 3;
  header.writeBigUInt64LE(BigInt(header.length), 8 + word * 8);
  header.writeBigUInt64LE(BigInt(header.length + table.length), 8 + (word + 1) * 8);
  return Buffer.concat([header, table]);
}

import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeTar } from "../unit/artifact/make-archive.ts";

export type Content = string | Uint8Array;

/** Something hostile: what is written, and how the command answers. */
export interface Hostile {
  /** Writes it into a folder of its own, and gives the source that the command is to read. */
  readonly make: (folder: string) => string;
  /** What is done with the source; default `sbom SOURCE`. */
  readonly words?: readonly string[];
  /** Exit code, or any of several. */
  readonly status: number | readonly number[];
  /** Stands in the message or in the result. */
  readonly says: RegExp;
}

/** One file, which is the source. */
export function file(content: Content | (() => Content), name = "source"): Hostile["make"] {
  return (folder) => {
    writeFileSync(join(folder, name), typeof content === "function" ? content() : content);
    return join(folder, name);
  };
}

/** Files of a folder, which is the source. */
export function files(all: Readonly<Record<string, Content>>): Hostile["make"] {
  return (folder) => {
    for (const [path, content] of Object.entries(all)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return folder;
  };
}

/** A tar file of so many empty files, without holding it. */
export function manyInTar(count: number, nameOf: (index: number) => string): Hostile["make"] {
  return (folder) => {
    const path = join(folder, "many.tar");
    const out = openSync(path, "w");
    const template = makeTar([{ path: "a" }]).subarray(0, 512);
    for (let at = 0; at < count; at += 10_000) {
      const blocks = Buffer.alloc(512 * Math.min(10_000, count - at), template);
      for (let index = 0; index * 512 < blocks.length; index += 1) {
        const header = blocks.subarray(index * 512, index * 512 + 512);
        header.write(nameOf(at + index), 0);
        seal(header);
      }
      writeSync(out, blocks);
    }
    closeSync(out);
    return path;
  };
}

/** As `sealHeader`, for very many headers. */
function seal(header: Buffer): void {
  let sum = 8 * 0x20;
  for (let at = 0; at < 512; at += 1) sum += at >= 148 && at < 156 ? 0 : (header[at] ?? 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}

/** A zip file of so many empty files. */
export function manyInZip(count: number, nameOf: (index: number) => string): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (let index = 0; index < count; index += 1) {
    const name = Buffer.from(nameOf(index));
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(10, 0);
    fields.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    locals.push(LOCAL, fields, name);
    centrals.push(CENTRAL, fields, place, name);
    offset += 30 + name.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(56 + 20 + 22);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  for (const at of [24, 32]) end.writeBigUInt64LE(BigInt(count), at);
  end.writeBigUInt64LE(BigInt(directory.length), 40);
  end.writeBigUInt64LE(BigInt(offset), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(offset + directory.length), 64);
  end.writeUInt32LE(1, 72);
  end.writeUInt32LE(0x06054b50, 76);
  end.fill(0xff, 84, 96);
  return Buffer.concat([...locals, directory, end]);
}

const LOCAL = Buffer.from("PK\x03\x04", "latin1");
const CENTRAL = Buffer.from("PK\x01\x02\x0a\x00", "latin1");

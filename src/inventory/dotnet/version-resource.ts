import type { Entry } from "../../model/artifact.ts";
import { Fields } from "../binary/fields.ts";
import type { Program } from "../binary/form.ts";
import { peDirectory } from "../binary/pe.ts";
import { bytesAt } from "../binary/program.ts";

const RESOURCES = 2;
const RT_VERSION = 16;
const MAX_ENTRIES = 4096;
const MAX_BYTES = 64 * 1024;
const MAX_VALUE = 400;
const SUBDIRECTORY = 0x8000_0000;

/** The offset that the first entry, or the one with this number, leads to (Microsoft, "PE Format", "The .rsrc Section"). */
function entryOf(directory: Fields, number?: number): number | undefined {
  const named = directory.u16(12) ?? 0;
  const count = Math.min(named + (directory.u16(14) ?? 0), MAX_ENTRIES);
  for (let index = 0; index < count; index += 1) {
    const at = 16 + index * 8;
    if (number === undefined || directory.u32(at) === number) return directory.u32(at + 4);
  }
  return undefined;
}

/** A text of a PE file's version resource, such as `ProductVersion` (Microsoft, "VS_VERSIONINFO"); undefined where it has none. */
export function versionText(entry: Entry, program: Program, key: string): string | undefined {
  const root = peDirectory(entry, RESOURCES);
  if (root === undefined) return undefined;
  const at = (address: number, length: number): Fields => new Fields(bytesAt(entry, program, address, length), true);
  // Kind, name and language, then the data.
  let offset = entryOf(at(root.address, 16 + MAX_ENTRIES * 8), RT_VERSION);
  for (let level = 0; level < 2; level += 1) {
    if (offset === undefined || offset < SUBDIRECTORY) return undefined;
    offset = entryOf(at(root.address + offset - SUBDIRECTORY, 24));
  }
  if (offset === undefined || offset >= SUBDIRECTORY) return undefined;
  const data = at(root.address + offset, 8);
  const [address, size] = [data.u32(0), data.u32(4)];
  if (address === undefined || size === undefined) return undefined;
  const bytes = Buffer.from(bytesAt(entry, program, root.base + address, Math.min(size, MAX_BYTES)));
  const name = Buffer.from(`${key}\0`, "utf16le");
  const found = bytes.indexOf(name);
  if (found < 0) return undefined;
  // Values begin at multiples of four.
  const begin = Math.ceil((found + name.length) / 4) * 4;
  const text = bytes.subarray(begin, begin + MAX_VALUE).toString("utf16le");
  const end = text.indexOf("\0");
  return end <= 0 ? undefined : text.slice(0, end).trim();
}

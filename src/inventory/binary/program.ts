import type { Entry } from "../../model/artifact.ts";
import type { SizeBytes } from "../../model/digest.ts";
import { readElf } from "./elf.ts";
import { rangeOf } from "./fields.ts";
import type { Program, Section, Segment } from "./form.ts";
import { readMachO, readUniversal } from "./mach-o.ts";
import { readPe } from "./pe.ts";

/** So much of the beginning is read at once: in most programs all but the list of sections lies there. */
export const HEAD_BYTES = 4096;

/** Whether a file that begins like this is a program: ELF; Mach-O in both orders and widths and as a fat file; PE begins with `MZ`. */
export function isProgram(head: Uint8Array): boolean {
  const magic = magicOf(head);
  return MAGIC.has(magic) || magic.startsWith("4d5a");
}

const MAGIC = new Set(["7f454c46", "feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe"]);
const magicOf = (head: Uint8Array): string => Buffer.from(head.subarray(0, 4)).toString("hex");

/**
 * The headers of an ELF, PE or Mach-O file (the first readable part of a universal one), read by `Entry.range`, so that the file is
 * never held. Lying offsets and counts give fewer sections, not an error; undefined for anything else.
 * `head`: the first `HEAD_BYTES`, where they were read already.
 */
export function readProgram(entry: Entry, head: Uint8Array = rangeOf(entry, 0, HEAD_BYTES)): Program | undefined {
  const magic = magicOf(head);
  if (magic === "7f454c46") return readElf(entry, head);
  if (magic.startsWith("4d5a")) return readPe(entry, head);
  if (magic === "cafebabe") return readUniversal(entry, head);
  return readMachO(entry, 0);
}

/** At most `limit` bytes of a section, fewer where the file ends before it. */
export function sectionBytes(entry: Entry, section: Section | Segment, limit: SizeBytes): Uint8Array {
  return rangeOf(entry, section.offset, Math.min(section.size, limit));
}

/** At most `length` bytes from a virtual address on; none where nothing is laid there. */
export function bytesAt(entry: Entry, program: Program, address: number, length: SizeBytes): Uint8Array {
  for (const part of [...program.segments, ...program.sections]) {
    if (part.address === 0 || address < part.address || address - part.address >= part.size) continue;
    const within = address - part.address;
    return rangeOf(entry, part.offset + within, Math.min(length, part.size - within));
  }
  return new Uint8Array();
}

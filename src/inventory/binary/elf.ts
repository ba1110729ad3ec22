import type { Entry } from "../../model/artifact.ts";
import { Fields, rangeOf } from "./fields.ts";
import type { Program, Section, Segment } from "./form.ts";

/** Real programs have some dozens. */
const MAX_SECTIONS = 4096;
const MAX_NAMES_BYTES = 1 << 20;
const MAX_NAME = 128;
/** Room for the names of some dozens of sections, and the symbols' behind them. */
const NAMES_BEFORE = 1024;
const PT_LOAD = 1;
const PF_W = 2;
const SHT_NOBITS = 8;

/** Where fields stand in ELF's headers of 32 and 64 bits (System V ABI, "ELF Header", "Sections", "Program Header"). */
const NARROW = {
  header: { phoff: 28, shoff: 32, phentsize: 42, phnum: 44, shentsize: 46, shnum: 48, shstrndx: 50 },
  section: { size: 40, address: 12, offset: 16, length: 20 },
  segment: { size: 32, flags: 24, offset: 4, address: 8, length: 16 },
};
const WIDE = {
  header: { phoff: 32, shoff: 40, phentsize: 54, phnum: 56, shentsize: 58, shnum: 60, shstrndx: 62 },
  section: { size: 64, address: 16, offset: 24, length: 32 },
  segment: { size: 56, flags: 4, offset: 8, address: 16, length: 32 },
};

/** Sections and loaded segments of an ELF file. */
export function readElf(entry: Entry, head: Uint8Array): Program | undefined {
  const wide = head[4] === 2;
  const littleEndian = head[5] === 1;
  if ((!wide && head[4] !== 1) || (!littleEndian && head[5] !== 2)) return undefined;
  const at = wide ? WIDE : NARROW;
  const file = new Parts(entry, head);
  const fields = new Fields(head, littleEndian);
  const sections = readSections(file, fields, at, wide);
  const segments = readSegments(file, fields, at, wide);
  return { format: "elf", littleEndian, wide, sections, segments };
}

/** Parts of the file. Linkers put the names of sections right before their list: one read mostly gives both. */
class Parts {
  readonly #entry: Entry;
  readonly #head: Uint8Array;
  #from = 0;
  #read: Uint8Array = new Uint8Array();

  constructor(entry: Entry, head: Uint8Array) {
    this.#entry = entry;
    this.#head = head;
  }

  at(offset: number, length: number): Uint8Array {
    if (Number.isSafeInteger(offset) && offset >= 0 && length > 0) {
      if (offset + length <= this.#head.length) return this.#head.subarray(offset, offset + length);
      const within = offset - this.#from;
      if (within >= 0 && within + length <= this.#read.length) return this.#read.subarray(within, within + length);
    }
    return rangeOf(this.#entry, offset, length);
  }

  /** As `at`, with what lies before it. */
  after(offset: number, length: number): Uint8Array {
    const before = Math.min(offset, NAMES_BEFORE);
    this.#from = offset - before;
    this.#read = rangeOf(this.#entry, this.#from, before + length);
    return this.#read.subarray(before);
  }
}

function readSections(file: Parts, fields: Fields, at: typeof WIDE, wide: boolean): readonly Section[] {
  const offset = fields.word(at.header.shoff, wide) ?? 0;
  const width = fields.u16(at.header.shentsize) ?? 0;
  if (offset === 0 || width < at.section.size) return [];
  const { littleEndian } = fields;
  // With more than 65,279 sections the numbers stand in the first, unused section.
  const stated = fields.u16(at.header.shnum) ?? 0;
  const first = stated === 0 ? new Fields(file.at(offset, width), littleEndian) : undefined;
  const count = stated || (first?.word(at.section.length, wide) ?? 0);
  const named = fields.u16(at.header.shstrndx) ?? 0;
  const all = new Fields(file.after(offset, width * Math.min(count, MAX_SECTIONS)), littleEndian);
  const names = file.at(
    all.word(named * width + at.section.offset, wide) ?? -1,
    Math.min(all.word(named * width + at.section.length, wide) ?? 0, MAX_NAMES_BYTES),
  );
  const text = Buffer.from(names.buffer, names.byteOffset, names.length).toString("latin1");
  const sections: Section[] = [];
  for (let start = 0; start + at.section.size <= all.length; start += width) {
    const address = all.word(start + at.section.address, wide);
    const begin = all.word(start + at.section.offset, wide);
    const size = all.word(start + at.section.length, wide);
    if (address === undefined || begin === undefined || size === undefined) continue;
    if (all.u32(start + 4) === SHT_NOBITS) continue;
    sections.push({ name: nameAt(text, all.u32(start) ?? 0), address, offset: begin, size });
  }
  return sections;
}

function nameAt(names: string, at: number): string {
  const end = names.indexOf("\0", at);
  return names.slice(at, Math.min(end < 0 ? names.length : end, at + MAX_NAME));
}

function readSegments(file: Parts, fields: Fields, at: typeof WIDE, wide: boolean): readonly Segment[] {
  const offset = fields.word(at.header.phoff, wide) ?? 0;
  const width = fields.u16(at.header.phentsize) ?? 0;
  const count = Math.min(fields.u16(at.header.phnum) ?? 0, MAX_SECTIONS);
  if (offset === 0 || width < at.segment.size) return [];
  const all = new Fields(file.at(offset, width * count), fields.littleEndian);
  const segments: Segment[] = [];
  for (let start = 0; start + at.segment.size <= all.length; start += width) {
    const address = all.word(start + at.segment.address, wide);
    const begin = all.word(start + at.segment.offset, wide);
    const size = all.word(start + at.segment.length, wide);
    if (all.u32(start) !== PT_LOAD || address === undefined || begin === undefined || size === undefined) continue;
    const writable = ((all.u32(start + at.segment.flags) ?? 0) & PF_W) !== 0;
    segments.push({ address, offset: begin, size, writable });
  }
  return segments;
}

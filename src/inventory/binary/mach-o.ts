import type { Entry } from "../../model/artifact.ts";
import { Fields, fixedText, rangeOf } from "./fields.ts";
import type { Program, Section, Segment } from "./form.ts";

/** What is read of the load commands; real programs need some kilobytes. */
const MAX_COMMANDS_BYTES = 1 << 20;
const MAX_COMMANDS = 4096;
const MAX_SECTIONS = 4096;
const MAX_SLICES = 30;
const LC_SEGMENT = 1;
const LC_SEGMENT_64 = 0x19;
const WRITABLE = 2;

/** Magic numbers as they stand in the file (Apple, mach-o/loader.h): byte order and width. */
const MAGIC: ReadonlyMap<string, readonly [littleEndian: boolean, wide: boolean]> = new Map([
  ["feedface", [false, false]],
  ["feedfacf", [false, true]],
  ["cefaedfe", [true, false]],
  ["cffaedfe", [true, true]],
] as const);

/** The first readable part of a universal file. Java's class files have the same magic: their "count" is a version from 45 on. */
export function readUniversal(entry: Entry, head: Uint8Array): Program | undefined {
  const fields = new Fields(head, false);
  const count = fields.u32(4) ?? 0;
  if (count > MAX_SLICES) return undefined;
  for (let slice = 0; slice < count; slice += 1) {
    const found = readMachO(entry, fields.u32(8 + slice * 20 + 8) ?? 0);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Sections and segments of the Mach-O file that begins at `start`. */
export function readMachO(entry: Entry, start: number): Program | undefined {
  const head = rangeOf(entry, start, 32);
  const kind = MAGIC.get(Buffer.from(head.subarray(0, 4)).toString("hex"));
  if (kind === undefined) return undefined;
  const [littleEndian, wide] = kind;
  const fields = new Fields(head, littleEndian);
  const count = Math.min(fields.u32(16) ?? 0, MAX_COMMANDS);
  const bytes = rangeOf(entry, start + (wide ? 32 : 28), Math.min(fields.u32(20) ?? 0, MAX_COMMANDS_BYTES));
  const commands = new Fields(bytes, littleEndian);
  const sections: Section[] = [];
  const segments: Segment[] = [];
  for (let command = 0, at = 0; command < count; command += 1) {
    const size = commands.u32(at + 4);
    if (size === undefined || size < 8) break;
    const type = commands.u32(at);
    if (type === (wide ? LC_SEGMENT_64 : LC_SEGMENT)) {
      const segment = readSegment(commands, at, wide, start);
      if (segment !== undefined) segments.push(segment);
      sections.push(...readSections(commands, bytes, { at, end: at + size, wide, start }));
      if (sections.length > MAX_SECTIONS) break;
    }
    at += size;
  }
  return { format: "mach-o", littleEndian, wide, sections, segments };
}

function readSegment(commands: Fields, at: number, wide: boolean, start: number): Segment | undefined {
  const address = commands.word(at + 24, wide);
  const offset = commands.word(at + (wide ? 40 : 32), wide);
  const size = commands.word(at + (wide ? 48 : 36), wide);
  const protection = commands.u32(at + (wide ? 60 : 44)) ?? 0;
  if (address === undefined || offset === undefined || size === undefined) return undefined;
  return { address, offset: start + offset, size, writable: (protection & WRITABLE) !== 0 };
}

interface Place {
  readonly at: number;
  readonly end: number;
  readonly wide: boolean;
  readonly start: number;
}

function readSections(commands: Fields, bytes: Uint8Array, { at, end, wide, start }: Place): readonly Section[] {
  const width = wide ? 80 : 68;
  const count = Math.min(commands.u32(at + (wide ? 64 : 48)) ?? 0, MAX_SECTIONS);
  const sections: Section[] = [];
  for (let index = 0, row = at + (wide ? 72 : 56); index < count && row + width <= end; index += 1, row += width) {
    const address = commands.word(row + 32, wide);
    const size = commands.word(row + (wide ? 40 : 36), wide);
    const offset = commands.u32(row + (wide ? 48 : 40));
    if (address === undefined || size === undefined || offset === undefined) continue;
    sections.push({ name: fixedText(bytes, row, 16), address, offset: start + offset, size });
  }
  return sections;
}

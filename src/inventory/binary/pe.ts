import type { Entry } from "../../model/artifact.ts";
import { Fields, fixedText, rangeOf } from "./fields.ts";
import type { Program, Section, Segment } from "./form.ts";

/** Windows' loader takes no more. */
const MAX_SECTIONS = 96;
const SIGNATURE_BYTES = 4;
const FILE_HEADER_BYTES = 20;
const SECTION_BYTES = 40;
const WRITABLE = 0x8000_0000;
const PE32_PLUS = 0x20b;

const OPTIONAL = SIGNATURE_BYTES + FILE_HEADER_BYTES;

interface Header {
  /** From the signature on. */
  readonly fields: Fields;
  readonly start: number;
  readonly wide: boolean;
  /** Where the file is laid in memory: addresses in it are relative to that. */
  readonly base: number;
}

function headerOf(entry: Entry, head: Uint8Array): Header | undefined {
  const start = new Fields(head, true).u32(60);
  if (start === undefined) return undefined;
  const bytes = rangeOf(entry, start, 4096);
  const fields = new Fields(bytes, true);
  if (fixedText(bytes, 0, SIGNATURE_BYTES) !== "PE") return undefined;
  const wide = fields.u16(OPTIONAL) === PE32_PLUS;
  const base = (wide ? fields.u64(OPTIONAL + 24) : fields.u32(OPTIONAL + 28)) ?? 0;
  return { fields, start, wide, base };
}

/** The data directory of this number (Microsoft, "PE Format", "Optional Header Data Directories"), and the base of addresses. */
export function peDirectory(
  entry: Entry,
  number: number,
): { readonly address: number; readonly base: number } | undefined {
  const header = headerOf(entry, rangeOf(entry, 0, 64));
  if (header === undefined) return undefined;
  const { fields, wide, base } = header;
  const count = fields.u32(OPTIONAL + (wide ? 108 : 92)) ?? 0;
  const address = fields.u32(OPTIONAL + (wide ? 112 : 96) + number * 8) ?? 0;
  return number >= count || address === 0 ? undefined : { address: base + address, base };
}

/** Sections of a PE file (Microsoft, "PE Format"). Addresses are relative to the image's base, which is added. */
export function readPe(entry: Entry, head: Uint8Array): Program | undefined {
  const header = headerOf(entry, head);
  if (header === undefined) return undefined;
  const { fields, start, wide, base } = header;
  const count = Math.min(fields.u16(SIGNATURE_BYTES + 2) ?? 0, MAX_SECTIONS);
  const at = start + OPTIONAL + (fields.u16(SIGNATURE_BYTES + 16) ?? 0);
  const table = rangeOf(entry, at, count * SECTION_BYTES);
  const rows = new Fields(table, true);
  const sections: Section[] = [];
  const segments: Segment[] = [];
  for (let row = 0; row + SECTION_BYTES <= table.length; row += SECTION_BYTES) {
    const address = (rows.u32(row + 12) ?? 0) + base;
    const virtual = rows.u32(row + 8) ?? 0;
    const size = rows.u32(row + 16) ?? 0;
    const offset = rows.u32(row + 20) ?? 0;
    // What lies in the file is rounded up; what is used of it is the smaller number.
    const part = { address, offset, size: virtual > 0 ? Math.min(virtual, size) : size };
    sections.push({ ...part, name: fixedText(table, row, 8) });
    segments.push({ ...part, writable: (rows.u32(row + 36) ?? 0) >= WRITABLE });
  }
  return { format: "pe", littleEndian: true, wide, sections, segments };
}

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

/** Sections of a PE file (Microsoft, "PE Format"). Addresses are relative to the image's base, which is added. */
export function readPe(entry: Entry, head: Uint8Array): Program | undefined {
  const start = new Fields(head, true).u32(60);
  if (start === undefined) return undefined;
  const bytes = rangeOf(entry, start, 4096);
  const fields = new Fields(bytes, true);
  if (fixedText(bytes, 0, SIGNATURE_BYTES) !== "PE") return undefined;
  const count = Math.min(fields.u16(SIGNATURE_BYTES + 2) ?? 0, MAX_SECTIONS);
  const optional = SIGNATURE_BYTES + FILE_HEADER_BYTES;
  const wide = fields.u16(optional) === PE32_PLUS;
  const base = (wide ? fields.u64(optional + 24) : fields.u32(optional + 28)) ?? 0;
  const at = start + optional + (fields.u16(SIGNATURE_BYTES + 16) ?? 0);
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

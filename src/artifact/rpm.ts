import type { SizeBytes } from "../model/digest.ts";
import { archiveFault } from "./archive-fault.ts";
import type { Content } from "./content.ts";
import type { Member } from "./member.ts";

const LEAD_MAGIC = 0xedabeedb;
const LEAD_BYTES = 96;
const HEADER_MAGIC = 0x8eade801;
const INTRO_BYTES = 16;
const INDEX_ENTRY_BYTES = 16;
/** As rpm itself has it: `headerVerifyInfo`'s bounds. */
const MAX_ENTRIES = 0xffff;
const MAX_STORE_BYTES: SizeBytes = 256 << 20;

export function isRpm(head: Buffer): boolean {
  return head.length >= LEAD_BYTES && head.readUInt32BE(0) === LEAD_MAGIC;
}

/**
 * An RPM package (format of rpm 3 and 4: lead, signature, header, payload) as two members: `header`, the header structure as it
 * stands there, and `payload`, the compressed cpio archive, which is entered as `payload!/path`. Throws `WB-ARCHIVE-CORRUPT`.
 */
export function* rpmMembers(content: Content, where: string): Generator<Member> {
  const signatureEnd = headerEnd(content, LEAD_BYTES, where);
  // The signature is filled up to eight bytes.
  const start = Math.ceil(signatureEnd / 8) * 8;
  const payload = headerEnd(content, start, where);
  const facts = { kind: "file", mode: 0o644, base: content } as const;
  yield { ...facts, path: "header", offset: start, sizeBytes: payload - start };
  yield { ...facts, path: "payload", offset: payload, sizeBytes: content.sizeBytes - payload };
}

function headerEnd(content: Content, at: SizeBytes, where: string): SizeBytes {
  const intro = content.read(at, INTRO_BYTES);
  if (intro.length < INTRO_BYTES || intro.readUInt32BE(0) !== HEADER_MAGIC) throw corrupt(where, at, "no header");
  const [entries, store] = [intro.readUInt32BE(8), intro.readUInt32BE(12)];
  const end = at + INTRO_BYTES + entries * INDEX_ENTRY_BYTES + store;
  if (entries > MAX_ENTRIES || store > MAX_STORE_BYTES || end > content.sizeBytes) {
    throw corrupt(where, at, "a header of a wrong size");
  }
  return end;
}

function corrupt(where: string, at: SizeBytes, found: string): Error {
  return archiveFault("WB-ARCHIVE-CORRUPT", `the RPM package is damaged at byte ${at}`, where, undefined, found);
}

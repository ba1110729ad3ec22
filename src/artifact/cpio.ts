import type { SizeBytes } from "../model/digest.ts";
import { archiveFault } from "./archive-fault.ts";
import type { Content } from "./content.ts";
import type { FileMember, Member } from "./member.ts";

const HEADER_BYTES = 110;
const MAX_NAME_BYTES = 16_384;
const TRAILER = "TRAILER!!!";

export function isCpio(head: Buffer): boolean {
  return /^07070[12]/u.test(head.toString("latin1", 0, 6));
}

const FIELDS = 13;
/** Fields of a header, by their place among the thirteen hexadecimal numbers. */
const [INODE, MODE, LINKS, SIZE, MAJOR, MINOR, NAME_SIZE] = [0, 1, 4, 6, 7, 8, 11];

/**
 * The members of a cpio archive in the "new ASCII" form with or without checksums (cpio(5)), as RPM packages hold. Of hard links
 * only the last carries the content: the others are given when it is known. After the trailer only zeros may follow. Throws
 * `WB-ARCHIVE-CORRUPT`.
 */
export function* cpioMembers(content: Content, where: string): Generator<Member> {
  const waiting = new Map<string, Omit<FileMember, "sizeBytes" | "base" | "offset">[]>();
  for (let at = 0; ;) {
    const header = content.read(at, HEADER_BYTES);
    if (header.length < HEADER_BYTES || !isCpio(header)) throw corrupt(where, at, "a header of a wrong form");
    const numbers = header.toString("latin1", 6).match(/.{8}/gsu) ?? [];
    if (numbers.length !== FIELDS || !numbers.every((text) => /^[\da-f]{8}$/iu.test(text)))
      throw corrupt(where, at, "a header field that is no number");
    const field = (index: number): number => Number.parseInt(numbers[index] ?? "", 16);
    const nameSize = field(NAME_SIZE);
    const size = field(SIZE);
    if (nameSize === 0 || nameSize > MAX_NAME_BYTES) throw corrupt(where, at, "a name of a wrong length");
    const name = content.read(at + HEADER_BYTES, nameSize);
    const start = aligned(at + HEADER_BYTES + nameSize);
    if (name.length < nameSize || start + size > content.sizeBytes) throw corrupt(where, at, "content that is cut off");
    if (name.at(-1) !== 0) throw corrupt(where, at, "a name without end");
    const path = name.toString("utf8", 0, nameSize - 1);
    if (path === TRAILER) {
      refuseTail(content, start + size, where);
      break;
    }
    const facts = { path, mode: field(MODE) & 0o7777 };
    const kind = field(MODE) & 0o170000;
    if (kind === 0o040000) yield { ...facts, kind: "directory" };
    else if (kind === 0o120000) {
      if (size > MAX_NAME_BYTES) throw corrupt(where, at, "a target that is too long");
      yield { ...facts, kind: "symlink", target: content.read(start, size).toString("utf8") };
    } else if (kind !== 0o100000 && kind !== 0) yield { ...facts, kind: "other", found: "a device, pipe or socket" };
    else {
      const place = { kind: "file", sizeBytes: size, base: content, offset: start } as const;
      const key = `${field(MAJOR)}:${field(MINOR)}:${field(INODE)}`;
      const others = waiting.get(key) ?? [];
      if (field(LINKS) > 1 && size === 0) waiting.set(key, [...others, { ...facts, kind: "file" }]);
      else {
        for (const other of others) yield { ...other, ...place };
        waiting.delete(key);
        yield { ...facts, ...place };
      }
    }
    at = aligned(start + size);
  }
  // Links whose content never came are empty files.
  for (const others of waiting.values()) {
    for (const other of others) yield { ...other, sizeBytes: 0, base: content, offset: 0 };
  }
}

const aligned = (at: SizeBytes): SizeBytes => Math.ceil(at / 4) * 4;

function refuseTail(content: Content, at: SizeBytes, where: string): void {
  const length = 1 << 20;
  for (let from = at; from < content.sizeBytes; from += length) {
    if (content.read(from, length).some((byte) => byte !== 0)) throw corrupt(where, from, "data after its end");
  }
}

function corrupt(where: string, at: SizeBytes, found: string): Error {
  return archiveFault("WB-ARCHIVE-CORRUPT", `the cpio file is damaged at byte ${at}`, where, undefined, found);
}

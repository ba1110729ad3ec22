import type { SizeBytes } from "../model/digest.ts";
import { archiveFault } from "./archive-fault.ts";
import type { Content } from "./content.ts";
import type { Member } from "./member.ts";

const MAGIC = "!<arch>\n";
const HEADER_BYTES = 60;
const MAX_NAMES_BYTES: SizeBytes = 1 << 20;

export function isAr(head: Buffer): boolean {
  return head.toString("latin1", 0, 8) === MAGIC;
}

/**
 * The members of a Unix archive, as Debian packages are (deb(5)), with the long names of System V and of BSD (ar(5)). Symbol
 * tables of libraries are passed over. Throws `WB-ARCHIVE-CORRUPT`.
 */
export function* arMembers(content: Content, where: string): Generator<Member> {
  let names = "";
  for (let at = MAGIC.length; at < content.sizeBytes;) {
    const header = content.read(at, HEADER_BYTES).toString("latin1");
    const size = /^ *(\d{1,10}) *$/u.exec(header.slice(48, 58))?.[1];
    const mode = /^ *([0-7]{0,8}) *$/u.exec(header.slice(40, 48))?.[1];
    if (header.length < HEADER_BYTES || header.slice(58) !== "`\n" || size === undefined || mode === undefined) {
      throw corrupt(where, at, "a header of a wrong form");
    }
    let [start, sizeBytes] = [at + HEADER_BYTES, Number(size)];
    if (start + sizeBytes > content.sizeBytes) throw corrupt(where, at, "content that is cut off");
    at = start + sizeBytes + (sizeBytes % 2);
    const written = header.slice(0, 16).trimEnd();
    if (written === "/" || written === "/SYM64/" || written.startsWith("__.SYMDEF")) continue;
    if (written === "//") {
      if (sizeBytes > MAX_NAMES_BYTES) throw corrupt(where, at, "a table of names that is too long");
      names = content.read(start, sizeBytes).toString("utf8");
      continue;
    }
    let path = written.endsWith("/") ? written.slice(0, -1) : written;
    const inTable = /^\/(\d{1,9})$/u.exec(written)?.[1];
    const inFront = /^#1\/(\d{1,5})$/u.exec(written)?.[1];
    if (inTable !== undefined) {
      path = /^[^\n]*/u.exec(names.slice(Number(inTable)))?.[0].replace(/\/$/u, "") ?? "";
    } else if (inFront !== undefined) {
      const length = Number(inFront);
      if (length > sizeBytes) throw corrupt(where, at, "a name that is longer than its member");
      path = content.read(start, length).toString("utf8").replace(/\0+$/u, "");
      [start, sizeBytes] = [start + length, sizeBytes - length];
    }
    yield {
      kind: "file",
      path,
      mode: Number.parseInt(mode || "0", 8) & 0o7777,
      sizeBytes,
      base: content,
      offset: start,
    };
  }
}

function corrupt(where: string, at: SizeBytes, found: string): Error {
  return archiveFault("WB-ARCHIVE-CORRUPT", `the ar file is damaged at byte ${at}`, where, undefined, found);
}

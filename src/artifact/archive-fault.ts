import { Fault, type FaultKind } from "../model/fault.ts";
import { cleanText } from "./clean-text.ts";

type ArchiveCode =
  | "WB-ARCHIVE-CORRUPT"
  | "WB-ARCHIVE-PATH"
  | "WB-ARCHIVE-DUPLICATE"
  | "WB-ARCHIVE-KIND"
  | "WB-ARCHIVE-TOO-LARGE";

const KINDS: Readonly<Record<ArchiveCode, FaultKind>> = {
  "WB-ARCHIVE-CORRUPT": "input",
  "WB-ARCHIVE-PATH": "refused",
  "WB-ARCHIVE-DUPLICATE": "refused",
  "WB-ARCHIVE-KIND": "refused",
  "WB-ARCHIVE-TOO-LARGE": "unchecked",
};

const FIXES: Readonly<Record<ArchiveCode, string>> = {
  "WB-ARCHIVE-CORRUPT": "get the archive again from its source, and compare the digests",
  "WB-ARCHIVE-PATH": "do not unpack this archive; tell its publisher",
  "WB-ARCHIVE-DUPLICATE": "do not unpack this archive: tools differ in which of the two they keep; pack it anew",
  "WB-ARCHIVE-KIND": "pack it anew with plain files, folders and symlinks only",
  "WB-ARCHIVE-TOO-LARGE": "unpack it in an empty folder and name that folder",
};

/** A fault of an archive; `where` is its name, `entry` the path inside as written. */
export function archiveFault(code: ArchiveCode, what: string, where: string, entry?: string, found?: string): Fault {
  return new Fault({
    code,
    kind: KINDS[code],
    what,
    where: cleanText(entry === undefined ? where : `${where}!/${entry}`, 300),
    ...(found !== undefined && { found: cleanText(found) }),
    fix: FIXES[code],
  });
}

import { createHash } from "node:crypto";
import type { Entry, Source } from "../model/artifact.ts";
import type { DigestHex } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import { cleanText } from "./clean-text.ts";
import { sha256 } from "./digest.ts";
import { byCodeUnit } from "./entry-path.ts";

/**
 * The digest of a tree, in hex: the "h1" algorithm of golang.org/x/mod/sumdb/dirhash (SHA-256 over the lines
 * `HEX  PATH\n` of all files in the order of paths), with paths relative to the root. Folders and modes do not count.
 * A symlink counts as a line with the SHA-256 of its target and `PATH\0symlink`, which no file can have; Go's function
 * knows none. `skip` prunes folders. Throws `WB-SOURCE-NAME` for a line feed in a path, which could forge a line.
 */
export function dirHash(source: Source, skip?: (directory: string) => boolean): DigestHex {
  return dirHashOf(source.entries(skip));
}

/** As `dirHash`, over chosen entries. */
export function dirHashOf(entries: Iterable<Entry>): DigestHex {
  const lines: [string, DigestHex][] = [];
  for (const entry of entries) {
    if (entry.kind === "directory") continue;
    if (entry.path.includes("\n")) throw lineFeed(entry.path);
    lines.push(
      entry.kind === "symlink" ? [`${entry.path}\0symlink`, sha256(entry.target ?? "")] : [entry.path, entry.sha256()],
    );
  }
  lines.sort(([a], [b]) => byUtf8(a, b));
  // Line by line: a tree may have half a million of them.
  const digest = createHash("sha256");
  for (const [path, hex] of lines) digest.update(`${hex}  ${path}\n`);
  return digest.digest("hex");
}

/** Go sorts by UTF-8 bytes; code units agree with that unless surrogates are met. */
function byUtf8(a: string, b: string): number {
  return /[\ud800-\udfff]/.test(a + b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : byCodeUnit(a, b);
}

function lineFeed(path: string): Fault {
  return new Fault({
    code: "WB-SOURCE-NAME",
    kind: "refused",
    what: "a file name holds a line feed, so that the folder has no safe digest",
    where: cleanText(path, 300),
    fix: "rename the file",
  });
}

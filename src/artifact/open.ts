import { closeSync, openSync, readSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import type { Source } from "../model/artifact.ts";
import { Fault } from "../model/fault.ts";
import { archiveFault } from "./archive-fault.ts";
import { openArchive } from "./archive-source.ts";
import { cleanText } from "./clean-text.ts";
import { openDirectory } from "./directory-source.ts";
import { openFile } from "./file-source.ts";
import { isGzip } from "./gzip.ts";
import { DEFAULT_LIMITS, type SourceLimits } from "./limits.ts";
import { readRegular } from "./read-file.ts";
import { sourceFault } from "./source-fault.ts";
import { isTar } from "./tar.ts";

const PREFIX = /^(dir|file|oci-layout|oci-archive|docker-archive|rootfs|registry|sbom|purl):/;
/** Enough compressed bytes for the first tar header; deflate cannot make more than 4 MB of them. */
const HEAD_BYTES = 4096;

/**
 * Opens what a reference names: `dir:PATH`, `file:PATH`, or a bare path, recognised by its content: a folder, a tar or
 * tar.gz file, any other file. Nothing but the first bytes is read until it is asked for; an archive is held in memory.
 * Throws `WB-SOURCE-MISSING`, `WB-SOURCE-UNREADABLE`, `WB-SOURCE-KIND`, `WB-ARCHIVE-TOO-LARGE`; the source itself throws
 * what `openDirectory` and `openArchive` say.
 */
export function openSource(reference: string, limits: SourceLimits = DEFAULT_LIMITS): Source {
  const prefix = PREFIX.exec(reference)?.[1];
  if (prefix !== undefined && prefix !== "dir" && prefix !== "file") throw notYet(reference, `${prefix}:`);
  const path = prefix === undefined ? reference : reference.slice(prefix.length + 1);
  const status = statOf(path, reference);
  if (status.isDirectory() && prefix !== "file") return openDirectory(reference, path, limits);
  if (!status.isFile() || prefix === "dir") {
    const found = status.isDirectory() ? "a folder" : status.isFile() ? "a file" : "a pipe, socket or device";
    throw wrongKind(reference, prefix === "dir" ? "a folder" : "a file", found);
  }
  const name = basename(resolve(path));
  if (!isArchive(path, name)) return openFile(reference, path, name, limits);
  if (status.size > limits.archiveBytes) {
    const found = `${status.size} bytes`;
    throw archiveFault("WB-ARCHIVE-TOO-LARGE", "the archive is too large", reference, undefined, found);
  }
  return openArchive(reference, name, readRegular(path, reference, limits.archiveBytes, true), limits);
}

/** By content; only where a gzip file is damaged at its very start, its name says what it was meant to be. */
function isArchive(path: string, name: string): boolean {
  const head = Buffer.alloc(HEAD_BYTES);
  let file: number | undefined;
  let length: number;
  try {
    file = openSync(path, "r");
    length = readSync(file, head);
  } catch (error) {
    throw sourceFault(error, path);
  } finally {
    if (file !== undefined) closeSync(file);
  }
  const bytes = head.subarray(0, length);
  if (!isGzip(bytes)) return isTar(bytes);
  try {
    return isTar(gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })) || /\.(?:tgz|tar\.gz)$/.test(name);
  } catch {
    return /\.(?:tgz|tar\.gz)$/.test(name);
  }
}

function statOf(path: string, reference: string): ReturnType<typeof statSync> & object {
  try {
    return statSync(path);
  } catch (error) {
    throw sourceFault(error, reference);
  }
}

function wrongKind(reference: string, expected: string, found: string): Fault {
  return new Fault({
    code: "WB-SOURCE-KIND",
    kind: "input",
    what: "the source is of another kind",
    where: cleanText(reference, 300),
    expected,
    found,
    fix: "name it without a prefix, or name a folder or file",
  });
}

function notYet(reference: string, prefix: string): Fault {
  return new Fault({
    code: "WB-SOURCE-KIND",
    kind: "input",
    what: "this kind of source cannot be read",
    where: cleanText(reference, 300),
    expected: "dir:PATH, file:PATH or a path",
    found: prefix,
    fix: "name a folder, a tar or tar.gz archive, or a file",
  });
}

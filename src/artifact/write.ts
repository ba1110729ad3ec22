import { randomBytes } from "node:crypto";
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Fault } from "../model/fault.ts";
import { cleanText } from "./clean-text.ts";
import { systemCode } from "./source-fault.ts";

/**
 * Writes a file so that a reader sees the old content or the new one, never a part: a temporary file in the same folder,
 * fsync, rename. `mode` holds whatever the umask is (default 0o644); pass 0o600 for secrets. A symlink at the path is
 * replaced, not followed. Throws `WB-OUTPUT-DISK-FULL`, `WB-OUTPUT-UNWRITABLE`; nothing temporary stays behind.
 */
export function writeAtomic(path: string, bytes: Uint8Array | string, mode = 0o644): void {
  const content = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
  let made = false;
  let file: number | undefined;
  try {
    // wx: never write through something that another user put there. 0600 until the content is complete.
    file = openSync(temporary, "wx", 0o600);
    made = true;
    for (let at = 0; at < content.length;) at += writeSync(file, content, at);
    fchmodSync(file, mode);
    fsyncSync(file);
    closeSync(file);
    file = undefined;
    renameSync(temporary, path);
    made = false;
  } catch (error) {
    throw outputFault(error, path);
  } finally {
    if (file !== undefined) closeQuietly(file);
    if (made) removeQuietly(temporary);
  }
  syncFolder(folder);
}

/** Makes the rename itself durable, where the system lets a folder be synced. */
export function syncFolder(folder: string): void {
  let handle: number | undefined;
  try {
    handle = openSync(folder, "r");
    fsyncSync(handle);
  } catch {
    // Some file systems refuse it; the file is complete all the same.
  } finally {
    if (handle !== undefined) closeQuietly(handle);
  }
}

function closeQuietly(file: number): void {
  try {
    closeSync(file);
  } catch {
    // The first error is the one to report.
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // As above.
  }
}

/** What an error of the file system means for who wanted to write: `WB-OUTPUT-DISK-FULL`, `WB-OUTPUT-UNWRITABLE`. */
export function outputFault(error: unknown, path: string): Fault {
  const code = systemCode(error);
  const where = cleanText(path, 300);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new Fault({
      code: "WB-OUTPUT-DISK-FULL",
      kind: "input",
      what: "the disk is full, nothing was written",
      where,
      found: code,
      fix: "free some space, or write to another disk",
    });
  }
  return new Fault({
    code: "WB-OUTPUT-UNWRITABLE",
    kind: "input",
    what: "the output could not be written",
    where,
    found: code ?? "an unknown error",
    fix:
      code === "ENOENT"
        ? "make the folder first"
        : "choose a folder that this user may write to, and no folder as file",
  });
}

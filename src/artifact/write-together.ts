import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { outputFault, syncFolder, writeAtomic } from "./write.ts";

/**
 * Writes files of one folder that belong together; the last of them is what the others are about. All are complete on
 * the disk before any takes its place, and the last is away while the others change, so that it never stands beside
 * another's: whenever the program is killed, either it is not there or all are its own. The folder is made where it is
 * not there, and gone again where nothing came of it. Throws the faults of `writeAtomic`, the old files then unchanged.
 */
export function replaceTogether(
  folder: string,
  files: readonly (readonly [name: string, content: Uint8Array | string])[],
): void {
  const last = files.at(-1)?.[0];
  if (last === undefined) return;
  const madeFrom = makeFolder(folder);
  let staged: string | undefined;
  let done = false;
  try {
    // In the folder itself, for a rename must not cross file systems.
    staged = stage(folder);
    for (const [name, content] of files) writeAtomic(join(staged, name), content);
    for (const [name] of files) refuseFolder(join(folder, name));
    rmSync(join(folder, last), { force: true });
    syncFolder(folder);
    for (const [name] of files) move(join(staged, name), join(folder, name));
    done = true;
  } finally {
    if (staged !== undefined) rmSync(staged, { recursive: true, force: true });
    if (!done && madeFrom !== undefined) removeEmpty(folder, madeFrom);
  }
  syncFolder(folder);
}

/**
 * Says early that nothing could be written to a folder, which need not be there yet, as far as that can be known before:
 * `WB-OUTPUT-UNWRITABLE`.
 */
export function refuseUnwritable(folder: string): void {
  let at = resolve(folder);
  try {
    while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
    if (!statSync(at).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
    accessSync(at, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw outputFault(error, folder);
  }
}

/** Gives the topmost folder that had to be made. */
function makeFolder(folder: string): string | undefined {
  try {
    return mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw outputFault(error, folder);
  }
}

function stage(folder: string): string {
  try {
    return mkdtempSync(join(folder, ".waybill-"));
  } catch (error) {
    throw outputFault(error, folder);
  }
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    throw outputFault(error, to);
  }
}

/** A folder at the place of a file would be found when half is done. */
function refuseFolder(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() === true) throw outputFault(Object.assign(new Error(), { code: "EISDIR" }), path);
}

function removeEmpty(folder: string, top: string): void {
  try {
    for (let at = folder; at.length >= top.length; at = dirname(at)) rmdirSync(at);
  } catch {
    // Somebody else has put something there meanwhile.
  }
}

import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { cleanText } from "../artifact/clean-text.ts";
import { systemCode } from "../artifact/source-fault.ts";
import { syncFolder } from "../artifact/write.ts";
import { Fault } from "../model/fault.ts";
import { connectIndex } from "./index-connect.ts";
import { APPLICATION_ID, FORM_VERSION, SCHEMA } from "./index-form.ts";

/** SQLite's primary result codes for a file that somebody holds, and for a full disk. */
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
const MAX_ATTEMPTS = 20;

function sqliteCode(error: unknown): number {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
}

function outputFault(error: unknown, output: string): unknown {
  const code = systemCode(error);
  // What is neither the system's nor SQLite's is a mistake of this program and must be seen as one.
  if (error instanceof Fault || code === undefined) return error;
  const full = sqliteCode(error) === SQLITE_FULL || code === "ENOSPC";
  return new Fault({
    code: full ? "WB-OUTPUT-DISK-FULL" : "WB-OUTPUT-UNWRITABLE",
    kind: "input",
    what: full ? "the disk is full, the index was not written" : "the index could not be written",
    where: cleanText(output, 300),
    found: cleanText(error instanceof Error ? error.message : "an unknown error"),
    fix: full
      ? "free some space, or write to another disk"
      : "choose a folder that is there and that this user may write to",
  });
}

function busyFault(path: string): Fault {
  return new Fault({
    code: "WB-INDEX-BUSY",
    kind: "unchecked",
    what: "another run is changing this advisory index",
    where: cleanText(path, 300),
    fix: "wait until it has ended; the index can be read meanwhile",
  });
}

const hidden = (path: string, end: string): string => join(dirname(path), `.${basename(path).slice(0, 100)}.${end}`);

function inode(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/**
 * Holds the one right to change an index, by a lock of the system on an empty file beside it, which ends with the process however it
 * ends. The file goes when the work is done: who has opened it meanwhile notices that it is no longer the one at its path. Gives what
 * to call at the end. Throws WB-INDEX-BUSY.
 */
function acquire(path: string): () => void {
  const file = hidden(path, "lock");
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    closeSync(openSync(file, "a", 0o644));
    const before = inode(file);
    const lock = new DatabaseSync(file);
    try {
      lock.exec("BEGIN EXCLUSIVE");
    } catch (error) {
      lock.close();
      throw sqliteCode(error) === SQLITE_BUSY ? busyFault(path) : error;
    }
    if (before !== undefined && inode(file) === before) {
      return () => {
        rmSync(file, { force: true });
        lock.close();
      };
    }
    lock.close();
  }
  throw busyFault(path);
}

/** What killed runs have left: with the lock held nobody else works on a copy of this index. */
function sweep(path: string): void {
  const prefix = basename(hidden(path, ""));
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(prefix) && /^[0-9a-f]{12}\.new(?:-journal)?$/.test(name.slice(prefix.length))) {
      rmSync(join(dirname(path), name), { force: true });
    }
  }
}

function openCopy(copy: string, old: string | undefined): DatabaseSync {
  if (old !== undefined) copyFileSync(old, copy, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  // SQLite's defensive mode, which Node turns on, would quietly keep the journal.
  const database = new DatabaseSync(copy, { defensive: false });
  try {
    // The file is private until it is renamed: a journal would guard nothing.
    database.exec(`${old === undefined ? "PRAGMA page_size = 4096;" : ""} PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16384; PRAGMA temp_store = FILE`);
    if (old === undefined) {
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORM_VERSION}; BEGIN`);
      for (const [, sql] of SCHEMA) database.exec(sql);
    } else database.exec("BEGIN");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Changes an index by way of a private copy of `old` (undefined: an empty one), which takes the place of `path` when the work is
 * done and on the disk: whoever reads meanwhile reads the old one, wherever this is killed. One run at a time; what a killed one
 * left is cleared away. `done` is called when the new one is in its place, before another run may begin.
 * Faults: WB-INDEX-BUSY, WB-OUTPUT-UNWRITABLE, WB-OUTPUT-DISK-FULL, those of `work`.
 */
export async function withPrivateCopy<T>(
  path: string,
  old: string | undefined,
  work: (database: DatabaseSync) => Promise<T>,
  done: () => void = () => undefined,
): Promise<T> {
  let release: (() => void) | undefined;
  let database: DatabaseSync | undefined;
  const copy = hidden(path, `${randomBytes(6).toString("hex")}.new`);
  try {
    release = acquire(path);
    sweep(path);
    // Looked at before SQLite may write to what it holds.
    if (old !== undefined) connectIndex(old).close();
    database = openCopy(copy, old);
    const result = await work(database);
    database.exec("COMMIT");
    database.close();
    const file = openSync(copy, "r+");
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(copy, path);
    syncFolder(dirname(path));
    done();
    return result;
  } catch (error) {
    throw outputFault(error, path);
  } finally {
    if (database?.isOpen === true) database.close();
    rmSync(copy, { force: true });
    release?.();
  }
}

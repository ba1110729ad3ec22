import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** A pipe whose writing end goes to a child: `release` closes ours after the spawn. */
export interface Pipe {
  readonly writeEnd: number;
  readonly output: Readable;
  release(): void;
}

/**
 * A real pipe. Node's own "pipe" is a socket, and a socket cannot be opened again: a build script that writes to
 * /dev/stderr would fail only in the sandbox. Throws as `mkfifo` and the file system do.
 */
export function openPipe(): Pipe {
  const folder = mkdtempSync(join(tmpdir(), "waybill-pipe-"));
  try {
    const path = join(folder, "output");
    // Its folder is closed and soon gone; the mode is for who opens /dev/stdout inside, whatever user that is.
    execFileSync("mkfifo", ["-m", "622", path]);
    // The reader first and without waiting: else each end would wait for the other.
    const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writeEnd = openSync(path, constants.O_WRONLY);
    const output = new Socket({ fd: readEnd, readable: true, writable: false });
    return { writeEnd, output, release: () => closeSync(writeEnd) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import { chmodSync, copyFileSync, cpSync, lchownSync, lstatSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Nobody: every system and every container has this number, and nothing belongs to it. */
export const UNPRIVILEGED = { uid: 65_534, gid: 65_534 } as const;

/**
 * Whether this process is the system's first user. A process in a user namespace that root made is still root to the
 * files that it sees: it could press keys by /proc/sysrq-trigger and change the modes of the host's /dev/null. So root's
 * runs are another user's.
 */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/**
 * Gives a tree to the user that root's runs are. Links are handed over themselves, never what they point to; a tree whose
 * top is handed over already is left alone: what a run made in it is that user's own.
 */
export function handOver(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.uid === UNPRIVILEGED.uid) return;
  if (stat.isDirectory()) for (const name of readdirSync(path)) handOver(join(path, name));
  lchownSync(path, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
}

/**
 * The path itself where every user may walk to it, else a copy in `folder`: root's tools may lie in its closed home.
 * `path` has no links in it.
 */
export function reachable(path: string, folder: string): string {
  if (!isRoot() || isOpen(path)) return path;
  mkdirSync(folder, { recursive: true });
  const copy = join(folder, basename(path));
  if (statSync(path).isDirectory()) cpSync(path, copy, { recursive: true, verbatimSymlinks: true });
  else copyFileSync(path, copy);
  chmodSync(copy, 0o755);
  return copy;
}

function isOpen(path: string): boolean {
  return (statSync(path).mode & 0o004) !== 0 && isWalkable(dirname(path));
}

/** Whether every user may walk through a folder to what lies in it by name. */
export function isWalkable(folder: string): boolean {
  for (let at = folder; at !== dirname(at); at = dirname(at)) if ((statSync(at).mode & 0o001) === 0) return false;
  return true;
}

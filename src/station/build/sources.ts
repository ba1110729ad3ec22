import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { cleanText } from "../../artifact/clean-text.ts";
import { byCodeUnit, entryPath } from "../../artifact/entry-path.ts";
import { listedPaths } from "../../artifact/git.ts";
import { Fault } from "../../model/fault.ts";

const NEVER = new Set([".git", "node_modules"]);

/**
 * Paths of a project's sources, sorted: in git what it tracks and what is new and not ignored, else all but `.git` and
 * `node_modules`. What `beside` names (the products of an earlier run) is none unless git tracks it. Symlinks are named,
 * not followed. Throws `WB-GIT-FAILED`.
 */
export function listSources(directory: string, beside: (path: string) => boolean = isTopOut): readonly string[] {
  const { tracked, untracked } = listedPaths(directory) ?? { tracked: [], untracked: [...walk(directory, "")] };
  const paths = [...tracked, ...untracked.filter((path) => !beside(path))];
  const safe = paths.filter((path) => entryPath(path) === path && !path.split("/").some((part) => NEVER.has(part)));
  // A submodule is listed as its folder; a tracked file may be deleted.
  return [...new Set(safe)].flatMap((path) => expandPath(directory, path)).toSorted(byCodeUnit);
}

/** Paths of all that lies in a copy of sources, sorted, wherever that copy lies: git is not asked. */
export function listCopied(directory: string): readonly string[] {
  return [...walk(directory, "")].toSorted(byCodeUnit);
}

/** Where `ship` leaves its files if nobody says otherwise. */
function isTopOut(path: string): boolean {
  return path === "out" || path.startsWith("out/");
}

/** What is no source in a project whose products go to `output`. */
export function besideSources(directory: string, output: string | undefined): (path: string) => boolean {
  const own = output === undefined ? "" : relative(realPath(directory), realPath(output)).split(sep).join("/");
  if (own === "" || own === ".." || own.startsWith("../")) return isTopOut;
  return (path) => isTopOut(path) || path === own || path.startsWith(`${own}/`);
}

/** With links resolved as far as it is there. */
function realPath(path: string): string {
  const whole = resolve(path);
  if (existsSync(whole)) return realpathSync(whole);
  return dirname(whole) === whole ? whole : join(realPath(dirname(whole)), basename(whole));
}

/** Whether a path below a folder is one of these files by any name: links to them and further names count. */
export function isOneOf(directory: string, files: readonly string[]): (path: string) => boolean {
  const identity = (path: string): string | undefined => {
    try {
      const { dev, ino } = statSync(path, { bigint: true });
      return `${dev}:${ino}`;
    } catch {
      return undefined; // A link that leads nowhere, or round and round.
    }
  };
  const known = new Set(files.map(identity).filter((one) => one !== undefined));
  return (path) => {
    const own = known.size === 0 ? undefined : identity(join(directory, path));
    return own !== undefined && known.has(own);
  };
}

function expandPath(directory: string, path: string): readonly string[] {
  const stat = lstatSync(join(directory, path), { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isDirectory()) return [...walk(directory, path)];
  return stat.isFile() || stat.isSymbolicLink() ? [path] : [];
}

function* walk(directory: string, below: string): Iterable<string> {
  for (const entry of readdirSync(join(directory, below), { withFileTypes: true })) {
    if (NEVER.has(entry.name)) continue;
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(directory, path);
    else if (entry.isFile() || entry.isSymbolicLink()) yield path;
  }
}

/**
 * Copies these paths from one folder to another, in this order, with their times and with git's modes (0755, 0644): the
 * mode bits and umask of a checkout must not reach an artifact. Reports `WB-BUILD-SOURCES`.
 */
export function copySources(from: string, to: string, paths: readonly string[]): void {
  mkdirSync(to, { recursive: true });
  const made = new Set<string>();
  for (const path of paths) {
    try {
      const folder = dirname(join(to, path));
      if (!made.has(folder)) {
        mkdirSync(folder, { recursive: true });
        made.add(folder);
      }
      copyOne(join(from, path), join(to, path));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "an error";
      throw new Fault({
        code: "WB-BUILD-SOURCES",
        kind: code === "ENOSPC" ? "input" : "unchecked",
        what:
          code === "ENOSPC" ? "the disk is full: the sources could not be copied" : "a source file could not be copied",
        where: cleanText(path, 300),
        found: code,
        fix: code === "ENOSPC" ? "free some space, or name another TMPDIR" : "let this user read it",
      });
    }
  }
}

function copyOne(from: string, to: string): void {
  const stat = lstatSync(from);
  if (stat.isSymbolicLink()) {
    symlinkSync(readlinkSync(from), to);
    lutimesSync(to, stat.atime, stat.mtime);
    return;
  }
  copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  chmodSync(to, (stat.mode & 0o100) === 0 ? 0o644 : 0o755);
  utimesSync(to, stat.atime, stat.mtime);
}

/** Removes a folder whatever a build did to its modes. */
export function removeTree(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    openFolders(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

function openFolders(folder: string): void {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return;
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) openFolders(join(folder, entry.name));
}

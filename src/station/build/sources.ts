import { spawnSync } from "node:child_process";
import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { cleanText } from "../../artifact/clean-text.ts";
import { byCodeUnit, entryPath } from "../../artifact/entry-path.ts";
import { Fault } from "../../model/fault.ts";

const NEVER = new Set([".git", "node_modules"]);

/**
 * Paths of a project's sources, sorted: in git what it tracks and what is new and not ignored, else all but `.git`,
 * `node_modules` and the top folder `out`. Symlinks are named, not followed.
 */
export function listSources(directory: string): readonly string[] {
  const listed = gitList(directory);
  const paths = listed ?? [...walk(directory, "")].filter((path) => path !== "out" && !path.startsWith("out/"));
  const safe = paths.filter((path) => entryPath(path) === path && !path.split("/").some((part) => NEVER.has(part)));
  // A submodule is listed as its folder; a tracked file may be deleted.
  return [...new Set(safe)].flatMap((path) => expandPath(directory, path)).toSorted(byCodeUnit);
}

function gitList(directory: string): readonly string[] | undefined {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  // A repository may be hostile: nothing that it configures is run.
  const safe = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];
  const result = spawnSync("git", [...safe, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: directory,
    env: Object.fromEntries(inherited),
    maxBuffer: 64 << 20,
    timeout: 60_000,
    encoding: "utf8",
  });
  return result.status === 0 ? result.stdout.split("\0").filter((path) => path !== "") : undefined;
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

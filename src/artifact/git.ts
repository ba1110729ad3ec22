import { spawnSync } from "node:child_process";
import { basename, resolve } from "node:path";
import type { DigestHex, Timestamp } from "../model/digest.ts";
import type { SourceRecord } from "../model/build.ts";
import { Fault } from "../model/fault.ts";
import { cleanText } from "./clean-text.ts";
import { isBesideSources, openDirectory } from "./directory-source.ts";
import { dirHashOf } from "./directory-digest.ts";
import { remoteUri } from "./git-remote.ts";

/** A status of half a million files; what is longer is no project. */
const MAX_OUTPUT_BYTES = 64 << 20;

/** Paths below a folder as git lists them: what it tracks, be it there or not, and what is new and not ignored. */
export interface ListedPaths {
  readonly tracked: readonly string[];
  readonly untracked: readonly string[];
}

/**
 * Which sources lie in a folder: commit and tree where git knows them, `dirty` where files that git does not ignore
 * differ from the commit; then, as outside git, the directory hash says what was really there. Ignored files, `.git` and
 * `node_modules` do not count, nor what `beside` names unless git tracks it.
 * Throws `WB-GIT-FAILED` where git is there and cannot read the repository.
 */
export function readSourceRecord(directory: string, beside: (path: string) => boolean = () => false): SourceRecord {
  const commit = git(directory, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])?.trim();
  const inside = commit !== undefined || git(directory, ["rev-parse", "--is-inside-work-tree"])?.trim() === "true";
  const source = openDirectory(directory, directory);
  const fileUri = `file:${encodeURIComponent(basename(resolve(directory)))}`;
  if (!inside) {
    const pruned = (path: string): boolean => isBesideSources(path) || beside(path);
    return { uri: fileUri, digests: { dirHash: dirHashOf(source.entries(pruned)) }, dirty: false };
  }
  // `HEAD:./` is the tree of this folder, which may lie below the top of the repository.
  const tree =
    commit === undefined ? undefined : git(directory, ["rev-parse", "--verify", "--quiet", "HEAD:./"])?.trim();
  const changes = git(directory, ["status", "--porcelain=v1", "-z", "--untracked-files=no", "--", "."]);
  const listed = listedPaths(directory) ?? { tracked: [], untracked: [] };
  const untracked = listed.untracked.filter((path) => !beside(path));
  const dirty = tree === undefined || changes !== "" || untracked.length > 0;
  const remote = git(directory, ["config", "--get", "remote.origin.url"])?.trim();
  const ref = refOf(directory);
  return {
    uri: (remote === undefined ? undefined : remoteUri(remote)) ?? fileUri,
    digests: {
      ...(commit !== undefined && { gitCommit: commit }),
      ...(tree !== undefined && { gitTree: tree }),
      ...(dirty && { dirHash: hashOf(directory, [...listed.tracked, ...untracked]) }),
    },
    dirty,
    ...(ref !== undefined && { ref }),
  };
}

/** The commit's own time (committer date, UTC), for SOURCE_DATE_EPOCH; undefined outside git and before a first commit. */
export function commitTime(directory: string): Timestamp | undefined {
  const seconds = git(directory, ["log", "-1", "--format=%ct", "--no-show-signature", "HEAD"])?.trim();
  if (seconds === undefined || !/^\d{1,12}$/.test(seconds)) return undefined;
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
}

function refOf(directory: string): string | undefined {
  const branch = git(directory, ["symbolic-ref", "--quiet", "HEAD"])?.trim();
  if (branch !== undefined && branch !== "") return branch;
  const tag = git(directory, ["describe", "--tags", "--exact-match", "HEAD"])?.trim();
  return tag === undefined || tag === "" ? undefined : `refs/tags/${tag}`;
}

/**
 * The paths below a folder that git lists, relative to it, sorted by git; undefined outside git. Throws `WB-GIT-FAILED`
 * where the repository cannot be read: to take all files instead would take the ignored ones too.
 */
export function listedPaths(directory: string): ListedPaths | undefined {
  const [tracked, untracked] = [["--cached"], ["--others", "--exclude-standard"]].map((which) =>
    git(directory, ["ls-files", "-z", ...which]),
  );
  if (tracked !== undefined && untracked !== undefined) return { tracked: split(tracked), untracked: split(untracked) };
  if (git(directory, ["rev-parse", "--is-inside-work-tree"])?.trim() !== "true") return undefined;
  throw gitFault(directory, "its list of files is not readable");
}

/** A path stands once for each side of a merge that is not done. */
function split(listed: string): readonly string[] {
  return [...new Set(listed.split("\0"))].filter((path) => path !== "");
}

/** The hash over those of the paths that are still there. */
function hashOf(directory: string, paths: readonly string[]): DigestHex {
  const source = openDirectory(directory, directory);
  return dirHashOf(paths.flatMap((path) => source.find(path) ?? []));
}

/**
 * Standard output of git, undefined where it exits with an error or is not installed. The repository's configuration is
 * hostile until shown otherwise: no hook, no file-system monitor and no pager runs, and git's own refusal of folders that
 * belong to another user stays in force.
 */
function git(directory: string, args: readonly string[]): string | undefined {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const safe = ["core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "log.showSignature=false"];
  const result = spawnSync("git", ["--no-pager", ...safe.flatMap((setting) => ["-c", setting]), ...args], {
    cwd: resolve(directory),
    env: { ...Object.fromEntries(inherited), LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" },
    encoding: "utf8",
    maxBuffer: MAX_OUTPUT_BYTES,
    timeout: 60_000,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (result.status === 0) return result.stdout;
  const said = result.stderr ?? "";
  const missing = result.error !== undefined && "code" in result.error && result.error.code === "ENOENT";
  if (missing || (result.status !== null && !said.includes("dubious ownership"))) return undefined;
  throw gitFault(directory, said.split("\n")[0] ?? "no answer");
}

function gitFault(directory: string, found: string): Fault {
  return new Fault({
    code: "WB-GIT-FAILED",
    kind: "unchecked",
    what: "git could not read the repository",
    where: cleanText(directory, 300),
    found: cleanText(found, 200),
    fix: found.includes("dubious ownership")
      ? "let the user who owns the folder run this, or mark it with git config --global --add safe.directory FOLDER"
      : "run git status in the folder and repair what it says",
  });
}

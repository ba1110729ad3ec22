import { lstatSync, readdirSync, readlinkSync, type Dirent, type Stats } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Artifact, Entry, Source } from "../model/artifact.ts";
import type { DigestHex, DigestSet, SizeBytes } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import { cleanText } from "./clean-text.ts";
import { dirHash } from "./directory-digest.ts";
import { byCodeUnit, entryPath } from "./entry-path.ts";
import { DEFAULT_LIMITS, type SourceLimits } from "./limits.ts";
import { readRange, readRegular, sha256Regular } from "./read-file.ts";
import { sourceFault, systemCode } from "./source-fault.ts";

/** A folder as a source, which also finds what is asked for by its real path. */
interface Folder extends Source {
  /** What lies at a path in form whose folders are known to be no links; `status` is its own. */
  at(path: string, status: Stats): Entry | undefined;
}

/**
 * A folder as a source. Nothing is read before it is asked for. Symlinks are entries and never followed (the folder that
 * the user named may be one); pipes, sockets and devices are passed over and never opened.
 */
export function openDirectory(reference: string, path: string, limits: SourceLimits = DEFAULT_LIMITS): Folder {
  return new DirectorySource(reference, path, limits);
}

/** What is no part of the sources themselves: git's own files, and packages that a lockfile names. */
export function isBesideSources(directory: string): boolean {
  const name = directory.slice(directory.lastIndexOf("/") + 1);
  return name === ".git" || name === "node_modules";
}

/** What the digest of a folder leaves out besides: Python's installed packages, as large as `node_modules` and as little its sources. */
function isBesideDigest(directory: string): boolean {
  const name = directory.slice(directory.lastIndexOf("/") + 1);
  return name === "site-packages" || name === "dist-packages" || isBesideSources(directory);
}

/** A folder on the way: its children in the order of their names, and the folders among them that are not entered yet. */
interface Level {
  readonly folder: string;
  readonly children: readonly Dirent[];
  next: number;
  readonly pending: string[];
}

class DirectorySource implements Folder {
  readonly reference: string;
  readonly artifact: Artifact;
  readonly root: string;
  readonly limits: SourceLimits;

  constructor(reference: string, path: string, limits: SourceLimits) {
    this.reference = reference;
    this.root = path;
    this.limits = limits;
    let digests: DigestSet | undefined;
    const digest = (): DigestSet => (digests ??= { dirHash: dirHash(this, isBesideDigest) });
    this.artifact = {
      name: basename(resolve(path)) || "root",
      kind: "directory",
      get digests() {
        return digest();
      },
    };
  }

  /**
   * In the order of whole paths: what is in a folder comes where `NAME/` sorts, for `a-b` comes before `a/b`, and `a` before both.
   * One generator with a stack of its own: nested ones would hand each entry up through all folders above it.
   */
  *entries(skip?: (directory: string) => boolean): Iterable<Entry> {
    let count = 0;
    const levels = [this.#open("")];
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const child = level.children[level.next];
      const waiting = level.pending.at(-1);
      if (waiting !== undefined && (child === undefined || `${waiting}/` < child.name)) {
        level.pending.pop();
        if (levels.length > this.limits.depth) throw this.#tooMany("levels of folders", this.limits.depth);
        levels.push(this.#open(level.folder === "" ? waiting : `${level.folder}/${waiting}`));
        continue;
      }
      if (child === undefined) {
        levels.pop();
        continue;
      }
      level.next += 1;
      const kind = kindOf(child);
      if (kind === undefined) continue;
      const path = level.folder === "" ? child.name : `${level.folder}/${child.name}`;
      if (kind === "directory") {
        if (skip?.(path) === true) continue;
        // A name between `a` and `a/` begins with `a`, so that its own folder comes before that of `a`: a stack keeps the order.
        level.pending.push(child.name);
      }
      count += 1;
      if (count > this.limits.walked) throw this.#tooMany("entries", this.limits.walked);
      yield kind === "symlink" ? new LinkEntry(path, kind, this) : new DirectoryEntry(path, kind, this);
    }
  }

  #open(folder: string): Level {
    let children: Dirent[];
    try {
      children = readdirSync(folder === "" ? this.root : `${this.root}/${folder}`, { withFileTypes: true });
    } catch (error) {
      throw sourceFault(error, folder === "" ? this.reference : folder);
    }
    if (children.length > this.limits.entries) throw this.#tooMany("entries", this.limits.entries);
    return { folder, children: children.sort((a, b) => byCodeUnit(a.name, b.name)), next: 0, pending: [] };
  }

  find(written: string): Entry | undefined {
    const path = entryPath(written);
    if (path === undefined || path === "") return undefined;
    try {
      // A symlinked folder on the way would lead out.
      for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
        if (!lstatSync(join(this.root, path.slice(0, at))).isDirectory()) return undefined;
      }
      return this.at(path, lstatSync(join(this.root, path)));
    } catch (error) {
      const code = systemCode(error);
      if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG") return undefined;
      throw sourceFault(error, path);
    }
  }

  at(path: string, status: Stats): Entry | undefined {
    const kind = kindOf(status);
    if (kind === undefined) return undefined;
    return new (kind === "symlink" ? LinkEntry : DirectoryEntry)(path, kind, this, status);
  }

  close(): void {
    // Nothing is held open.
  }

  #tooMany(unit: string, limit: number): Fault {
    return new Fault({
      code: "WB-SOURCE-TOO-LARGE",
      kind: "unchecked",
      what: `the folder has too many ${unit}`,
      where: cleanText(this.reference, 300),
      expected: `at most ${limit}`,
      fix: "name a smaller folder",
    });
  }
}

function kindOf(status: Dirent | Stats): Entry["kind"] | undefined {
  if (status.isFile()) return "file";
  if (status.isDirectory()) return "directory";
  return status.isSymbolicLink() ? "symlink" : undefined;
}

/** Size and mode are asked for only when needed: most walks look at the path alone. */
class DirectoryEntry implements Entry {
  readonly path: string;
  readonly kind: Entry["kind"];
  readonly #source: DirectorySource;
  #status: Stats | undefined;

  constructor(path: string, kind: Entry["kind"], source: DirectorySource, status?: Stats) {
    this.path = path;
    this.kind = kind;
    this.#source = source;
    this.#status = status;
  }

  protected get full(): string {
    return `${this.#source.root}/${this.path}`;
  }

  #stat(): Stats {
    try {
      return (this.#status ??= lstatSync(this.full));
    } catch (error) {
      throw sourceFault(error, this.path);
    }
  }

  get sizeBytes(): SizeBytes {
    return this.kind === "file" ? this.#stat().size : 0;
  }

  get mode(): number {
    return this.#stat().mode & 0o7777;
  }

  bytes(limit: SizeBytes = this.#source.limits.fileBytes): Uint8Array {
    return readRegular(this.full, this.path, limit);
  }

  range(offset: SizeBytes, length: SizeBytes): Uint8Array {
    return readRange(this.full, this.path, offset, length);
  }

  sha256(): DigestHex {
    return sha256Regular(this.full, this.path);
  }
}

class LinkEntry extends DirectoryEntry {
  get target(): string {
    try {
      return readlinkSync(this.full);
    } catch (error) {
      throw sourceFault(error, this.path);
    }
  }
}

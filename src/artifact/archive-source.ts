import type { Artifact, Entry, Source } from "../model/artifact.ts";
import type { DigestHex, SizeBytes } from "../model/digest.ts";
import { archiveFault } from "./archive-fault.ts";
import { digestBytes, sha256 } from "./digest.ts";
import { entryPath } from "./entry-path.ts";
import { gunzip, isGzip } from "./gzip.ts";
import { DEFAULT_LIMITS, type SourceLimits } from "./limits.ts";
import { tooLarge } from "./read-file.ts";
import { readTar, type TarMember } from "./tar.ts";

/**
 * A tar or tar.gz file as a source, from its bytes, so that what is inspected is what is digested. It is unpacked in memory
 * when the first entry is asked for. Every path that leads out, every second entry of a path and every entry that is no
 * file, folder or symlink is refused before any entry is given: `WB-ARCHIVE-PATH`, `WB-ARCHIVE-DUPLICATE`,
 * `WB-ARCHIVE-KIND`; `WB-ARCHIVE-CORRUPT` and `WB-ARCHIVE-TOO-LARGE` for what cannot be read.
 */
export function openArchive(
  reference: string,
  name: string,
  bytes: Uint8Array,
  limits: SourceLimits = DEFAULT_LIMITS,
): Source {
  return new ArchiveSource(reference, name, bytes, limits);
}

class ArchiveSource implements Source {
  readonly reference: string;
  readonly artifact: Artifact;
  readonly #bytes: Uint8Array;
  readonly #limits: SourceLimits;
  #members: ReadonlyMap<string, ArchiveEntry> | undefined;

  constructor(reference: string, name: string, bytes: Uint8Array, limits: SourceLimits) {
    this.reference = reference;
    this.#bytes = bytes;
    this.#limits = limits;
    const isPackage = (): boolean => this.#read().has("package/package.json");
    let digests: Artifact["digests"] | undefined;
    this.artifact = {
      name,
      sizeBytes: bytes.length,
      get digests() {
        return (digests ??= digestBytes(bytes));
      },
      get kind() {
        return isPackage() ? "npm-package" : "archive";
      },
    };
  }

  *entries(skip?: (directory: string) => boolean): Iterable<Entry> {
    const decided = new Map<string, boolean>();
    for (const entry of this.#read().values()) {
      if (skip === undefined || !isSkipped(entry, skip, decided)) yield entry;
    }
  }

  find(path: string): Entry | undefined {
    const normal = entryPath(path);
    return normal === undefined ? undefined : this.#read().get(normal);
  }

  close(): void {
    this.#members = undefined;
  }

  #read(): ReadonlyMap<string, ArchiveEntry> {
    return (this.#members ??= this.#parse());
  }

  #parse(): ReadonlyMap<string, ArchiveEntry> {
    const { name } = this.artifact;
    const bytes = isGzip(this.#bytes) ? gunzip(this.#bytes, name, this.#limits.unpackedBytes) : this.#bytes;
    const { members, tail } = readTar(bytes, name, this.#limits.entries);
    // Readers differ in whether they look past the end marker: what lies there could be another archive.
    if (tail.some((byte) => byte !== 0)) {
      throw archiveFault("WB-ARCHIVE-CORRUPT", "the archive has data after its end", name);
    }
    const entries = new Map<string, ArchiveEntry>();
    for (const member of members) {
      const entry = entryOf(member, name, this.#limits);
      if (entry.path === "") continue;
      const earlier = entries.get(entry.path);
      if (earlier !== undefined && !(earlier.kind === "directory" && entry.kind === "directory")) {
        throw archiveFault("WB-ARCHIVE-DUPLICATE", "two entries have the same path", name, entry.path);
      }
      if (earlier === undefined) entries.set(entry.path, entry);
    }
    refuseBelowFiles(entries, name);
    return entries;
  }
}

/** Folders are often not written as entries, so each folder on the way is asked for, once. */
function isSkipped(entry: Entry, skip: (directory: string) => boolean, decided: Map<string, boolean>): boolean {
  const path = entry.kind === "directory" ? `${entry.path}/` : entry.path;
  for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
    const folder = path.slice(0, at);
    const pruned = decided.get(folder) ?? skip(folder);
    decided.set(folder, pruned);
    if (pruned) return true;
  }
  return false;
}

/** A path below a symlink or file would be written elsewhere than it says. */
function refuseBelowFiles(entries: ReadonlyMap<string, ArchiveEntry>, name: string): void {
  for (const path of entries.keys()) {
    for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
      const above = entries.get(path.slice(0, at));
      if (above !== undefined && above.kind !== "directory") {
        throw archiveFault("WB-ARCHIVE-PATH", `an entry lies below a ${above.kind}`, name, path);
      }
    }
  }
}

const KINDS: Readonly<Record<string, Entry["kind"]>> = { "0": "file", "7": "file", "5": "directory", "2": "symlink" };

function entryOf(member: TarMember, name: string, limits: SourceLimits): ArchiveEntry {
  const path = entryPath(member.path);
  if (path === undefined || (path === "" && member.type !== "5")) {
    throw archiveFault("WB-ARCHIVE-PATH", "an entry leads out of the archive", name, member.path);
  }
  if (path.split("/", limits.depth + 2).length > limits.depth + 1) {
    throw archiveFault("WB-ARCHIVE-TOO-LARGE", `an entry lies more than ${limits.depth} folders deep`, name, path);
  }
  const kind = Object.hasOwn(KINDS, member.type) ? KINDS[member.type] : undefined;
  const sparse = [...member.records.keys()].some((key) => key.startsWith("GNU.sparse."));
  if (kind === undefined || sparse) {
    const found = sparse ? "a sparse file" : (REFUSED[member.type] ?? `type ${member.type}`);
    throw archiveFault("WB-ARCHIVE-KIND", "an entry is no plain file, folder or symlink", name, path, found);
  }
  if (kind === "symlink" && member.linkPath.includes("\0")) {
    throw archiveFault("WB-ARCHIVE-PATH", "a symlink's target holds a NUL", name, path);
  }
  return new ArchiveEntry(path, kind, member, limits.fileBytes);
}

const REFUSED: Readonly<Record<string, string>> = {
  "1": "a hard link",
  "3": "a character device",
  "4": "a block device",
  "6": "a pipe",
  S: "a sparse file",
};

class ArchiveEntry implements Entry {
  readonly path: string;
  readonly kind: Entry["kind"];
  readonly mode: number;
  readonly sizeBytes: SizeBytes;
  readonly target?: string;
  readonly #content: Uint8Array;
  readonly #limit: SizeBytes;

  constructor(path: string, kind: Entry["kind"], member: TarMember, limit: SizeBytes) {
    this.path = path;
    this.kind = kind;
    this.mode = member.mode;
    this.#content = kind === "file" ? member.content : new Uint8Array();
    this.sizeBytes = this.#content.length;
    this.#limit = limit;
    if (kind === "symlink") this.target = member.linkPath;
  }

  bytes(limit: SizeBytes = this.#limit): Uint8Array {
    if (this.sizeBytes > limit) throw tooLarge(this.path, this.sizeBytes, limit);
    return this.#content;
  }

  range(offset: SizeBytes, length: SizeBytes): Uint8Array {
    return this.#content.subarray(offset, offset + length);
  }

  sha256(): DigestHex {
    return sha256(this.#content);
  }
}

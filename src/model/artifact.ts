import type { DigestHex, DigestSet, SizeBytes } from "./digest.ts";
import type { Unknown } from "./sbom.ts";

export type ArtifactKind = "file" | "directory" | "archive" | "npm-package" | "image" | "root-file-system" | "sbom";

/** Something that can be delivered and named by its digests. */
export interface Artifact {
  /** A file name, an image reference, or `name@version`: never a path of this machine. */
  readonly name: string;
  readonly digests: DigestSet;
  readonly kind: ArtifactKind;
  readonly sizeBytes?: SizeBytes;
}

/** One thing inside a source. */
export interface Entry {
  /** Relative, POSIX, normalised: no leading `/`, no `.` or `..` part, no NUL. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
  readonly sizeBytes: SizeBytes;
  /** Permission bits, as `0o644`. */
  readonly mode: number;
  /** Target of a symlink as written; it is never followed out of the source. */
  readonly target?: string;
  /** The content. Throws `WB-SOURCE-TOO-LARGE` past `limit` bytes (default: the source's limit for one file). */
  bytes(limit?: SizeBytes): Uint8Array;
  /** At most `length` bytes from `offset` on, without reading the rest; fewer at the end of the content. */
  range(offset: SizeBytes, length: SizeBytes): Uint8Array;
  /** SHA-256 of the content. */
  sha256(): DigestHex;
  /** Of an image: SHA-256 of the uncompressed layer (its "diff id") that the entry comes from. */
  readonly layer?: DigestHex;
}

/**
 * An opened artifact or tree of sources: bounded, read-only, safe against paths that lead out. npm packages are entered in
 * order; all else in the order of sorted paths, so that the same tree gives the same walk everywhere. What an archive holds
 * follows it as `PATH!/inner`.
 */
export interface Source {
  /** As the user wrote it: for messages only. */
  readonly reference: string;
  readonly artifact: Artifact;
  /** Every entry once. `skip` is asked for each directory path and prunes it. */
  entries(skip?: (directory: string) => boolean): Iterable<Entry>;
  /**
   * The entry at this path, without walking where the source allows it. In an image or root file system links are followed
   * inside the root, as a program there would see it; the entry's path is then where it really lies.
   */
  find(path: string): Entry | undefined;
  /** Of an archive: the file itself, called by its name. Some archives are packages, and say so only as a whole. */
  readonly self?: Entry;
  /** What lies in it and could not be entered: damaged archives, images of other platforms. */
  readonly unread?: readonly Unknown[];
  close(): void;
}

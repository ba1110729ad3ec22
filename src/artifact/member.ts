import type { SizeBytes } from "../model/digest.ts";
import type { Content } from "./content.ts";

/** What stands in an archive of any kind, by its header alone; the content stays where it is. */
export type Member = FileMember | LinkMember | OtherMember;

interface MemberFacts {
  /** As written. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
}

export interface FileMember extends MemberFacts {
  readonly kind: "file";
  readonly sizeBytes: SizeBytes;
  /** Where the content lies: `sizeBytes` bytes of `base` from `offset` on. */
  readonly base: Content;
  readonly offset: SizeBytes;
}

/** `target` as written: of a symlink from its own folder on, of a hard link from the archive's root on. */
export interface LinkMember extends MemberFacts {
  readonly kind: "symlink" | "hard-link";
  readonly target: string;
}

/** `other`: devices and pipes. `found` says what. */
export interface OtherMember extends MemberFacts {
  readonly kind: "directory" | "other";
  readonly found?: string;
}

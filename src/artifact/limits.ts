import type { SizeBytes } from "../model/digest.ts";

/** What a source may cost before it is refused: hostile input must not eat memory or time. */
export interface SourceLimits {
  /** Entries of one source. */
  readonly entries: number;
  /** Folders inside folders. */
  readonly depth: number;
  /** Content of one entry, unless the reader of the entry says otherwise. */
  readonly fileBytes: SizeBytes;
  /** An archive as it lies on disk; it is held in memory. */
  readonly archiveBytes: SizeBytes;
  /** An archive after decompression; it is held in memory. */
  readonly unpackedBytes: SizeBytes;
}

const MEBIBYTE = 1 << 20;

export const DEFAULT_LIMITS: SourceLimits = {
  entries: 1_000_000,
  depth: 256,
  fileBytes: 256 * MEBIBYTE,
  archiveBytes: 512 * MEBIBYTE,
  unpackedBytes: 1024 * MEBIBYTE,
};

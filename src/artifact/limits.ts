import type { SizeBytes } from "../model/digest.ts";

/** What a source may cost before it is refused: hostile input must not eat memory or time. */
export interface SourceLimits {
  /** Entries of an archive or image; a folder counts twice, and so does a file in a zip file. */
  readonly entries: number;
  /** Entries of a folder on disk: they are walked, and not held as those of an archive are. */
  readonly walked: number;
  /** Folders inside folders. */
  readonly depth: number;
  /** Content of one entry, unless the reader of the entry says otherwise. */
  readonly fileBytes: SizeBytes;
  /** An npm package as it lies on disk; it is held in memory. */
  readonly archiveBytes: SizeBytes;
  /** An npm package after decompression; it is held in memory. */
  readonly unpackedBytes: SizeBytes;
  /** All that an image or archive unpacks to, archives inside it too; it lies in a temporary file. */
  readonly spooledBytes: SizeBytes;
  /** How many bytes one compressed byte may give, where they are many (see `Budget`). */
  readonly ratio: number;
  /** Archives inside an archive, and how deep. */
  readonly innerArchives: number;
  readonly innerDepth: number;
}

const MEBIBYTE = 1 << 20;

export const DEFAULT_LIMITS: SourceLimits = {
  entries: 800_000,
  walked: 8_000_000,
  depth: 256,
  fileBytes: 256 * MEBIBYTE,
  archiveBytes: 128 * MEBIBYTE,
  unpackedBytes: 256 * MEBIBYTE,
  spooledBytes: 64 * 1024 * MEBIBYTE,
  ratio: 200,
  innerArchives: 10_000,
  innerDepth: 8,
};

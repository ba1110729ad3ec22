/** One `[[package]]` of a `Cargo.lock`. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** `registry+URL`, `sparse+URL` or `git+URL?REF#COMMIT`; absent: a folder of the project. */
  readonly source?: string;
  readonly checksum?: string;
  /** `NAME`, `NAME VERSION` or `NAME VERSION (SOURCE)`: as much as is needed to tell it from others. */
  readonly dependencies: readonly string[];
  /** 1-based, of its `name`. */
  readonly line?: number;
}

/** Checksums of version 1 stand apart, under `checksum NAME VERSION (SOURCE)`. */
export function checksumKey(name: string, version: string, source: string): string {
  return `checksum ${name} ${version} (${source})`;
}

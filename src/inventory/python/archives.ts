import type { DigestAlgorithm, DigestSet } from "../../model/digest.ts";
import { isName, normaliseName } from "./names.ts";

const LENGTHS: ReadonlyMap<string, number> = new Map([
  ["sha256", 64],
  ["sha384", 96],
  ["sha512", 128],
  ["sha1", 40],
  ["md5", 32],
]);

/** `sha256:…` or `sha256=…` as a digest; empty for what is none. */
export function digestOf(written: string): DigestSet {
  const [, algorithm = "", hex = ""] = /^([a-z0-9]{1,8})[:=]([0-9a-fA-F]{1,128})$/.exec(written) ?? [];
  return LENGTHS.get(algorithm) === hex.length ? { [algorithm as DigestAlgorithm]: hex.toLowerCase() } : {};
}

/**
 * The digests of a package where its lockfile lists archives: those of the one archive. Of several (one for each platform, and the
 * sources) none is known to be the one that is installed.
 */
export function oneDigest(hashes: readonly string[]): DigestSet {
  const [first] = hashes;
  return first !== undefined && hashes.length === 1 ? digestOf(first) : {};
}

/** A distribution as an archive's file name tells it. */
export interface NamedArchive {
  /** Normalised. */
  readonly name: string;
  readonly version: string | undefined;
}

/** Reads `NAME-VERSION-…-….whl` (binary distribution format) and `NAME-VERSION.tar.gz` (source distribution format). */
export function archiveName(fileName: string): NamedArchive | undefined {
  if (fileName.length > 512) return undefined;
  const parts = fileName.endsWith(".whl") ? fileName.slice(0, -4).split("-") : [];
  if (parts.length === 5 || parts.length === 6) return named(parts[0], parts[1]);
  const stem = /^(.+)\.(?:tar\.gz|tgz|zip|tar\.bz2|tar\.xz)$/.exec(fileName)?.[1];
  const cut = stem === undefined ? -1 : stem.search(/-v?\d[^-]*$/);
  return stem === undefined || cut < 1 ? undefined : named(stem.slice(0, cut), stem.slice(cut + 1));
}

function named(name: string | undefined, version: string | undefined): NamedArchive | undefined {
  return name !== undefined && isName(name) ? { name: normaliseName(name), version } : undefined;
}

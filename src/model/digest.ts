/** Lower-case hexadecimal of a digest. Its length belongs to its algorithm: sha256 64, sha512 128, sha1 40. */
export type DigestHex = string & { readonly brand?: "DigestHex" };

/** A count of bytes, a safe integer. */
export type SizeBytes = number;

/** RFC 3339 in UTC with a `Z`, e.g. `2026-11-23T10:00:00Z`. */
export type Timestamp = string & { readonly brand?: "Timestamp" };

/**
 * Algorithms by their in-toto names (in-toto attestation spec/v1/digest_set.md). `dirHash` is the "h1" directory hash of
 * golang.org/x/mod/sumdb/dirhash, written in hex. SHA-1 and MD5 are carried, never trusted alone (DESIGN, rule 11).
 */
export type DigestAlgorithm = "sha256" | "sha384" | "sha512" | "sha1" | "md5" | "gitCommit" | "gitTree" | "dirHash";

/** Digests of one thing under several algorithms, in hex. */
export type DigestSet = Readonly<Partial<Record<DigestAlgorithm, DigestHex>>>;

/** A package URL in canonical form (purl-spec 1.0). */
export type Purl = string & { readonly brand?: "Purl" };

/** A value, or why there is none: the difference between "nothing found" and "could not look" (DESIGN, rule 1). */
export type Known<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

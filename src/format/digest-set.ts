import type { DigestAlgorithm, DigestHex, DigestSet } from "../model/digest.ts";
import type { Json } from "../model/statement.ts";
import { Fields, formFault, type Place } from "./shape.ts";

/** Lengths in hex digits. Git objects are SHA-1 or SHA-256. */
const LENGTHS: Readonly<Record<DigestAlgorithm, readonly number[]>> = {
  sha256: [64],
  sha384: [96],
  sha512: [128],
  sha1: [40],
  md5: [32],
  gitCommit: [40, 64],
  gitTree: [40, 64],
  dirHash: [64],
};
const ALGORITHMS = Object.keys(LENGTHS) as DigestAlgorithm[];

/** Whether this is a digest of that algorithm: lower-case hex of its length. */
export function isDigest(algorithm: DigestAlgorithm, hex: string): hex is DigestHex {
  return LENGTHS[algorithm].includes(hex.length) && /^[0-9a-f]+$/.test(hex);
}

/**
 * A digest set (in-toto attestation, spec/v1/digest_set.md), algorithms in a fixed order. Algorithms that we do not know are
 * passed over, as the specification asks; a known one that is not lower-case hex of its length throws the place's code.
 */
export function readDigestSet(value: Json | undefined, place: Place): DigestSet {
  const fields = new Fields(value, place);
  const digests: Partial<Record<DigestAlgorithm, DigestHex>> = {};
  for (const algorithm of ALGORITHMS) {
    if (fields.has(algorithm)) digests[algorithm] = readDigest(fields, algorithm, algorithm);
  }
  return digests;
}

/** A member that is a digest of that algorithm. */
export function readDigest(fields: Fields, name: string, algorithm: DigestAlgorithm = "sha256"): DigestHex {
  const value = fields.get(name);
  if (typeof value === "string" && isDigest(algorithm, value)) return value;
  throw formFault(fields.at(name), `a ${algorithm} digest in lower-case hex`, value);
}

import type { DigestAlgorithm, DigestHex, DigestSet } from "../../model/digest.ts";

const LENGTHS: Readonly<Record<string, number>> = { sha512: 64, sha384: 48, sha256: 32, sha1: 20, md5: 16 };

/** What an integrity text says. `doubt` tells what could not be used of it. */
export interface Integrity {
  readonly digests: DigestSet;
  readonly doubt?: string;
}

/**
 * Reads Subresource Integrity metadata (W3C SRI, "The integrity attribute"): `algorithm-base64`, several parted by blanks,
 * options after `?` passed over. Two different values of one algorithm name alternatives: neither is taken.
 */
export function readIntegrity(text: string): Integrity {
  // What npm writes for nearly every package: one SHA-512 of 64 bytes, which is 86 letters and two `=`.
  if (text.length === 95 && text.startsWith("sha512-")) {
    const bytes = Buffer.from(text.slice(7), "base64");
    if (bytes.length === 64) return { digests: { sha512: bytes.toString("hex") } };
  }
  const digests: Partial<Record<DigestAlgorithm, DigestHex>> = {};
  const alternatives = new Set<DigestAlgorithm>();
  let doubt: string | undefined;
  for (const word of text.includes(" ") ? text.slice(0, 2000).split(/\s+/) : [text]) {
    const dash = word.indexOf("-");
    const algorithm = word.slice(0, dash);
    if (dash === -1 || !Object.hasOwn(LENGTHS, algorithm) || !isAlgorithm(algorithm)) {
      doubt = "an integrity of an unknown form";
      continue;
    }
    const options = word.indexOf("?");
    const bytes = Buffer.from(word.slice(dash + 1, options === -1 ? undefined : options), "base64");
    if (bytes.length !== LENGTHS[algorithm]) {
      doubt = `a ${algorithm} integrity of ${bytes.length} bytes`;
      continue;
    }
    const hex = bytes.toString("hex");
    if (digests[algorithm] !== undefined && digests[algorithm] !== hex) alternatives.add(algorithm);
    digests[algorithm] = hex;
  }
  for (const algorithm of alternatives) {
    delete digests[algorithm];
    doubt = `several ${algorithm} integrities, of which any may hold`;
  }
  return doubt === undefined ? { digests } : { digests, doubt };
}

function isAlgorithm(text: string): text is Extract<DigestAlgorithm, "sha512" | "sha384" | "sha256" | "sha1" | "md5"> {
  return text === "sha512" || text === "sha384" || text === "sha256" || text === "sha1" || text === "md5";
}

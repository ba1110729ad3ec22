/** Semantic versioning 2.0.0; integer versioning has the major version alone (CSAF 2.1, 3.1.13). */
const SEMANTIC = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$/;
/** Longer ones are no version of a document; keeps hostile text cheap. */
const MAX_LENGTH = 1000;

/** A version of a document, of type `version_t`. */
export interface DocumentVersion {
  readonly text: string;
  readonly semantic: boolean;
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly pre: string | undefined;
  readonly build: string | undefined;
}

/** Undefined for what is neither. An integer counts as `n.0.0` (6.1.14). */
export function parseVersion(text: string | undefined): DocumentVersion | undefined {
  if (text === undefined || text.length > MAX_LENGTH) return undefined;
  if (/^\d+$/.test(text)) {
    return { text, semantic: false, major: BigInt(text), minor: 0n, patch: 0n, pre: undefined, build: undefined };
  }
  const match = SEMANTIC.exec(text);
  if (match === null) return undefined;
  const [, major = "0", minor = "0", patch = "0", pre, build] = match;
  return { text, semantic: true, major: BigInt(major), minor: BigInt(minor), patch: BigInt(patch), pre, build };
}

/** The precedence of Semantic Versioning 2.0.0, section 11: build metadata does not count. */
export function compareVersions(one: DocumentVersion, other: DocumentVersion): number {
  for (const part of ["major", "minor", "patch"] as const) {
    if (one[part] !== other[part]) return one[part] < other[part] ? -1 : 1;
  }
  if (one.pre === other.pre) return 0;
  if (one.pre === undefined || other.pre === undefined) return one.pre === undefined ? 1 : -1;
  return comparePre(one.pre.split("."), other.pre.split("."));
}

function comparePre(one: readonly string[], other: readonly string[]): number {
  for (const [index, left] of one.entries()) {
    const right = other[index];
    if (right === undefined) return 1;
    if (left === right) continue;
    const numbers = [left, right].map((part) => /^\d+$/.test(part));
    if (numbers[0] === true && numbers[1] === true) return BigInt(left) < BigInt(right) ? -1 : 1;
    if (numbers[0] !== numbers[1]) return numbers[0] === true ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return one.length < other.length ? -1 : 0;
}

/** `0` or `0.y.z`: before the first release. */
export function isInitial({ major }: DocumentVersion): boolean {
  return major === 0n;
}

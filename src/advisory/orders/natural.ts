/** A number of any length: versions hold dates and hashes of 20 digits and more. The two kinds compare with each other. */
export type Natural = number | bigint;

/** What 15 digits hold is exact as a number (ECMAScript, Number.MAX_SAFE_INTEGER). */
const SAFE_DIGITS = 15;

/** ASCII digits as a number; leading zeros do not count, no digits are 0. */
export function natural(digits: string): Natural {
  return digits.length <= SAFE_DIGITS ? Number(digits) : BigInt(digits);
}

/** The order of numbers, or of texts by code unit. */
export function byValue<T extends Natural | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Numbers one by one, where a missing one is 0: `1` is `1.0`. */
export function comparePadded(a: readonly Natural[], b: readonly Natural[]): number {
  for (let at = 0; at < a.length || at < b.length; at += 1) {
    const order = byValue<Natural>(a[at] ?? 0, b[at] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/** Part by part; where one list is the beginning of the other, it comes first. */
export function compareLists<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number): number {
  for (const [at, part] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    const order = compare(part, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

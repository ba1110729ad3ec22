import type { VersionOrder } from "../../model/advisory.ts";

/** Longer text is no version: the bound of npm's and Maven's own readers, and more than any record of the public bucket has. */
const MAX_LENGTH = 256;

/** The parts of a version scheme. `T` is a version that was read once. */
export interface Scheme<T> {
  /** The name of the order, as messages tell it. */
  readonly ecosystem: string;
  /** Undefined: no version. Linear in the text, which has at most 256 characters. */
  readonly parse: (text: string) => T | undefined;
  /** Negative, zero, positive; total over what `parse` gives. */
  readonly compare: (a: T, b: T) => number;
  /** What `parse` reads for the sake of comparing, and nobody should take for a version. */
  readonly accepts?: (text: string) => boolean;
}

/** How many versions an order remembers: what a range's evaluation holds at once (the version, an event, the latest, the next). */
const REMEMBERED = 4;

/** Reads as `parse`; the last few versions are remembered, the latest first. */
function remembering<T>(parse: (text: string) => T | undefined): (text: string) => T | undefined {
  const known: { readonly text: string; readonly version: T | undefined }[] = [];
  return (text) => {
    let at = known.findIndex((one) => one.text === text);
    if (at === -1) at = known.push({ text, version: text.length > MAX_LENGTH ? undefined : parse(text) }) - 1;
    const [found] = known.splice(at, 1);
    if (found === undefined) return undefined;
    known.unshift(found);
    if (known.length > REMEMBERED) known.pop();
    return found.version;
  };
}

/**
 * An order out of how its versions are read and compared. What is no version sorts below every version. Matching compares one
 * version with many boundaries: each text is read once.
 */
export function orderOf<T>({ ecosystem, parse, compare, accepts = () => true }: Scheme<T>): VersionOrder {
  const read = remembering(parse);
  return {
    ecosystem,
    valid: (text) => read(text) !== undefined && accepts(text),
    compare(a, b) {
      const left = read(a);
      const right = read(b);
      if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
      return compare(left, right);
    },
  };
}

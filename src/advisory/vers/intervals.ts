import type { VersConstraint } from "./vers.ts";

const INTERVAL = /\s*(?:([[(])\s*([^\s,[\]()]*)\s*(?:(,)\s*([^\s,[\]()]*)\s*)?([\])])|([^\s,[\]()]+))\s*(?:,|$)/y;

function constraintsOf(
  [, open, low = "", comma, high = "", close, bare]: RegExpExecArray,
  type: string,
): readonly VersConstraint[] | undefined {
  // NuGet's bare version is the least one; Maven's is a wish that binds nobody, and names that version.
  if (bare !== undefined) return [{ comparator: type === "nuget" ? ">=" : "=", version: bare }];
  if (comma === undefined)
    return open === "[" && close === "]" && low !== "" ? [{ comparator: "=", version: low }] : undefined;
  const lower: VersConstraint = { comparator: open === "[" ? ">=" : ">", version: low };
  const upper: VersConstraint = { comparator: close === "]" ? "<=" : "<", version: high };
  return [...(low === "" ? [] : [lower]), ...(high === "" ? [] : [upper])];
}

/**
 * Intervals as Maven and NuGet write them: `[1.0,2.0)`, `(,1.0]`, `[1.2]`, one after another (POM Reference, "Dependency Version
 * Requirement Specification"; NuGet, "Package versioning", "Version ranges"). Empty: all versions. Undefined: none of that notation.
 */
export function parseIntervals(type: string, text: string): readonly (readonly VersConstraint[])[] | undefined {
  const interval = new RegExp(INTERVAL);
  const lists: (readonly VersConstraint[])[] = [];
  do {
    const match = interval.exec(text);
    const constraints = match === null ? undefined : constraintsOf(match, type);
    if (constraints === undefined) return undefined;
    lists.push(constraints);
  } while (interval.lastIndex < text.length);
  return lists.some((list) => list.length === 0) ? [] : lists;
}

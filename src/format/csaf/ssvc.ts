import { SSVC_POINTS } from "./data/ssvc-points.ts";

/** Decision points of SSVC and their namespaces (certcc.github.io/SSVC, "Namespaces"). */

/** A namespace in its parts: `base//.example.test#fragment`, the base with its own fragment, extensions after slashes. */
export interface SsvcNamespace {
  readonly base: string;
  readonly kind: "registered" | "unregistered" | "reserved" | "invalid";
  /** What stands after the first slash. */
  readonly extension: string | undefined;
}

/** Namespaces for examples and tests: whatever they say is well. `invalid` is never. */
const RESERVED = ["example", "test"];
const INVALID = ["invalid", "x_invalid"];

let points: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> | undefined;

/** Versions of each decision point with the keys of its values in order, oldest first; the outer key is `namespace key`. */
function table(): NonNullable<typeof points> {
  if (points !== undefined) return points;
  const found = new Map<string, Map<string, readonly string[]>>();
  for (const row of SSVC_POINTS.trim().split("\n")) {
    const [namespace = "", key = "", version = "", ...values] = row.split(" ");
    const versions = found.get(`${namespace} ${key}`) ?? new Map<string, readonly string[]>();
    found.set(`${namespace} ${key}`, versions.set(version, values));
  }
  points = found;
  return points;
}

let registered: ReadonlySet<string> | undefined;

export function parseNamespace(text: string): SsvcNamespace {
  const slash = text.indexOf("/");
  const base = slash === -1 ? text : text.slice(0, slash);
  const name = base.replace(/#.*/, "");
  registered ??= new Set([...table().keys()].map((key) => key.replace(/[ #].*/, "")));
  const kind = INVALID.includes(name)
    ? "invalid"
    : RESERVED.includes(name)
      ? "reserved"
      : registered.has(name)
        ? "registered"
        : "unregistered";
  return { base, kind, extension: slash === -1 ? undefined : text.slice(slash + 1) };
}

/** Keys of the values of a decision point in order; or which part of it is not known. */
export function decisionPoint(
  base: string,
  key: string,
  version: string,
): { readonly values: readonly string[] } | { readonly values?: undefined; readonly unknown: "key" | "version" } {
  const versions = table().get(`${base} ${key}`);
  if (versions === undefined) return { unknown: "key" };
  const values = versions.get(version);
  return values === undefined ? { unknown: "version" } : { values };
}

/** The newest version of a decision point; the days on which they came are not in SSVC's files. */
export function newestVersion(base: string, key: string): string | undefined {
  return [...(table().get(`${base} ${key}`)?.keys() ?? [])].at(-1);
}

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

interface Point {
  /** The day on which its file came into SSVC's repository. */
  readonly day: string;
  /** Keys in order. */
  readonly values: readonly string[];
}

let points: ReadonlyMap<string, ReadonlyMap<string, Point>> | undefined;

/** Versions of each decision point, oldest first; the outer key is `namespace key`. */
function table(): NonNullable<typeof points> {
  if (points !== undefined) return points;
  const found = new Map<string, Map<string, Point>>();
  for (const row of SSVC_POINTS.trim().split("\n")) {
    const [namespace = "", key = "", version = "", day = "", ...values] = row.split(" ");
    const versions = found.get(`${namespace} ${key}`) ?? new Map<string, Point>();
    found.set(`${namespace} ${key}`, versions.set(version, { day, values }));
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
  return versions.get(version) ?? { unknown: "version" };
}

/** A newer version of a decision point that was there on a day, as 2026-01-31; undefined where there was none. */
export function newerVersion(base: string, key: string, version: string, day: string): string | undefined {
  const versions = [...(table().get(`${base} ${key}`) ?? [])];
  const place = versions.findIndex(([one]) => one === version);
  return versions.findLast(([, point], index) => place !== -1 && index > place && point.day <= day)?.[0];
}

import { byCodeUnit } from "../artifact/entry-path.ts";
import { strongerScope } from "../inventory/join-components.ts";
import type { Finding } from "../model/advisory.ts";

const MAX_PATHS = 3;

/** Two builds of one release for two platforms, or two contents under one name: one thing to mend. */
function keyOf({ ecosystem, name, version, id, vex }: Finding): string {
  return [ecosystem, name, version, id, vex?.status ?? "", vex?.justification ?? ""].join("\n");
}

function join(a: Finding, b: Finding): Finding {
  const places = new Map([...a.locations, ...b.locations].map((one) => [`${one.path}\n${one.line ?? ""}`, one]));
  return {
    ...a,
    scope: strongerScope(a.scope, b.scope),
    locations: [...places.values()].sort((x, y) => byCodeUnit(x.path, y.path) || (x.line ?? 0) - (y.line ?? 0)),
    paths: [...a.paths, ...b.paths].slice(0, MAX_PATHS),
  };
}

/**
 * One finding for each (package, version, group of advisories), sorted by component and id: a Gemfile.lock names `nokogiri` once for
 * each platform. The first component stands for all; their places are joined. What statements differ about stays apart.
 */
export function joinSamePackage(findings: readonly Finding[]): readonly Finding[] {
  const sorted = findings.toSorted((a, b) => byCodeUnit(a.component, b.component) || byCodeUnit(a.id, b.id));
  const joined = new Map<string, Finding>();
  for (const finding of sorted) {
    const key = keyOf(finding);
    const before = joined.get(key);
    joined.set(key, before === undefined ? finding : join(before, finding));
  }
  return [...joined.values()];
}

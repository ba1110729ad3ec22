import { packageKey } from "../../src/advisory/names.ts";
import { parseOsv } from "../../src/format/osv.ts";
import type { Advisory, AdvisoryIndex } from "../../src/model/advisory.ts";
import type { Component, Sbom } from "../../src/model/sbom.ts";
import type { Json, JsonObject } from "../../src/model/statement.ts";

/** An OSV record about one package: `events` is one range. */
export function osv(
  id: string,
  ecosystem: string,
  name: string,
  events: readonly JsonObject[],
  more: JsonObject = {},
): JsonObject {
  return {
    id,
    modified: "2026-01-02T00:00:00Z",
    affected: [{ package: { ecosystem, name }, ranges: [{ type: "ECOSYSTEM", events }] }],
    ...more,
  };
}

/** An index of these records in memory. `shards`: the ecosystems that it says to hold; default: it does not tell. */
export function indexOf(records: readonly Json[], shards?: readonly string[]): AdvisoryIndex {
  const byPackage = new Map<string, Advisory[]>();
  for (const advisory of records.flatMap((record) => parseOsv(record, "record"))) {
    const key = JSON.stringify(packageKey(advisory.ecosystem, advisory.name));
    byPackage.set(key, [...(byPackage.get(key) ?? []), advisory]);
  }
  return {
    identity: {
      digest: "0".repeat(64),
      modified: "2026-11-01T00:00:00Z",
      sources: [],
      ...(shards && { shards: shards.map((name) => ({ name })) }),
    },
    lookup: (ecosystem, name) => byPackage.get(JSON.stringify(packageKey(ecosystem, name))) ?? [],
    holds: (ecosystem) =>
      [...byPackage.keys()].some(
        (key) => (JSON.parse(key) as { ecosystem: string }).ecosystem === packageKey(ecosystem, "").ecosystem,
      ),
    exploited: () => undefined,
    epss: () => undefined,
    close: () => {},
  };
}

/** A component as a reader of a BOM makes it of a package URL. */
export function componentOf(purl: string, more: Partial<Component> = {}): Component {
  const [, path = "", version] = /^pkg:[^/]+\/([^@?]+)(?:@([^?]+))?/u.exec(purl) ?? [];
  return {
    ref: purl,
    name: decodeURIComponent(path),
    ...(version !== undefined && { version: decodeURIComponent(version) }),
    purl,
    ecosystem: /^pkg:([^/]+)/u.exec(purl)?.[1] ?? "",
    scope: "runtime",
    direct: true,
    digests: {},
    licences: [],
    occurrences: [{ path: "bom.json", technique: "manifest" }],
    own: false,
    ...more,
  };
}

/** An SBOM of these components, each needed by the root. */
export function sbomOf(components: readonly Component[]): Sbom {
  return {
    lifecycle: "source",
    subject: { name: "app", digests: {} },
    root: "app",
    components,
    dependencies: components.map(({ ref }) => ({ from: "app", to: ref, scope: "runtime" })),
    completeness: { components: "complete", dependencies: "complete", method: "locked" },
    unknowns: [],
    licences: [],
  };
}

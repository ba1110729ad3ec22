import { closeSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { zipFiles } from "../../src/artifact/zip.ts";
import { parseJson } from "../../src/format/json.ts";
import type { Json, JsonObject } from "../../src/model/statement.ts";

const LIMITS = { entries: 100_000, entryBytes: 16 << 20, totalBytes: 1 << 30 };

/** Every record of a mirror in the layout of OSV's bucket. */
export function* mirrorRecords(mirror: string): Generator<{ readonly where: string; readonly record: Json }> {
  for (const folder of readdirSync(mirror, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    const path = join(mirror, folder.name, "all.zip");
    const file = openSync(path, "r");
    try {
      for (const entry of zipFiles(file, path, LIMITS)) {
        const where = `${folder.name}/${entry.name}`;
        yield { where, record: parseJson(entry.content(), where) };
      }
    } finally {
      closeSync(file);
    }
  }
}

/** A generator of whole numbers below a limit, always the same (xorshift32). */
export function numbersBelow(): (limit: number) => number {
  let state = 0x9e3779b9;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % Math.max(1, limit);
  };
}

/** What may stand in place of a value: each type, and texts that are almost those of the schema. */
const VALUES: readonly Json[] = [
  [null, true, 0, "", "x", [], {}, [null], ["x"], [{}]],
  ["CVSS_V2", "CVSS_V4", "GIT", "SEMVER", "Ubuntu", "low", "0", "a".repeat(40), "A".repeat(40), "b".repeat(64)],
  ["2024-02-29T23:59:60Z", "2023-02-29T00:00:00Z", "2024-01-01T00:00:00.123456789012Z", "2024-01-01t00:00:00z"],
  ["2024-01-01T00:00:00+00:00", " 2024-01-01T00:00:00Z", "https://a.example/%zz", "https://[::1]:8/a?b#c", "a:b"],
  ["http://[fe80::1%25eth0]/", "//a.example", "https://ä.example/", "https://a.example/a b", "urn:x:y", "1a:b"],
  ["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "AV:N/AC:L/Au:N/C:P/I:P/A:P", "npm:", "Go:1"],
  ["CVSS:3.1/AV:N", "CVSS:3.1/", "CVSS:3.0/AV:N/AV:N", "x_1", "GO-", "kubernetes", "Debian:\n", "PyPI:x\ny"],
].flat();
const NAMES = [
  "severity",
  "type",
  "score",
  "introduced",
  "fixed",
  "last_affected",
  "limit",
  "repo",
  "package",
  "events",
];
const MORE = ["versions", "affected", "aliases", "upstream", "__proto__", "new", "url", "name", "database_specific"];

/** A copy of a record with one to three changes somewhere in it. */
export function changedRecord(record: Json, below: (limit: number) => number): Json {
  const copy = structuredClone(record);
  for (let change = 0; change <= below(3); change += 1) {
    let at = copy as Json;
    // From the root down, ending somewhere on the way.
    for (let depth = below(7); depth >= 0; depth -= 1) {
      const inner = Object.keys(at as object).filter((key) => isContainer((at as JsonObject)[key]));
      const next = depth === 0 ? undefined : inner[below(inner.length)];
      if (next === undefined) break;
      at = (at as JsonObject)[next] as Json;
    }
    changeMember(at as Record<string, Json>, below);
  }
  return copy;
}

const isContainer = (value: Json | undefined): boolean => value !== null && typeof value === "object";

function changeMember(at: Record<string, Json>, below: (limit: number) => number): void {
  const names = [...NAMES, ...MORE];
  const present = Object.keys(at);
  const name =
    below(3) === 0 && !Array.isArray(at)
      ? (names[below(names.length)] as string)
      : (present[below(present.length)] ?? "0");
  if (below(4) === 0 && !Array.isArray(at)) delete at[name];
  else {
    const value = structuredClone(VALUES[below(VALUES.length)] as Json);
    Object.defineProperty(at, name, { value, enumerable: true, configurable: true, writable: true });
  }
}

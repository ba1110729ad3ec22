// Writes the advisories that the dev dependency @salesforce/code-analyzer-retirejs-engine carries as an OSV bucket, so that a
// first run off line has an index to match with:
//   node scripts/retirejs-to-osv.ts FOLDER        writes FOLDER/npm/ID.json; then waybill db build --from FOLDER
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../src/artifact/digest.ts";
import { canonicalJson, parseJson, prettyJson } from "../src/format/json.ts";
import { asString, Fields, rootPlace } from "../src/format/shape.ts";
import type { Timestamp } from "../src/model/digest.ts";
import type { Json, JsonObject } from "../src/model/statement.ts";

const ENGINE = join(import.meta.dirname, "../node_modules/@salesforce/code-analyzer-retirejs-engine");

const NEWEST: Timestamp = "2026-07-18T08:28:17Z";

/**
 * When each version of the engine was published, as the npm registry's `time` says: no record has a date of its own, and
 * none is newer than the package. A version that is not here must be added, not guessed.
 */
const PUBLISHED: Readonly<Record<string, Timestamp>> = { "0.32.0": NEWEST };

/** Entries that are no libraries. */
const NOT_LIBRARIES = ["retire-example", "dont check"];
/** "Use of Unmaintained Third Party Components": end of life, not a vulnerability. */
const UNMAINTAINED = "CWE-1104";
const NPM_NAME = /^(?:@[a-z0-9._~-]+\/)?[a-z0-9._~-]+$/;

interface Entry {
  readonly name: string;
  /** The weakness in one word: GHSA, CVE, or retire.js' own number. */
  readonly key: string;
  readonly aliases: readonly string[];
  readonly events: readonly JsonObject[];
  readonly summary: string;
  readonly severity: string;
  readonly cwes: readonly string[];
  readonly links: readonly string[];
}

/** `1.2.0-*` stands for every prerelease, which semver writes as its lowest. */
function boundary(version: string): string {
  return version.endsWith("-*") ? `${version.slice(0, -1)}0` : version;
}

function eventsOf(fields: Fields, unmaintained: boolean): readonly JsonObject[] {
  const below = boundary(fields.string("below"));
  const from = boundary(fields.optionalString("atOrAbove") ?? "0");
  // 2.999.999 and the like are "no end": a version that was never published must not be called a fix.
  const end = unmaintained || /(?:^|\.)9{3,}/.test(below) ? { limit: below } : { fixed: below };
  // `1.4.0` to `1.4.0-beta.2` means the prereleases of 1.4.0. As it stands it would never end: OSV sorts the events.
  return [{ introduced: below.startsWith(`${from}-`) ? `${from}-0` : from }, end];
}

function ownKey(identifiers: Fields, summary: string, links: readonly string[]): string {
  for (const name of ["retid", "issue", "PR", "bug", "release", "tenable", "gist", "blog"]) {
    const value = identifiers.get(name);
    if (typeof value === "string" && value !== "") return `${name}-${value}`;
  }
  const [osvdb] = identifiers.optionalList("osvdb", asString);
  return osvdb === undefined ? sha256(canonicalJson([summary, ...links])).slice(0, 12) : `osvdb-${osvdb}`;
}

/** One entry a weakness: several CVEs in one entry are several weaknesses with the same bounds, not aliases. */
function readEntries(name: string, fields: Fields): readonly Entry[] {
  const identifiers = fields.object("identifiers");
  const cwes = fields.optionalList("cwe", asString);
  const links = fields.optionalList("info", asString);
  const cves = identifiers.optionalList("CVE", asString);
  const ghsa = identifiers.optionalString("githubID");
  const summary = identifiers.optionalString("summary") ?? "";
  const events = eventsOf(fields, cwes.includes(UNMAINTAINED));
  const rest = { name, events, summary, severity: fields.string("severity"), cwes, links };
  if (cves.length > 1) {
    const all = ghsa === undefined ? cves : [ghsa, ...cves];
    return all.map((id) => ({ ...rest, key: id, aliases: [id] }));
  }
  const aliases = [...(ghsa === undefined ? [] : [ghsa]), ...cves];
  return [{ ...rest, key: aliases[0] ?? ownKey(identifiers, summary, links), aliases }];
}

function recordOf(id: string, entries: readonly Entry[], modified: Timestamp): JsonObject | undefined {
  const [first] = entries;
  if (first === undefined) return undefined;
  const all = <T>(of: (entry: Entry) => readonly T[]): T[] => [...new Set(entries.flatMap(of))];
  const ranges = new Map(entries.map(({ events }) => [canonicalJson(events), { type: "SEMVER", events }]));
  const cwes = all(({ cwes }) => cwes).sort();
  const unmaintained = entries.every((entry) => entry.cwes.includes(UNMAINTAINED));
  return {
    schema_version: "1.7.0",
    id,
    modified,
    aliases: all(({ aliases }) => aliases).sort(),
    summary: first.summary,
    affected: [
      {
        package: { ecosystem: "npm", name: first.name },
        ranges: [...ranges.values()],
        ...(unmaintained && { database_specific: { informational: "unmaintained" } }),
      },
    ],
    references: all(({ links }) => links).map((url) => ({ type: "WEB", url })),
    database_specific: { severity: first.severity, cwe_ids: cwes, source: "retire.js" },
  };
}

/**
 * Turns retire.js' repository of libraries into OSV records, sorted by id. A library's npm name is `npmname`, else its key
 * where that is a valid name; entries of one library with one GHSA, CVE or retire.js number become one record with several
 * ranges. `modified` is the date of the whole list: it gives no dates of its own.
 */
export function retireToOsv(
  json: Json,
  modified: Timestamp = NEWEST,
): readonly { readonly id: string; readonly record: JsonObject }[] {
  const root = new Fields(json, rootPlace("RetireJsVulns.json", "WB-ADVISORY-FORM"));
  const entries: Entry[] = [];
  for (const key of Object.keys(root.raw).sort()) {
    const library = root.object(key);
    const name = library.optionalString("npmname") ?? key;
    if (NOT_LIBRARIES.includes(key) || !NPM_NAME.test(name)) continue;
    const found = library.optionalList("vulnerabilities", (value, place) =>
      readEntries(name, new Fields(value, place)),
    );
    entries.push(...found.flat());
  }
  const byId = Map.groupBy(
    entries,
    ({ name, key }) => `RETIREJS-${`${name}-${key}`.replace(/[^A-Za-z0-9.-]+/g, "_").slice(0, 100)}`,
  );
  return [...byId]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([id, group]) => {
      const record = recordOf(id, group, modified);
      return record === undefined ? [] : [{ id, record }];
    });
}

function publishedOf(engine: string): Timestamp {
  const where = join(engine, "package.json");
  const version = new Fields(parseJson(readFileSync(where), where), rootPlace(where)).string("version");
  const published = PUBLISHED[version];
  if (published === undefined) throw new Error(`add the publish date of ${version} to PUBLISHED`);
  return published;
}

/** Writes the bucket; gives the number of records and their date. */
export function writeRetireBucket(
  folder: string,
  engine = ENGINE,
): { readonly records: number; readonly newest: Timestamp } {
  const source = join(engine, "vulnerabilities/RetireJsVulns.json");
  const newest = publishedOf(engine);
  const records = retireToOsv(parseJson(readFileSync(source), "RetireJsVulns.json"), newest);
  mkdirSync(join(folder, "npm"), { recursive: true });
  for (const { id, record } of records) writeFileSync(join(folder, "npm", `${id}.json`), prettyJson(record));
  return { records: records.length, newest };
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) {
    console.error("usage: node scripts/retirejs-to-osv.ts FOLDER");
    process.exit(2);
  }
  const { records, newest } = writeRetireBucket(folder);
  console.log(`${records} records of retire.js as of ${newest} in ${folder}/npm`);
}

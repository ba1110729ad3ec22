import { createHash } from "node:crypto";
import { cleanText } from "../artifact/clean-text.ts";
import { byCodeUnit } from "../artifact/entry-path.ts";
import { sha256 } from "../artifact/digest.ts";
import { canonicalJson } from "../format/json.ts";
import type { IndexIdentity } from "../model/advisory.ts";
import type { DigestHex, Timestamp } from "../model/digest.ts";
import { Fault, type FaultKind } from "../model/fault.ts";

/** "WBAX" in SQLite's header field for the kind of file. */
export const APPLICATION_ID = 0x57424158;
/** Raised with every change of the schema or of the records' form: another version is refused, never guessed. */
export const FORM_VERSION = 3;

/** Blocks of a package are numbered from `package * PACKAGE_SPAN` on, so that they lie side by side in one tree without a second index. */
export const PACKAGE_SPAN = 2 ** 21;

/**
 * What changes has the first revision that it belongs to (`since`) and the first that it does not (`until`, null: it is current), so
 * that every kept revision is a condition and no copy.
 *
 * `block`: some advisories of one package, compressed (block.ts). `chunk`: parts of KEV and EPSS. `record`: one OSV record in one
 * shard, `hash` over its advisories (null: it says nothing, e.g. withdrawn), `packages` those that it
 * is about.
 */
export const SCHEMA: readonly (readonly [name: string, sql: string])[] = [
  ["block", "CREATE TABLE block(n INTEGER PRIMARY KEY, since INTEGER, until INTEGER, body BLOB)"],
  [
    "chunk",
    "CREATE TABLE chunk(kind TEXT, key TEXT, since INTEGER, until INTEGER, body BLOB, PRIMARY KEY(kind, key, since)) WITHOUT ROWID",
  ],
  ["meta", "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID"],
  [
    "package",
    "CREATE TABLE package(eco TEXT, name TEXT, shard INTEGER, n INTEGER, PRIMARY KEY(eco, name, shard)) WITHOUT ROWID",
  ],
  [
    "record",
    "CREATE TABLE record(shard INTEGER, id TEXT, since INTEGER, until INTEGER, modified TEXT, hash BLOB, packages BLOB, PRIMARY KEY(shard, id, since)) WITHOUT ROWID",
  ],
  ["revision", "CREATE TABLE revision(n INTEGER PRIMARY KEY, digest TEXT, body TEXT)"],
  ["shard", "CREATE TABLE shard(n INTEGER PRIMARY KEY, name TEXT, dictionary BLOB)"],
];

/** The condition for what belongs to a revision; it takes its number twice. */
export const LIVE = "since <= ? AND (until IS NULL OR until > ?)";

/** What a shard holds: the records of one ecosystem's folder. */
export interface ShardState {
  readonly name: string;
  readonly digest: DigestHex;
  /** Records that say something. A record that lies in two folders counts in each. */
  readonly records: number;
  readonly modified: Timestamp | null;
  /** Counts by the prefix of the id, which names the database that gave it out (OSV schema 1.7, "id"). */
  readonly sources: IndexIdentity["sources"];
}

/** KEV or EPSS as they were taken in. */
export interface ScoreState {
  readonly digest: DigestHex;
  readonly entries: number;
  /** Day of the catalog or of the scores, `YYYY-MM-DD`. */
  readonly date: string;
}

/** One state of the index, as JSON in `revision`. */
export interface Revision {
  readonly shards: readonly ShardState[];
  readonly kev?: ScoreState;
  readonly epss?: ScoreState;
  /** When it was made, where the maker told; no part of any digest. */
  readonly at?: Timestamp;
}

const MAX_SOURCES = 50;

/**
 * What a shard holds, by its records sorted by id. The digest is over `ID SP HASH LF` of each: independent of history and of the
 * file.
 */
export function stateOf(
  name: string,
  records: Iterable<{ readonly id: string; readonly modified: Timestamp; readonly hash: Uint8Array }>,
): ShardState {
  const digest = createHash("sha256");
  const counts = new Map<string, number>();
  let count = 0;
  let newest: Timestamp | null = null;
  for (const { id, modified, hash } of records) {
    digest.update(`${id} ${Buffer.from(hash).toString("hex")}\n`);
    count += 1;
    newest = laterOf(newest, modified);
    const prefix = /^[A-Za-z][A-Za-z0-9]{0,19}(?=-)/.exec(id)?.[0] ?? "other";
    const source = counts.has(prefix) || counts.size < MAX_SOURCES ? prefix : "other";
    counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  return { name, digest: digest.digest("hex"), records: count, modified: newest, sources: sortedCounts(counts) };
}

function sortedCounts(counts: ReadonlyMap<string, number>): IndexIdentity["sources"] {
  return [...counts].map(([name, records]) => ({ name, records })).sort((a, b) => byCodeUnit(a.name, b.name));
}

/** What identifies a record's content in a shard: SHA-256 over the sorted SHA-256 of the canonical JSON of its advisories. */
export function recordHash(bodies: readonly Uint8Array[]): Buffer {
  const digest = createHash("sha256");
  for (const body of bodies.toSorted((a, b) => Buffer.compare(a, b))) digest.update(body);
  return digest.digest();
}

/** SHA-256 over canonical JSON: `{"epss": digest|null, "kev": digest|null, "shards": {NAME: digest}}`. */
export function revisionDigest({ shards, kev, epss }: Revision): DigestHex {
  return sha256(
    canonicalJson({
      epss: epss?.digest ?? null,
      kev: kev?.digest ?? null,
      shards: Object.fromEntries(shards.map(({ name, digest }) => [name, digest])),
    }),
  );
}

/** What results name the revision by. */
export function identityOf(digest: DigestHex, { shards, kev, epss }: Revision): IndexIdentity {
  const counts = new Map<string, number>();
  for (const { sources } of shards)
    for (const { name, records } of sources) counts.set(name, (counts.get(name) ?? 0) + records);
  const modified = shards.reduce<Timestamp | null>((newest, shard) => laterOf(newest, shard.modified), null);
  return {
    digest,
    modified: modified ?? "1970-01-01T00:00:00Z",
    sources: sortedCounts(counts),
    shards: shards.map(({ name, digest: own, records }) => ({ name, digest: own, records })),
    ...(kev !== undefined && { exploited: { records: kev.entries, date: kev.date } }),
    ...(epss !== undefined && { epss: { records: epss.entries, date: epss.date } }),
  };
}

/** The order of times as `parseTimestamp` gives them: without their `Z`, a fraction comes after none. */
export function isLater(a: Timestamp, b: Timestamp): boolean {
  return a.slice(0, -1) > b.slice(0, -1);
}

/** The later one; null is before all. */
export function laterOf(a: Timestamp | null, b: Timestamp | null): Timestamp | null {
  if (a === null || b === null) return a ?? b;
  return isLater(a, b) ? a : b;
}

/** Whether a shard of this name speaks of an ecosystem: of the base one with or without release, or of one release alone. */
export function isOf(shard: string, ecosystem: string): boolean {
  const [folder, asked] = [shard.toLowerCase(), ecosystem.toLowerCase()];
  return asked === folder || asked.startsWith(`${folder}:`);
}

/** The fault for a file that is no index, of another version, or damaged. */
export function indexFault(path: string, found: string, code: "FORM" | "DIGEST" = "FORM"): Fault {
  const kind: FaultKind = code === "FORM" ? "unchecked" : "refused";
  return new Fault({
    code: code === "FORM" ? "WB-INDEX-FORM" : "WB-INDEX-DIGEST",
    kind,
    what: code === "FORM" ? "the advisory index cannot be used" : "the advisory index does not have its own digest",
    where: cleanText(path, 300),
    expected: code === "FORM" ? `an advisory index of form ${FORM_VERSION}` : "records that give the stated digest",
    found: cleanText(found),
    fix: "build it anew: waybill db build --from DIR --output FILE",
  });
}

import { DatabaseSync } from "node:sqlite";
import type { IndexIdentity } from "../model/advisory.ts";
import { canonicalJson } from "../format/json.ts";
import type { Json } from "../model/statement.ts";
import { unpack } from "./block.ts";
import { finish, KEPT_REVISIONS, missingShard } from "./build.ts";
import { connectIndex, findRevision, guarded, type NumberedRevision } from "./index-connect.ts";
import { dictionaries, readLines } from "./index-file.ts";
import { identityOf, indexFault, LIVE, PACKAGE_SPAN, type Revision, revisionDigest } from "./index-form.ts";
import { readOrigin } from "./index-origin.ts";
import { withPrivateCopy } from "./private-copy.ts";
import { writeKind } from "./score-write.ts";
import { closeShard, openShard } from "./shard-update.ts";
import { shardState, writeShard } from "./shard-write.ts";
import { emptyStage, type Shard, Staging, type StagedRecord, Tally } from "./staging.ts";

/** Takes everything out of a copy but one revision, which becomes its first. */
function leaveAlone(database: DatabaseSync, { n, revision }: NumberedRevision): void {
  const live = `since <= ${n} AND (until IS NULL OR until > ${n})`;
  const names = JSON.stringify(revision.shards.map(({ name }) => name));
  const of = "SELECT n FROM shard WHERE name IN (SELECT value FROM json_each(?))";
  database.prepare(`DELETE FROM record WHERE NOT (${live}) OR hash IS NULL OR shard NOT IN (${of})`).run(names);
  database.prepare(`DELETE FROM package WHERE shard NOT IN (${of})`).run(names);
  database.exec(`DELETE FROM block WHERE NOT (${live});
    CREATE TEMP TABLE kept(n INTEGER PRIMARY KEY); INSERT INTO kept SELECT n FROM package;
    DELETE FROM block WHERE n / ${PACKAGE_SPAN} NOT IN (SELECT n FROM kept);
    DELETE FROM package WHERE n NOT IN (SELECT n / ${PACKAGE_SPAN} FROM block);
    DELETE FROM chunk WHERE NOT (${live}); DELETE FROM meta; DELETE FROM revision;
    UPDATE block SET since = 1, until = NULL; UPDATE record SET since = 1, until = NULL; UPDATE chunk SET since = 1, until = NULL`);
  database.prepare(`DELETE FROM shard WHERE n NOT IN (${of})`).run(names);
  database
    .prepare("INSERT INTO revision VALUES (1, ?, ?)")
    .run(revisionDigest(revision), canonicalJson(revision as unknown as Json));
}

/**
 * Writes an index to `target` that has one revision of `path` alone, of `ecosystems` only where given: what is carried to another
 * site. Faults: those of `openIndex`, WB-ADVISORIES-EMPTY for an ecosystem that it does not hold, those of `withPrivateCopy`.
 */
export async function extractIndex(
  path: string,
  target: string,
  { asOf, ecosystems }: { readonly asOf?: string | undefined; readonly ecosystems?: readonly string[] | undefined },
): Promise<IndexIdentity> {
  const identity = await withPrivateCopy(target, path, async (database) => {
    const found = guarded(path, () => findRevision(database, path, asOf));
    const there = found.revision.shards.map(({ name }) => name);
    const missing = ecosystems?.find((name) => !there.includes(name));
    if (missing !== undefined) throw missingShard(path, missing, there);
    const shards = found.revision.shards.filter(({ name }) => ecosystems?.includes(name) ?? true);
    const revision: Revision = { ...found.revision, shards };
    leaveAlone(database, { ...found, revision });
    return identityOf(revisionDigest(revision), revision);
  });
  const database = new DatabaseSync(target, { defensive: false });
  try {
    database.exec("PRAGMA journal_mode = OFF; VACUUM");
  } finally {
    database.close();
  }
  return identity;
}

/** The records of a shard of another index; those that the staging has already without what they say. */
function* recordsOf(from: DatabaseSync, into: DatabaseSync, path: string, shard: Shard): Generator<StagedRecord> {
  const number = Number(from.prepare("SELECT n FROM shard WHERE name = ?").get(shard.name)?.["n"]);
  const live = into.prepare("SELECT hash FROM record WHERE shard = ? AND id = ? AND until IS NULL");
  const wanted = new Map<string, { readonly modified: string; readonly hash: Uint8Array }>();
  for (const row of from.prepare("SELECT id, modified, hash FROM record WHERE shard = ?").iterate(number)) {
    const [id, modified, hash] = [String(row["id"]), String(row["modified"]), row["hash"] as Uint8Array];
    const known = live.get(shard.n, id)?.["hash"];
    if (known instanceof Uint8Array && Buffer.compare(known, hash) === 0) yield { id, modified, hash, bodies: [] };
    else wanted.set(id, { modified, hash });
  }
  into.exec("DROP TABLE IF EXISTS temp.carried; CREATE TEMP TABLE carried(id TEXT, eco TEXT, name TEXT, body TEXT)");
  const add = into.prepare("INSERT INTO carried VALUES (?, ?, ?, ?)");
  const dictionary = dictionaries(from)(number);
  const blocks = `SELECT body FROM package JOIN block ON block.n BETWEEN package.n * ${PACKAGE_SPAN} AND package.n * ${PACKAGE_SPAN} + ${PACKAGE_SPAN - 1} WHERE shard = ?`;
  for (const { body } of from.prepare(blocks).iterate(number)) {
    const text = unpack(body, dictionary).toString();
    const lines = text.split("\n");
    for (const [at, { id, ecosystem, name }] of readLines(text, path).entries()) {
      if (wanted.has(id)) add.run(id, ecosystem, name, lines[at] ?? "");
    }
  }
  let bodies: { ecosystem: string; name: string; text: string }[] = [];
  let last: string | undefined;
  const staged = (id: string): StagedRecord => ({ id, ...(wanted.get(id) ?? { modified: "", hash: null }), bodies });
  for (const { id, eco, name, body } of into.prepare("SELECT * FROM carried ORDER BY id").iterate()) {
    if (last !== undefined && last !== id) {
      yield staged(last);
      bodies = [];
    }
    last = String(id);
    bodies.push({ ecosystem: String(eco), name: String(name), text: String(body) });
  }
  if (last !== undefined) yield staged(last);
}

function joinShards(into: DatabaseSync, from: DatabaseSync, path: string, carried: Revision, n: number): void {
  for (const state of carried.shards) {
    const shard = openShard(into, state.name);
    const staging = new Staging(into, shard, new Tally());
    for (const record of recordsOf(from, into, path, shard)) staging.put(record);
    writeShard(into, shard, n, { whole: true, gone: [] });
    if (shardState(into, shard).digest !== state.digest)
      throw indexFault(path, `other records of ${state.name}`, "DIGEST");
    emptyStage(into);
  }
}

/** The chunks of a kind, unpacked. */
function chunksOf(from: DatabaseSync, kind: string, n: number): ReadonlyMap<string, Uint8Array> {
  const rows = from.prepare(`SELECT key, body FROM chunk WHERE kind = ? AND ${LIVE}`).all(kind, n, n);
  return new Map(rows.map(({ key, body }) => [String(key), unpack(body)]));
}

/**
 * Makes the newest revision of `carried` (an index that was verified) the newest of `path`, whose own revisions are kept and stay
 * readable. Where there is no index at `path`, it begins with this one. Faults: those of `openIndex` and of `withPrivateCopy`.
 */
export function joinIndex(
  path: string,
  carried: string,
  isNew: boolean,
): Promise<IndexIdentity & { readonly lost: readonly string[] }> {
  return withPrivateCopy(path, isNew ? undefined : path, async (database) => {
    const from = connectIndex(carried);
    try {
      const { n: only, revision } = guarded(carried, () => findRevision(from, carried));
      const before = isNew ? undefined : guarded(path, () => findRevision(database, path));
      const n = (before?.n ?? 0) + 1;
      joinShards(database, from, carried, revision, n);
      const names = new Set(revision.shards.map(({ name }) => name));
      const lost = (before?.revision.shards ?? []).flatMap(({ name }) => (names.has(name) ? [] : [name]));
      for (const name of lost) closeShard(database, openShard(database, name), n);
      for (const kind of ["kev", "epss", "epss-curve"]) writeKind(database, kind, n, chunksOf(from, kind, only));
      const identity = finish(database, before, n, revision, readOrigin(database)?.keep ?? KEPT_REVISIONS);
      return { ...identity, lost };
    } finally {
      from.close();
    }
  });
}

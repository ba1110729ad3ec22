import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { statSync } from "node:fs";
import { byCodeUnit } from "../artifact/entry-path.ts";
import { canonicalJson } from "../format/json.ts";
import type { EpssRow } from "../format/epss.ts";
import type { IndexIdentity } from "../model/advisory.ts";
import type { Timestamp } from "../model/digest.ts";
import type { Json } from "../model/statement.ts";
import { unpack } from "./block.ts";
import { connectIndex, guarded, type NumberedRevision, pragma, readRevisions } from "./index-connect.ts";
import { dictionaries, readLines } from "./index-file.ts";
import {
  identityOf,
  indexFault,
  isOf,
  LIVE,
  PACKAGE_SPAN,
  recordHash,
  type ScoreState,
  type ShardState,
  stateOf,
} from "./index-form.ts";
import { packageKey } from "./names.ts";
import { epssDigest, kevDigest, readChunk, readCurve } from "./score-form.ts";
import { chunkReader, readKev } from "./score-read.ts";

/** What an index may unpack to: so much, and so many times its own size. Advisories pack some 10 to 1. */
const FREE_BYTES = 1 << 30;
const MAX_RATIO = 200;
const NEVER = Number.MAX_SAFE_INTEGER;

/** From one revision on and until before another. */
interface Span {
  readonly since: number;
  readonly until: number;
}

interface RecordRow extends Span {
  readonly id: string;
  readonly modified: Timestamp;
  readonly hash: Uint8Array | null;
}

/** One advisory of a record as a block holds it, by the hash of its text. */
interface Piece extends Span {
  readonly hash: string;
}

const untilOf = (value: unknown): number => (value === null ? NEVER : Number(value));

/** Reads every block once: what each record says, by shard and id, and when. */
function readPieces(database: DatabaseSync, path: string): ReadonlyMap<string, Piece[]> {
  const dictionaryOf = dictionaries(database);
  const names = new Map(
    database
      .prepare("SELECT n, name FROM shard")
      .all()
      .map(({ n, name }) => [Number(n), String(name)]),
  );
  const packages = new Map<number, { readonly eco: string; readonly name: string; readonly shard: number }>();
  for (const { eco, name, shard, n } of database.prepare("SELECT eco, name, shard, n FROM package").iterate()) {
    packages.set(Number(n), { eco: String(eco), name: String(name), shard: Number(shard) });
  }
  const pieces = new Map<string, Piece[]>();
  let left = FREE_BYTES + MAX_RATIO * statSync(path).size;
  for (const row of database.prepare("SELECT n, since, until, body FROM block ORDER BY n").iterate()) {
    const owner = packages.get(Math.floor(Number(row["n"]) / PACKAGE_SPAN));
    const shard = owner === undefined ? undefined : names.get(owner.shard);
    if (owner === undefined || shard === undefined) throw indexFault(path, "records of no package", "DIGEST");
    const text = unpack(row["body"], dictionaryOf(owner.shard)).toString();
    left -= text.length;
    if (left < 0) throw indexFault(path, "far more content than its size allows");
    const lines = text.split("\n");
    for (const [at, { ecosystem, name, id }] of readLines(text, path).entries()) {
      const found = packageKey(ecosystem, name);
      if (found.ecosystem !== owner.eco || found.name !== owner.name || !isOf(shard, ecosystem))
        throw indexFault(path, "a record under another package's name", "DIGEST");
      const key = `${owner.shard} ${id}`;
      const list = pieces.get(key) ?? [];
      list.push({
        since: Number(row["since"]),
        until: untilOf(row["until"]),
        hash: hash("sha256", lines[at] ?? "", "hex"),
      });
      pieces.set(key, list);
    }
  }
  return pieces;
}

/** A block that was written anew for its neighbour's sake holds the same text on: one piece. */
function joinPieces(pieces: readonly Piece[]): readonly Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces.toSorted((a, b) => byCodeUnit(a.hash, b.hash) || a.since - b.since)) {
    const last = joined.at(-1);
    if (last?.hash === piece.hash && last.until === piece.since)
      joined[joined.length - 1] = { ...last, until: piece.until };
    else joined.push(piece);
  }
  return joined;
}

/** Whether a record's rows say of each time exactly what the blocks hold. `oldest`: what ended before was pruned. */
function agree(rows: readonly RecordRow[], pieces: readonly Piece[], oldest: number): boolean {
  const joined = joinPieces(pieces);
  let used = 0;
  for (const row of rows) {
    const said = joined.filter(
      ({ since, until }) => until === row.until && Math.max(since, oldest) === Math.max(row.since, oldest),
    );
    used += said.length;
    const found = said.length === 0 ? null : recordHash(said.map((piece) => Buffer.from(piece.hash, "hex")));
    if (found === null ? row.hash !== null : row.hash === null || Buffer.compare(found, row.hash) !== 0) return false;
  }
  return used === joined.length;
}

/** Compares every record with the blocks; gives the records of each shard by its name, sorted by id. */
function readRecords(database: DatabaseSync, path: string, oldest: number): ReadonlyMap<string, readonly RecordRow[]> {
  const pieces = readPieces(database, path);
  const records = new Map<string, RecordRow[]>();
  let compared = 0;
  let [key, rows] = ["", [] as RecordRow[]];
  const close = (): void => {
    const said = pieces.get(key) ?? [];
    if (said.length > 0) compared += 1;
    if (!agree(rows, said, oldest))
      throw indexFault(path, `a changed record: ${key.slice(key.indexOf(" ") + 1)}`, "DIGEST");
    rows = [];
  };
  const query = `SELECT shard, shard.name AS name, id, since, until, modified, hash FROM record JOIN shard ON shard.n = shard ORDER BY shard, id, since`;
  for (const row of database.prepare(query).iterate()) {
    const [id, name] = [String(row["id"]), String(row["name"])];
    const next = `${String(row["shard"])} ${id}`;
    if (next !== key) {
      close();
      key = next;
    }
    const content = row["hash"] instanceof Uint8Array ? row["hash"] : null;
    const modified = String(row["modified"]);
    const record = { id, modified, since: Number(row["since"]), until: untilOf(row["until"]), hash: content };
    rows.push(record);
    const shard = records.get(name);
    if (shard === undefined) records.set(name, [record]);
    else shard.push(record);
  }
  close();
  if (compared !== pieces.size) throw indexFault(path, "advisories of no record", "DIGEST");
  return records;
}

/** What a revision says of a shard, its counts too: they are in no digest. */
function same(found: ShardState, told: ShardState): boolean {
  return canonicalJson(found as unknown as Json) === canonicalJson(told as unknown as Json);
}

function verifyShards(
  { n, revision }: NumberedRevision,
  records: ReadonlyMap<string, readonly RecordRow[]>,
  path: string,
): void {
  let live = 0;
  for (const shard of revision.shards) {
    const rows = (records.get(shard.name) ?? []).filter(({ since, until }) => since <= n && n < until);
    const said = rows.flatMap(({ id, modified, hash: content }) =>
      content === null ? [] : [{ id, modified, hash: content }],
    );
    live += rows.length;
    if (!same(stateOf(shard.name, said), shard)) throw indexFault(path, `other records of ${shard.name}`, "DIGEST");
  }
  // A look-up joins all shards: one that the revision does not name must hold nothing.
  let all = 0;
  for (const rows of records.values()) all += rows.filter(({ since, until }) => since <= n && n < until).length;
  if (all !== live) throw indexFault(path, "records of a shard that no revision names", "DIGEST");
}

function verifyScores(database: DatabaseSync, { n, revision }: NumberedRevision, path: string): void {
  const chunk = chunkReader(database, n);
  const { kev, epss } = revision;
  const compare = (state: ScoreState | undefined, found: () => readonly [digest: string, entries: number]): void => {
    if (state === undefined) return;
    const [digest, entries] = found();
    if (digest !== state.digest || entries !== state.entries) throw indexFault(path, "other scores", "DIGEST");
  };
  compare(kev, () => {
    const entries = readKev(chunk("kev", ""), path);
    return [kevDigest(entries), entries.length];
  });
  compare(epss, () => {
    const curve = readCurve(chunk("epss-curve", "") ?? new Uint8Array());
    const rows: EpssRow[] = [];
    for (const { key } of database.prepare(`SELECT key FROM chunk WHERE kind = 'epss' AND ${LIVE}`).all(n, n)) {
      const year = Number(/^\d{4}(?=-)/.exec(String(key))?.[0]);
      for (const { number, score, percentile } of readChunk(chunk("epss", String(key)) ?? new Uint8Array()))
        rows.push({ year, number, score, percentile: percentile ?? curve.get(score) ?? -1 });
    }
    rows.sort((a, b) => a.year - b.year || a.number - b.number);
    return [epssDigest({ date: epss?.date ?? "", rows }), rows.length];
  });
}

/**
 * Reads the whole index and computes the digests of every kept revision anew: what opening leaves out because it takes as long as
 * the file is large. Gives the identity of the newest, and how many there are. Faults: those of `openIndex`, WB-INDEX-FORM for what
 * is damaged, and WB-INDEX-DIGEST (refused) where records, names or scores are others than the digests say.
 */
export function verifyIndex(path: string): IndexIdentity & { readonly revisions: number } {
  const database = connectIndex(path);
  try {
    return guarded(path, () => {
      if (pragma(database, "integrity_check") !== "ok") throw indexFault(path, "a damaged tree");
      const revisions = readRevisions(database, path);
      const [newest] = revisions;
      if (newest === undefined) throw indexFault(path, "no description of itself");
      const records = readRecords(database, path, revisions.at(-1)?.n ?? newest.n);
      for (const revision of revisions) {
        verifyShards(revision, records, path);
        verifyScores(database, revision, path);
      }
      return { ...identityOf(newest.digest, newest.revision), revisions: revisions.length };
    });
  } finally {
    database.close();
  }
}

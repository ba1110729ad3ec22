import type { DatabaseSync } from "node:sqlite";
import type { Timestamp } from "../model/digest.ts";
import type { Bucket } from "./bucket.ts";
import { isLater } from "./index-form.ts";
import { writeShard } from "./shard-write.ts";
import { emptyStage, type Shard, Staging, type Tally } from "./staging.ts";

/** How a shard was brought to the bucket's state: by its archive, by single records, or not at all. */
export interface ShardUpdate {
  readonly name: string;
  readonly by: "archive" | "records" | "nothing";
  /** Records that were read. */
  readonly read: number;
  /** Records that are new, changed or gone. */
  readonly changed: number;
}

interface Plan {
  /** Undefined: all. */
  readonly wanted?: ReadonlySet<string>;
  readonly gone: readonly string[];
  readonly times?: ReadonlyMap<string, Timestamp>;
  readonly tag?: string;
}

/** The shard of a name; made where there is none. */
export function openShard(database: DatabaseSync, name: string): Shard {
  const found = database.prepare("SELECT n FROM shard WHERE name = ?").get(name)?.["n"];
  if (typeof found === "number") return { n: found, name };
  const n = Number(database.prepare("INSERT INTO shard VALUES (NULL, ?, NULL)").run(name).lastInsertRowid);
  return { n, name };
}

/** Ends all that a shard holds. */
export function closeShard(database: DatabaseSync, shard: Shard, revision: number): void {
  emptyStage(database);
  writeShard(database, shard, revision, { whole: true, gone: [] });
}

/** What must be read so that the shard is as the bucket: everything where it is new, has no list or changed much. */
async function planOf(database: DatabaseSync, bucket: Bucket, shard: Shard, tag?: string): Promise<Plan | undefined> {
  const live = new Map<string, Timestamp>();
  for (const { id, modified } of database
    .prepare("SELECT id, modified FROM record WHERE shard = ? AND until IS NULL")
    .iterate(shard.n)) {
    live.set(String(id), String(modified));
  }
  const list = await bucket.modified(shard.name, live.size > 0 ? tag : undefined);
  if (list === undefined) return { gone: [] };
  const { times } = list;
  if (times === undefined) return undefined;
  const known = { times, ...(list.tag !== undefined && { tag: list.tag }) };
  const wanted = new Set([...times].flatMap(([id, time]) => (live.get(id) === time ? [] : [id])));
  if (live.size === 0 || bucket.isMuch(wanted.size, times.size)) return { gone: [], ...known };
  const missing = [...live.keys()].filter((id) => !times.has(id));
  const stays = missing.length === 0 ? new Set() : await bucket.unlisted(shard.name, missing);
  return { wanted, gone: missing.filter((id) => !stays.has(id)), ...known };
}

const stagedTimes = (database: DatabaseSync): ReadonlyMap<string, Timestamp> =>
  new Map(
    database
      .prepare("SELECT id, modified FROM stage")
      .all()
      .map(({ id, modified }) => [String(id), String(modified)]),
  );

/** Reads what the plan asks for into a staging; gives how many records that were, and what the list names and nobody has. */
async function read(
  database: DatabaseSync,
  bucket: Bucket,
  shard: Shard,
  { wanted, times }: Plan,
  tally: Tally,
): Promise<{ readonly read: number; readonly missing: readonly string[] }> {
  const staging = new Staging(database, shard, tally, times !== undefined);
  let count = 0;
  const broken = new Set<string>();
  const take = async (ids: ReadonlySet<string> | undefined): Promise<void> => {
    for await (const record of bucket.records(shard.name, ids)) {
      if (bucket.remote && times !== undefined && !times.has(record.id)) continue;
      count += 1;
      if (!staging.take(record)) broken.add(record.id);
    }
  };
  if (wanted === undefined || wanted.size > 0) await take(wanted);
  if (times === undefined) return { read: count, missing: [] };
  const lateOf = (): readonly string[] => {
    const staged = stagedTimes(database);
    return [...(wanted ?? times.keys())].filter((id) => {
      const [found, listed] = [staged.get(id), times.get(id)];
      return found === undefined || (listed !== undefined && isLater(listed, found));
    });
  };
  let late = lateOf();
  // The archive of a bucket that is written to lags behind its list.
  if (wanted === undefined && bucket.remote && late.length > 0 && !bucket.isMuch(late.length, times.size)) {
    await take(new Set(late));
    late = lateOf();
  }
  const staged = stagedTimes(database);
  return { read: count, missing: late.filter((id) => !staged.has(id) && !broken.has(id)) };
}

/**
 * Brings one shard to the state of its folder in the bucket, as of `revision`. `tag`: what the list was called when it was read the
 * last time; the new one is given back where everything that the list names was there.
 */
export async function updateShard(
  database: DatabaseSync,
  bucket: Bucket,
  shard: Shard,
  revision: number,
  tally: Tally,
  tag?: string,
): Promise<{ readonly update: ShardUpdate; readonly tag?: string }> {
  const plan = await planOf(database, bucket, shard, tag);
  if (plan === undefined)
    return { update: { name: shard.name, by: "nothing", read: 0, changed: 0 }, ...(tag !== undefined && { tag }) };
  const { read: count, missing } = await read(database, bucket, shard, plan, tally);
  for (const id of missing) tally.reject(`${shard.name}/${id}.json`, "the list names it, and it is not there");
  const gone = [...plan.gone];
  if (plan.wanted !== undefined) {
    // What is there and cannot be read any more is left out, as in an index that is built anew.
    const staged = stagedTimes(database);
    for (const id of plan.wanted) if (!staged.has(id)) gone.push(id);
  }
  const changed = writeShard(database, shard, revision, { whole: plan.wanted === undefined, gone });
  return {
    update: { name: shard.name, by: plan.wanted === undefined ? "archive" : "records", read: count, changed },
    ...(plan.tag !== undefined && missing.length === 0 && { tag: plan.tag }),
  };
}

import type { DatabaseSync } from "node:sqlite";
import { cleanText } from "../artifact/clean-text.ts";
import { byCodeUnit } from "../artifact/entry-path.ts";
import { canonicalJson } from "../format/json.ts";
import type { IndexIdentity } from "../model/advisory.ts";
import type { Timestamp } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import type { Unknown } from "../model/sbom.ts";
import type { Json } from "../model/statement.ts";
import type { Fetch, Progress } from "../model/world.ts";
import { type Bucket, bucketFault } from "./bucket.ts";
import { openBucket, readNamed } from "./bucket-open.ts";
import { connectIndex, findRevision, guarded, type NumberedRevision } from "./index-connect.ts";
import { identityOf, type Revision, revisionDigest, type ShardState } from "./index-form.ts";
import { type Origin, readOrigin, writeOrigin } from "./index-origin.ts";
import { partsOf, removeParts } from "./download.ts";
import { withPrivateCopy } from "./private-copy.ts";
import { pruneRevisions } from "./prune.ts";
import { writeEpss, writeKev } from "./score-write.ts";
import { closeShard, openShard, type ShardUpdate, updateShard } from "./shard-update.ts";
import { shardState } from "./shard-write.ts";
import { Tally } from "./staging.ts";

/** How an index is brought up to date, beside where its advisories come from. */
export interface UpdateOptions {
  /** Only these ecosystems' folders (OSV's spelling); default: those of the last time, else all. */
  readonly ecosystems?: readonly string[] | undefined;
  /** CISA's catalog (JSON or CSV) and FIRST's scores (CSV, plain or gzip), by file or URL; default: those of the last time. */
  readonly kev?: string | undefined;
  readonly epss?: string | undefined;
  /** How many revisions are kept, this one among them; default: as the last time, else 30. */
  readonly keep?: number | undefined;
  /** When this is, as the revision tells it; no part of any digest. */
  readonly at?: Timestamp | undefined;
  /** The network. Without it a URL is refused. */
  readonly fetch?: Fetch | undefined;
  readonly progress?: Progress | undefined;
}

/** What came of a build or an update, beside the index's identity. */
export interface BuiltIndex extends IndexIdentity {
  /** Records that give nothing: withdrawn, or about no package of their folder's ecosystem. */
  readonly passedOver: number;
  /** Records that could not be read, and the first of them with the reason. */
  readonly broken: number;
  readonly examples: readonly Unknown[];
  readonly updates: readonly ShardUpdate[];
  /** Whether anything is other than it was before. */
  readonly changed: boolean;
}

export const KEPT_REVISIONS = 30;

/** An empty index would call everything clean. */
function emptyFault(from: string, { broken, passedOver, examples }: Tally, expected: string): Fault {
  const [first] = examples;
  return new Fault({
    code: "WB-ADVISORIES-EMPTY",
    kind: "input",
    what: "there are no advisories to make an index of",
    where: cleanText(from, 300),
    expected,
    found: `${broken} broken records, ${passedOver} withdrawn or about no package of their folder's ecosystem${first ? `; ${first.where}: ${first.what}` : ""}`,
    fix: "name the folder that holds the ecosystems' folders with --from",
  });
}

/** An ecosystem that was asked for and is not among those that are there. */
export function missingShard(where: string, missing: string, there: readonly string[]): Fault {
  const alike = there.filter((name) => name.toLowerCase() === missing.toLowerCase());
  return new Fault({
    code: "WB-ADVISORIES-EMPTY",
    kind: "input",
    what: `there are no advisories of ${cleanText(missing, 100)}`,
    where: cleanText(where, 300),
    expected: `one of ${cleanText((alike.length > 0 ? alike : there.slice(0, 40)).join(", "), 600)}`,
    fix: "write the ecosystem as its folder is called: upper and lower case differ",
  });
}

/** Which shards the index is to have. Throws where one that was asked for, or was there the last time, is not in the bucket. */
async function shardNames(
  bucket: Bucket,
  asked: readonly string[] | undefined,
  before: Revision | undefined,
): Promise<readonly string[]> {
  const there = await bucket.ecosystems();
  const names = asked === undefined ? there : [...new Set(asked)];
  const missing = asked?.find((name) => !there.includes(name));
  if (missing !== undefined) throw missingShard(bucket.name, missing, there);
  // A folder that went away is more often a mistake of a mirror than the end of an ecosystem, and would call its packages clean.
  const lost = asked === undefined ? before?.shards.find(({ name }) => !there.includes(name)) : undefined;
  if (lost !== undefined) {
    throw bucketFault(
      `${bucket.name}/${lost.name}`,
      "this ecosystem's folder is gone; --ecosystem names those that are wanted",
    );
  }
  return [...names].sort(byCodeUnit);
}

interface Update {
  /** Where archives of a URL are kept until the index is complete. */
  readonly parts: string;
  readonly database: DatabaseSync;
  readonly before: NumberedRevision | undefined;
  readonly origin: Origin;
  readonly options: UpdateOptions;
}

async function writeRevision({ database, before, origin, options, parts }: Update): Promise<BuiltIndex> {
  const bucket = openBucket(origin.from, options.fetch, parts);
  const n = (before?.n ?? 0) + 1;
  const tally = new Tally();
  const updates: ShardUpdate[] = [];
  const shards: ShardState[] = [];
  const tags: Record<string, string> = {};
  const old = new Map(before?.revision.shards.map((shard) => [shard.name, shard]));
  for (const name of await shardNames(bucket, origin.ecosystems, before?.revision)) {
    options.progress?.("read advisories", name);
    const shard = openShard(database, name);
    const { update, tag } = await updateShard(database, bucket, shard, n, tally, origin.tags?.[name]);
    const known = old.get(name);
    updates.push(update);
    if (tag !== undefined) tags[name] = tag;
    shards.push(update.changed > 0 || known === undefined ? shardState(database, shard) : known);
    old.delete(name);
  }
  for (const name of old.keys()) closeShard(database, openShard(database, name), n);
  if (shards.every(({ records }) => records === 0)) {
    throw emptyFault(origin.from, tally, "an OSV bucket: ECOSYSTEM/all.zip or ECOSYSTEM/ID.json");
  }
  const { kev: kevBefore, epss: epssBefore } = before?.revision ?? {};
  const { kev, epss } = origin;
  const revision: Revision = {
    shards,
    ...(kev !== undefined && {
      kev: writeKev(database, n, await readNamed(kev, "the KEV catalog", options.fetch), kev, kevBefore),
    }),
    ...(epss !== undefined && {
      epss: writeEpss(database, n, await readNamed(epss, "the EPSS scores", options.fetch), epss, epssBefore),
    }),
    ...(options.at !== undefined && { at: options.at }),
  };
  writeOrigin(database, { ...origin, tags });
  return { ...finish(database, before, n, revision, origin.keep ?? KEPT_REVISIONS), updates, ...told(tally) };
}

function told({ passedOver, broken, examples }: Tally): Pick<BuiltIndex, "passedOver" | "broken" | "examples"> {
  return { passedOver, broken, examples };
}

/** Closes an update: a revision is added where anything is other than before, and the oldest ones go. */
export function finish(
  database: DatabaseSync,
  before: NumberedRevision | undefined,
  n: number,
  revision: Revision,
  keep: number,
): IndexIdentity & { readonly changed: boolean } {
  const digest = revisionDigest(revision);
  const changed = digest !== before?.digest;
  if (changed) {
    const text = canonicalJson(revision as unknown as Json);
    database.prepare("INSERT INTO revision VALUES (?, ?, ?)").run(n, digest, text);
  }
  pruneRevisions(database, keep);
  return { ...identityOf(digest, revision), changed };
}

/**
 * Makes one index file of a bucket in OSV's layout (a folder or a URL), of `ecosystems` only where given. Withdrawn records are left
 * out; broken ones are counted and told, and stop nothing. The file takes the place of an older one only when it is complete; the
 * same records give the same digest, whatever way they came in, and built anew in the same order the same bytes (of one SQLite).
 * Faults: WB-SOURCE-MISSING, WB-SOURCE-UNREADABLE, WB-ADVISORIES-UNREADABLE, WB-ADVISORIES-EMPTY, WB-INDEX-BUSY,
 * WB-OUTPUT-UNWRITABLE, WB-OUTPUT-DISK-FULL, those of `parseKev` and `parseEpss`, of a URL those of `download`.
 */
export function buildIndex(
  from: string,
  output: string,
  ecosystems?: readonly string[],
  options: UpdateOptions = {},
): Promise<BuiltIndex> {
  const origin = named(from, ecosystems, options);
  const parts = partsOf(output);
  return withPrivateCopy(
    output,
    undefined,
    (database) => writeRevision({ database, before: undefined, origin, options, parts }),
    () => removeParts(parts),
  );
}

/**
 * Brings an index to the state of its bucket: only what the bucket's list says has changed is read, or everything where that is
 * much. The revisions before stay readable by their digests, as many as are kept. `from` and the options default to those of the
 * last time; an ecosystem that is no longer asked for goes. Faults: those of `openIndex` and of `buildIndex`.
 */
export async function updateIndex(path: string, from?: string, options: UpdateOptions = {}): Promise<BuiltIndex> {
  connectIndex(path).close();
  const parts = partsOf(path);
  const work = (database: DatabaseSync): Promise<BuiltIndex> => {
    const before = guarded(path, () => findRevision(database, path));
    const known = readOrigin(database);
    const place = from ?? known?.from;
    if (place === undefined) throw unknownOrigin(path);
    const { tags, ...rest } = known ?? {};
    const origin: Origin = {
      ...rest,
      ...named(place, options.ecosystems, options),
      ...(tags !== undefined && place === known?.from && { tags }),
    };
    return writeRevision({ database, before, origin, options, parts });
  };
  return withPrivateCopy(path, path, work, () => removeParts(parts));
}

function named(from: string, ecosystems: readonly string[] | undefined, { kev, epss, keep }: UpdateOptions): Origin {
  return {
    from,
    ...(ecosystems !== undefined && { ecosystems }),
    ...(kev !== undefined && { kev }),
    ...(epss !== undefined && { epss }),
    ...(keep !== undefined && { keep }),
  };
}

function unknownOrigin(path: string): Fault {
  return new Fault({
    code: "WB-ADVISORIES-EMPTY",
    kind: "input",
    what: "the index does not know where its advisories come from",
    where: cleanText(path, 300),
    fix: "name the bucket: waybill db update --from DIR|URL",
  });
}

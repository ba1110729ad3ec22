import { hash } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { cleanText } from "../artifact/clean-text.ts";
import { canonicalJson, parseJson } from "../format/json.ts";
import { readOsv } from "../format/osv.ts";
import type { Advisory } from "../model/advisory.ts";
import type { Timestamp } from "../model/digest.ts";
import { Fields, rootPlace } from "../format/shape.ts";
import { Fault } from "../model/fault.ts";
import type { Unknown } from "../model/sbom.ts";
import type { Json } from "../model/statement.ts";
import { type BucketRecord, isRecordId } from "./bucket.ts";
import { isLater, isOf, recordHash } from "./index-form.ts";
import { packageKey } from "./names.ts";
import { writeSteps } from "./varint.ts";

const MAX_EXAMPLES = 20;
/** What one record may say about all its packages together: each takes a copy of what they share. */
const MAX_RECORD_BYTES = 32 << 20;

/** A shard by its number and name. */
export interface Shard {
  readonly n: number;
  readonly name: string;
}

/** A record as it will be written. `hash` is null where it says nothing about this shard's ecosystem. */
export interface StagedRecord {
  readonly id: string;
  readonly modified: Timestamp;
  readonly bodies: readonly { readonly ecosystem: string; readonly name: string; readonly text: string }[];
  readonly hash: Uint8Array | null;
}

/** What happened to the records that were read. */
export class Tally {
  /** Records that give nothing: withdrawn, or about no package of this ecosystem. */
  passedOver = 0;
  /** Records that could not be read, and the first of them with the reason. */
  broken = 0;
  readonly examples: Unknown[] = [];

  reject(where: string, what: string): undefined {
    this.broken += 1;
    if (this.examples.length < MAX_EXAMPLES) this.examples.push({ where: cleanText(where), what: cleanText(what) });
    return undefined;
  }
}

/** Makes the temporary tables, empty: what they held is written or given up. */
export function emptyStage(database: DatabaseSync): void {
  database.exec(`DROP TABLE IF EXISTS temp.stage; DROP TABLE IF EXISTS temp.staged;
    CREATE TEMP TABLE stage(id TEXT PRIMARY KEY, n INTEGER, modified TEXT, hash BLOB, packages BLOB, changed INTEGER) WITHOUT ROWID;
    CREATE TEMP TABLE staged(package INTEGER, id TEXT, n INTEGER, body TEXT)`);
}

/**
 * The records of one shard on their way into the index, in temporary tables of the same connection, so that any number can be sorted
 * without holding them in memory. Of an id that comes twice the newer one counts. What the index has already is only marked.
 *
 * `stage` has each id once; `staged` the advisories of what is new or changed, of which those of the row's `n` count.
 */
export class Staging {
  readonly #shard: Shard;
  readonly #tally: Tally;
  readonly #live: StatementSync;
  readonly #seen: StatementSync;
  readonly #mark: StatementSync;
  readonly #add: StatementSync;
  readonly #packageOf: StatementSync;
  readonly #addPackage: StatementSync;
  readonly #listed: boolean;
  #packages: number;
  #n = 0;

  /** `listed`: the bucket names its records in a list, so that a record must be what its file is called. */
  constructor(database: DatabaseSync, shard: Shard, tally: Tally, listed = false) {
    this.#listed = listed;
    this.#shard = shard;
    this.#tally = tally;
    emptyStage(database);
    this.#live = database.prepare("SELECT hash FROM record WHERE shard = ? AND id = ? AND until IS NULL");
    this.#seen = database.prepare("SELECT modified, hash FROM stage WHERE id = ?");
    this.#mark = database.prepare("INSERT OR REPLACE INTO stage VALUES (?, ?, ?, ?, ?, ?)");
    this.#add = database.prepare("INSERT INTO staged VALUES (?, ?, ?, ?)");
    this.#packageOf = database.prepare("SELECT n FROM package WHERE eco = ? AND name = ? AND shard = ?");
    this.#addPackage = database.prepare("INSERT INTO package VALUES (?, ?, ?, ?)");
    this.#packages = Number(database.prepare("SELECT max(n) AS n FROM package").get()?.["n"] ?? 0);
  }

  /** Takes a record in, or counts it among the broken ones; tells which. */
  take(record: BucketRecord): boolean {
    const read = this.#read(record);
    if (read !== undefined) this.put(read);
    return read !== undefined;
  }

  /** Takes in a record that was read. */
  put(read: StagedRecord): void {
    const { id, modified, bodies, hash: content } = read;
    const seen = this.#seen.get(id);
    if (seen !== undefined && !isNewer(read, seen)) return;
    const live = this.#live.get(this.#shard.n, id);
    const changed = live === undefined || !sameHash(live["hash"], content);
    this.#n += 1;
    const packages = changed ? bodies.map(({ ecosystem, name }) => this.#number(ecosystem, name)) : [];
    const steps = writeSteps([...new Set(packages)].sort((a, b) => a - b));
    this.#mark.run(id, this.#n, modified, content, steps, changed ? 1 : 0);
    if (!changed) return;
    for (const [index, { text }] of bodies.entries()) this.#add.run(packages[index] ?? 0, id, this.#n, text);
  }

  /** Under one spelling of the name, whatever the record's (PyPI's `XML2Dict`). */
  #number(ecosystem: string, name: string): number {
    const key = packageKey(ecosystem, name);
    const found = this.#packageOf.get(key.ecosystem, key.name, this.#shard.n)?.["n"];
    if (typeof found === "number") return found;
    this.#packages += 1;
    this.#addPackage.run(key.ecosystem, key.name, this.#shard.n, this.#packages);
    return this.#packages;
  }

  #read(record: BucketRecord): StagedRecord | undefined {
    if ("problem" in record) return this.#tally.reject(record.where, record.problem);
    try {
      return this.#parse(record.bytes, record.where, record.id);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return this.#tally.reject(record.where, error.message);
    }
  }

  #parse(bytes: Uint8Array, where: string, file: string): StagedRecord | undefined {
    const json = parseJson(bytes, where);
    const read = readOsv(json, where);
    const [problem] = read.problems;
    // What one part of a record has wrong with it does not silence the others.
    if (problem !== undefined) this.#tally.reject(problem.facts.where ?? where, problem.message);
    if (problem !== undefined && read.advisories.length === 0) return undefined;
    const advisories = read.advisories.filter(({ ecosystem }) => isOf(this.#shard.name, ecosystem));
    // A withdrawn record gives no advisories, and must be known all the same, or it would be read again and again.
    const root = new Fields(json, rootPlace(where, "WB-ADVISORY-FORM"));
    const [id, modified] = [root.string("id"), root.timestamp("modified")];
    if (this.#listed && id !== file) return this.#tally.reject(where, `it calls itself ${id}`);
    if (!isRecordId(id)) return this.#tally.reject(where, "an id that is no name of a file");
    const bodies = bodiesOf(advisories);
    if (bodies === undefined) return this.#tally.reject(where, `it says more than ${MAX_RECORD_BYTES} bytes`);
    if (bodies.length === 0) this.#tally.passedOver += 1;
    return { id, modified, bodies, hash: hashOf(bodies.map(({ text }) => text)) };
  }
}

/** The one form of each advisory as text, which the hash is over; undefined where they are too large together. */
function bodiesOf(advisories: readonly Advisory[]): StagedRecord["bodies"] | undefined {
  let left = MAX_RECORD_BYTES;
  const bodies: { ecosystem: string; name: string; text: string }[] = [];
  for (const advisory of advisories) {
    // The model is JSON throughout; only its optional members make the types differ.
    const text = canonicalJson(advisory as unknown as Json);
    left -= text.length;
    if (left < 0) return undefined;
    bodies.push({ ecosystem: advisory.ecosystem, name: advisory.name, text });
  }
  return bodies;
}

/** A record's hash by the texts of its advisories; null where there are none. */
function hashOf(texts: readonly string[]): Uint8Array | null {
  return texts.length === 0 ? null : recordHash(texts.map((text) => hash("sha256", text, "buffer")));
}

function sameHash(a: unknown, b: Uint8Array | null): boolean {
  return b === null ? a === null : a instanceof Uint8Array && Buffer.compare(a, b) === 0;
}

/** The later `modified`; of one time the greater hash, so that the order of reading decides nothing. */
function isNewer(read: StagedRecord, seen: Readonly<Record<string, unknown>>): boolean {
  const other = String(seen["modified"]);
  if (read.modified !== other) return isLater(read.modified, other);
  const [mine, theirs] = [read.hash ?? new Uint8Array(), seen["hash"]];
  return Buffer.compare(mine, theirs instanceof Uint8Array ? theirs : new Uint8Array()) > 0;
}

import { createHash, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { cleanText } from "../artifact/clean-text.ts";
import { systemCode } from "../artifact/source-fault.ts";
import { canonicalJson, parseJson } from "../format/json.ts";
import { readOsv } from "../format/osv.ts";
import type { Advisory, IndexIdentity } from "../model/advisory.ts";
import { Fault } from "../model/fault.ts";
import type { Unknown } from "../model/sbom.ts";
import type { Json } from "../model/statement.ts";
import { readBucket, type BucketRecord } from "./bucket.ts";
import { APPLICATION_ID, FORM_VERSION, SCHEMA, type IndexMeta } from "./index-form.ts";
import { packageKey } from "./names.ts";

/** What came of a build, beside the index's identity. */
export interface BuiltIndex extends IndexIdentity {
  /** Rows: one a record and package. */
  readonly advisories: number;
  /** Records that give nothing: withdrawn, or about no package. */
  readonly passedOver: number;
  /** Records that could not be read, and the first of them with the reason. */
  readonly broken: number;
  readonly examples: readonly Unknown[];
}

const MAX_EXAMPLES = 20;
const MAX_SOURCES = 50;
/** SQLite's primary result code for a full disk. */
const SQLITE_FULL = 13;

/** Collects records into a table of its own, so that any number can be sorted without holding them in memory. */
class Staging {
  readonly #database: DatabaseSync;
  /** The newest `modified` of each id: a record that lies in several ecosystems' folders may be older in one of them. */
  readonly newest = new Map<string, string>();
  readonly examples: Unknown[] = [];
  broken = 0;
  passedOver = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(
      "PRAGMA temp_store = FILE; CREATE TEMP TABLE stage(eco TEXT, name TEXT, id TEXT, modified TEXT, body TEXT)",
    );
  }

  fill(records: Iterable<BucketRecord>, wanted: (ecosystem: string) => boolean): void {
    const insert = this.#database.prepare("INSERT INTO stage VALUES (?, ?, ?, ?, ?)");
    for (const record of records) {
      const advisories = this.#read(record)?.filter(({ ecosystem }) => wanted(ecosystem));
      if (advisories === undefined) continue;
      if (advisories.length === 0) this.passedOver += 1;
      for (const advisory of advisories) {
        const { ecosystem, name, id, modified } = advisory;
        const body = this.#canonical(advisory, record.where);
        if (body === undefined) continue;
        if (modified > (this.newest.get(id) ?? "")) this.newest.set(id, modified);
        // Under one spelling of the name, whatever the record's (PyPI's `XML2Dict`).
        const key = packageKey(ecosystem, name);
        insert.run(key.ecosystem, key.name, id, modified, body);
      }
    }
  }

  #read(record: BucketRecord): readonly Advisory[] | undefined {
    if ("problem" in record) return this.#reject(record.where, record.problem);
    return this.#attempt(record.where, () => {
      const { advisories, problems } = readOsv(parseJson(record.bytes, record.where), record.where);
      const [first] = problems;
      // What one part of a record has wrong with it does not silence the others.
      if (first !== undefined) this.#reject(first.facts.where ?? record.where, first.message);
      return problems.length > 0 && advisories.length === 0 ? undefined : advisories;
    });
  }

  /** A record's one form as text: what the digest is over. */
  #canonical(advisory: Advisory, where: string): string | undefined {
    // The model is JSON throughout; only its optional members make the types differ.
    return this.#attempt(where, () => canonicalJson(advisory as unknown as Json));
  }

  #attempt<T>(where: string, step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return this.#reject(where, error.message);
    }
  }

  #reject(where: string, what: string): undefined {
    this.broken += 1;
    if (this.examples.length < MAX_EXAMPLES) this.examples.push({ where: cleanText(where), what: cleanText(what) });
    return undefined;
  }

  /** Sorted by ecosystem, name, id, text; each text once, of each id the newest. */
  *sorted(): Generator<{ readonly eco: string; readonly name: string; readonly body: string }> {
    let last = "";
    const query = "SELECT eco, name, id, modified, body FROM stage ORDER BY eco, name, id, body";
    for (const row of this.#database.prepare(query).iterate()) {
      const body = String(row["body"]);
      if (body === last || row["modified"] !== this.newest.get(String(row["id"]))) continue;
      last = body;
      yield { eco: String(row["eco"]), name: String(row["name"]), body };
    }
  }
}

/** Counts by the prefix of the id, which names the database that gave it out (OSV schema 1.7, "id"). */
function countSources(ids: Iterable<string>): IndexIdentity["sources"] {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const prefix = /^[A-Za-z][A-Za-z0-9]{0,19}(?=-)/.exec(id)?.[0] ?? "other";
    const name = counts.has(prefix) || counts.size < MAX_SOURCES ? prefix : "other";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, records]) => ({ name, records })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Writes the tables in the order of the records, which makes the same records the same file. */
function writeTables(database: DatabaseSync, staging: Staging, from: string): IndexMeta {
  const addBody = database.prepare("INSERT INTO adv VALUES (?, ?, ?)");
  const addKey = database.prepare("INSERT INTO aff VALUES (?, ?, ?)");
  const hash = createHash("sha256");
  let advisories = 0;
  for (const { eco, name, body } of staging.sorted()) {
    advisories += 1;
    addBody.run(advisories, crc32(body), body);
    addKey.run(eco, name, advisories);
    hash.update(`${body}\n`);
  }
  if (advisories === 0) throw emptyFault(from, staging);
  let modified = "";
  for (const time of staging.newest.values()) if (time > modified) modified = time;
  const identity = { digest: hash.digest("hex"), modified, sources: countSources(staging.newest.keys()) };
  const meta: IndexMeta = { identity, advisories };
  database.prepare("INSERT INTO meta VALUES ('index', ?)").run(JSON.stringify(meta));
  return meta;
}

/** An empty index would call everything clean. */
function emptyFault(from: string, staging: Staging): Fault {
  const { broken, passedOver } = staging;
  const [first] = staging.examples;
  return new Fault({
    code: "WB-ADVISORIES-EMPTY",
    kind: "input",
    what: "there are no advisories to make an index of",
    where: cleanText(from, 300),
    expected: "an OSV bucket: ECOSYSTEM/all.zip or ECOSYSTEM/ID.json",
    found: `${broken} broken records, ${passedOver} withdrawn or about no package${first ? `; ${first.where}: ${first.what}` : ""}`,
    fix: "name the folder that holds the ecosystems' folders with --from",
  });
}

function outputFault(error: unknown, output: string): unknown {
  const code = systemCode(error);
  // What is neither the system's nor SQLite's is a mistake of this program and must be seen as one.
  if (error instanceof Fault || code === undefined) return error;
  const result = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
  const full = result === SQLITE_FULL || code === "ENOSPC";
  return new Fault({
    code: full ? "WB-OUTPUT-DISK-FULL" : "WB-OUTPUT-UNWRITABLE",
    kind: "input",
    what: full ? "the disk is full, the index was not written" : "the index could not be written",
    where: cleanText(output, 300),
    found: cleanText(error instanceof Error ? error.message : "an unknown error"),
    fix: full
      ? "free some space, or write to another disk"
      : "choose a folder that is there and that this user may write to",
  });
}

function fill(database: DatabaseSync, from: string, ecosystems: readonly string[] | undefined): BuiltIndex {
  // The file is new and private until it is renamed: a journal would guard nothing.
  database.exec(`PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORM_VERSION}; BEGIN`);
  for (const [, sql] of SCHEMA) database.exec(sql);
  const staging = new Staging(database);
  const wanted = (ecosystem: string): boolean => ecosystems?.includes(ecosystem.split(":", 1)[0] ?? "") ?? true;
  staging.fill(readBucket(from, ecosystems), wanted);
  const { identity, advisories } = writeTables(database, staging, from);
  database.exec("COMMIT");
  const { broken, examples, passedOver } = staging;
  return { ...identity, advisories, broken, examples, passedOver };
}

/**
 * Makes one index file of a folder in the layout of OSV's public bucket, of `ecosystems` only where given. Withdrawn records
 * are left out; broken ones are counted and told, and stop nothing. The file takes the place of an older one only when it is
 * complete; the same records give the same identity and the same bytes (of one SQLite version).
 * Faults: WB-SOURCE-MISSING, WB-SOURCE-UNREADABLE, WB-ADVISORIES-UNREADABLE, WB-ADVISORIES-EMPTY, WB-OUTPUT-UNWRITABLE,
 * WB-OUTPUT-DISK-FULL.
 */
export function buildIndex(from: string, output: string, ecosystems?: readonly string[]): BuiltIndex {
  const temporary = join(dirname(output), `.${basename(output).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(temporary);
    const built = fill(database, from, ecosystems);
    database.close();
    const file = openSync(temporary, "r+");
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, output);
    return built;
  } catch (error) {
    throw outputFault(error, output);
  } finally {
    if (database?.isOpen === true) database.close();
    rmSync(temporary, { force: true });
  }
}

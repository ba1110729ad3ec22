import type { DatabaseSync } from "node:sqlite";
import { byCodeUnit } from "../artifact/entry-path.ts";
import { BLOCK_BYTES, type Dictionary, dictionaryBytes, makeDictionary, pack, sampleCount, unpack } from "./block.ts";
import { PACKAGE_SPAN, type ShardState, stateOf } from "./index-form.ts";
import type { Shard } from "./staging.ts";
import { readSteps } from "./varint.ts";

/** One advisory of a package: its record's id, and its text. */
interface Line {
  readonly id: string;
  readonly text: string;
}

/**
 * Writes what a `Staging` holds into its shard as of `revision`. `whole`: what was not staged is gone; else what `gone` names. Only
 * blocks with a record that changed are written anew, and the old ones kept for the revisions before. Gives how many records are new,
 * changed or gone.
 */
export function writeShard(
  database: DatabaseSync,
  shard: Shard,
  revision: number,
  { whole, gone }: { readonly whole: boolean; readonly gone: readonly string[] },
): number {
  const leaving = leavingRecords(database, shard, { whole, gone });
  const touched = closeRecords(database, shard, revision, leaving);
  database
    .prepare("INSERT INTO record SELECT ?, id, ?, NULL, modified, hash, packages FROM stage WHERE changed = 1")
    .run(shard.n, revision);
  // A withdrawn record may be withdrawn anew: nothing changes but when it was looked at.
  database
    .prepare(
      "UPDATE record SET modified = stage.modified FROM stage WHERE shard = ? AND record.id = stage.id AND until IS NULL AND changed = 0 AND record.modified <> stage.modified",
    )
    .run(shard.n);
  const blocks = new BlockWriter(database, shard, revision, leaving);
  for (const [number, lines] of stagedPackages(database)) {
    touched.delete(number);
    blocks.rewrite(number, lines);
  }
  for (const number of touched) blocks.rewrite(number, []);
  const added = database.prepare("SELECT id FROM stage WHERE changed = 1").all();
  return new Set([...leaving, ...added.map(({ id }) => String(id))]).size;
}

function leavingRecords(
  database: DatabaseSync,
  shard: Shard,
  { whole, gone }: { readonly whole: boolean; readonly gone: readonly string[] },
): ReadonlySet<string> {
  const condition = whole ? "(stage.id IS NULL OR changed = 1)" : "changed = 1";
  const query = `SELECT record.id AS id FROM record LEFT JOIN stage ON stage.id = record.id
    WHERE shard = ? AND until IS NULL AND ${condition}`;
  const there = database.prepare("SELECT 1 FROM record WHERE shard = ? AND id = ? AND until IS NULL");
  const leaving = new Set(gone.filter((id) => there.get(shard.n, id) !== undefined));
  for (const { id } of database.prepare(query).iterate(shard.n)) leaving.add(String(id));
  return leaving;
}

/** Ends these records, and gives the packages that they were about. */
function closeRecords(
  database: DatabaseSync,
  shard: Shard,
  revision: number,
  leaving: ReadonlySet<string>,
): Set<number> {
  const find = database.prepare("SELECT packages FROM record WHERE shard = ? AND id = ? AND until IS NULL");
  const close = database.prepare("UPDATE record SET until = ? WHERE shard = ? AND id = ? AND until IS NULL");
  const touched = new Set<number>();
  const forget = database.prepare("DELETE FROM record WHERE shard = ? AND id = ? AND until = ? AND hash IS NULL");
  for (const id of leaving) {
    const packages = find.get(shard.n, id)?.["packages"];
    if (packages instanceof Uint8Array) for (const number of readSteps(packages)) touched.add(number);
    close.run(revision, shard.n, id);
    // What said nothing has no history: no digest knows of it, so that no revision may have come between.
    forget.run(shard.n, id, revision);
  }
  return touched;
}

/** What is staged for each package, one package in memory at a time. */
function* stagedPackages(database: DatabaseSync): Generator<readonly [number, readonly Line[]]> {
  const query = `SELECT package, staged.id AS id, body FROM staged JOIN stage ON stage.id = staged.id AND stage.n = staged.n
    ORDER BY package, staged.id`;
  let current: [number, Line[]] | undefined;
  for (const row of database.prepare(query).iterate()) {
    const number = Number(row["package"]);
    if (current?.[0] !== number) {
      if (current !== undefined) yield current;
      current = [number, []];
    }
    current[1].push({ id: String(row["id"]), text: String(row["body"]) });
  }
  if (current !== undefined) yield current;
}

/** Writes the blocks of packages, each at most `BLOCK_BYTES` unless one advisory alone is longer. */
class BlockWriter {
  readonly #revision: number;
  readonly #leaving: ReadonlySet<string>;
  readonly #dictionary: Dictionary;
  readonly #live;
  readonly #last;
  readonly #close;
  readonly #add;

  constructor(database: DatabaseSync, shard: Shard, revision: number, leaving: ReadonlySet<string>) {
    this.#revision = revision;
    this.#leaving = leaving;
    this.#dictionary = dictionaryOf(database, shard);
    this.#live = database.prepare("SELECT n, body FROM block WHERE n BETWEEN ? AND ? AND until IS NULL");
    this.#last = database.prepare("SELECT max(n) AS n FROM block WHERE n BETWEEN ? AND ?");
    this.#close = database.prepare("UPDATE block SET until = ? WHERE n = ?");
    this.#add = database.prepare("INSERT INTO block VALUES (?, ?, NULL, ?)");
  }

  rewrite(number: number, added: readonly Line[]): void {
    const [first, last] = [number * PACKAGE_SPAN, (number + 1) * PACKAGE_SPAN - 1];
    const lines = [...added];
    for (const { n, body } of this.#live.all(first, last)) {
      const text = unpack(body, this.#dictionary).toString();
      const old = text.split("\n").map((line) => ({ id: (JSON.parse(line) as Line).id, text: line }));
      const stays = old.filter(({ id }) => !this.#leaving.has(id));
      // A short block takes what is new, so that blocks stay half full however many updates there are.
      if (stays.length === old.length && (added.length === 0 || text.length > BLOCK_BYTES / 2)) continue;
      this.#close.run(this.#revision, Number(n));
      lines.push(...stays);
    }
    const next = this.#last.get(first, last)?.["n"];
    this.#write(
      typeof next === "number" ? next + 1 : first,
      lines.sort((a, b) => byCodeUnit(a.id, b.id)),
    );
  }

  #write(from: number, lines: readonly Line[]): void {
    let n = from;
    let block: string[] = [];
    let characters = 0;
    const flush = (): void => {
      if (block.length === 0) return;
      this.#add.run(n, this.#revision, pack(block.join("\n"), this.#dictionary));
      [block, characters, n] = [[], 0, n + 1];
    };
    for (const { text } of lines) {
      if (characters + text.length > BLOCK_BYTES) flush();
      block.push(text);
      characters += text.length;
    }
    flush();
  }
}

/** The shard's dictionary, made of what is staged where it has none yet. */
function dictionaryOf(database: DatabaseSync, shard: Shard): Dictionary {
  const known = database.prepare("SELECT dictionary FROM shard WHERE n = ?").get(shard.n)?.["dictionary"];
  if (known instanceof Uint8Array) return known;
  const { rows, characters } = database
    .prepare("SELECT max(rowid) AS rows, sum(length(body)) AS characters FROM staged")
    .get() as { rows: number | null; characters: number | null };
  const sizeBytes = dictionaryBytes(characters ?? 0);
  const count = Math.min(sampleCount(sizeBytes), rows ?? 0);
  const sample = database.prepare("SELECT body FROM staged WHERE rowid = ?");
  const samples = Array.from({ length: count }, (_, index) =>
    String(sample.get(1 + Math.floor((index * (rows ?? 0)) / count))?.["body"] ?? ""),
  );
  const dictionary = makeDictionary(samples, sizeBytes);
  database.prepare("UPDATE shard SET dictionary = ? WHERE n = ?").run(dictionary, shard.n);
  return dictionary;
}

/** What a shard holds now: its digest, and how many records of whom. */
export function shardState(database: DatabaseSync, { n, name }: Shard): ShardState {
  const query =
    "SELECT id, modified, hash FROM record WHERE shard = ? AND until IS NULL AND hash IS NOT NULL ORDER BY id";
  function* rows(): Generator<{ id: string; modified: string; hash: Uint8Array }> {
    for (const { id, modified, hash } of database.prepare(query).iterate(n)) {
      yield { id: String(id), modified: String(modified), hash: hash as Uint8Array };
    }
  }
  return stateOf(name, rows());
}

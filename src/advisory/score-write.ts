import type { DatabaseSync } from "node:sqlite";
import { parseEpss } from "../format/epss.ts";
import { parseKev } from "../format/kev.ts";
import { pack } from "./block.ts";
import type { ScoreState } from "./index-form.ts";
import { curveOf, epssDigest, kevDigest, kevText, writeChunks, writeCurve } from "./score-form.ts";

/** Puts these chunks in the place of all of their kind; what is as it was stays as it is. */
export function writeKind(
  database: DatabaseSync,
  kind: string,
  revision: number,
  chunks: ReadonlyMap<string, string | Uint8Array>,
): void {
  const live = new Map<string, Uint8Array>();
  for (const { key, body } of database
    .prepare("SELECT key, body FROM chunk WHERE kind = ? AND until IS NULL")
    .iterate(kind)) {
    live.set(String(key), body as Uint8Array);
  }
  const close = database.prepare("UPDATE chunk SET until = ? WHERE kind = ? AND key = ? AND until IS NULL");
  const add = database.prepare("INSERT INTO chunk VALUES (?, ?, ?, NULL, ?)");
  for (const [key, content] of chunks) {
    const body = pack(content);
    const old = live.get(key);
    live.delete(key);
    if (old !== undefined && Buffer.compare(old, body) === 0) continue;
    if (old !== undefined) close.run(revision, kind, key);
    add.run(kind, key, revision, body);
  }
  for (const key of live.keys()) close.run(revision, kind, key);
}

/** Writes CISA's catalog as of a revision, unless `before` is the same. Faults: those of `parseKev`. */
export function writeKev(
  database: DatabaseSync,
  revision: number,
  bytes: Uint8Array,
  where: string,
  before?: ScoreState,
): ScoreState {
  const { date, entries } = parseKev(bytes, where);
  const digest = kevDigest(entries);
  if (digest === before?.digest) return before;
  writeKind(database, "kev", revision, new Map([["", kevText(entries)]]));
  return { digest, entries: entries.length, date };
}

/** Writes a day's EPSS scores as of a revision, unless `before` is the same. Faults: those of `parseEpss`. */
export function writeEpss(
  database: DatabaseSync,
  revision: number,
  bytes: Uint8Array,
  where: string,
  before?: ScoreState,
): ScoreState {
  const table = parseEpss(bytes, where);
  const digest = epssDigest(table);
  if (digest === before?.digest) return before;
  const curve = curveOf(table);
  writeKind(database, "epss-curve", revision, new Map([["", writeCurve(curve)]]));
  writeKind(database, "epss", revision, writeChunks(table, curve));
  return { digest, entries: table.rows.length, date: table.date };
}

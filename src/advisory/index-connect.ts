import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { cleanText } from "../artifact/clean-text.ts";
import { systemCode } from "../artifact/source-fault.ts";
import type { DigestHex } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import { APPLICATION_ID, FORM_VERSION, indexFault, type Revision, revisionDigest, SCHEMA } from "./index-form.ts";
import { isRevision } from "./index-shape.ts";

/** A kept state of an index by its number, which grows and is never used again. */
export interface NumberedRevision {
  readonly n: number;
  readonly digest: DigestHex;
  readonly revision: Revision;
}

const SHORTEST_PREFIX = 12;

function sizeOf(path: string): number {
  try {
    const stat = statSync(path);
    if (stat.isFile()) return stat.size;
  } catch (error) {
    const code = systemCode(error);
    const missing = code === "ENOENT" || code === "ENOTDIR";
    throw new Fault({
      code: missing ? "WB-INDEX-MISSING" : "WB-INDEX-FORM",
      kind: "unchecked",
      what: missing ? "there is no advisory index" : "the advisory index cannot be read",
      where: cleanText(path, 300),
      ...(code === undefined ? {} : { found: code }),
      fix: "build one: waybill db build --from DIR --output FILE, or name one with --db FILE",
    });
  }
  throw indexFault(path, "something that is no file");
}

/** Runs a step on the file; whatever SQLite or zlib say about it becomes one fault. */
export function guarded<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw indexFault(path, error instanceof Error ? error.message : "an unknown error");
  }
}

/** The first column of a PRAGMA's only row. */
export function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

/** The cheap checks: kind, version, exact schema (a view in a table's place could do anything), size. */
function refuseOthers(database: DatabaseSync, path: string, sizeBytes: number): void {
  if (pragma(database, "application_id") !== APPLICATION_ID) throw indexFault(path, "another kind of file");
  const version = pragma(database, "user_version");
  if (version !== FORM_VERSION) throw indexFault(path, `form ${String(version)}`);
  const objects = database.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all();
  const same = objects.every(({ name, sql }, at) => name === SCHEMA[at]?.[0] && sql === SCHEMA[at]?.[1]);
  if (!same || objects.length !== SCHEMA.length) throw indexFault(path, "other tables");
  if (Number(pragma(database, "page_count")) * Number(pragma(database, "page_size")) !== sizeBytes) {
    throw indexFault(path, `${sizeBytes} bytes: it is cut off or has grown`);
  }
}

/**
 * Opens an index file read-only. Immutable: no locks, and no journal that somebody may have put beside the file is ever played
 * back. Faults, all of kind unchecked: WB-INDEX-MISSING, WB-INDEX-FORM (no index, another version, damaged).
 */
export function connectIndex(path: string): DatabaseSync {
  const sizeBytes = sizeOf(path);
  const url = pathToFileURL(path);
  url.search = "?mode=ro&immutable=1";
  const database = guarded(path, () => new DatabaseSync(url, { readOnly: true }));
  try {
    guarded(path, () => {
      database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
      refuseOthers(database, path, sizeBytes);
    });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function readRevision(row: Record<string, unknown> | undefined, path: string): NumberedRevision {
  const { n, digest, body } = row ?? {};
  if (typeof n !== "number" || typeof digest !== "string" || typeof body !== "string") {
    throw indexFault(path, "no description of itself");
  }
  let revision: unknown;
  try {
    revision = JSON.parse(body);
  } catch {
    revision = undefined;
  }
  if (!isRevision(revision)) throw indexFault(path, "a description of another form");
  if (revisionDigest(revision) !== digest) throw indexFault(path, digest, "DIGEST");
  return { n, digest, revision };
}

/** The kept states, the newest first. Faults: WB-INDEX-FORM, WB-INDEX-DIGEST. */
export function readRevisions(database: DatabaseSync, path: string): readonly NumberedRevision[] {
  const rows = database.prepare("SELECT n, digest, body FROM revision ORDER BY n DESC").all();
  return rows.map((row) => readRevision(row, path));
}

/**
 * The newest state, or the one of a digest or of its beginning (12 characters or more, `sha256:` before it or not). Faults:
 * WB-INDEX-REVISION (input) where it is none that the index keeps; WB-INDEX-FORM, WB-INDEX-DIGEST.
 */
export function findRevision(database: DatabaseSync, path: string, asOf?: string): NumberedRevision {
  const newest = "SELECT n, digest, body FROM revision ORDER BY n DESC LIMIT 1";
  if (asOf === undefined) return readRevision(database.prepare(newest).get(), path);
  const prefix = asOf.toLowerCase().replace(/^sha256:/, "");
  const sound = /^[0-9a-f]{1,64}$/.test(prefix) && prefix.length >= SHORTEST_PREFIX;
  const same = "SELECT n, digest, body FROM revision WHERE substr(digest, 1, ?) = ? ORDER BY n DESC";
  const found = sound ? database.prepare(same).all(prefix.length, prefix) : [];
  const digests = new Set(found.map(({ digest }) => digest));
  if (digests.size === 1) return readRevision(found[0], path);
  throw new Fault({
    code: "WB-INDEX-REVISION",
    kind: "input",
    what: digests.size > 1 ? "the digest of --as-of is that of several revisions" : "the index keeps no such revision",
    where: cleanText(path, 300),
    expected: `a digest that \`waybill db status\` lists, or its first ${SHORTEST_PREFIX} characters or more`,
    found: cleanText(asOf, 80),
    fix: "waybill db status --db FILE lists the kept revisions; a pruned one comes back with db import",
  });
}

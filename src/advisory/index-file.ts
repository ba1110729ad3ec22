import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { crc32 } from "node:zlib";
import { systemCode } from "../artifact/source-fault.ts";
import { cleanText } from "../artifact/clean-text.ts";
import type { Advisory, AdvisoryIndex, IndexIdentity } from "../model/advisory.ts";
import { Fault } from "../model/fault.ts";
import { packageKey } from "./names.ts";
import { isAdvisory, isIndexMeta } from "./index-shape.ts";
import { APPLICATION_ID, FORM_VERSION, indexFault, SCHEMA, type IndexMeta } from "./index-form.ts";

const LOOKUP = "SELECT crc, body FROM aff JOIN adv USING(n) WHERE eco = ? AND name = ? ORDER BY n";

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

/** Runs a step on the file; whatever SQLite says about it becomes one fault. */
function guarded<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw indexFault(path, error instanceof Error ? error.message : "an unknown error");
  }
}

/** The first column of a PRAGMA's only row. */
function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

function parseBody<T>(text: unknown, is: (value: unknown) => value is T): T | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return is(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The cheap checks: kind, version, exact schema (a view in a table's place could do anything), size, number of rows. */
function readMeta(database: DatabaseSync, path: string, sizeBytes: number): IndexMeta {
  if (pragma(database, "application_id") !== APPLICATION_ID) throw indexFault(path, "another kind of file");
  const version = pragma(database, "user_version");
  if (version !== FORM_VERSION) throw indexFault(path, `form ${String(version)}`);
  const objects = database.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all();
  const same = objects.every(({ name, sql }, at) => name === SCHEMA[at]?.[0] && sql === SCHEMA[at]?.[1]);
  if (!same || objects.length !== SCHEMA.length) throw indexFault(path, "other tables");
  if (Number(pragma(database, "page_count")) * Number(pragma(database, "page_size")) !== sizeBytes) {
    throw indexFault(path, `${sizeBytes} bytes: it is cut off or has grown`);
  }
  const meta = parseBody(database.prepare("SELECT value FROM meta WHERE key = 'index'").get()?.["value"], isIndexMeta);
  if (meta === undefined) throw indexFault(path, "no description of itself");
  const rows = database.prepare("SELECT max(n) AS n FROM adv").get()?.["n"];
  if (rows !== meta.advisories) throw indexFault(path, `${String(rows)} records instead of ${meta.advisories}`);
  return meta;
}

function readAdvisory(row: Record<string, unknown>, path: string): Advisory {
  const { body } = row;
  if (typeof body !== "string" || crc32(body) !== row["crc"]) throw indexFault(path, "a damaged record");
  const advisory = parseBody(body, isAdvisory);
  if (advisory === undefined) throw indexFault(path, "a record of another form");
  return advisory;
}

function connect(path: string): { readonly database: DatabaseSync; readonly meta: IndexMeta } {
  const sizeBytes = sizeOf(path);
  const url = pathToFileURL(path);
  // Immutable: no locks, and no journal that somebody may have put beside the file is ever played back.
  url.search = "?mode=ro&immutable=1";
  const database = guarded(path, () => new DatabaseSync(url, { readOnly: true }));
  try {
    return guarded(path, () => {
      database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
      return { database, meta: readMeta(database, path, sizeBytes) };
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens an advisory index read-only. Names are compared as their ecosystem does (`packageKey`): npm's are case-sensitive
 * (`JSONStream` and `jsonstream` are two packages). Look-ups throw `WB-INDEX-FORM` for what is damaged. Advisories come in the order of their ids.
 * Faults, all of kind unchecked: WB-INDEX-MISSING, WB-INDEX-FORM (no index, another version, damaged).
 */
export function openIndex(path: string): AdvisoryIndex {
  const { database, meta } = connect(path);
  let statement: StatementSync | undefined;
  return {
    identity: meta.identity,
    lookup(ecosystem, name) {
      return guarded(path, () => {
        statement ??= database.prepare(LOOKUP);
        const key = packageKey(ecosystem, name);
        return statement.all(key.ecosystem, key.name).map((row) => readAdvisory(row, path));
      });
    },
    exploited: () => undefined,
    epss: () => undefined,
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

/**
 * Reads the whole index and computes its digest anew: what opening leaves out because it takes as long as the file is large.
 * Gives the identity. Faults: those of `openIndex`, and WB-INDEX-DIGEST (refused) where records or names were changed.
 */
export function verifyIndex(path: string): IndexIdentity {
  const { database, meta } = connect(path);
  try {
    guarded(path, () => {
      if (pragma(database, "integrity_check") !== "ok") throw indexFault(path, "a damaged tree");
      const hash = createHash("sha256");
      let rows = 0;
      const all = "SELECT n, crc, body, eco, name FROM adv LEFT JOIN aff USING(n) ORDER BY n";
      // One key a record, or the join gives a record twice or without a name.
      for (const row of database.prepare(all).iterate()) {
        const advisory = readAdvisory(row, path);
        rows += 1;
        const key = packageKey(advisory.ecosystem, advisory.name);
        if (key.ecosystem !== row["eco"] || key.name !== row["name"] || row["n"] !== rows) {
          throw indexFault(path, "a record under another package's name", "DIGEST");
        }
        hash.update(`${String(row["body"])}\n`);
      }
      const digest = hash.digest("hex");
      const keys = database.prepare("SELECT count(*) AS n FROM aff").get()?.["n"];
      if (digest !== meta.identity.digest || keys !== rows) throw indexFault(path, digest, "DIGEST");
    });
    return meta.identity;
  } finally {
    database.close();
  }
}

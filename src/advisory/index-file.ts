import type { DatabaseSync, StatementSync } from "node:sqlite";
import { byCodeUnit } from "../artifact/entry-path.ts";
import type { Advisory, AdvisoryIndex } from "../model/advisory.ts";
import type { Timestamp } from "../model/digest.ts";
import { type Dictionary, unpack } from "./block.ts";
import { connectIndex, findRevision, guarded, type NumberedRevision, readRevisions } from "./index-connect.ts";
import { identityOf, indexFault, isLater, LIVE, PACKAGE_SPAN } from "./index-form.ts";
import { isAdvisory } from "./index-shape.ts";
import { packageKey } from "./names.ts";
import { readScores } from "./score-read.ts";

const LOOKUP = `SELECT package.shard AS shard, body FROM package
  JOIN block ON block.n BETWEEN package.n * ${PACKAGE_SPAN} AND package.n * ${PACKAGE_SPAN} + ${PACKAGE_SPAN - 1}
  WHERE eco = ? AND name = ? AND ${LIVE} ORDER BY block.n`;
const HOLDS = "SELECT 1 FROM package WHERE eco = ? LIMIT 1";
/** All that is known about one package; more is no list of advisories but an attack on memory. */
const MAX_PACKAGE_BYTES = 128 << 20;

/** The dictionaries of the shards, each read when it is first needed. */
export function dictionaries(database: DatabaseSync): (shard: number) => Dictionary {
  const known = new Map<number, Dictionary>();
  return (shard) => {
    let dictionary = known.get(shard);
    if (dictionary === undefined) {
      const row = database.prepare("SELECT dictionary FROM shard WHERE n = ?").get(shard);
      dictionary = row?.["dictionary"] instanceof Uint8Array ? row["dictionary"] : new Uint8Array();
      known.set(shard, dictionary);
    }
    return dictionary;
  };
}

/** The advisories of one block's text, a line each. Throws WB-INDEX-FORM. */
export function readLines(text: string, path: string): readonly Advisory[] {
  return text.split("\n").map((line) => {
    const advisory: unknown = JSON.parse(line);
    if (!isAdvisory(advisory)) throw indexFault(path, "a record of another form");
    return advisory;
  });
}

/** Sorted by id; where several shards hold a record, the newest counts. */
function joined(shards: readonly (readonly Advisory[])[]): readonly Advisory[] {
  const best = new Map<string, { readonly modified: Timestamp; readonly shard: number }>();
  if (shards.length > 1) {
    for (const [shard, advisories] of shards.entries()) {
      for (const { id, modified } of advisories) {
        const other = best.get(id);
        if (other === undefined || isLater(modified, other.modified)) best.set(id, { modified, shard });
      }
    }
  }
  const counted = shards.flatMap((advisories, shard) =>
    advisories.filter(({ id }) => (best.get(id)?.shard ?? shard) === shard),
  );
  return counted.sort((a, b) => byCodeUnit(a.id, b.id));
}

/**
 * Opens an advisory index read-only, as of its newest revision or of the one that `asOf` names by its digest. Names are compared
 * as their ecosystem does (`packageKey`): npm's are case-sensitive (`JSONStream` and `jsonstream` are two packages). Look-ups throw `WB-INDEX-FORM` for what is
 * damaged. Advisories come in the order of their ids.
 * Faults: WB-INDEX-MISSING, WB-INDEX-FORM (unchecked: no index, another version, damaged), WB-INDEX-DIGEST (refused),
 * WB-INDEX-REVISION (input).
 */
export function openIndex(path: string, { asOf }: { readonly asOf?: string | undefined } = {}): AdvisoryIndex {
  const database = connectIndex(path);
  try {
    const { n, digest, revision } = guarded(path, () => findRevision(database, path, asOf));
    const dictionaryOf = dictionaries(database);
    let statement: StatementSync | undefined;
    return {
      identity: identityOf(digest, revision),
      lookup(ecosystem, name) {
        return guarded(path, () => {
          statement ??= database.prepare(LOOKUP);
          let left = MAX_PACKAGE_BYTES;
          const found = new Map<number, Advisory[]>();
          const key = packageKey(ecosystem, name);
          for (const { shard, body } of statement.all(key.ecosystem, key.name, n, n)) {
            const text = unpack(body, dictionaryOf(Number(shard)), left);
            left -= text.length;
            if (left <= 0) throw indexFault(path, `more than ${MAX_PACKAGE_BYTES} bytes about one package`);
            const known = found.get(Number(shard)) ?? [];
            for (const advisory of readLines(text.toString(), path)) known.push(advisory);
            found.set(Number(shard), known);
          }
          return joined([...found.values()]);
        });
      },
      holds(ecosystem) {
        const key = packageKey(ecosystem, "").ecosystem;
        return guarded(path, () => database.prepare(HOLDS).get(key) !== undefined);
      },
      ...readScores(database, path, n, revision),
      close: () => {
        if (database.isOpen) database.close();
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The kept revisions of an index, the newest first. Faults: those of `openIndex`. */
export function listRevisions(path: string): readonly NumberedRevision[] {
  const database = connectIndex(path);
  try {
    return guarded(path, () => readRevisions(database, path));
  } finally {
    database.close();
  }
}

import { closeSync, openSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { cleanText } from "../artifact/clean-text.ts";
import { byCodeUnit } from "../artifact/entry-path.ts";
import { readRegular } from "../artifact/read-file.ts";
import { sourceFault } from "../artifact/source-fault.ts";
import { zipFiles } from "../artifact/zip.ts";
import { parseJson } from "../format/json.ts";
import { parseYaml } from "../format/yaml-data.ts";
import { Fault } from "../model/fault.ts";
import type { Json } from "../model/statement.ts";

/** A record as it is written, or why it could not be read. */
export type RecordFile = { readonly where: string } & ({ readonly value: Json } | { readonly problem: Fault });

const MAX_BYTES = 64 << 20;
/** A folder below a folder and so on: deeper than any database. */
const MAX_DEPTH = 32;
const ZIP = { entries: 2_000_000, entryBytes: MAX_BYTES, totalBytes: 4 * 1024 ** 3 };
const NAMED = /\.(?:json|ya?ml|zip)$/;

/**
 * The records of a file, or of a folder and those below it: `.json`, `.yaml` (or `.yml`), and both in a `.zip`. Sorted, one in memory at
 * a time. Of folders, files of other names and symlinks are passed over. What is wrong with one record is given in its place.
 * Faults: WB-SOURCE-MISSING, WB-SOURCE-UNREADABLE for `path` itself.
 */
export async function* readRecordFiles(path: string): AsyncGenerator<RecordFile> {
  let folder: boolean;
  try {
    folder = statSync(path).isDirectory();
  } catch (error) {
    throw sourceFault(error, path);
  }
  for (const file of folder ? filesBelow(path, 0) : [path]) {
    if (file.endsWith(".zip")) yield* zipped(file);
    else yield await attempt(file, file, () => readRegular(file, cleanText(file, 300), MAX_BYTES, file === path));
  }
}

function* filesBelow(folder: string, depth: number): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => byCodeUnit(a.name, b.name));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < MAX_DEPTH) yield* filesBelow(path, depth + 1);
    else if (entry.isFile() && NAMED.test(entry.name)) yield path;
  }
}

async function* zipped(path: string): AsyncGenerator<RecordFile> {
  const file = openSync(path, "r");
  try {
    for (const entry of zipFiles(file, path, ZIP)) {
      if (entry.name.endsWith(".zip") || !NAMED.test(entry.name)) continue;
      yield await attempt(`${path}!/${entry.name}`, entry.name, () => entry.content());
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    yield { where: cleanText(path, 300), problem: error };
  } finally {
    closeSync(file);
  }
}

async function attempt(place: string, name: string, read: () => Uint8Array): Promise<RecordFile> {
  const where = cleanText(place, 300);
  try {
    const bytes = read();
    return { where, value: /\.ya?ml$/.test(name) ? await parseYaml(bytes, where) : parseJson(bytes, where) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { where, problem: error };
  }
}

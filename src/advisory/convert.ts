import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cleanText } from "../artifact/clean-text.ts";
import { readRegular } from "../artifact/read-file.ts";
import { outputFault } from "../artifact/write.ts";
import { parseJson, prettyJson } from "../format/json.ts";
import { asString, Fields, type Place, rootPlace } from "../format/shape.ts";
import { parseTimestamp } from "../format/timestamp.ts";
import { toOsv, type ToOsvOptions } from "../format/to-osv.ts";
import { Fault } from "../model/fault.ts";
import type { Unknown } from "../model/sbom.ts";
import type { Json } from "../model/statement.ts";
import { readRecordFiles, type RecordFile } from "./record-files.ts";

/** What a conversion put into a bucket. */
export interface Converted {
  readonly records: number;
  /** Files written by folder; a record about several ecosystems lies in each. */
  readonly ecosystems: ReadonlyMap<string, number>;
  /** Records left as they are, because the bucket has a newer revision. */
  readonly older: number;
  /** Records that could not be converted, and the first of them with the reason. */
  readonly failed: number;
  readonly examples: readonly Unknown[];
}

const MAX_EXAMPLES = 20;
const MAX_BYTES = 64 << 20;
/** Names that are one file in one folder everywhere: no separators, none hidden. */
const ID = /^(?!\.)[\x21-\x2e\x30-\x5b\x5d-\x7e]{1,200}$/;
const ECOSYSTEM = /^[A-Za-z][A-Za-z0-9 ._-]{0,59}$/;

/**
 * Puts the records of files and folders (`readRecordFiles`; forms: `toOsv`) into the folder `into` in the layout of OSV's bucket,
 * `ECOSYSTEM/ID.json`, which `db build --from` reads: one form for whatever a database is written in, that people can look into.
 * A newer revision that is there already stays. What cannot be converted is counted and told, and stops nothing.
 * Faults: those of `readRecordFiles`, WB-OUTPUT-UNWRITABLE, WB-OUTPUT-DISK-FULL.
 */
export async function convertRecords(
  paths: readonly string[],
  into: string,
  options: ToOsvOptions,
): Promise<Converted> {
  const ecosystems = new Map<string, number>();
  const examples: Unknown[] = [];
  let [records, older, failed] = [0, 0, 0];
  for (const path of paths) {
    for await (const file of readRecordFiles(path)) {
      const ready = prepare(file, options);
      if (ready instanceof Fault) {
        failed += 1;
        if (examples.length < MAX_EXAMPLES)
          examples.push({ where: ready.facts.where ?? file.where, what: ready.message });
        continue;
      }
      const { id, folders, record } = ready;
      const newer = folders.filter((folder) => isNewer(record, join(into, folder, `${id}.json`)));
      for (const folder of newer) {
        put(into, folder, id, record);
        ecosystems.set(folder, (ecosystems.get(folder) ?? 0) + 1);
      }
      if (newer.length > 0) records += 1;
      else older += 1;
    }
  }
  return { records, ecosystems, older, failed, examples };
}

/** A record in OSV's form and where it belongs. */
interface Ready {
  readonly id: string;
  readonly folders: readonly string[];
  readonly record: Json;
}

function prepare(file: RecordFile, options: ToOsvOptions): Ready | Fault {
  if ("problem" in file) return file.problem;
  try {
    const record = toOsv(file.value, file.where, options);
    return { record, ...placesOf(record, file.where) };
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** The folders of a record: its ecosystems without releases, `GIT` for entries about commits alone. */
function placesOf(record: Json, where: string): Pick<Ready, "id" | "folders"> {
  const root = new Fields(record, rootPlace(where, "WB-ADVISORY-FORM"));
  const id = root.string("id");
  if (!ID.test(id)) throw root.fault("id", "an id that can be a file's name");
  root.timestamp("modified");
  const folders = root.optionalList("affected", (value, place) => folderOf(new Fields(value, place), place));
  if (folders.length === 0) throw root.fault("affected", "a list with an entry: the record is about nothing");
  return { id, folders: [...new Set(folders)] };
}

function folderOf(affected: Fields, place: Place): string {
  const pkg = affected.optionalObject("package");
  if (pkg === undefined) return "GIT";
  const [base = ""] = asString(pkg.get("ecosystem") ?? null, place).split(":", 1);
  if (!ECOSYSTEM.test(base)) throw pkg.fault("ecosystem", "an ecosystem's name that can be a folder's");
  return base;
}

/** Whether a record is newer than the one at `path`, which may be anything or nothing. */
function isNewer(record: Json, path: string): boolean {
  if (!existsSync(path)) return true;
  try {
    const before = modifiedOf(parseJson(readRegular(path, cleanText(path, 300), MAX_BYTES), path));
    return before === undefined || before <= (modifiedOf(record) ?? 0);
  } catch (error) {
    if (error instanceof Fault) return true;
    throw error;
  }
}

function modifiedOf(record: Json): number | undefined {
  const modified = new Fields(record, rootPlace("")).get("modified");
  const time = typeof modified === "string" ? parseTimestamp(modified) : undefined;
  return time === undefined ? undefined : Date.parse(time);
}

/** Whole or not at all, but not synced file by file: what a crash of the machine loses can be converted again. */
function put(into: string, folder: string, id: string, record: Json): void {
  const path = join(into, folder, `${id}.json`);
  const temporary = join(into, folder, `.${randomBytes(6).toString("hex")}.tmp`);
  let made = false;
  try {
    mkdirSync(join(into, folder), { recursive: true });
    made = true;
    writeFileSync(temporary, prettyJson(record), { flag: "wx" });
    renameSync(temporary, path);
  } catch (error) {
    if (made) rmSync(temporary, { force: true });
    throw outputFault(error, path);
  }
}

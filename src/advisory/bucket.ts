import { closeSync, openSync, readdirSync, readFileSync, statSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { cleanText } from "../artifact/clean-text.ts";
import { byCodeUnit } from "../artifact/entry-path.ts";
import { sourceFault, systemCode } from "../artifact/source-fault.ts";
import { type ZipFile, zipFiles, type ZipLimits } from "../artifact/zip.ts";
import { Fault } from "../model/fault.ts";

/** One record as bytes, or why it could not be read. `where` is relative to the bucket. */
export type BucketRecord =
  | { readonly where: string; readonly bytes: Uint8Array }
  | { readonly where: string; readonly problem: string };

/** Bounds of one archive. The public bucket's largest holds some 250,000 records and 1 GB of text. */
const ZIP_LIMITS: ZipLimits = { entries: 2_000_000, entryBytes: 16 << 20, totalBytes: 4 * 1024 ** 3 };

/** What makes a whole bucket unusable, as opposed to one of its records. */
function bucketFault(where: string, found: string): Fault {
  return new Fault({
    code: "WB-ADVISORIES-UNREADABLE",
    kind: "unchecked",
    what: "the advisories could not be read",
    where: cleanText(where, 300),
    expected: "an OSV bucket: ECOSYSTEM/all.zip or ECOSYSTEM/ID.json",
    found,
    fix: "fetch the folder anew, or name another with --from",
  });
}

function list(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => byCodeUnit(a.name, b.name));
  } catch (error) {
    throw sourceFault(error, path);
  }
}

function* readArchive(from: string, where: string, limits: ZipLimits): Generator<BucketRecord> {
  const path = join(from, where);
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw sourceFault(error, path);
  }
  try {
    for (const entry of zipFiles(file, path, limits)) {
      if (entry.name.endsWith(".json")) yield recordIn(entry, `${where}!/${entry.name}`);
    }
  } catch (error) {
    // What one file has wrong with it is told as a record; this is about the whole archive.
    if (error instanceof Fault) throw bucketFault(path, error.facts.found ?? error.facts.what);
    if (error instanceof RangeError) throw bucketFault(path, error.message);
    throw systemCode(error) === undefined ? error : sourceFault(error, path);
  } finally {
    closeSync(file);
  }
}

function recordIn(entry: ZipFile, where: string): BucketRecord {
  // The bucket has no folders inside: such a name is a trick or a mistake.
  if (/[/\\\0]/.test(entry.name)) return { where, problem: "a path where a file name is due" };
  try {
    return { where, bytes: entry.content() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { where, problem: error.facts.found ?? error.facts.what };
  }
}

function readRecord(from: string, where: string, limits: ZipLimits): BucketRecord {
  try {
    const path = join(from, where);
    const { size } = statSync(path);
    if (size > limits.entryBytes) return { where, problem: `it is larger than ${limits.entryBytes} bytes` };
    return { where, bytes: readFileSync(path) };
  } catch {
    return { where, problem: "it cannot be read" };
  }
}

/**
 * The records of a folder in the layout of OSV's public bucket: `ECOSYSTEM/all.zip`, `ECOSYSTEM/ID.json`, or both. Only
 * `ecosystems` where given (OSV's spelling). Symlinks are passed over. Sorted, one record in memory at a time.
 * Faults: WB-SOURCE-MISSING, WB-SOURCE-UNREADABLE, WB-ADVISORIES-UNREADABLE (an archive that is none or passes a limit).
 */
export function* readBucket(
  from: string,
  ecosystems?: readonly string[],
  limits: ZipLimits = ZIP_LIMITS,
): Generator<BucketRecord> {
  for (const folder of list(from)) {
    if (!folder.isDirectory() || (ecosystems !== undefined && !ecosystems.includes(folder.name))) continue;
    for (const file of list(join(from, folder.name))) {
      const where = `${folder.name}/${file.name}`;
      if (!file.isFile()) continue;
      if (file.name === "all.zip") yield* readArchive(from, where, limits);
      else if (file.name.endsWith(".json")) yield readRecord(from, where, limits);
    }
  }
}

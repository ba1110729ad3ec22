import {
  closeSync,
  createReadStream,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  type Dirent,
} from "node:fs";
import { join } from "node:path";
import { byCodeUnit } from "../artifact/entry-path.ts";
import { sourceFault, systemCode } from "../artifact/source-fault.ts";
import { type ZipFile, zipFiles } from "../artifact/zip.ts";
import { Fault } from "../model/fault.ts";
import {
  type Bucket,
  type BucketRecord,
  bucketFault,
  isEcosystem,
  type ModifiedList,
  withoutReleases,
} from "./bucket.ts";
import { readModifiedList } from "./modified-list.ts";

/** Bounds of one archive. The public bucket's largest holds some 250,000 records and some GB of text. */
const MAX_ENTRIES = 2_000_000;
const MAX_ENTRY_BYTES = 16 << 20;
/** What an archive may unpack to: so much, and so many times its own size. Records pack some 20 to 1. */
const FREE_BYTES = 1 << 30;
const MAX_RATIO = 100;
/** Of more than a fifth of an archive's records each one costs less than looking it up. */
const MUCH = 5;

function list(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => byCodeUnit(a.name, b.name));
  } catch (error) {
    throw sourceFault(error, path);
  }
}

/** Each record of an archive that `wants` its name. Throws WB-ADVISORIES-UNREADABLE for what is none, WB-SOURCE-MISSING, -UNREADABLE. */
export function* readArchive(
  path: string,
  where: string,
  wants: (id: string) => boolean = () => true,
): Generator<BucketRecord> {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw sourceFault(error, path);
  }
  try {
    const totalBytes = FREE_BYTES + MAX_RATIO * statSync(path).size;
    for (const entry of zipFiles(file, path, { entries: MAX_ENTRIES, entryBytes: MAX_ENTRY_BYTES, totalBytes })) {
      const id = idOf(entry.name);
      if (id !== undefined && wants(id)) yield recordIn(entry, id, `${where}!/${entry.name}`);
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

function idOf(name: string): string | undefined {
  return name.endsWith(".json") ? name.slice(0, -".json".length) : undefined;
}

function recordIn(entry: ZipFile, id: string, where: string): BucketRecord {
  // The bucket has no folders inside: such a name is a trick or a mistake.
  if (/[/\\\0]/.test(entry.name)) return { where, id, problem: "a path where a file name is due" };
  try {
    return { where, id, bytes: entry.content() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { where, id, problem: error.facts.found ?? error.facts.what };
  }
}

function readRecord(from: string, where: string, id: string): BucketRecord {
  try {
    const path = join(from, where);
    const { size } = statSync(path);
    if (size > MAX_ENTRY_BYTES) return { where, id, problem: `it is larger than ${MAX_ENTRY_BYTES} bytes` };
    return { where, id, bytes: readFileSync(path) };
  } catch {
    return { where, id, problem: "it cannot be read" };
  }
}

/** The names of the files of an archive, without their content. */
function namesIn(path: string): readonly string[] {
  const names: string[] = [];
  const none = readArchive(path, path, (id) => {
    names.push(id);
    return false;
  });
  none.next();
  return names;
}

/**
 * A folder in the layout of OSV's public bucket: `ECOSYSTEM/all.zip`, `ECOSYSTEM/ID.json`, or both. Symlinks are passed over.
 * Faults: WB-SOURCE-MISSING, WB-SOURCE-UNREADABLE, WB-ADVISORIES-UNREADABLE (an archive that is none or passes a limit).
 */
export function openFolderBucket(from: string): Bucket {
  const files = (ecosystem: string): readonly string[] =>
    list(join(from, ecosystem)).flatMap((file) => (file.isFile() ? [file.name] : []));
  const modifiedIn = async (path: string, ecosystem?: string): Promise<ModifiedList> => ({
    times: await readModifiedList(createReadStream(path, { highWaterMark: 1 << 20 }), path, ecosystem),
  });
  return {
    name: from,
    remote: false,
    async ecosystems() {
      const folders = list(from).filter((folder) => folder.isDirectory() && isEcosystem(folder.name));
      return withoutReleases(folders.map(({ name }) => name));
    },
    async modified(ecosystem) {
      const own = join(from, ecosystem, "modified_id.csv");
      if (existsSync(own)) return modifiedIn(own);
      const shared = join(from, "modified_id.csv");
      return existsSync(shared) ? modifiedIn(shared, ecosystem) : undefined;
    },
    async unlisted(ecosystem, ids) {
      const names = new Set(files(ecosystem).flatMap((name) => idOf(name) ?? []));
      const archive = join(from, ecosystem, "all.zip");
      if (existsSync(archive)) for (const name of namesIn(archive)) names.add(name);
      return new Set(ids.filter((id) => names.has(id)));
    },
    isMuch: (changed, records) => changed * MUCH > records,
    async *records(ecosystem, wanted) {
      for (const name of files(ecosystem)) {
        const where = `${ecosystem}/${name}`;
        const id = idOf(name);
        if (name === "all.zip") yield* readArchive(join(from, where), where, (one) => wanted?.has(one) ?? true);
        else if (id !== undefined && (wanted?.has(id) ?? true)) yield readRecord(from, where, id);
      }
    },
  };
}

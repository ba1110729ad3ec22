import { readArchive } from "./bucket-folder.ts";
import {
  type Bucket,
  type BucketRecord,
  bucketFault,
  isEcosystem,
  type ModifiedList,
  withoutReleases,
} from "./bucket.ts";
import { download, fetchBytes } from "./download.ts";
import { MAX_LIST_BYTES, readModifiedList } from "./modified-list.ts";
import type { Fetch } from "../model/world.ts";

const MAX_NAMES_BYTES = 1 << 20;
const MAX_RECORD_BYTES = 16 << 20;
/** The public bucket's largest has some hundred megabytes. */
const MAX_ARCHIVE_BYTES = 4 * 1024 ** 3;
/** So many requests at a time, for records that are asked for one by one. */
const AT_ONCE = 8;
/** More single records take longer than an archive. */
const MAX_SINGLE = 1000;
const MUCH = 5;

/**
 * OSV's bucket behind a URL: `ecosystems.txt`, `ECO/modified_id.csv` (or one for all at the top), `ECO/all.zip`, `ECO/ID.json`. Archives
 * come into `parts`, where an interrupted one is taken up again. Faults: WB-NETWORK-FAILED, WB-ADVISORIES-UNREADABLE.
 */
export function openUrlBucket(from: string, fetch: Fetch, parts: string): Bucket {
  const base = from.endsWith("/") ? from : `${from}/`;
  const urlOf = (...words: readonly string[]): string => `${base}${words.map(encodeURIComponent).join("/")}`;

  async function listAt(url: string, tag: string | undefined, ecosystem?: string): Promise<ModifiedList | undefined> {
    const list = await fetchBytes(fetch, url, MAX_LIST_BYTES, tag);
    if (list.kind !== "content") {
      return list.kind === "missing" ? undefined : { times: undefined, ...(tag !== undefined && { tag }) };
    }
    const times = await readModifiedList([list.bytes], url, ecosystem);
    return { times, ...(list.tag !== undefined && { tag: list.tag }) };
  }

  async function single(ecosystem: string, id: string): Promise<BucketRecord | undefined> {
    const where = `${ecosystem}/${id}.json`;
    const answer = await fetchBytes(fetch, urlOf(ecosystem, `${id}.json`), MAX_RECORD_BYTES);
    return answer.kind === "content" ? { where, id, bytes: answer.bytes } : undefined;
  }

  async function* singles(ecosystem: string, ids: readonly string[]): AsyncGenerator<BucketRecord> {
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const some = ids.slice(at, at + AT_ONCE);
      for (const record of await Promise.all(some.map((id) => single(ecosystem, id)))) {
        if (record !== undefined) yield record;
      }
    }
  }

  return {
    name: from,
    remote: true,
    async ecosystems() {
      const names = await fetchBytes(fetch, urlOf("ecosystems.txt"), MAX_NAMES_BYTES);
      if (names.kind !== "content") throw bucketFault(urlOf("ecosystems.txt"), "nothing");
      const lines = Buffer.from(names.bytes).toString("utf8").split(/\r?\n/);
      return withoutReleases([...new Set(lines.filter(isEcosystem))]);
    },
    modified: async (ecosystem, tag) =>
      (await listAt(urlOf(ecosystem, "modified_id.csv"), tag)) ??
      (await listAt(urlOf("modified_id.csv"), undefined, ecosystem)),
    // The list is all that a server tells of what is there.
    unlisted: async () => new Set<string>(),
    isMuch: (changed, records) => changed > MAX_SINGLE || changed * MUCH > records,
    async *records(ecosystem, wanted) {
      if (wanted !== undefined) yield* singles(ecosystem, [...wanted]);
      else {
        const url = urlOf(ecosystem, "all.zip");
        const archive = await download(fetch, url, parts, MAX_ARCHIVE_BYTES);
        if (archive === undefined) throw bucketFault(url, "nothing");
        yield* readArchive(archive, `${ecosystem}/all.zip`);
      }
    },
  };
}

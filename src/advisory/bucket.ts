import { cleanText } from "../artifact/clean-text.ts";
import type { Timestamp } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";

/** One record as bytes, or why it could not be read. `where` is relative to the bucket, `id` the name of its file. */
export type BucketRecord =
  | { readonly where: string; readonly id: string; readonly bytes: Uint8Array }
  | { readonly where: string; readonly id: string; readonly problem: string };

/** When the records of an ecosystem changed. */
export interface ModifiedList {
  /** By id; undefined: nothing has changed since the list of the given tag. */
  readonly times: ReadonlyMap<string, Timestamp> | undefined;
  /** What names this state of the list to the server. */
  readonly tag?: string;
}

/** The layout of OSV's public bucket, in a folder or behind a URL: `ECO/all.zip`, `ECO/ID.json`, `ECO/modified_id.csv`. */
export interface Bucket {
  /** What it is called in messages. */
  readonly name: string;
  /** The ecosystems' folders; of one release only where the ecosystem has none of its own. */
  ecosystems(): Promise<readonly string[]>;
  /** When each record changed; undefined where the bucket does not say. `tag`: of the list that was read the last time. */
  modified(ecosystem: string, tag?: string): Promise<ModifiedList | undefined>;
  /** Those of these records that are there although the list does not name them. */
  unlisted(ecosystem: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** The list alone decides what is there, and records are asked for one by one where the archive lags behind it. */
  readonly remote: boolean;
  /** Whether so many changes of so many records are better read from the whole archive. */
  isMuch(changed: number, records: number): boolean;
  /** All records of an ecosystem, or those of `wanted`, one in memory at a time. One may come twice, with different content. */
  records(ecosystem: string, wanted?: ReadonlySet<string>): AsyncIterable<BucketRecord>;
}

/** A record's file: printable ASCII without blanks and separators, and no way out of a folder. */
export function isRecordId(id: string): boolean {
  return /^(?!\.)[\x21-\x2e\x30-\x5b\x5d-\x7e]{1,200}$/.test(id);
}

/** An ecosystem's folder: letters, digits, blanks and a few signs; no way out of the bucket. */
export function isEcosystem(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9 ._:+-]{0,99}$/.test(name);
}

/** Without the folders of single releases (`Debian:12`) whose ecosystem has a folder: that one holds their records too. */
export function withoutReleases(names: readonly string[]): readonly string[] {
  const all = new Set(names);
  return names.filter((name) => !name.includes(":") || !all.has(name.slice(0, name.indexOf(":"))));
}

/** What makes a whole bucket unusable, as opposed to one of its records. */
export function bucketFault(where: string, found: string): Fault {
  return new Fault({
    code: "WB-ADVISORIES-UNREADABLE",
    kind: "unchecked",
    what: "the advisories could not be read",
    where: cleanText(where, 300),
    expected: "an OSV bucket: ECOSYSTEM/all.zip or ECOSYSTEM/ID.json",
    found: cleanText(found),
    fix: "fetch the folder anew, or name another with --from",
  });
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { makeZip } from "../unit/artifact/make-archive.ts";

/** A record of OSV as far as tests need one: `version` is what ends it. */
export interface TestRecord {
  readonly id: string;
  readonly modified: string;
  readonly packages: readonly string[];
  readonly version?: string;
  readonly ecosystem?: string;
  readonly aliases?: readonly string[];
  readonly withdrawn?: boolean;
}

export function osv({ id, modified, packages, version, ecosystem, aliases, withdrawn }: TestRecord): string {
  return JSON.stringify({
    id,
    modified,
    aliases: aliases ?? [],
    summary: `about ${packages.join(" and ")}`,
    ...(withdrawn === true && { withdrawn: modified }),
    affected: packages.map((name) => ({
      package: { ecosystem: ecosystem ?? "npm", name },
      ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed: version ?? "1.0.0" }] }],
    })),
  });
}

/** A folder of a test's own. */
export function folderOf(t: Pick<TestContext, "after">): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-bucket-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes one ecosystem's folder as OSV's bucket has it: `all.zip` and `modified_id.csv`, the newest first. */
export function putEcosystem(bucket: string, ecosystem: string, records: readonly TestRecord[]): void {
  const folder = join(bucket, ecosystem);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "all.zip"),
    makeZip(records.map((record) => ({ name: `${record.id}.json`, content: osv(record) }))),
  );
  const lines = records.map(({ modified, id }) => `${modified},${id}\n`);
  writeFileSync(join(folder, "modified_id.csv"), lines.toSorted().toReversed().join(""));
}

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { type AliasGroup, groupByAlias } from "../../src/advisory/groups.ts";
import { readOsv } from "../../src/format/osv.ts";
import { validateOsv } from "../../src/format/osv-validate.ts";
import type { Advisory } from "../../src/model/advisory.ts";
import type { Json } from "../../src/model/statement.ts";
import { changedRecord, mirrorRecords, numbersBelow } from "../support/osv-mirror.ts";
import { validatorOf } from "../support/schemas.ts";
import { shared } from "../support/shared.ts";

test("every record of the mirror is read, or passed over or broken for a reason that is told", (t) => {
  const mirror = shared(t, "data/osv-mirror");
  if (mirror === undefined) return;
  const counts = new Map<string, number>();
  const broken: string[] = [];
  const packages = new Map<string, Map<string, Advisory>>();
  let [records, advisories] = [0, 0];
  for (const { where, record } of mirrorRecords(mirror)) {
    records += 1;
    const reading = readOsv(record, where);
    advisories += reading.advisories.length;
    for (const advisory of reading.advisories) {
      const key = `${advisory.ecosystem} ${advisory.name}`;
      const known = packages.get(key) ?? new Map<string, Advisory>();
      packages.set(key, known.set(advisory.id, advisory));
    }
    const outcome = reading.advisories.length > 0 ? "read" : (reading.passedOver ?? "broken");
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    broken.push(...reading.problems.map(({ facts }) => `${facts.where}: ${facts.what}`));
  }
  t.diagnostic(
    `${records} records: ${[...counts].map(([name, count]) => `${name} ${count}`).join(", ")}; ${advisories} advisories`,
  );
  assert.deepEqual(broken, []);
  assert.deepEqual(Object.fromEntries(counts), {
    read: 30_677,
    "names no package": 132,
    withdrawn: 44,
    "names no version": 2,
  });
  assert.equal(
    [...counts.values()].reduce((sum, count) => sum + count, 0),
    records,
  );
  tellGroups(t, packages);
});

/** How the mirror's records group: no package has a heap, and flaws of different CVEs lie together only where their records say the same. */
function tellGroups(t: TestContext, packages: ReadonlyMap<string, ReadonlyMap<string, Advisory>>): void {
  const groups = [...packages.values()].flatMap((known) => groupByAlias([...known.values()]));
  const cves = ({ ids }: AliasGroup): number => ids.filter((id) => id.startsWith("CVE-")).length;
  const several = groups.filter((group) => cves(group) > 1);
  const joined = several.filter((group) => group.advisories.length > 1);
  const most = Math.max(...groups.map((group) => group.advisories.length));
  t.diagnostic(
    `${packages.size} packages, ${groups.length} groups; ${several.length} of several CVEs, ${joined.length} of them of several records; at most ${most} records`,
  );
  const said = ({ id, aliases }: Advisory): string =>
    [...new Set([id, ...aliases])]
      .filter((name) => name.startsWith("CVE-"))
      .sort()
      .join(" ");
  const named = joined.map(({ advisories }) => new Set(advisories.map(said).filter((one) => one !== "")).size);
  assert.deepEqual([groups.length, several.length, joined.length, most], [89_831, 72, 10, 16]);
  assert.ok(named.every((count) => count === 1));
}

test("verdicts on the mirror, on the schema's samples and on changed copies of both are those of the JSON schema", (t) => {
  const mirror = shared(t, "data/osv-mirror");
  const vectors = shared(t, "vectors/osv-schema");
  if (mirror === undefined || vectors === undefined) return;
  const validate = validatorOf(JSON.parse(readFileSync(join(vectors, "schema.json"), "utf8")) as object);
  const samples = readdirSync(join(vectors, "linter")).map((name) => ({
    where: `linter/${name}`,
    record: JSON.parse(readFileSync(join(vectors, "linter", name), "utf8")) as Json,
  }));
  const below = numbersBelow();
  const wrong: string[] = [];
  const totals = { records: 0, valid: 0, changed: 0, changedValid: 0 };
  const compare = (where: string, record: Json): boolean => {
    const valid = validate(record);
    const ours = validateOsv(record);
    if (valid !== (ours.length === 0))
      wrong.push(
        `${where}: ${JSON.stringify(valid ? ours : validate.errors?.slice(0, 2))} ${JSON.stringify(record).slice(0, 400)}`,
      );
    return valid;
  };
  const visit = (where: string, record: Json, copies: number): void => {
    totals.records += 1;
    if (compare(where, record)) totals.valid += 1;
    for (let copy = 0; copy < copies; copy += 1) {
      totals.changed += 1;
      if (compare(`${where} changed`, changedRecord(record, below))) totals.changedValid += 1;
    }
  };
  for (const { where, record } of samples) visit(where, record, 200);
  for (const { where, record } of mirrorRecords(mirror)) visit(where, record, totals.records % 40 === 0 ? 20 : 0);
  t.diagnostic(
    `${totals.records} records, ${totals.valid} valid; ${totals.changed} changed copies, ${totals.changedValid} valid; ${wrong.length} verdicts differ`,
  );
  assert.deepEqual(wrong.slice(0, 5), []);
  assert.ok(totals.changedValid > 1000 && totals.changed - totals.changedValid > 1000, "the copies go both ways");
});

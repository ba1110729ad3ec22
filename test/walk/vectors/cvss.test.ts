import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCvss, worstOfNewest } from "../../../src/format/cvss.ts";
import { isArray } from "../../../src/format/json.ts";
import type { Json, JsonObject } from "../../../src/model/statement.ts";
import { mirrorRecords } from "../../support/osv-mirror.ts";
import { shared } from "../../support/shared.ts";

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !isArray(value);
const objects = (value: Json | undefined): readonly JsonObject[] =>
  value !== undefined && isArray(value) ? value.filter(isObject) : [];

/** Vectors of a record and of its packages. */
function vectorsOf(record: JsonObject): readonly string[] {
  const rated = [record, ...objects(record["affected"])].flatMap((one) => objects(one["severity"]));
  return rated
    .filter(({ type }) => String(type).startsWith("CVSS"))
    .flatMap(({ score }) => (typeof score === "string" ? [score] : []));
}

/** GitHub's word for a record, which it takes from the vector's score. */
function wordOf(record: JsonObject): string | undefined {
  const specific = record["database_specific"];
  const word = isObject(specific) ? specific["severity"] : undefined;
  return typeof word === "string" ? word.toLowerCase().replace("moderate", "medium") : undefined;
}

/** A record of the mirror gives it, and no version of CVSS has "unchanged" as an impact. */
const NO_VECTOR = "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:U/A:U";

test("CVSS: every vector of the real records is read, and its word is the one that the database gives", (t) => {
  const mirror = shared(t, "data/osv-mirror");
  if (mirror === undefined) return;
  const seen = new Set<string>();
  const refused = new Set<string>();
  const differ: string[] = [];
  let [vectors, newest, same] = [0, 0, 0];
  for (const { record } of mirrorRecords(mirror)) {
    if (!isObject(record) || record["withdrawn"] !== undefined || seen.has(String(record["id"]))) continue;
    seen.add(String(record["id"]));
    const given = vectorsOf(record);
    vectors += given.length;
    for (const vector of given) if (!parseCvss(vector).known) refused.add(vector);
    const score = worstOfNewest(given);
    if (score !== undefined && given.every((vector) => vector.startsWith("CVSS:4.0/"))) newest += 1;
    const word = wordOf(record);
    if (score === undefined || word === undefined) continue;
    if (word === score.severity) same += 1;
    else differ.push(`${String(record["id"])}: ${word}, ${score.score} ${score.severity} by ${score.vector}`);
  }
  t.diagnostic(
    `${vectors} vectors of ${seen.size} records, ${refused.size} refused; ${newest} records by CVSS 4.0 alone`,
  );
  t.diagnostic(`the word of the score is the database's in ${same} of ${same + differ.length} records`);
  for (const one of differ) t.diagnostic(one);
  assert.deepEqual([...refused], [NO_VECTOR]);
  assert.ok(vectors > 11_000 && newest > 700);
  assert.ok(same / (same + differ.length) > 0.998);
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { groupByAlias } from "../../../src/advisory/groups.ts";
import type { Advisory } from "../../../src/model/advisory.ts";

function record(id: string, aliases: readonly string[] = [], upstream: readonly string[] = []): Advisory {
  return {
    id,
    aliases,
    upstream,
    kind: "vulnerable",
    summary: "",
    severity: "unknown",
    vectors: [],
    modified: "2026-01-01T00:00:00Z",
    ecosystem: "npm",
    name: "a",
    ranges: [],
    versions: ["1.0.0"],
    symbols: [],
  };
}

/** The groups as texts, from records in this order and in the opposite one: the order never counts. */
function groups(...records: readonly Advisory[]): readonly string[] {
  const told = (list: readonly Advisory[]): readonly string[] =>
    groupByAlias([...list]).map(
      ({ ids, advisories }) => `${advisories.map(({ id }) => id).join("+")}: ${ids.join(" ")}`,
    );
  assert.deepEqual(told(records), told(records.toReversed()));
  return told(records);
}

describe("groups of aliased records", () => {
  it("join what several databases say of one flaw, along any chain", () => {
    assert.deepEqual(
      groups(
        record("GHSA-a", ["CVE-2015-1"]),
        record("NSWG-57", ["CVE-2015-1"]),
        record("RETIREJS-1", ["GHSA-a"]),
        record("RETIREJS-2", ["RETIREJS-1"]),
        record("ALPINE-CVE-2015-1", [], ["CVE-2015-1"]),
        record("GHSA-b", ["GHSA-c"]),
        record("GHSA-c", ["GHSA-b"]),
      ),
      [
        "ALPINE-CVE-2015-1+GHSA-a+NSWG-57+RETIREJS-1+RETIREJS-2: ALPINE-CVE-2015-1 CVE-2015-1 GHSA-a NSWG-57 RETIREJS-1 RETIREJS-2",
        "GHSA-b+GHSA-c: GHSA-b GHSA-c",
      ],
    );
  });

  it("AccessControl: a neighbour in the list of aliases is another flaw, because it is another CVE", () => {
    assert.deepEqual(
      groups(
        record("PYSEC-2021-335", ["CVE-2021-32807", "GHSA-qcx9-j53g-ccgf"]),
        record("PYSEC-2021-370", ["CVE-2021-32811", "GHSA-qcx9-j53g-ccgf", "GHSA-g4gq-j4p2-j8fr"]),
      ),
      [
        "PYSEC-2021-335: CVE-2021-32807 GHSA-qcx9-j53g-ccgf PYSEC-2021-335",
        "PYSEC-2021-370: CVE-2021-32811 GHSA-g4gq-j4p2-j8fr PYSEC-2021-370",
      ],
    );
  });

  it("passenger: an id of a third database that two flaws share joins them not", () => {
    assert.deepEqual(
      groups(
        record("RUBYSEC-CVE-2014-1831", ["CVE-2014-1831", "OSVDB-102613"]),
        record("RUBYSEC-CVE-2014-1832", ["CVE-2014-1832", "OSVDB-102613"]),
      ).length,
      2,
    );
  });

  it("a record of many flaws joins none of them to another: yui, and a distribution's advisory with CVEs as aliases", () => {
    assert.deepEqual(
      groups(
        record("NSWG-332", ["CVE-2013-1", "CVE-2013-2", "CVE-2013-3"]),
        record("RETIREJS-1", ["CVE-2013-1", "GHSA-1"]),
        record("RETIREJS-2", ["CVE-2013-2", "GHSA-2"]),
      ),
      [
        "RETIREJS-1: CVE-2013-1 GHSA-1 RETIREJS-1",
        "RETIREJS-2: CVE-2013-2 GHSA-2 RETIREJS-2",
        "NSWG-332: CVE-2013-3 NSWG-332",
      ],
    );
    assert.deepEqual(
      groups(record("DSA-1", [], ["CVE-1", "CVE-2"]), record("X-1", ["CVE-1"]), record("X-2", ["CVE-2"])).length,
      3,
    );
  });

  it("ember, netty: records that name the same several CVEs are one, by their own word", () => {
    const same = ["CVE-2014-0013", "CVE-2014-0014"];
    assert.deepEqual(groups(record("R-1", same), record("R-2", same.toReversed())), [
      `R-1+R-2: ${same.join(" ")} R-1 R-2`,
    ]);
  });

  it("no id is in two groups, whatever the aliases say", () => {
    let state = 7;
    const below = (limit: number): number => (state = (state * 48_271) % 2_147_483_647) % limit;
    for (let round = 0; round < 300; round += 1) {
      const id = (): string => `${below(2) === 0 ? "CVE" : "X"}-${below(8)}`;
      const records = Array.from({ length: 8 }, (_, at) =>
        record(
          at % 2 === 0 ? `X-${at}` : `CVE-${at}`,
          Array.from({ length: below(4) }, id),
          Array.from({ length: below(3) }, id),
        ),
      );
      const ids = groupByAlias(records).flatMap((group) => group.ids);
      assert.equal(new Set(ids).size, ids.length, JSON.stringify(records));
      groups(...records);
    }
  });
});

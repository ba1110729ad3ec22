import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseOsv } from "../../../src/format/osv.ts";
import type { Advisory } from "../../../src/model/advisory.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Json } from "../../../src/model/statement.ts";
import { shared } from "../../support/shared.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";

const base = {
  id: "GHSA-test-0001",
  modified: "2026-01-02T03:04:05.600+01:00",
  summary: "A summary",
  aliases: ["CVE-2026-2", "CVE-2026-1", "CVE-2026-2"],
  affected: [
    {
      package: { ecosystem: "npm", name: "left" },
      ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed: "1.2.3" }] }],
      versions: ["0.1.0"],
    },
  ],
};

function only(record: object): Advisory {
  const advisories = parseOsv({ ...base, ...record } as unknown as Json, "r.json");
  assert.equal(advisories.length, 1);
  const [advisory] = advisories;
  assert.ok(advisory);
  return advisory;
}

test("a record becomes one advisory for each package", () => {
  assert.deepEqual(only({}), {
    id: "GHSA-test-0001",
    aliases: ["CVE-2026-1", "CVE-2026-2"],
    upstream: [],
    symbols: [],
    kind: "vulnerable",
    summary: "A summary",
    severity: "unknown",
    vectors: [],
    modified: "2026-01-02T02:04:05.6Z",
    ecosystem: "npm",
    name: "left",
    ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed: "1.2.3" }] }],
    versions: ["0.1.0"],
  });
  const [entry] = base.affected;
  const right = { package: { ecosystem: "npm", name: "right" }, versions: ["1.0.0"] };
  const more = {
    ...entry,
    ranges: [{ type: "SEMVER", events: [{ introduced: "2.0.0" }] }],
    versions: ["2.0.0", "0.1.0"],
  };
  const several = parseOsv({ ...base, affected: [entry, right, more] } as unknown as Json, "r");
  assert.deepEqual(
    several.map(({ name, ranges, versions }) => [name, ranges.length, versions]),
    [
      ["left", 2, ["0.1.0", "2.0.0"]],
      ["right", 0, ["1.0.0"]],
    ],
  );
});

test("withdrawn records and entries without a package give none", () => {
  assert.deepEqual(parseOsv({ ...base, withdrawn: "2026-01-02T00:00:00Z" }, "r"), []);
  const git = { ranges: [{ type: "GIT", repo: "https://git.example/x", events: [{ introduced: "0" }] }] };
  assert.deepEqual(parseOsv({ ...base, affected: [git] }, "r"), []);
  assert.deepEqual(parseOsv({ id: "X-1", modified: "2026-01-01T00:00:00Z" }, "r"), []);
});

test("kinds: malicious by id, alias, mark or CWE-506; RustSec's unmaintained and unsound", () => {
  assert.equal(only({ id: "MAL-2026-1" }).kind, "malicious");
  assert.equal(only({ id: "COMPROMISED-npm-left" }).kind, "malicious");
  assert.equal(only({ aliases: ["MAL-2026-1"] }).kind, "malicious");
  assert.equal(only({ database_specific: { malicious: true } }).kind, "malicious");
  assert.equal(only({ database_specific: { cwe_ids: ["CWE-20", "CWE-506"] } }).kind, "malicious");
  assert.equal(only({ id: "NORMAL-1" }).kind, "vulnerable");
  const rust = (informational: string | null): Advisory =>
    only({ affected: [{ ...base.affected[0], database_specific: { informational } }] });
  assert.equal(rust("unmaintained").kind, "unmaintained");
  assert.equal(rust("unsound").kind, "vulnerable");
  assert.equal(rust(null).severity, "unknown");
  assert.equal(rust("notice").severity, "none");
});

test("severity: the database's own word, else the worst vector, else unknown", () => {
  const vector = (score: string): object => ({ severity: [{ type: "CVSS_V3", score }] });
  const critical = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
  const low = "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";
  assert.equal(only(vector(critical)).severity, "critical");
  assert.deepEqual(only(vector(critical)).vectors, [critical]);
  assert.equal(only({ ...vector(critical), database_specific: { severity: "MODERATE" } }).severity, "medium");
  assert.equal(only({ ...vector(critical), database_specific: { severity: "Unknown" } }).severity, "critical");
  const inEntry = { ...vector(low), affected: [{ ...base.affected[0], ...vector(critical) }] };
  assert.equal(only(inEntry).severity, "critical");
  const [entry] = base.affected;
  const debian = (urgency: unknown): string =>
    only({ ...vector(critical), affected: [{ ...entry, ecosystem_specific: { urgency } }] }).severity;
  assert.deepEqual(["unimportant", "low", "not yet assigned", 7].map(debian), ["none", "low", "critical", "critical"]);
  const ubuntu = (score: string): string =>
    only({ severity: [...(vector(critical) as { severity: object[] }).severity, { type: "Ubuntu", score }] }).severity;
  assert.deepEqual(["negligible", "medium", "untriaged"].map(ubuntu), ["none", "medium", "critical"]);
  assert.equal(only({ affected: [{ ...entry, ecosystem_specific: { ubuntu_priority: "high" } }] }).severity, "high");
  assert.equal(only({ severity: [{ type: "CVSS_V4", score: "CVSS:4.0/AV:N" }] }).severity, "unknown");
  assert.equal(only({ severity: [{ type: "Ubuntu", score: "high" }] }).severity, "high");
  assert.equal(only({ severity: [{ type: "Vendor", score: "high" }] }).severity, "unknown");
});

test("an open range ends where the record says that knowledge ends", () => {
  const events = (lastKnown: unknown, given: object[] = [{ introduced: "1.4.1" }]): unknown => {
    const entry = {
      package: { ecosystem: "npm", name: "colors" },
      ranges: [{ type: "ECOSYSTEM", events: given }],
      database_specific: { last_known_affected_version_range: lastKnown },
    };
    return only({ affected: [entry] }).ranges[0]?.events;
  };
  assert.deepEqual(events("<= 1.4.2"), [{ introduced: "1.4.1" }, { last_affected: "1.4.2" }]);
  assert.deepEqual(events("< 1.4.3"), [{ introduced: "1.4.1" }, { limit: "1.4.3" }]);
  assert.deepEqual(events("> 1.4.3"), [{ introduced: "1.4.1" }]);
  assert.deepEqual(events(7), [{ introduced: "1.4.1" }]);
  const closed = [{ introduced: "0" }, { fixed: "2.0.0" }];
  assert.deepEqual(events("<= 1.4.2", closed), closed);
});

test("texts of a record are one clean line; the page of the advisory comes first", () => {
  const advisory = only({
    summary: "",
    details: "Evil \u202e text\u0007\nsecond line",
    references: [
      { type: "WEB", url: "https://a.example/" },
      { type: "ADVISORY", url: "javascript:alert(1)" },
      { type: "EVIDENCE", url: "https://c.example/poc" },
      { type: "ADVISORY", url: "https://b.example/x" },
    ],
  });
  assert.equal(advisory.proof, "https://c.example/poc");
  assert.equal(advisory.summary, "Evil \ufffd text\ufffd");
  assert.equal(advisory.url, "https://b.example/x");
  assert.ok(only({ summary: "x".repeat(1_000_000) }).summary.length <= 300);
});

test("a record of the wrong shape names the place", () => {
  const at = (change: object): string => {
    try {
      parseOsv({ ...base, ...change } as unknown as Json, "r.json");
    } catch (error) {
      if (error instanceof Fault) return `${error.facts.code} ${error.facts.where}`;
      throw error;
    }
    return "read";
  };
  assert.equal(at({ id: 7 }), "WB-ADVISORY-FORM r.json#/id");
  assert.equal(at({ modified: "yesterday" }), "WB-ADVISORY-FORM r.json#/modified");
  assert.equal(at({ aliases: [1] }), "WB-ADVISORY-FORM r.json#/aliases/0");
  assert.equal(at({ affected: {} }), "WB-ADVISORY-FORM r.json#/affected");
  assert.equal(at({ affected: [{ package: { name: "x" } }] }), "WB-ADVISORY-FORM r.json#/affected/0/package/ecosystem");
  const range = (events: unknown): object => ({
    affected: [{ package: { ecosystem: "npm", name: "x" }, ranges: [{ type: "SEMVER", events }] }],
  });
  const pointer = "WB-ADVISORY-FORM r.json#/affected/0/ranges/0/events";
  assert.equal(at(range("0")), pointer);
  assert.equal(at(range([{ introduced: "0", fixed: "1" }])), `${pointer}/0`);
  assert.equal(at(range([{ removed: "0" }])), `${pointer}/0`);
  assert.equal(at(range([{ introduced: 0 }])), `${pointer}/0/introduced`);
});

test("a record with very many vectors, entries or events is read in little time", () => {
  const many = 200_000;
  const [entry] = base.affected;
  const vector = { type: "CVSS_V2", score: "AV:N/AC:L/Au:N/C:P/I:P/A:P" };
  const start = cpuMilliseconds();
  assert.equal(only({ severity: Array.from({ length: many }, () => vector) }).severity, "high");
  const events = Array.from({ length: many }, (_, index) => ({ introduced: String(index) }));
  assert.equal(only({ affected: [{ ...entry, ranges: [{ type: "SEMVER", events }] }] }).ranges[0]?.events.length, many);
  assert.ok(cpuMilliseconds() - start < 5_000);
});

test("a name like `__proto__` is a package like any other", () => {
  const record = JSON.parse(
    '{"id":"X-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"__proto__"},"versions":["1.0.0"]}]}',
  ) as Json;
  assert.equal(parseOsv(record, "r")[0]?.name, "__proto__");
  assert.throws(() =>
    parseOsv(JSON.parse('{"__proto__":{"id":"X-1"},"modified":"2026-01-01T00:00:00Z"}') as Json, "r"),
  );
});

test("records of the schema's own samples are read", (t) => {
  const folder = shared(t, "vectors/osv-schema/linter");
  if (folder === undefined) return;
  const read = (name: string): readonly Advisory[] =>
    parseOsv(JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8")) as Json, name);
  assert.equal(read("MAL-2024-10238")[0]?.kind, "malicious");
  assert.ok(read("GO-2024-2963").every((advisory) => advisory.ecosystem === "Go"));
  assert.deepEqual(read("RHSA-2022_0216"), [], "it names no package");
});

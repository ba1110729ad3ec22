import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { buildIndex } from "../../../src/advisory/build.ts";
import { groupByAlias } from "../../../src/advisory/groups.ts";
import { openIndex } from "../../../src/advisory/index-file.ts";
import { npmOrder } from "../../../src/advisory/orders/semver.ts";
import { evaluateAdvisory } from "../../../src/advisory/ranges.ts";
import { type OsvReading, readOsv } from "../../../src/format/osv.ts";
import type { Advisory } from "../../../src/model/advisory.ts";
import type { Json } from "../../../src/model/statement.ts";

const read = (record: object): OsvReading =>
  readOsv({ modified: "2024-03-22T16:57:05Z", ...record } as unknown as Json, "r.json");

/** The only advisory of a record that has no problem. */
function only(record: object): Advisory {
  const { advisories, problems } = read(record);
  assert.deepEqual(problems, []);
  assert.equal(advisories.length, 1);
  return advisories[0] as Advisory;
}

const npm = (name: string, rest: object): object => ({ package: { ecosystem: "npm", name }, ...rest });
const affects = (advisory: Advisory, ...versions: readonly string[]): readonly string[] =>
  versions.filter((version) => evaluateAdvisory(advisory, version, npmOrder).reason !== undefined);
const range = (...events: readonly object[]): object => ({ ranges: [{ type: "ECOSYSTEM", events }] });

describe("OSV: what real records do", () => {
  it("colors: a range without an end stops at what database_specific says is known, another entry's does not", () => {
    const colors = only({
      id: "GHSA-5rqg-jm4f-cqx7",
      affected: [
        npm("colors", {
          ...range({ introduced: "1.4.1" }),
          database_specific: { last_known_affected_version_range: "<= 1.4.2" },
        }),
        npm("colors", { ...range({ introduced: "1.4.44-liberty-2" }), versions: ["1.4.44-liberty-2"] }),
      ],
    });
    const asked = ["1.4.0", "1.4.1", "1.4.2", "1.4.3", "1.4.44-liberty-2"];
    assert.deepEqual(affects(colors, ...asked), ["1.4.1", "1.4.2", "1.4.44-liberty-2"]);
  });

  it("coa, rc: versions are listed one by one, in many entries, without any range", () => {
    const coa = only({
      id: "GHSA-73qr-pfmq-6rp8",
      database_specific: { cwe_ids: ["CWE-506"] },
      affected: ["2.0.3", "2.0.4", "2.1.1"].map((version) => npm("coa", { versions: [version] })),
    });
    assert.equal(coa.kind, "malicious");
    assert.deepEqual(affects(coa, "2.0.2", "2.0.3", "2.0.4", "2.1.0", "2.1.1"), ["2.0.3", "2.0.4", "2.1.1"]);
  });

  it("PyPI: the list of versions and the ranges are both true, whichever says more", () => {
    const both = only({
      id: "PYSEC-2021-1",
      affected: [npm("left", { ...range({ introduced: "2.0.0" }, { fixed: "2.1.0" }), versions: ["1.0.0"] })],
    });
    assert.deepEqual(affects(both, "1.0.0", "1.5.0", "2.0.5", "2.1.0"), ["1.0.0", "2.0.5"]);
  });

  it("events in any order, several branches, limit and last_affected", () => {
    const branches = only({
      id: "GHSA-9qj7-jvg4-qr2x",
      affected: [
        npm("left", range({ introduced: "0" }, { introduced: "4.0.1" }, { fixed: "4.0.5" }, { fixed: "3.0.21" })),
      ],
    });
    assert.deepEqual(affects(branches, "1.0.0", "3.0.20", "3.0.21", "4.0.0", "4.0.1", "4.0.5"), [
      "1.0.0",
      "3.0.20",
      "4.0.1",
    ]);
    const limited = only({
      id: "X-1",
      affected: [npm("left", range({ introduced: "1.0.0" }, { limit: "2.0.0" }))],
    });
    assert.deepEqual(affects(limited, "1.9.9", "2.0.0", "3.0.0"), ["1.9.9"]);
    const last = only({ id: "X-2", affected: [npm("left", range({ last_affected: "1.5.0" }, { introduced: "0" }))] });
    assert.deepEqual(affects(last, "1.5.0", "1.5.1"), ["1.5.0"]);
    const bothEnds = only({
      id: "X-3",
      affected: [
        npm(
          "left",
          range({ introduced: "0" }, { fixed: "1.2.0" }, { introduced: "2.0.0" }, { last_affected: "2.3.0" }),
        ),
      ],
    });
    assert.deepEqual(affects(bothEnds, "1.1.0", "1.2.0", "2.3.0", "2.3.1"), ["1.1.0", "2.3.0"]);
  });

  it("withdrawn records, records about commits alone and entries without any version are told apart", () => {
    const git = { ranges: [{ type: "GIT", repo: "https://git.example/x", events: [{ introduced: "0" }] }] };
    const is = (record: object): string | undefined => read({ id: "X-1", ...record }).passedOver;
    assert.equal(is({ withdrawn: "2022-01-01T00:00:00Z", affected: [npm("x", { versions: ["1.0.0"] })] }), "withdrawn");
    assert.equal(is({ affected: [git] }), "names no package");
    assert.equal(is({}), "names no package");
    assert.equal(is({ affected: null }), "names no package");
    assert.equal(is({ affected: [npm("x", git)] }), "names no version");
    assert.equal(is({ affected: [npm("ckeditor", { ranges: [] })] }), "names no version");
    assert.equal(is({ affected: [npm("x", { versions: ["1.0.0"] }), git] }), undefined);
    assert.throws(() => read({ id: "X-1", withdrawn: "no" }), { message: "/withdrawn is not a time (RFC 3339)" });
  });

  it("ids and ecosystems that no schema knows are kept as they are", () => {
    for (const id of [
      "BREW-augeas-CVE-2025-2588",
      "NSWG-ECO-57",
      "RETIREJS-tar-n0-2.0.0",
      "COMPROMISED-npm-left",
      "x",
    ]) {
      assert.equal(only({ id, affected: [npm("x", { versions: ["1.0.0"] })] }).id, id);
    }
    const kubernetes = { package: { ecosystem: "kubernetes", name: "k8s.io/apiserver" }, versions: ["1.3.0"] };
    assert.equal(only({ id: "CVE-2017-1002101", affected: [kubernetes] }).ecosystem, "kubernetes");
  });

  it("aliases join what several sources say, blanks around them and a record's own id notwithstanding", () => {
    const of = (id: string, aliases: readonly string[]): Advisory =>
      only({ id, aliases, affected: [npm("tar", { versions: ["1.0.0"] })] });
    assert.deepEqual(of("DSA-CORE-2020-003", ["CVE-2020-13662 ", "DSA-CORE-2020-003"]).aliases, ["CVE-2020-13662"]);
    const groups = groupByAlias([
      of("GHSA-gfjr-xxhq-4r4g", ["CVE-2015-8860"]),
      of("RETIREJS-tar-n0-2.0.0", ["GHSA-gfjr-xxhq-4r4g"]),
      of("NSWG-ECO-57", ["CVE-2015-8860 "]),
      of("GHSA-3jfq-g458-7qm9", ["CVE-2021-32804"]),
    ]);
    assert.deepEqual(
      groups.map(({ advisories }) => advisories.length),
      [3, 1],
    );
  });

  it("RustSec: unmaintained is a kind, unsound is a weakness, a notice that nothing rates is none", () => {
    const rust = (informational: string): string => {
      const entry = {
        package: { ecosystem: "crates.io", name: "x" },
        ranges: [{ type: "SEMVER", events: [{ introduced: "0.0.0-0" }] }],
        database_specific: { informational, categories: [], cvss: null },
        ecosystem_specific: { affects: { arch: [], functions: [], os: [] }, affected_functions: null },
      };
      const { kind, severity } = only({ id: "RUSTSEC-2020-0001", affected: [entry] });
      return `${kind} ${severity}`;
    };
    assert.deepEqual(["unmaintained", "unsound", "notice"].map(rust), [
      "unmaintained unknown",
      "vulnerable unknown",
      "vulnerable none",
    ]);
  });

  it("Go: the standard library and the toolchain are packages; code named in one entry bounds no other entry", () => {
    const go = (name: string, imports?: readonly object[]): object => ({
      package: { ecosystem: "Go", name },
      ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed: "1.21.9" }, { introduced: "1.22.0-0" }] }],
      ...(imports && { ecosystem_specific: { imports } }),
    });
    const { advisories } = read({
      id: "GO-2024-2687",
      affected: [go("stdlib", [{ path: "net/http", symbols: ["a"], goos: ["linux"] }]), go("toolchain")],
    });
    assert.deepEqual(
      advisories.map(({ name, symbols }) => [name, symbols]),
      [
        ["stdlib", [{ path: "net/http", symbols: ["a"], systems: ["linux"] }]],
        ["toolchain", []],
      ],
    );
    const mixed = only({ id: "GO-2025-3540", affected: [go("x"), go("x", [{ path: "x/y", symbols: ["Z"] }])] });
    assert.deepEqual(mixed.symbols, []);
  });

  it("members of a newer minor, marks of a mirror and ratings of an entry are no trouble", () => {
    const vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    const advisory = only({
      schema_version: "1.8.0",
      id: "JLSEC-2025-1",
      upstream: ["EUVD-2025-1", "CVE-2025-52479"],
      related: ["GO-2025-1"],
      invalid: false,
      database_specific: { partial_ranges: true, modified_unknown: true, severity: "MODERATE" },
      affected: [
        npm("x", {
          ranges: [
            {
              type: "SEMVER",
              id: 0,
              events: [{ introduced: "0", comment: "c" }],
              database_specific: { constraint: "*" },
            },
          ],
          severity: [{ type: "CVSS_V3", score: vector }],
          new_member: [1],
        }),
      ],
    });
    assert.deepEqual(advisory.upstream, ["CVE-2025-52479", "EUVD-2025-1"]);
    assert.deepEqual([advisory.severity, advisory.vectors], ["medium", [vector]]);
    assert.deepEqual(Object.keys(advisory).sort(), [
      "aliases",
      "ecosystem",
      "id",
      "kind",
      "modified",
      "name",
      "ranges",
      "severity",
      "summary",
      "symbols",
      "upstream",
      "vectors",
      "versions",
    ]);
  });
});

describe("OSV: records that are broken in part", () => {
  it("one entry, range or alias that cannot be read is told with its place; the others hold", () => {
    const { advisories, problems } = read({
      id: "GHSA-test-0001",
      aliases: ["CVE-2026-1", 7, "two words"],
      affected: [
        npm("left", { versions: ["1.0.0"] }),
        { package: { ecosystem: "npm" } },
        npm("le\u202eft", { versions: ["1.0.0"] }),
        npm("right", {
          ranges: [
            { type: "COMMIT", events: [] },
            { type: "SEMVER", events: [{ introduced: "0" }, { removed: "2" }] },
            { type: "SEMVER", events: [{ introduced: "0" }, { fixed: "2.0.0" }] },
          ],
        }),
      ],
    });
    assert.deepEqual(
      advisories.map(({ name, aliases, ranges, versions }) => [name, aliases, ranges.length, versions]),
      [
        ["left", ["CVE-2026-1"], 0, ["1.0.0"]],
        ["right", ["CVE-2026-1"], 1, []],
      ],
    );
    assert.deepEqual(
      problems.map(({ facts }) => facts.where),
      [
        "/aliases/1",
        "/aliases/2",
        "/affected/1/package/name",
        "/affected/2/package/name",
        "/affected/3/ranges/0/type",
        "/affected/3/ranges/1/events/1",
      ].map((path) => `r.json#${path}`),
    );
  });

  it("what has nothing left is broken, not passed over, and a record of nothing but broken parts ends early", () => {
    const { advisories, passedOver, problems } = read({ id: "X-1", affected: [npm("x", { ranges: [7] })] });
    assert.deepEqual([advisories.length, passedOver, problems.length], [0, undefined, 1]);
    assert.throws(() => read({ id: "X-1", affected: Array.from({ length: 1000 }, () => 7) }), {
      message: "/affected/100 is not an object",
    });
    for (const id of ["", " ", "a\u0000b", "GHSA-\u202e1", "a b", "x".repeat(301)])
      assert.throws(() => read({ id }), id);
  });
});

describe("OSV: revisions of a record", () => {
  async function index(
    t: TestContext,
    records: Readonly<Record<string, object>>,
  ): Promise<(name: string) => readonly string[]> {
    const folder = mkdtempSync(join(tmpdir(), "waybill-revisions-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    for (const [path, record] of Object.entries(records)) {
      mkdirSync(join(folder, "mirror", path, ".."), { recursive: true });
      writeFileSync(join(folder, "mirror", path), JSON.stringify(record));
    }
    const file = join(folder, "x.db");
    await buildIndex(join(folder, "mirror"), file);
    const opened = openIndex(file);
    t.after(() => opened.close());
    return (name) => opened.lookup("npm", name).map(({ id, summary }) => `${id} ${summary}`.trim());
  }
  const early = {
    id: "GHSA-f5x3-32g6-xq36",
    modified: "2024-03-22T16:57:05Z",
    affected: [npm("node-tar", range({ introduced: "0" }, { fixed: "6.2.1" }))],
  };
  const late = {
    ...early,
    modified: "2024-06-21T21:33:58Z",
    affected: [npm("tar", range({ introduced: "0" }, { fixed: "6.2.1" }))],
  };

  it("node-tar for tar: the newest revision of an id counts alone, whatever its package", async (t) => {
    const at = await index(t, { "npm/early.json": early, "npm/late.json": late });
    assert.deepEqual([at("tar"), at("node-tar")], [["GHSA-f5x3-32g6-xq36"], []]);
  });

  it("where only the early revision is there, its word is all there is: nothing is guessed", async (t) => {
    const at = await index(t, { "npm/early.json": early });
    assert.deepEqual([at("tar"), at("node-tar")], [[], ["GHSA-f5x3-32g6-xq36"]]);
  });
});

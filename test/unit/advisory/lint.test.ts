import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type KnownNames, lintOsv } from "../../../src/advisory/lint.ts";
import { normaliseName } from "../../../src/artifact/pypi-name.ts";
import type { Json } from "../../../src/model/statement.ts";
import { shared } from "../../support/shared.ts";

const base = { id: "GHSA-a-a-a", modified: "2026-01-01T00:00:00Z" };
const told = (record: object, names?: KnownNames): readonly string[] =>
  lintOsv({ ...base, ...record } as unknown as Json, names).map(
    ({ path, check, level }) => `${level} ${path} ${check}`,
  );
const npm = (rest: object, pkg: object = {}): object => ({
  affected: [{ package: { ecosystem: "npm", name: "a", ...pkg }, ...rest }],
});
const range = (...events: readonly object[]): object => ({ ranges: [{ type: "SEMVER", events }] });
const fine = npm(range({ introduced: "0" }));

describe("records: what is wrong with them", () => {
  it("a whole record has nothing wrong", () => {
    assert.deepEqual(told(fine), []);
    assert.deepEqual(told({ withdrawn: "2026-01-01T00:00:00Z" }), []);
  });

  it("the samples of OSV's linter: each of the bad ones for its own reason, the good ones for none", (t) => {
    const folder = shared(t, "vectors/osv-schema/linter");
    const list = shared(t, "data/popular/pypi.tsv");
    if (folder === undefined || list === undefined) return;
    const pypi = new Set(
      readFileSync(list, "utf8")
        .split("\n")
        .map((line) => normaliseName(line.split("\t", 1)[0] ?? "")),
    );
    const errors = Object.fromEntries(
      readdirSync(folder).map((name) => {
        const record = JSON.parse(readFileSync(join(folder, name), "utf8")) as Json;
        const problems = lintOsv(record, (ecosystem) => (ecosystem === "PyPI" ? pypi : undefined));
        return [name, problems.filter(({ level }) => level === "error").map(({ check }) => check)];
      }),
    );
    assert.deepEqual(Object.fromEntries(Object.entries(errors).filter(([, checks]) => checks.length > 0)), {
      "nointroduced-CVE-2023-41045.json": ["introduced-event-exists"],
      "nondistinct-CVE-2018-5407.json": ["range-is-distinct"],
      "nopackage-GHSA-9v2f-6vcg-3hgv.json": ["package-exists"],
      // These two are about nothing that is affected; the linter's own check "affected-data-exists" says so too.
      "RHSA-2022_0216.json": ["affected-data-exists"],
      "SUSE-FU-2022_0444-1.json": ["affected-data-exists"],
    });
    t.diagnostic(`${Object.keys(errors).length} samples, 3 of 3 bad ones reported`);
  });

  it("ids: twice, itself, in two ways, blanks around, several CVEs as aliases", () => {
    assert.deepEqual(told({ ...fine, aliases: ["CVE-2026-1", "CVE-2026-1"] }), ["error /aliases/1 valid-aliases"]);
    assert.deepEqual(told({ ...fine, aliases: [base.id] }), ["error /aliases/0 valid-aliases"]);
    assert.deepEqual(told({ ...fine, aliases: ["X-1 "] }), ["error /aliases/0 valid-aliases"]);
    assert.deepEqual(told({ ...fine, aliases: ["X-1"], upstream: ["X-1"] }), ["error /upstream/0 valid-upstream"]);
    assert.deepEqual(told({ ...fine, upstream: ["X-1"], related: ["X-1", "X-2", "X-2"] }), [
      "warning /related/0 valid-related",
      "error /related/2 valid-related",
    ]);
    assert.deepEqual(told({ ...fine, aliases: ["CVE-2026-1", "CVE-2026-2"] }), ["warning /aliases valid-aliases"]);
  });

  it("ranges in which nothing can lie, or that no order can compare", () => {
    const event = "/affected/0/ranges/0/events/1";
    assert.deepEqual(told(npm(range({ introduced: "1.0.0" }, { fixed: "1.0.0" }))), [
      `error ${event} range-is-distinct`,
    ]);
    assert.deepEqual(told(npm(range({ introduced: "2.0.0" }, { fixed: "1.0.0" }))), [
      `error ${event} range-is-distinct`,
    ]);
    assert.deepEqual(told(npm(range({ introduced: "2.0.0" }, { last_affected: "2.0.0" }))), []);
    assert.deepEqual(told(npm(range({ introduced: "0" }, { fixed: "~" }))), [
      `warning ${event} range-can-be-evaluated`,
    ]);
    assert.deepEqual(told(npm(range({ introduced: "0" }, { limit: "*" }))), []);
    const branches = range({ introduced: "0" }, { introduced: "2.0.0" }, { fixed: "2.1.0" }, { fixed: "1.1.0" });
    assert.deepEqual(told(npm(branches)), []);
    const bare = { affected: [range({ introduced: "0" })] };
    assert.deepEqual(told(bare), ["error /affected/0/ranges/0 range-is-distinct"]);
    assert.deepEqual(told({ affected: [] }), ["error /affected affected-data-exists"]);
    assert.deepEqual(told(npm({})), ["warning /affected/0 package-versions-given"]);
  });

  it("packages: a URL that is none or has a version, a name that is not normal or not there", () => {
    const purl = (text: string): readonly string[] => told(npm(range({ introduced: "0" }), { purl: text }));
    assert.deepEqual(purl("pkg:npm/a"), []);
    assert.deepEqual(purl("pkg:npm/a@1.0.0"), ["error /affected/0/package/purl package-purl-valid"]);
    assert.deepEqual(purl("npm/a"), ["error /affected/0/package/purl package-purl-valid"]);
    const pypi = npm({ versions: ["1.0"] }, { ecosystem: "PyPI", name: "Zope.X" });
    const names =
      (...list: readonly string[]): KnownNames =>
      () =>
        new Set(list);
    const normal = "warning /affected/0/package/name package-name-is-normal";
    const exists = "error /affected/0/package/name package-exists";
    assert.deepEqual(told(pypi, names("zope-x")), [normal]);
    assert.deepEqual(told(pypi, names("zope")), [normal, exists]);
    assert.deepEqual(told({ ...pypi, id: "MAL-2026-1" }, names("zope")), [normal], "taken down");
  });

  it("what the schema does not know and the reader reads is a warning", () => {
    const kubernetes = { affected: [{ package: { ecosystem: "kubernetes", name: "a" }, versions: ["1"] }] };
    assert.deepEqual(told({ ...kubernetes, id: "BREW-1" }), [
      "warning /id conforms-to-schema",
      "warning /affected/0/package/ecosystem conforms-to-schema",
    ]);
    assert.deepEqual(told({ ...fine, isFixed: true }), ["error /isFixed conforms-to-schema"]);
    for (const other of [{ ghsaId: "GHSA-a" }, { document: { csaf_version: "2.0" } }]) {
      const [problem, second] = lintOsv(other);
      assert.match(problem?.what ?? "", /waybill db convert/u);
      assert.equal(second, undefined);
    }
    for (const value of [null, 7, "x", []] as const) assert.equal(lintOsv(value)[0]?.level, "error");
  });
});

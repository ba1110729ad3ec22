import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { versionOrder } from "../../../src/advisory/order.ts";
import { readArchive } from "../../../src/advisory/bucket-folder.ts";
import { evaluateAdvisory } from "../../../src/advisory/ranges.ts";
import { versContains } from "../../../src/advisory/vers/contains.ts";
import { versOfNative } from "../../../src/advisory/vers/native.ts";
import { schemeOrder } from "../../../src/advisory/vers/schemes.ts";
import { parseVers, printVers } from "../../../src/advisory/vers/vers.ts";
import type { Advisory, AffectedRange, VersionOrder } from "../../../src/model/advisory.ts";
import { shared } from "../../support/shared.ts";
import { assertTotal, relation, relationsOf } from "../../support/versions.ts";

function orderFor(ecosystem: string): VersionOrder {
  const order = versionOrder(ecosystem);
  assert.ok(order !== undefined, ecosystem);
  return order;
}

/**
 * Lines that are not met, each argued in docs/accuracy.md, "Version orders": PHP's version_compare() without Composer's
 * normal form, by which `v6.5` would not be `v6.5.0`.
 */
const AGAINST_COMPOSER = [
  "v1.9.0-ALPHA.1 = v1.9.0-BETA.1",
  "v1.9.0-BETA.1 < v1.9.0-ALPHA.2",
  "5.1.0-stable < 5.1.0-beta2",
  "v6.5 < v6.5.0-beta-0",
  "v6.6 < v6.6.0-beta",
];

const FILES: readonly (readonly [file: string, ecosystem: string, lines: number, differs?: readonly string[]])[] = [
  ["alpine-versions-generated", "Alpine", 7136],
  ["alpine-versions", "Alpine", 417],
  ["cran-versions-generated", "CRAN", 31],
  ["cran-versions", "CRAN", 12],
  ["debian-versions-generated", "Debian", 7277],
  ["debian-versions", "Debian", 11],
  ["hackage-versions", "Hackage", 5],
  ["maven-versions-generated", "Maven", 7431],
  ["maven-versions", "Maven", 47],
  ["nuget-versions", "NuGet", 18],
  ["packagist-versions-generated", "Packagist", 5199, AGAINST_COMPOSER],
  ["packagist-versions", "Packagist", 49],
  ["pub-versions", "Pub", 54],
  ["pypi-versions-generated", "PyPI", 6167],
  ["pypi-versions", "PyPI", 20],
  ["redhat-versions", "Red Hat", 80],
  ["rubygems-versions-generated", "RubyGems", 2021],
  ["rubygems-versions", "RubyGems", 17],
  ["semver-versions", "crates.io", 35],
];

test("orders versions as every line of osv-scalibr's files says", (t) => {
  const folder = shared(t, "vectors/version-compare/osv-scalibr");
  if (folder === undefined) return;
  let [met, all] = [0, 0];
  for (const [file, ecosystem, lines, differs = []] of FILES) {
    const order = orderFor(ecosystem);
    const relations = relationsOf(join(folder, `${file}.txt`));
    const wrong = relations.filter(([a, expected, b]) => relation(order, a, b) !== expected);
    t.diagnostic(`${file}: ${relations.length - wrong.length} of ${relations.length}`);
    assert.equal(relations.length, lines, file);
    assert.deepEqual(
      wrong.map((line) => line.join(" ")),
      differs,
      file,
    );
    met += relations.length - wrong.length;
    all += relations.length;
  }
  t.diagnostic(`in all: ${met} of ${all}`);
  assert.equal(all, 36_027);
});

/** One case of univers, by `test_type`. */
interface UniversCase {
  readonly test_type: "comparison" | "equality" | "from_native" | "containment" | "roundtrip";
  readonly input: {
    readonly input_scheme?: string;
    readonly versions?: readonly [string, string];
    readonly scheme?: string;
    readonly native_range?: string;
    readonly vers?: string;
    readonly version?: string;
  };
  readonly expected_output: readonly string[] | string | boolean;
}

function universCases(path: string): readonly UniversCase[] {
  const parsed: { tests: readonly UniversCase[] } | readonly UniversCase[] = JSON.parse(readFileSync(path, "utf8"));
  return "tests" in parsed ? parsed.tests : parsed;
}

/**
 * Whether a case is met. Sorted versions are compared by the order and not by the text: a sorted list may hold one in another
 * spelling (`1.0.0-beta` for `1.0.0-BETA`).
 */
function isMet({ test_type: type, input, expected_output: expected }: UniversCase): boolean {
  const { versions = ["", ""], vers = "", version = "" } = input;
  if (type === "from_native") return printVers(versOfNative(input.scheme ?? "", input.native_range ?? "")) === expected;
  if (type === "roundtrip") return printVers(parseVers(vers)) === expected;
  if (type === "containment") return versContains(parseVers(vers), version) === expected;
  const order = schemeOrder(input.input_scheme ?? "");
  assert.ok(order !== undefined, `an order of ${input.input_scheme}`);
  if (type === "equality") return (order.compare(...versions) === 0) === expected;
  assert.ok(Array.isArray(expected), "a sorted list");
  const sorted: readonly string[] = [...versions].sort(order.compare);
  return sorted.every((one, at) => order.compare(one, String(expected[at])) === 0);
}

/** docs/accuracy.md, "Version orders": sorted as SemVer, where Composer's `a1` comes before its `RC4`; the range would hold all. */
const AGAINST_ORDER = ["<2.8.1||>=3.0.0a1,<3.0.0RC4"];

const UNIVERS: readonly (readonly [file: string, cases: number, differs?: readonly string[]])[] = [
  ["alpine_version_cmp", 386],
  ["alpm_version_cmp", 23],
  ["conan_version_cmp", 25],
  ["deb_version_python_pkg_test", 9],
  ["gentoo_version_cmp", 26],
  ["maven_version_cmp", 494],
  ["nuget_version_cmp", 18],
  ["openssl_version_cmp", 22],
  ["range/conan_range_from_native", 216],
  ["range/conan_range_from_native_basic", 15],
  ["range/gem_range_from_native", 1],
  ["range/nginx_range_from_native", 2],
  ["range/npm_range_from_native", 595],
  ["range/openssl_range_from_native", 5],
  ["range/pypi_range_containment", 6],
  ["range/pypi_range_from_native", 1],
  ["range/pypi_range_roundtrip", 8],
  ["range/gitlab/composer_gitlab_range_from_native", 1299, AGAINST_ORDER],
  ["range/gitlab/conan_gitlab_range_from_native", 216],
  ["range/gitlab/gem_gitlab_range_from_native", 177],
  ["range/gitlab/golang_gitlab_range_from_native", 354],
  ["range/gitlab/npm_gitlab_range_from_native", 373],
  ["range/gitlab/pypi_gitlab_range_from_native", 53],
];

test("compares, sorts, and reads and writes ranges as every case of univers says", (t) => {
  const folder = shared(t, "vectors/version-compare/univers");
  if (folder === undefined) return;
  const types = new Map<string, [met: number, all: number]>();
  for (const [file, count, differs = []] of UNIVERS) {
    const cases = universCases(join(folder, "schema", `${file}.json`));
    const wrong: (string | undefined)[] = [];
    for (const one of cases) {
      const met = isMet(one);
      if (!met) wrong.push(one.input.native_range ?? JSON.stringify(one.input));
      const [before, all] = types.get(one.test_type) ?? [0, 0];
      types.set(one.test_type, [before + Number(met), all + 1]);
    }
    t.diagnostic(`${file}: ${cases.length - wrong.length} of ${cases.length}`);
    assert.equal(cases.length, count, file);
    assert.deepEqual(wrong, differs, file);
  }
  const lines = relationsOf(join(folder, "alpine_test.txt"));
  for (const [a, expected, b] of lines) assert.equal(relation(orderFor("Alpine"), a, b), expected, `${a} ${b}`);
  types.set("lines of alpine_test.txt", [lines.length, lines.length]);
  for (const [type, [met, all]] of types) t.diagnostic(`${type}: ${met} of ${all}`);
  const all = [...types.values()].reduce((sum, [, count]) => sum + count, 0);
  const met = [...types.values()].reduce((sum, [count]) => sum + count, 0);
  t.diagnostic(`in all: ${met} of ${all}`);
  assert.deepEqual([met, all], [4709, 4710]);
});

interface PypiRow {
  readonly id: string;
  readonly package: string;
  readonly ranges: readonly AffectedRange[];
  readonly affected: readonly string[];
  readonly notAffected: readonly string[];
}

/** Lists of versions that contradict the record's own ranges (docs/accuracy.md): what the ranges say is right by PEP 440. */
const CONTRADICTIONS = {
  missed: ["PYSEC-2023-61 django 3.2b1", "PYSEC-2023-61 django 4.2a1"],
  held: new Map([
    ["PYSEC-2020-215 notebook", 2],
    ["PYSEC-2022-43063 paddlepaddle", 2],
    ["PYSEC-2023-142 vyper", 6],
    ["PYSEC-2023-150 exiv2", 3],
    ["PYSEC-2023-8 apache-iotdb", 3],
  ]),
};

test("finds the versions of PyPI's records by their ranges alone", (t) => {
  const folder = shared(t, "vectors/osv-matching");
  if (folder === undefined) return;
  const order = orderFor("PyPI");
  const rows = gunzipSync(readFileSync(join(folder, "pypi-ranges.jsonl.gz")))
    .toString()
    .trimEnd()
    .split("\n");
  const missed: string[] = [];
  const held = new Map<string, number>();
  let [affected, notAffected] = [0, 0];
  for (const line of rows) {
    const row: PypiRow = JSON.parse(line);
    const about = { ranges: row.ranges, versions: [] as readonly string[] } as Advisory;
    const holds = (version: string): boolean => evaluateAdvisory(about, version, order).reason !== undefined;
    const name = `${row.id} ${row.package}`;
    missed.push(...row.affected.filter((version) => !holds(version)).map((version) => `${name} ${version}`));
    const wrong = row.notAffected.filter(holds);
    if (wrong.length > 0) held.set(name, wrong.length);
    affected += row.affected.length;
    notAffected += row.notAffected.length;
  }
  const extra = [...held.values()].reduce((sum, count) => sum + count, 0);
  t.diagnostic(
    `recall: ${affected - missed.length} of ${affected}; specificity: ${notAffected - extra} of ${notAffected}`,
  );
  assert.deepEqual([rows.length, affected, notAffected], [1395, 14_071, 10_814]);
  assert.deepEqual(missed, CONTRADICTIONS.missed);
  assert.deepEqual(held, new Map([...CONTRADICTIONS.held].toSorted(([a], [b]) => (a < b ? -1 : 1))));
});

test("is a total order over the versions of each file that are valid", (t) => {
  const folder = shared(t, "vectors/version-compare/osv-scalibr");
  if (folder === undefined) return;
  for (const [file, ecosystem] of FILES) {
    const order = orderFor(ecosystem);
    const versions = [...new Set(relationsOf(join(folder, `${file}.txt`)).flatMap(([a, , b]) => [a, b]))];
    const step = Math.ceil(versions.length / 200);
    assertTotal(
      order,
      versions.filter((version, at) => at % step === 0 && order.valid(version)),
    );
  }
});

/** Boundaries and listed versions of the mirror that are no versions, by what writes them; there is nothing to compare them by. */
const NO_VERSIONS = [
  "BIT-mastodon-2026-47777 nightly.2026-03-10.0",
  "PYSEC-2020-341 -class.-jw.util.version.Version-",
  "PYSEC-2021-121 trunk",
  "RETIREJS-simple-server-CVE-2018-3717-~ ~",
];

interface Affected {
  readonly package?: { readonly ecosystem: string };
  readonly ranges?: readonly { readonly type: string; readonly events: readonly Readonly<Record<string, string>>[] }[];
  readonly versions?: readonly string[];
}

/** Every version that a record's entry writes; `0` is none but the beginning of all. */
function versionsOf({ ranges = [], versions = [] }: Affected): readonly string[] {
  const events = ranges.filter(({ type }) => type !== "GIT").flatMap((range) => range.events);
  return [...events.flatMap((event) => Object.values(event)).filter((text) => text !== "0"), ...versions];
}

test("understands what real records write, and orders it without a circle", (t) => {
  const mirror = shared(t, "data/osv-mirror");
  if (mirror === undefined) return;
  const seen = new Map<VersionOrder, Set<string>>();
  const wrong = new Set<string>();
  let count = 0;
  const ecosystems = readdirSync(mirror, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const records = ecosystems.flatMap(({ name }) => [...readArchive(join(mirror, name, "all.zip"), name)]);
  for (const record of records) {
    assert.ok("bytes" in record, record.where);
    const parsed: { id: string; affected?: readonly Affected[] } = JSON.parse(Buffer.from(record.bytes).toString());
    for (const affected of parsed.affected ?? []) {
      if (affected.package === undefined) continue;
      const order = orderFor(affected.package.ecosystem);
      const kept = seen.get(order) ?? new Set();
      seen.set(order, kept);
      for (const text of versionsOf(affected)) {
        count += 1;
        if (order.valid(text)) kept.add(text);
        else wrong.add(`${parsed.id} ${text}`);
      }
    }
  }
  for (const [order, versions] of seen) {
    const step = Math.ceil(versions.size / 200);
    assertTotal(
      order,
      [...versions].filter((_, at) => at % step === 0),
    );
  }
  t.diagnostic(`${count} versions of real records, of which ${wrong.size} are none`);
  assert.ok(count > 300_000);
  assert.deepEqual([...wrong].toSorted(), NO_VERSIONS);
});

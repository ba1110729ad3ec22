import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { versionOrder } from "../../../src/advisory/order.ts";
import type { VersionOrder } from "../../../src/model/advisory.ts";
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

interface UniversCase {
  readonly test_type: "comparison" | "equality";
  readonly input: { readonly input_scheme: string; readonly versions: readonly [string, string] };
  readonly expected_output: readonly string[] | boolean;
}

function universCases(path: string): readonly UniversCase[] {
  const parsed: { tests: readonly UniversCase[] } | readonly UniversCase[] = JSON.parse(readFileSync(path, "utf8"));
  return "tests" in parsed ? parsed.tests : parsed;
}

const UNIVERS: readonly (readonly [file: string, ecosystem: string, cases: number])[] = [
  ["alpine_version_cmp", "Alpine", 386],
  ["conan_version_cmp", "ConanCenter", 25],
  ["deb_version_python_pkg_test", "Debian", 9],
  ["maven_version_cmp", "Maven", 494],
  ["nuget_version_cmp", "NuGet", 18],
];

/** By the order and not by the text: a sorted list may hold a version in another spelling (`1.0.0-beta` for `1.0.0-BETA`). */
function holds(
  order: VersionOrder,
  { test_type: type, input: { versions }, expected_output: expected }: UniversCase,
): boolean {
  if (typeof expected === "boolean") {
    assert.equal(type, "equality");
    return (order.compare(...versions) === 0) === expected;
  }
  return versions.toSorted(order.compare).every((version, at) => order.compare(version, expected[at] ?? "") === 0);
}

test("compares and sorts as univers' cases say", (t) => {
  const folder = shared(t, "vectors/version-compare/univers");
  if (folder === undefined) return;
  for (const [file, ecosystem, count] of UNIVERS) {
    const order = orderFor(ecosystem);
    const cases = universCases(join(folder, "schema", `${file}.json`));
    const wrong = cases.filter((one) => !holds(order, one));
    t.diagnostic(`${file}: ${cases.length - wrong.length} of ${cases.length}`);
    assert.equal(cases.length, count, file);
    assert.deepEqual(wrong, [], file);
  }
  const lines = relationsOf(join(folder, "alpine_test.txt"));
  t.diagnostic(`alpine_test.txt: ${lines.length} lines`);
  assert.equal(lines.length, 386);
  for (const [a, expected, b] of lines) assert.equal(relation(orderFor("Alpine"), a, b), expected, `${a} ${b}`);
});

test("is a total order over the versions of each file that are valid", (t) => {
  const folder = shared(t, "vectors/version-compare/osv-scalibr");
  if (folder === undefined) return;
  for (const [file, ecosystem] of FILES) {
    const order = orderFor(ecosystem);
    const versions = [...new Set(relationsOf(join(folder, `${file}.txt`)).flatMap(([a, , b]) => [a, b]))];
    const step = Math.ceil(versions.length / 400);
    assertTotal(
      order,
      versions.filter((version, at) => at % step === 0 && order.valid(version)),
    );
  }
});

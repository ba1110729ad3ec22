import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { versionOrder } from "../../../src/advisory/order.ts";
import type { VersionOrder } from "../../../src/model/advisory.ts";
import { shared } from "../../support/shared.ts";
import { assertRelations, assertTotal, ORDERED } from "../../support/versions.ts";

function orderFor(ecosystem: string): VersionOrder {
  const order = versionOrder(ecosystem);
  assert.ok(order !== undefined, ecosystem);
  return order;
}

/** Each is below the next. */
function assertAscending(ecosystem: string, versions: readonly string[]): void {
  const order = orderFor(ecosystem);
  for (const version of versions) assert.ok(order.valid(version), `${ecosystem}: ${version}`);
  for (const [at, version] of versions.entries()) {
    for (const later of versions.slice(at + 1)) {
      assert.ok(order.compare(version, later) < 0, `${ecosystem}: ${version} < ${later}`);
      assert.ok(order.compare(later, version) > 0, `${ecosystem}: ${later} > ${version}`);
    }
  }
}

test("each ecosystem of the OSV schema has an order, or is known to have none", (t) => {
  const folder = shared(t, "vectors/osv-schema");
  if (folder === undefined) return;
  const schema: { $defs: { ecosystemName: { enum: readonly string[] } } } = JSON.parse(
    readFileSync(join(folder, "schema.json"), "utf8"),
  );
  const names = schema.$defs.ecosystemName.enum;
  assert.equal(names.length, 48);
  const without = names.filter((name) => versionOrder(name) === undefined);
  // Projects' own tags; and two that say only with a suffix whose packages they rebuild.
  assert.deepEqual(without, ["OSS-Fuzz", "Root", "TuxCare"]);
});

test("docs/advisories.md names the order of each ecosystem", () => {
  const guide = readFileSync(join(import.meta.dirname, "../../../docs/advisories.md"), "utf8");
  const [, section = ""] = guide.split("## Version orders\n");
  const cells = Array.from(section.split("**None**")[0]?.matchAll(/^\| ([^|]+) \|/gmu) ?? [], ([, cell = ""]) => cell);
  const named = cells.slice(1).flatMap((cell) => cell.split(", "));
  assert.ok(named.length > 40);
  for (const name of named) {
    const given = ["Root", "TuxCare"].includes(name) ? `${name}:npm` : name;
    assert.ok(versionOrder(given) !== undefined, name);
  }
  for (const name of ORDERED) assert.ok(named.includes(name.split(":")[0] ?? ""), name);
});

test("an ecosystem is found with a release, and in whichever case", () => {
  for (const [written, same] of [
    ["Debian:12", "Ubuntu:22.04:LTS"],
    ["Alpine:v3.18", "Wolfi"],
    ["Red Hat:rhel_aus:8.4::appstream", "AlmaLinux:9"],
    ["kubernetes", "Kubernetes"],
    ["pypi", "PyPI"],
    ["VSCode:https://open-vsx.org", "VSCode"],
    ["TuxCare:Alpine:v3.16", "Alpine"],
  ] as const) {
    assert.equal(versionOrder(written), versionOrder(same), written);
  }
  for (const name of ["TuxCare:TuxCare:npm", "Root:Nothing", "Debian 12", ":npm"]) {
    assert.equal(versionOrder(name), undefined, name);
  }
});

test("PyPI: the summary of PEP 440, its spellings, epochs, and what was there before it", () => {
  assertAscending("PyPI", [
    "0.1-bulbasaur",
    "2004d",
    "1.dev0",
    "1.0.dev456",
    "1.0a1",
    "1.0a2.dev456",
    "1.0a12.dev456",
    "1.0a12",
    "1.0b1.dev456",
    "1.0b2",
    "1.0b2.post345.dev456",
    "1.0b2.post345",
    "1.0rc1.dev456",
    "1.0rc1",
    "1.0",
    "1.0+abc.5",
    "1.0+abc.7",
    "1.0+5",
    "1.0.post456.dev34",
    "1.0.post456",
    "1.0.15",
    "1.1.dev1",
    "1!0.1",
  ]);
  assertRelations(orderFor("PyPI"), [
    "1.0 = 1.0.0",
    "1.0.RC-1 = 1rc1",
    "v1.0-1 = 1.0.post1",
    "1.0-preview_2 = 1.0c2",
    "1.0-r4 = 1.0.post4",
    "1.0dev = 1.0.dev0",
    "1.0+Ubuntu-1 = 1.0+ubuntu.1",
    "1.0.123456789012345678901 > 1.0.123456789012345678900",
  ]);
  for (const text of ["", "latest", "1.2.*", ">=1.0", "1.0 2.0", "1.0\u0000"])
    assert.equal(orderFor("PyPI").valid(text), false);
});

test("RubyGems: letters make a prerelease, final zeros do not count", () => {
  assertAscending("RubyGems", [
    "0.9",
    "1.0.a.2",
    "1.0.a.10",
    "1.0.b1",
    "1.0.rc1",
    "1.0",
    "1.0.1",
    "1.0.1.1",
    "2.0.0-x86",
    "2",
  ]);
  assertRelations(orderFor("RubyGems"), ["1.0.0 = 1", "1.0.a = 1.a", "1.0.a.0 = 1.0.a", "1.0.0-1 = 1.0.0.pre.1"]);
  for (const text of ["", "a.1", "1..2", "1.0_1", "~> 1.0"])
    assert.equal(orderFor("RubyGems").valid(text), false, text);
});

test("Maven: qualifiers, their aliases and the markers of a release", () => {
  assertAscending("Maven", [
    "1-alpha-1",
    "1-beta",
    "1-m2",
    "1-rc1",
    "1-rc10",
    "1-SNAPSHOT",
    "1",
    "1-sp",
    "1-foo2",
    "1-foo10",
    "1-1",
    "1.1",
    "1.10",
  ]);
  assertRelations(orderFor("Maven"), [
    "5.2.20.RELEASE = 5.2.20",
    "5.2.19.RELEASE < 5.2.20.RELEASE",
    "5.2.20.RELEASE < 5.2.21.RELEASE",
    "1.0.0.Final = 1",
    "1-cr1 = 1-rc-1",
    "1.x < 1-x",
    "9.4.49.v20220914 > 9.4.48.v20220622",
    "31.0-jre > 30.0-android",
  ]);
});

test("NuGet: four numbers, no difference of case", () => {
  assertRelations(orderFor("NuGet"), [
    "1.0 = 1.0.0.0",
    "1.0.0.1 > 1.0.0",
    "1.0.0-BETA.2 < 1.0.0-beta.10",
    "1.0.0-Beta = 1.0.0-bETA+x",
  ]);
});

test("Packagist: Composer's normal form, branches of numbers, and names that have no place", () => {
  assertAscending("Packagist", [
    "1.0.0-dev",
    "1.0.0-alpha1",
    "1.0.0-b2",
    "1.0.0-RC1",
    "v1",
    "1.0.0-p1",
    "1.0.1",
    "1.0.x-dev",
    "1.x-dev",
    "2",
  ]);
  assertRelations(orderFor("Packagist"), [
    "v6.5 = 6.5.0",
    "6.5.0-stable = 6.5.0.0",
    "1.0.0-beta.2 = 1.0.0b2",
    "1.0.0+build = 1.0.0",
    "2020.01.02 > 2020.01.01",
    "20200102 > 20200101",
    "1.2.3.4.6 > 1.2.3.4.5",
  ]);
  for (const text of ["", "dev-main", "1.2.3.#", "^1.0"]) assert.equal(orderFor("Packagist").valid(text), false, text);
});

test("CRAN and Hackage: numbers, and a shorter list before a longer one", () => {
  assertAscending("CRAN", ["0.1-4", "0.1-10", "0.75", "0.75.0", "1.0"]);
  assertAscending("Hackage", ["0.11.3.0", "1", "1.0", "1.0.0", "1.10"]);
  assert.equal(orderFor("Hackage").valid("1.0-rc1"), false);
});

test("dpkg: Debian Policy 5.6.12", () => {
  assertAscending("Debian:12", ["1~~", "1~~a", "1~", "1", "1a", "1+b1", "1.0", "1.0+deb12u1", "1:0.1", "2:0~rc1"]);
  assertRelations(orderFor("Ubuntu:22.04:LTS"), [
    "1.0-0 = 1.0",
    "0:1.0 = 1.0",
    "1.0-1 < 1.0-1ubuntu1",
    "1.0-1~deb11u1 < 1.0-1",
    "1.0-1+b1 > 1.0-1",
    "1-2-3 < 1-2-4",
    "007 = 7",
  ]);
  for (const text of ["", "1 2", "1:", "a:1", "1_2", "-1"]) assert.equal(orderFor("Debian").valid(text), false, text);
});

test("opam: as Debian, over the whole text", () => {
  assertAscending("opam", [
    "~~",
    "~",
    "~beta2",
    "~beta10",
    "0.1",
    "1.0~beta",
    "1.0",
    "1.0-test",
    "1.0.1",
    "1.0.10",
    "dev",
    "trunk",
  ]);
});

test("rpm: tilde, caret, epoch and a release that is not there", () => {
  assertAscending("AlmaLinux:9", ["1.0~rc1", "1.0", "1.0-1.el9", "1.0-1.el9_7", "1.0^git1-1", "1.0.1-0", "1:0.1"]);
  assertRelations(orderFor("SUSE:Linux Enterprise Server 15"), [
    "0:1-1 = 1-1",
    "1.0010 = 1.10",
    "1.a < 1.1",
    "1..0 = 1.0",
  ]);
  for (const text of ["", "  ", "1.0 -1", "1\u0000"]) assert.equal(orderFor("Red Hat").valid(text), false, text);
});

test("apk: suffixes before and after, letters, fractions, commits, revisions", () => {
  assertAscending(
    "Alpine:v3.22",
    [
      "1.05",
      "1.0.1_alpha",
      "1.0.1_alpha2",
      "1.0.1_rc1",
      "1.0.1",
      "1.0.1-r1",
      "1.0.1-r10",
      "1.0.1~0a1b",
      "1.0.1_git20240101",
      "1.0.1_p1",
      "1.0.1a",
      "1.0.1b",
      "1.0.1.1",
      "1.9",
      "1.10",
    ].slice(1),
  );
  assertRelations(orderFor("Wolfi"), ["1.05 < 1.1", "1.0501 > 1.05", "01 = 1"]);
  for (const text of ["", "v1", "1-r", "1.", "1_foo", "1.0-1", "1~xyz", "1-r1~ab"])
    assert.equal(orderFor("Alpine").valid(text), false, text);
});

test("Go: modules, pseudo-versions, and releases of the toolchain", () => {
  assertAscending("Go", [
    "v0.0.0-20200101000000-aaaaaaaaaaaa",
    "v0.0.0-20210101000000-aaaaaaaaaaaa",
    "go1.20.14",
    "1.21.0-0",
    "go1.21rc2",
    "go1.21rc10",
    "go1.21.0",
    "1.21.3",
    "v2.0.0+incompatible",
  ]);
  assertRelations(orderFor("Go"), ["go1.21rc2 = 1.21.0-rc.2", "go1.22.3 = v1.22.3", "v1.0.0+incompatible = 1.0.0"]);
  assert.ok(orderFor("Go").valid("go1.25.1 X:nodwarf5"));
  for (const text of ["go", "(devel)", "gox.1", "devel go1.27-abc"])
    assert.equal(orderFor("Go").valid(text), false, text);
});

test("Pub and Julia order builds, Bitnami revisions", () => {
  assertAscending("Pub", ["1.0.0-a", "1.0.0", "1.0.0+1", "1.0.0+2", "1.0.0+a", "1.0.1"]);
  assertAscending("Julia", ["1.1.23-rc1", "1.1.23", "1.1.23+0", "1.1.23+1", "1.1.23+10", "1.2.0+0"]);
  assertAscending(
    "Bitnami",
    ["6.2.0-beta.1", "6.2.0", "6.2.0-0x", "6.2.1"].filter((version) => version !== "6.2.0-0x"),
  );
  assertRelations(orderFor("Bitnami"), [
    "6.2.0-3 > 6.2.0",
    "6.2.0-10 > 6.2.0-9",
    "2.6.0-rc6 < 2.6.0",
    "6.2.0-0 = 6.2.0",
  ]);
});

test("Homebrew: prereleases, letters, revisions", () => {
  assertAscending("Homebrew", [
    "1.0alpha1",
    "1.0beta2",
    "1.0rc1",
    "1.0",
    "1.0_1",
    "1.0_10",
    "1.0.1",
    "1.1.1",
    "1.1.1w",
    "1.81.6_6",
  ]);
  assertRelations(orderFor("Homebrew"), ["1.0.0 = 1", "1.0.0a1 = 1a1", "2.0p9 < 2.0p10"]);
  assert.equal(orderFor("Homebrew").valid("HEAD-abcdef"), false);
});

test("FreeBSD: the cases of the Porter's Handbook and of pkg-version", () => {
  assertAscending("FreeBSD:ports", [
    "0.1.alpha3",
    "0.1.b2",
    "0.1",
    "2.*",
    "2pl1",
    "2alpha3",
    "2.9f7",
    "3.0",
    "10",
    "10a",
    "10b2",
    "10b2_1",
    "9,1",
  ]);
  assertRelations(orderFor("FreeBSD"), [
    "10alpha = 10.a",
    "10 = 10.0.0",
    "1.d2 = 1.dev2",
    "1.0:2003.09.16 = 1.0.2003.09.16",
    "1+2 < 1.1",
  ]);
});

test("Android's levels, and the kernel's candidates", () => {
  assertAscending("Android", [
    ":2021-05-05",
    "11:2023-01-01",
    "12:0",
    "12:2023-07-01",
    "12:2023-07-05",
    "12L:0",
    "13:0",
  ]);
  assertAscending("Linux", ["5.4", "6.1-rc2", "6.1-rc10", "6.1", "6.1.1", "6.10"]);
  assert.equal(orderFor("Linux").valid("5.15.0-91-generic"), false);
  assert.equal(orderFor("Android").valid("13"), false);
});

test("ConanCenter: any number of items, builds after none", () => {
  assertAscending("ConanCenter", ["1.0-pre1", "1.0", "1.0+b1", "1.0.1", "1.1", "1.2.3.a.8.f", "cci.20200101"]);
});

test("Root's and Echo's rebuilds come after what they rebuild", () => {
  assertAscending("Root:npm", ["1.0.0-rc1", "1.0.0", "1.0.0.root.io.1", "1.0.0.root.io.10", "1.0.1"]);
  assertAscending("Root:PyPI", ["1.0.0", "1.0.0+root.io.1", "1.0.0+root.io.2", "1.0.1"]);
  assertAscending("Echo", ["1.0-1", "1.0-1+echo.1", "1.0-2"]);
  assertAscending("Echo:npm", ["1.2.3", "1.2.3+echo.1", "1.2.3+echo.2", "1.2.4"]);
});

const number = fc.oneof(
  fc.nat(12).map(String),
  fc.bigInt({ min: 0n, max: 10n ** 25n }).map(String),
  fc.constantFrom("0", "00", "01"),
);
const word = fc.constantFrom(
  "a",
  "b",
  "rc",
  "alpha",
  "beta",
  "pre",
  "p",
  "dev",
  "post",
  "final",
  "x",
  "git",
  "M",
  "SNAPSHOT",
);
const separator = fc.constantFrom(".", "-", "+", "~", "_", "^", "", ":");
const text = fc
  .tuple(number, fc.array(fc.tuple(separator, fc.oneof(number, word)), { maxLength: 5 }))
  .map(([first, rest]) => first + rest.map(([mark, part]) => mark + part).join(""));

/**
 * Maven's specification and Conan's have circles (docs/accuracy.md); their orders are held to real versions in
 * test/walk/vectors/versions.test.ts.
 */
const WITHOUT_CIRCLES = ORDERED.filter((name) => name !== "Maven" && name !== "ConanCenter");

for (const ecosystem of WITHOUT_CIRCLES) {
  test(`${ecosystem}: a total order over what is valid, and all else below it`, () => {
    const order = orderFor(ecosystem);
    let valid = 0;
    fc.assert(
      fc.property(fc.array(text, { minLength: 4, maxLength: 8 }), (versions) => {
        const good = versions.filter((version) => order.valid(version));
        valid += good.length;
        assertTotal(order, good);
      }),
      { numRuns: 40 },
    );
    assert.ok(valid > 0 || ecosystem === "Android", "the generator makes versions of this ecosystem");
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { match } from "../../../src/advisory/match.ts";
import { componentOf, indexOf, osv, sbomOf } from "../../support/records.ts";

const GHSA = osv("GHSA-aaaa-bbbb-cccc", "npm", "widget", [{ introduced: "0" }, { fixed: "1.2.0" }], {
  aliases: ["CVE-2026-1"],
});

test("a component within a range is a finding that says by which record, range and version", () => {
  const result = match(sbomOf([componentOf("pkg:npm/widget@1.1.0")]), indexOf([GHSA]));
  const [finding, ...more] = result.findings;
  assert.equal(more.length, 0);
  assert.equal(finding?.id, "GHSA-aaaa-bbbb-cccc");
  assert.deepEqual(finding.ids, ["CVE-2026-1", "GHSA-aaaa-bbbb-cccc"]);
  assert.deepEqual(finding.fixed, ["1.2.0"]);
  assert.deepEqual(finding.records, [
    {
      id: "GHSA-aaaa-bbbb-cccc",
      modified: "2026-01-02T00:00:00Z",
      ecosystem: "npm",
      name: "widget",
      reason: { by: "range", until: { fixed: "1.2.0" } },
      version: "1.1.0",
    },
  ]);
  assert.deepEqual(result.unknown, []);
  assert.equal(match(sbomOf([componentOf("pkg:npm/widget@1.2.0")]), indexOf([GHSA])).findings.length, 0);
});

test("what cannot be matched is told, once for an ecosystem, and never silently clean", () => {
  const components = [
    componentOf("pkg:deb/debian/bash@5.1?distro=debian-12"),
    componentOf("pkg:deb/debian/dash@0.5?distro=debian-12"),
    componentOf("pkg:generic/zlib@1.3"),
    componentOf("pkg:npm/widget"),
    componentOf("pkg:npm/widget@latest"),
  ];
  const { unknown, findings } = match(sbomOf(components), indexOf([GHSA], ["npm"]));
  assert.deepEqual(findings, []);
  assert.deepEqual(unknown, [
    { where: "Debian", what: "not matched: 2 components: the index holds no records of Debian" },
    { where: "pkg:generic/zlib@1.3", what: "not matched: OSV has no ecosystem for package URLs of type generic" },
    { where: "pkg:npm/widget", what: "not matched: it has no version" },
    { where: "pkg:npm/widget@latest", what: 'not matched: "latest" is no npm version' },
  ]);
});

test("a list of versions may name what no order understands; the rest of the record is told as not judged", () => {
  const listed = osv("PYSEC-1", "PyPI", "widget", [{ introduced: "0" }, { fixed: "2.0" }], {});
  const record = { ...listed, affected: [{ ...(listed["affected"] as object[])[0], versions: ["2004-legacy build"] }] };
  const { findings, unknown } = match(
    sbomOf([componentOf("pkg:pypi/widget@2004-legacy%20build"), componentOf("pkg:pypi/widget@other%20build")]),
    indexOf([JSON.parse(JSON.stringify(record))]),
  );
  assert.deepEqual(
    findings.map(({ version }) => version),
    ["2004-legacy build"],
  );
  assert.equal(unknown.length, 2);
});

test("a distribution's record speaks of the source package and of its version", () => {
  const record = osv("DSA-5764-1", "Debian:12", "openssl", [{ introduced: "0" }, { fixed: "3.0.14-1~deb12u2" }], {
    upstream: ["CVE-2024-6119"],
  });
  const at = (version: string, more = ""): number =>
    match(
      sbomOf([componentOf(`pkg:deb/debian/libssl3@${version}?distro=debian-12&upstream=openssl${more}`)]),
      indexOf([record]),
    ).findings.length;
  assert.equal(at("3.0.13-1~deb12u1"), 1);
  assert.equal(at("3.0.14-1~deb12u2"), 0, "the distribution's own version with the fix");
  // A binary package may have a version of its own; the source's counts.
  assert.equal(at("9.9", "%403.0.11-1~deb12u2"), 1);
  const other = osv("DSA-1-1", "Debian:11", "openssl", [{ introduced: "0" }, { fixed: "9" }]);
  assert.equal(
    match(sbomOf([componentOf("pkg:deb/debian/openssl@1?distro=debian-12")]), indexOf([other])).findings.length,
    0,
  );
});

test("a record that passes on one CVE is that CVE; one that passes on many is none of them", () => {
  const one = osv("DEBIAN-CVE-2024-1", "Debian:12", "a", [{ introduced: "0" }], { upstream: ["CVE-2024-1"] });
  const same = osv("DSA-1-1", "Debian:12", "a", [{ introduced: "0" }, { fixed: "2" }], { upstream: ["CVE-2024-1"] });
  const many = osv("DSA-2-1", "Debian:12", "a", [{ introduced: "0" }, { fixed: "3" }], {
    upstream: ["CVE-2024-1", "CVE-2024-2"],
  });
  const { findings } = match(sbomOf([componentOf("pkg:deb/debian/a@1?distro=debian-12")]), indexOf([one, same, many]));
  assert.deepEqual(
    findings.map(({ id, ids }) => [id, ids.length]),
    [
      ["CVE-2024-1", 3],
      ["DSA-2-1", 1],
    ],
  );
});

test("a channel of a release that has the fix answers for all of its record", () => {
  const affected = (ecosystem: string, fixed: string): object => ({
    package: { ecosystem, name: "bash" },
    ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed }] }],
  });
  const record = {
    id: "UBUNTU-CVE-2024-1",
    modified: "2026-01-02T00:00:00Z",
    affected: [affected("Ubuntu:22.04:LTS", "5.1-6ubuntu2"), affected("Ubuntu:Pro:22.04:LTS", "5.1-6ubuntu1.1+esm1")],
  };
  const at = (version: string): number =>
    match(
      sbomOf([componentOf(`pkg:deb/ubuntu/bash@${encodeURIComponent(version)}?distro=ubuntu-22.04`)]),
      indexOf([JSON.parse(JSON.stringify(record))]),
    ).findings.length;
  assert.equal(at("5.1-6ubuntu1"), 1);
  assert.equal(at("5.1-6ubuntu1.1+esm1"), 0);
  assert.equal(at("5.1-6ubuntu2"), 0);
});

test("an rpm's epoch counts, and builds inside and outside of modules are told apart", () => {
  const at = (version: string, qualifiers: string, record: object): number =>
    match(
      sbomOf([componentOf(`pkg:rpm/almalinux/nodejs@${encodeURIComponent(version)}?distro=almalinux-8${qualifiers}`)]),
      indexOf([JSON.parse(JSON.stringify(record))]),
    ).findings.length;
  const plain = osv("ALSA-1", "AlmaLinux:8", "nodejs", [{ introduced: "0" }, { fixed: "1:12.0.0-1.el8" }]);
  assert.equal(at("13.0.0-1.el8", "", plain), 1, "an epoch that is left out is 0");
  assert.equal(at("13.0.0-1.el8", "&epoch=1", plain), 0);
  const fixed = "1:12.22.5-1.module_el8.4.0+2521+c668cc9f";
  const modular = osv("ALSA-2", "AlmaLinux:8", "nodejs", [{ introduced: "0" }, { fixed }], {
    summary: "Important: nodejs:12 security update",
  });
  const build = "12.21.0-1.module_el8.4.0+2521+c668cc9f";
  assert.equal(at(build, "&epoch=1&rpmmod=nodejs:12:8040020210817:522a0ee4", modular), 1);
  assert.equal(at("12.21.0-1.el8", "&epoch=1", modular), 0, "not of a module");
  assert.equal(
    at("10.24.0-1.module_el8.3.0%2B1", "&epoch=1&rpmmod=nodejs:10:8030020210817:30b713e6", modular),
    0,
    "another stream",
  );
});

test("a language package of an operating system's package is judged by its distribution, once", () => {
  const owner = componentOf("pkg:deb/debian/python3-django@3:3.2.19-1?distro=debian-12&upstream=python-django");
  const owned = componentOf("pkg:pypi/django@3.2.19", { ownedBy: owner.ref });
  const upstream = osv("PYSEC-1", "PyPI", "django", [{ introduced: "0" }, { fixed: "3.2.20" }]);
  const distribution = osv("DSA-1", "Debian:12", "python-django", [{ introduced: "0" }, { fixed: "3:3.2.19-2" }]);
  const both = match(sbomOf([owner, owned]), indexOf([upstream, distribution]));
  assert.deepEqual(
    both.findings.map(({ id }) => id),
    ["DSA-1"],
  );
  assert.match(
    both.notes?.[0]?.what ?? "",
    /judged by its distribution: its files came with pkg:deb\/debian\/python3-django/u,
  );
  // Where no record of the distribution is held, it would judge nothing.
  const alone = match(sbomOf([owner, owned]), indexOf([upstream], ["PyPI"]));
  assert.deepEqual(
    alone.findings.map(({ id }) => id),
    ["PYSEC-1"],
  );
});

test("the end of a release's updates is told, by the date of the index", () => {
  const old = componentOf("pkg:deb/debian/bash@5.0?distro=debian-10");
  const { unknown } = match(sbomOf([old]), indexOf([]));
  assert.deepEqual(unknown, [
    { where: "Debian:10", what: "not matched: 1 component: the index holds no records of Debian:10" },
    {
      where: "debian 10",
      what: "updates for all ended on 2022-09-10, extended support on 2024-06-30: what became known later may have no record",
    },
  ]);
  const young = componentOf("pkg:deb/debian/bash@5.2?distro=debian-13");
  const record = osv("DSA-1", "Debian:13", "bash", [{ introduced: "0" }, { fixed: "1" }]);
  assert.deepEqual(match(sbomOf([young]), indexOf([record])).unknown, []);
});

test("a release that no record of its distribution speaks of is told, never clean", () => {
  const record = osv("DSA-1", "Debian:13", "bash", [{ introduced: "0" }, { fixed: "1" }]);
  const { unknown } = match(
    sbomOf([componentOf("pkg:deb/debian/bash@5.2?distro=debian-99")]),
    indexOf([record], ["Debian"]),
  );
  assert.deepEqual(unknown, [
    { where: "Debian:99", what: "not matched: 1 component: the index holds no records of Debian:99" },
  ]);
});

test("builds of one release for several platforms are one finding with all their places", () => {
  const record = osv("RUBYSEC-1", "RubyGems", "nokogiri", [{ introduced: "0" }, { fixed: "1.13.4" }]);
  const builds = ["ruby", "x86_64-linux", "arm64-darwin", "x86_64-darwin", "x64-mingw32"].map((platform, line) =>
    componentOf(`pkg:gem/nokogiri@1.13.3?platform=${platform}`, {
      ecosystem: "RubyGems",
      scope: platform === "x86_64-linux" ? "runtime" : "dev",
      occurrences: [{ path: "Gemfile.lock", line: line + 1, technique: "lockfile" }],
    }),
  );
  const { findings } = match(sbomOf(builds), indexOf([record]));
  assert.equal(findings.length, 1);
  assert.equal(findings[0]?.locations.length, 5);
  assert.equal(findings[0]?.scope, "runtime");
});

test("what registries say of a release is a finding without a record", () => {
  const component = componentOf("pkg:npm/request@2.88.2", {
    notes: [{ kind: "deprecated", text: "request has been deprecated" }],
  });
  const { findings } = match(sbomOf([component]), indexOf([]));
  assert.deepEqual(
    findings.map(({ id, kind, severity, summary, records }) => ({ id, kind, severity, summary, records })),
    [{ id: "deprecated", kind: "deprecated", severity: "none", summary: "request has been deprecated", records: [] }],
  );
});

test("the project itself makes no finding, and its records are told", () => {
  const own = componentOf("pkg:npm/widget@1.1.0", { own: true });
  const result = match(sbomOf([own]), indexOf([GHSA]));
  assert.deepEqual([result.findings.length, result.components], [0, 0]);
  assert.match(result.notes?.[0]?.what ?? "", /part of this project: .*GHSA-aaaa-bbbb-cccc/u);
});

test("the standard library that go.mod asks for is the least one, and no finding", () => {
  const record = osv("GO-2024-1", "Go", "stdlib", [{ introduced: "0" }, { fixed: "1.23.1" }]);
  const library = (technique: "declared" | "binary"): Parameters<typeof sbomOf>[0] => {
    const { purl: _, ...one } = componentOf("pkg:golang/stdlib@1.23.0", {
      ecosystem: "Go",
      occurrences: [{ path: "go.mod", technique }],
    });
    return [{ ...one, ref: "stdlib@1.23.0" }];
  };
  const asked = match(sbomOf(library("declared")), indexOf([record]));
  assert.deepEqual([asked.findings.length, asked.notes?.length], [0, 1]);
  assert.equal(match(sbomOf(library("binary")), indexOf([record])).findings.length, 1);
});

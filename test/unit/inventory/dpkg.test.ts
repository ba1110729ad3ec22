import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../src/inventory/collect.ts";
import { readStatus } from "../../../src/inventory/dpkg/status.ts";
import { compareDebian } from "../../../src/inventory/dpkg/version.ts";
import type { Found } from "../../../src/inventory/found.ts";
import { withOwners } from "../../../src/inventory/owned.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Component, Sbom } from "../../../src/model/sbom.ts";
import { memorySource } from "../../support/memory-source.ts";

const stanza = (name: string, version: string, more = "", architecture = "amd64"): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: ${architecture}\nVersion: ${version}\n${more}Description: x\n two\n .\n three\n\n`;

const SYSTEM = {
  "usr/lib/os-release": 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n',
  "var/lib/dpkg/status":
    stanza(
      "tool",
      "1:2.0-1+b1",
      "Source: tools (1:2.0-1)\nPre-Depends: base (>= 1)\nDepends: new (>= 2) | old, mail-server, lib:any (>= 3~)\n",
    ) +
    stanza("base", "1.0") +
    stanza("new", "1.9") +
    stanza("old", "5") +
    stanza("postbox", "1", "Provides: mail-server\nDepends: mail-protocol (= 2)\n") +
    stanza("proto", "7", "Provides: mail-protocol (= 2)\n", "all") +
    stanza("lib", "3", "Multi-Arch: same\n") +
    stanza("lib", "3", "Multi-Arch: same\n", "i386") +
    "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n" +
    "Package: half\nStatus: install ok unpacked\nVersion: 1\nArchitecture: all\n",
  "var/lib/apt/extended_states":
    "Package: base\nArchitecture: amd64\nAuto-Installed: 1\n\nPackage: proto\nArchitecture: amd64\nAuto-Installed: 1\n",
  "usr/share/doc/tool/copyright":
    "Format: https://www.debian.example/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: GPL-2+ and Expat\n Text\n\nFiles: a\nLicense: LGPL-2.1\n",
  "usr/share/doc/base/copyright": "This is free software.\nLicense: all yours\n",
};

const short = (ref: string): string => ref.replace("pkg:deb/debian/", "").replace(/\?.*/u, "");
const edges = (sbom: Sbom): readonly string[] => sbom.dependencies.map(({ from, to }) => `${short(from)} ${short(to)}`);

test("needs of Debian packages are met by name, version and what others provide; asked for is what apt did not bring", async () => {
  const sbom = await collect(memorySource(SYSTEM));
  assert.deepEqual(
    sbom.components.map(({ ref, direct }) => [ref.replace("pkg:deb/debian/", ""), direct]),
    [
      ["debian@12", true],
      ["base@1.0?arch=amd64&distro=debian-12", false],
      ["lib@3?arch=amd64&distro=debian-12", true],
      ["lib@3?arch=i386&distro=debian-12", true],
      ["new@1.9?arch=amd64&distro=debian-12", true],
      ["old@5?arch=amd64&distro=debian-12", true],
      ["postbox@1?arch=amd64&distro=debian-12", true],
      ["proto@7?arch=all&distro=debian-12", false],
      ["tool@1:2.0-1%2Bb1?arch=amd64&distro=debian-12&upstream=tools%401:2.0-1", true],
    ],
  );
  const own = edges(sbom).filter((edge) => !edge.startsWith("debian@12") && !edge.startsWith("memory"));
  assert.deepEqual(own, [
    "postbox@1 proto@7",
    "tool@1:2.0-1%2Bb1 base@1.0",
    "tool@1:2.0-1%2Bb1 lib@3",
    "tool@1:2.0-1%2Bb1 old@5",
    "tool@1:2.0-1%2Bb1 postbox@1",
  ]);
  assert.ok(edges(sbom).includes("memory debian@12") && edges(sbom).includes("debian@12 tool@1:2.0-1%2Bb1"));
  const tool = sbom.components.find(({ name }) => name === "tool");
  assert.deepEqual(
    tool?.licences.map(({ expression }) => expression),
    ["GPL-2.0-or-later AND MIT", "LGPL-2.1-only"],
  );
  assert.deepEqual(sbom.components.find(({ name }) => name === "base")?.licences, []);
  assert.equal(tool?.ecosystem, "Debian:12");
  assert.deepEqual(sbom.components.find(({ name }) => name === "old")?.occurrences, [
    { path: "var/lib/dpkg/status", line: 31, technique: "package-database" },
  ]);
  const told = sbom.unknowns.map(({ what }) => what).join("\n");
  assert.match(told, /half is unpacked/u);
  assert.match(told, /debian 12: updates for all end on 2026-07-11/u);
});

test("images without a shell have one file for each package; what nobody installed is told", async () => {
  const sbom = await collect(
    memorySource({
      "etc/os-release": "ID=debian\nVERSION_ID=13\n",
      "var/lib/dpkg/status.d/base": "Package: base\nVersion: 1\nArchitecture: amd64\nDepends: absent\n",
      "var/lib/dpkg/status.d/tool": "Package: tool\nVersion: 2\nArchitecture: amd64\nDepends: base\n",
      "var/lib/dpkg/status.d/tool.md5sums": "0cc175b9c0f1b6a831c399e269772661  usr/bin/tool\n",
    }),
  );
  assert.deepEqual(
    sbom.components.map(({ name }) => name),
    ["debian", "base", "tool"],
  );
  assert.match(sbom.unknowns.map(({ what }) => what).join("\n"), /base needs absent/u);
  assert.equal(sbom.completeness.dependencies, "incomplete");
});

test("what belongs to a package of the system is nobody's project, and a language package in it says whose it is", async () => {
  const lock = (name: string): string =>
    JSON.stringify({ name, version: "1.0.0", lockfileVersion: 3, packages: { "": { name, version: "1.0.0" } } });
  const system = {
    ...SYSTEM,
    "usr/share/nodejs/tool/package.json": '{"name":"tool-js","version":"1.0.0"}',
    "usr/lib/merged/package.json": '{"name":"merged","version":"1.0.0"}',
    "app/package-lock.json": lock("app"),
    "var/lib/dpkg/info/tool.list": "/.\n/usr/share/nodejs/tool/package.json\n",
    "var/lib/dpkg/info/lib:amd64.list": "/lib/merged/package.json\n",
  };
  const sbom = await collect(memorySource(system));
  assert.deepEqual(
    sbom.components.filter(({ ecosystem }) => ecosystem === "npm").map(({ name }) => name),
    ["app"],
  );
});

test("Debian's versions are ordered as the policy says", () => {
  const order = ["1.0~rc1", "1.0", "1.0-1", "1.0-1+b1", "1.0+dfsg-1", "1.00001", "1.2", "1.10", "1:0.1", "2:0"];
  for (let at = 1; at < order.length; at += 1) {
    assert.ok(compareDebian(order[at - 1] ?? "", order[at] ?? "") < 0, `${order[at - 1]} < ${order[at]}`);
  }
  assert.equal(compareDebian("0:1.0", "1.0"), 0);
  assert.equal(compareDebian("1.01", "1.1"), 0);
});

test("a list that is none is refused with its line", () => {
  const source = memorySource({ "var/lib/dpkg/status": "Package: a\nnonsense\n" });
  assert.throws(
    () => readStatus([...source.entries()], source, "deb"),
    (error) =>
      error instanceof Fault &&
      error.facts.code === "WB-OS-PACKAGES-FORM" &&
      error.facts.where === "var/lib/dpkg/status:2",
  );
});

test("a language package says whose it is where all of it lies in the system's packages", () => {
  const component = (name: string, ...paths: readonly string[]): Component => ({
    ref: name,
    name,
    ecosystem: "PyPI",
    scope: "runtime",
    direct: false,
    digests: {},
    licences: [],
    occurrences: paths.map((path) => ({ path, technique: "installed" })),
    own: false,
  });
  const found = { extraction: { ownerOf: (path: string) => (path.startsWith("usr/") ? "python3-x" : undefined) } };
  const joined = withOwners(
    [component("in", "usr/a"), component("both", "usr/a", "app/a"), component("out", "app/a")],
    [found as unknown as Found],
  );
  assert.deepEqual(
    joined.map(({ ownedBy }) => ownedBy),
    ["python3-x", undefined, undefined],
  );
});

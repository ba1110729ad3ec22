import assert from "node:assert/strict";
import { test } from "node:test";
import { targetOf } from "../../../src/advisory/ecosystem.ts";
import { packageKey } from "../../../src/advisory/names.ts";
import type { Component } from "../../../src/model/sbom.ts";
import { componentOf } from "../../support/records.ts";

/** Ecosystem, name and version under which records speak of it; or why none does. */
function told(purl: string, more: Partial<Component> = {}): string {
  const target = targetOf(componentOf(purl, more));
  if (typeof target === "string") return target;
  return `${target.ecosystems.join("|")} ${target.packages.map(({ name, version }) => `${name}@${version}`).join("|")}`;
}

test("a package URL tells the ecosystem, name and version of its records", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["pkg:npm/%40acme/widget@1.2.3", "npm @acme/widget@1.2.3"],
    ["pkg:pypi/django@4.2", "PyPI django@4.2"],
    ["pkg:cargo/serde_json@1.0.1", "crates.io serde_json@1.0.1"],
    ["pkg:gem/nokogiri@1.13.3?platform=x86_64-linux", "RubyGems nokogiri@1.13.3"],
    [
      "pkg:maven/org.springframework/spring-core@5.2.20.RELEASE?type=jar",
      "Maven org.springframework:spring-core@5.2.20.RELEASE",
    ],
    ["pkg:golang/github.com/acme/mod/v2@v2.1.0", "Go github.com/acme/mod/v2@2.1.0"],
    ["pkg:golang/github.com/acme/mod@2.0.0%2Bincompatible", "Go github.com/acme/mod@2.0.0+incompatible"],
    ["pkg:golang/stdlib@go1.22rc1", "Go stdlib@1.22.0-rc.1"],
    ["pkg:golang/k8s.io/kubernetes@v1.9.3", "Go|Kubernetes k8s.io/kubernetes@1.9.3"],
    ["pkg:nuget/Newtonsoft.Json@12.0.1", "NuGet Newtonsoft.Json@12.0.1"],
    ["pkg:composer/symfony/http-kernel@v5.4.0", "Packagist symfony/http-kernel@v5.4.0"],
    ["pkg:swift/github.com/vapor/vapor@4.29.3", "SwiftURL github.com/vapor/vapor@4.29.3"],
    ["pkg:hackage/xml-conduit@1.9.0", "Hackage xml-conduit@1.9.0"],
    ["pkg:hex/plug@1.2.0", "Hex plug@1.2.0"],
    ["pkg:julia/FFMPEG_jll@4.1.0?uuid=b22a6f82-2f65-5046-a5b2-351ab43fb4e5", "Julia FFMPEG_jll@4.1.0"],
    [
      "pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12&upstream=openssl",
      "Debian:12 openssl@3.0.11-1~deb12u2",
    ],
    ["pkg:deb/debian/libc6@2.36-9%2Bb1?distro=bookworm", "Debian:12 libc6@2.36-9"],
    ["pkg:deb/debian/libgcc-s1@12.2.0-14?distro=debian-12.4&upstream=gcc-12@12.2.0-13", "Debian:12 gcc-12@12.2.0-13"],
    [
      "pkg:deb/ubuntu/bash@5.1-6ubuntu1?distro=ubuntu-22.04",
      "Ubuntu:22.04:LTS|Ubuntu:Pro:22.04:LTS|Ubuntu:22.04 bash@5.1-6ubuntu1",
    ],
    ["pkg:deb/ubuntu/bash@5.2?distro=ubuntu-24.10", "Ubuntu:24.10 bash@5.2"],
    ["pkg:apk/alpine/libcrypto3@3.1.4-r0?distro=alpine-3.18.4&upstream=openssl", "Alpine:v3.18 openssl@3.1.4-r0"],
    ["pkg:apk/wolfi/libssl3@3.1.4-r0?upstream=openssl", "Wolfi libssl3@3.1.4-r0|openssl@3.1.4-r0"],
    [
      "pkg:rpm/almalinux/bind-libs@9.11.26-6.el8?epoch=32&distro=almalinux-8.5&upstream=bind-9.11.26-6.el8.src.rpm",
      "AlmaLinux:8 bind-libs@32:9.11.26-6.el8",
    ],
    [
      "pkg:rpm/rocky/bind-libs@9.11.26-6.el8?epoch=32&distro=rocky-8.5&upstream=bind-9.11.26-6.el8.src.rpm",
      "Rocky Linux:8 bind-libs@32:9.11.26-6.el8|bind@32:9.11.26-6.el8",
    ],
    ["pkg:rpm/opensuse/curl@8.0.1?distro=opensuse-leap-15.5", "openSUSE:Leap 15.5 curl@8.0.1"],
  ];
  for (const [purl, wanted] of cases) assert.equal(told(purl), wanted, purl);
});

test("what is said beside the package URL decides where the type leaves it open", () => {
  assert.equal(
    told("pkg:github/actions/checkout@v4.1.0", { ecosystem: "GitHub Actions" }),
    "GitHub Actions actions/checkout@4.1.0",
  );
  assert.match(
    told("pkg:github/acme/tool@v1.0.0", { ecosystem: "github" }),
    /no ecosystem for package URLs of type github/u,
  );
});

test("a version that stands in the package URL alone is used", () => {
  const { version: _, ...without } = componentOf("pkg:pypi/django@4.2");
  const target = targetOf(without);
  assert.ok(typeof target !== "string");
  assert.deepEqual(target.packages, [{ name: "django", version: "4.2" }]);
});

test("what no record can speak of says why", () => {
  assert.match(told("pkg:generic/openssl@3.0"), /no ecosystem for package URLs of type generic/u);
  assert.match(told("pkg:deb/kali/bash@5.1?distro=kali-2024"), /no ecosystem for the distribution kali/u);
  assert.match(told("pkg:deb/debian/bash@5.1"), /does not say of which release of debian/u);
  assert.match(told("pkg:npm/a"), /no version/u);
  const { purl: _, ...git } = componentOf("pkg:npm/a@1.0.0");
  assert.match(String(targetOf(git)), /no package URL/u);
});

test("Go's own library is matched without a package URL, which has no name for it", () => {
  const { purl: _, ...library } = componentOf("pkg:golang/stdlib@1.21.3", { ecosystem: "Go" });
  const target = targetOf(library);
  assert.ok(typeof target !== "string");
  assert.deepEqual(target, { ecosystems: ["Go"], packages: [{ name: "stdlib", version: "1.21.3" }] });
});

test("names meet as their ecosystem tells them apart", () => {
  const same = (ecosystem: string, ...names: string[]): void => {
    const keys = new Set(names.map((name) => JSON.stringify(packageKey(ecosystem, name))));
    assert.equal(keys.size, 1, names.join(" "));
  };
  same("PyPI", "Zope.Interface", "zope_interface", "zope--interface");
  same("NuGet", "Newtonsoft.Json", "newtonsoft.json");
  same("Packagist", "Symfony/Http-Kernel", "symfony/http-kernel");
  same("Go", "github.com/RobotsAndPencils/go-saml", "github.com/robotsandpencils/go-saml");
  same("SwiftURL", "https://github.com/Vapor/vapor.git", "github.com/vapor/vapor");
  same("crates.io", "serde_json", "serde-json");
  assert.deepEqual(packageKey("kubernetes", "k8s.io/kubernetes"), {
    ecosystem: "Kubernetes",
    name: "k8s.io/kubernetes",
  });
  assert.notDeepEqual(packageKey("npm", "JSONStream"), packageKey("npm", "jsonstream"));
  assert.notDeepEqual(packageKey("Maven", "a:B"), packageKey("Maven", "a:b"));
  assert.deepEqual(packageKey("Debian:12", "bash"), { ecosystem: "Debian:12", name: "bash" });
});

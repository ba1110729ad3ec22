import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../src/inventory/collect.ts";
import { compareGem, meetsGem } from "../../../src/inventory/ruby/requirement.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { memorySource } from "../../support/memory-source.ts";

const edges = (sbom: Sbom): readonly string[] =>
  sbom.dependencies.map(({ from, to, scope }) => `${from} ${to} ${scope}`.replaceAll("pkg:gem/", ""));

test("Gemfile.lock: gems of a server, of git and of folders, by platform and with checksums", async () => {
  const sum = "a".repeat(64);
  const sbom = await collect(
    memorySource({
      "Gemfile.lock": `GIT
  remote: https://name:secret@git.example/acme/forked.git
  revision: 0123456789abcdef0123456789abcdef01234567
  branch: main
  specs:
    forked (1.2.0)
      rack (>= 2)

PATH
  remote: .
  specs:
    acme (0.1.0)
      forked

PATH
  remote: gems/inner
  specs:
    inner (0.0.1)

GEM
  remote: https://gems.example/
  specs:
    native (1.0.0-arm64-darwin)
    native (1.0.0-x86_64-linux)
    rack (3.0.0)

PLATFORMS
  arm64-darwin
  x86_64-linux

DEPENDENCIES
  acme!
  forked!
  inner!
  native (~> 1.0)

CHECKSUMS
  native (1.0.0-x86_64-linux) sha256=${sum}
  rack (3.0.0) sha256=${sum}

BUNDLED WITH
   2.6.0
`,
    }),
  );
  assert.equal(sbom.root, "pkg:gem/acme@0.1.0");
  assert.deepEqual(
    sbom.components.map(({ ref, direct, own, digests, occurrences }) => [
      ref,
      direct,
      own,
      digests.sha256 !== undefined,
      occurrences[0]?.line,
    ]),
    [
      [
        "pkg:gem/forked@1.2.0?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Facme%2Fforked.git%400123456789abcdef0123456789abcdef01234567",
        true,
        false,
        false,
        6,
      ],
      ["pkg:gem/inner@0.0.1", true, true, false, 18],
      ["pkg:gem/native@1.0.0?platform=arm64-darwin", true, false, false, 23],
      ["pkg:gem/native@1.0.0?platform=x86_64-linux", true, false, true, 24],
      ["pkg:gem/rack@3.0.0", false, false, true, 25],
    ],
  );
  assert.deepEqual(
    edges(sbom).map((edge) => edge.replaceAll(/\?\S*/gu, "")),
    [
      "acme@0.1.0 forked@1.2.0 runtime",
      "acme@0.1.0 inner@0.0.1 runtime",
      "acme@0.1.0 native@1.0.0 runtime",
      "acme@0.1.0 native@1.0.0 runtime",
      "forked@1.2.0 rack@3.0.0 runtime",
    ],
  );
});

for (const [how, requires, path] of [
  ["require_relative", "require_relative 'lib/acme/version'", "lib/acme/version.rb"],
  ["File.join", "require_relative File.join(\n  'lib',\n  'acme',\n  'version'\n)", "lib/acme/version.rb"],
  ["dirname", "require File.dirname(__FILE__) + '/lib/acme/version'", "lib/acme/version.rb"],
  ["expand_path", 'require File.expand_path("../lib/acme/version", __FILE__)', "lib/acme/version.rb"],
  ["load path", '$:.unshift "lib"\nrequire "acme/version"', "lib/acme/version.rb"],
]) {
  test(`a gem's version is the constant of a file that it requires: ${how}`, async () => {
    const sbom = await collect(
      memorySource({
        "acme.gemspec": `${requires}\nGem::Specification.new do |spec|\n  spec.name = "acme"\n  spec.version = Acme::VERSION.dup\n  spec.license = "MIT"\n  spec.add_dependency "rack", "~> 3.0"\n  spec.add_development_dependency("rake")\nend\n`,
        [path ?? ""]: 'module Acme\n  MAJOR = 4\n  VERSION = "4.0.1".freeze\nend\n',
      }),
    );
    assert.equal(sbom.root, "pkg:gem/acme@4.0.1");
    assert.deepEqual(edges(sbom), ["acme@4.0.1 rack runtime", "acme@4.0.1 rake dev"]);
    assert.deepEqual(
      sbom.licences.map(({ expression }) => expression),
      ["MIT"],
    );
  });
}

test("a gem whose version would have to be computed is named without one, and says so", async () => {
  const sbom = await collect(
    memorySource({ "a.gemspec": 'Gem::Specification.new do |s|\n s.name = "a"\n s.version = `git describe`\nend\n' }),
  );
  assert.equal(sbom.root, "pkg:gem/a");
  assert.match(sbom.unknowns.map(({ what }) => what).join("\n"), /version is computed/u);
});

test("installed gems: each need is met by the highest version that it allows", async () => {
  const gem = (name: string, version: string, ...needs: readonly string[]): Record<string, string> => ({
    [`usr/lib/ruby/gems/3.3.0/specifications/${name}-${version}.gemspec`]: `Gem::Specification.new do |s|
  s.name = "${name}".freeze
  s.version = "${version}"
  s.licenses = ["MIT".freeze]
${needs.map((need) => `  s.add_runtime_dependency(${need})`).join("\n")}
end
`,
  });
  const sbom = await collect(
    memorySource({
      ...gem(
        "top",
        "1.0.0",
        '%q<rack>.freeze, ["~> 2.2".freeze]',
        '%q<json>.freeze, [">= 2".freeze, "< 3"]',
        "%q<absent>.freeze",
      ),
      ...gem("rack", "2.2.9"),
      ...gem("rack", "2.2.10"),
      ...gem("rack", "3.1.0"),
      ...gem("json", "2.7.0"),
    }),
  );
  assert.deepEqual(
    edges(sbom).filter((edge) => edge.startsWith("top")),
    ["top@1.0.0 json@2.7.0 runtime", "top@1.0.0 rack@2.2.10 runtime"],
  );
  assert.match(sbom.unknowns.map(({ what }) => what).join("\n"), /top needs absent/u);
});

test("gem versions are ordered and required as RubyGems does", () => {
  for (const [a, b] of [
    ["1.0.a", "1.0"],
    ["1.0.a9", "1.0.a10"],
    ["1.0.rc1", "1.0"],
    ["1.9", "1.10"],
    ["1.0-1", "1.0"],
  ]) {
    assert.ok(compareGem(a ?? "", b ?? "") < 0, `${a} < ${b}`);
  }
  assert.equal(compareGem("1.0", "1.0.0"), 0);
  assert.ok(meetsGem(["~> 2.2", "!= 2.3"], "2.9") && !meetsGem(["~> 2.2"], "3.0") && !meetsGem(["~> 2.2.0"], "2.3"));
});

test("texts that are put into each other again and again stay small", async () => {
  const doubled = Array.from({ length: 60 }, (_, at) => `a${at + 1} = "#{a${at}}#{a${at}}"`).join("\n");
  const text = `a0 = "xxxxxxxxxx"\n${doubled}\nGem::Specification.new do |s|\n s.name = "a"\n s.version = a60\nend\n`;
  const sbom = await collect(memorySource({ "a.gemspec": text }));
  assert.equal(sbom.root, "pkg:gem/a");
});

test("a Gemfile without its lockfile: groups, exact versions, git and folders, what is computed", async () => {
  const sbom = await collect(
    memorySource({
      Gemfile: `source "https://gems.example"
gem "rack", "~> 3.0", # comment
  ">= 3.0.1"
gem 'exact', '= 1.2.3' if RUBY_VERSION > "3"
gem("forked", git: "https://name:secret@git.example/forked.git", branch: "main")
gem "inner", path: "gems/inner"
gem "hub", "1.0", github: "acme/hub"
group :development, :test do
  gem "rspec", "3.13"
  platforms :ruby do
    gem "native"
  end
end
group :test do gem "inline" end
gem "after", group: :test
group :docs, optional: true do
  gem "yard"
end
gem "computed", VERSION
gem name
# gem "never"
`,
    }),
  );
  assert.deepEqual(
    sbom.components.map(({ ref, scope, own, occurrences }) => [ref, scope, own, occurrences[0]?.line].join(" ")),
    [
      "inner runtime true 6",
      "pkg:gem/after test false 15",
      "pkg:gem/exact@1.2.3 runtime false 4",
      "pkg:gem/forked?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Fforked.git runtime false 5",
      "pkg:gem/hub?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Facme%2Fhub.git runtime false 7",
      "pkg:gem/native dev false 11",
      "pkg:gem/rack runtime false 2",
      "pkg:gem/rspec@3.13 dev false 9",
      "pkg:gem/yard optional false 17",
    ],
  );
  assert.equal(sbom.completeness.method, "missing");
  const told = sbom.unknowns.map(({ where, what }) => `${where} ${what}`).join("\n");
  assert.match(told, /Gemfile:14 which gem .* computed[^]*Gemfile:19[^]*Gemfile:20 [^]*rack ~> 3\.0 >= 3\.0\.1/u);
});

test("a Gemfile beside a gem's specification: the gem is the project, and both say what it needs", async () => {
  const sbom = await collect(
    memorySource({
      Gemfile: 'gemspec\ngem "rake"\ngem "rack"\n',
      "acme.gemspec":
        'Gem::Specification.new do |s|\n s.name = "acme"\n s.version = "1.0"\n s.add_dependency "rack", ">= 2"\nend\n',
      "lib/gems/other-1.0/Gemfile": 'gem "never"\n',
      "lib/gems/other-1.0/other.gemspec": 'Gem::Specification.new { |s| s.name = "other"; s.version = "1.0" }\n',
    }),
  );
  assert.equal(sbom.root, "pkg:gem/acme@1.0");
  assert.deepEqual(edges(sbom), ["acme@1.0 rack runtime", "acme@1.0 rake runtime"]);
});

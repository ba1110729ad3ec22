import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { openSource } from "../../../src/artifact/open.ts";
import { collect } from "../../../src/inventory/collect.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { makeZip } from "../../support/make-zip.ts";
import { header } from "../../support/rpm-database.ts";
import { makeTar } from "../artifact/make-archive.ts";
import { makeAr, makeRpm } from "../artifact/make-formats.ts";

async function sbomOf(t: TestContext, name: string, bytes: Uint8Array): Promise<Sbom> {
  const folder = mkdtempSync(join(tmpdir(), "waybill-packages-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, name), bytes);
  const source = await openSource(join(folder, name));
  t.after(() => source.close());
  return collect(source);
}

const told = ({ subject: { name, version, purl }, components, licences }: Sbom): unknown => ({
  subject: [name, version, purl],
  components: components.map((one) => [one.name, one.version, one.scope]),
  licences: licences.map(({ expression }) => expression),
});
const needsOf = ({ root, dependencies }: Sbom): readonly string[] =>
  dependencies.filter(({ from }) => from === root).map(({ to }) => to);
const tgz = (files: Readonly<Record<string, string>>): Buffer =>
  gzipSync(makeTar(Object.entries(files).map(([path, content]) => ({ path, content }))));

const deb = (control: string): Buffer =>
  makeAr({
    "debian-binary": "2.0\n",
    "control.tar.gz": tgz({ "./control": control }),
    "data.tar.gz": tgz({
      "./usr/share/doc/app/copyright":
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: MIT\n",
      "./usr/lib/app/package-lock.json": JSON.stringify({
        name: "inside",
        lockfileVersion: 3,
        packages: { "": { name: "inside" }, "node_modules/a": { version: "1.0.0" } },
      }),
    }),
  });

test("a deb is what its control says, with its licences and what else lies in it", async (t) => {
  const control =
    "Package: app\nVersion: 1:2.0-3\nArchitecture: amd64\nDepends: libc6 (>= 2.36), base (= 1.0), a | b\nDescription: x\n more\n";
  const sbom = await sbomOf(t, "app.deb", deb(control));
  assert.deepEqual(told(sbom), {
    subject: ["app", "1:2.0-3", undefined],
    components: [
      ["base", "1.0", "runtime"],
      ["libc6", undefined, "runtime"],
      ["a", "1.0.0", "runtime"],
      ["inside", undefined, "runtime"],
    ],
    licences: ["MIT"],
  });
  assert.deepEqual(needsOf(sbom), ["base@1.0", "libc6", "pkg:npm/inside"]);
  assert.match(sbom.unknowns.map(({ what }) => what).join("\n"), /a \| b/u);
});

test("an rpm is what its header says", async (t) => {
  const own = header({
    1000: "app",
    1001: "2.0",
    1002: "1.el9",
    1014: "MIT",
    1022: "x86_64",
    1048: [8, 0, 16777216],
    1049: ["base", "libx.so.1()(64bit)", "rpmlib(CompressedFileNames)"],
    1050: ["1.0-1", "", "3.0.4-1"],
  });
  const bytes = makeRpm(gzipSync(Buffer.alloc(0)), own);
  const sbom = await sbomOf(t, "app.rpm", bytes);
  assert.deepEqual(told(sbom), {
    subject: ["app", "2.0-1.el9", undefined],
    components: [["base", "1.0-1", "runtime"]],
    licences: ["MIT"],
  });
  assert.match(sbom.unknowns.map(({ what }) => what).join("\n"), /libx\.so/u);
});

/** Parts behind one another, of which only the last has tar's end marker (apk-package(5)). */
const apk = (info: string): Buffer =>
  Buffer.concat([
    gzipSync(makeTar([{ path: ".PKGINFO", content: info }]).subarray(0, -1024)),
    tgz({ "usr/bin/app": "x" }),
  ]);

test("an apk is what its .PKGINFO says", async (t) => {
  const info =
    "# made\npkgname = app\npkgver = 1.0-r0\narch = x86_64\nlicense = MIT\ndepend = lynx\ndepend = so:libc.musl-x86_64.so.1\n";
  const sbom = await sbomOf(t, "app.apk", apk(info));
  assert.deepEqual(told(sbom), {
    subject: ["app", "1.0-r0", undefined],
    components: [["lynx", undefined, "runtime"]],
    licences: ["MIT"],
  });
});

const GEM = `--- !ruby/object:Gem::Specification
name: app
version: !ruby/object:Gem::Version
  version: 1.10
platform: ruby
dependencies:
- !ruby/object:Gem::Dependency
  name: json
  requirement: !ruby/object:Gem::Requirement
    requirements:
    - - ">="
      - !ruby/object:Gem::Version
        version: '0'
  type: :runtime
- !ruby/object:Gem::Dependency
  name: rake
  type: :development
description: "!ruby/object:Gem::Version is a text here"
licenses:
- MIT
`;

test("a gem is what its metadata says", async (t) => {
  const bytes = makeTar([{ path: "metadata.gz", content: gzipSync(GEM) }]);
  assert.deepEqual(told(await sbomOf(t, "app-1.10.gem", bytes)), {
    subject: ["app", "1.10", "pkg:gem/app@1.10"],
    components: [
      ["json", undefined, "runtime"],
      ["rake", undefined, "dev"],
    ],
    licences: ["MIT"],
  });
});

test("a nupkg is what its nuspec says", async (t) => {
  const nuspec = `<?xml version="1.0"?><package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
  <id>App</id><version>1.0.0</version><license type="expression">MIT</license>
  <dependencies><group targetFramework="net8.0"><dependency id="Base" version="[2.0,)" /></group></dependencies></metadata></package>`;
  assert.deepEqual(told(await sbomOf(t, "App.1.0.0.nupkg", makeZip({ "App.nuspec": nuspec }))), {
    subject: ["App", "1.0.0", "pkg:nuget/App@1.0.0"],
    components: [["Base", undefined, "runtime"]],
    licences: ["MIT"],
  });
});

test("a jar is the subject, what is in it its parts, each once", async (t) => {
  const inner = makeZip({ "META-INF/maven/g/lib/pom.properties": "groupId=g\nartifactId=lib\nversion=3" });
  const jar = makeZip({
    "META-INF/maven/g/app/pom.properties": "groupId=g\nartifactId=app\nversion=1",
    "BOOT-INF/lib/lib-3.jar": inner,
  });
  const sbom = await sbomOf(t, "app-1.jar", jar);
  assert.deepEqual(told(sbom), {
    subject: ["g:app", "1", "pkg:maven/g/app@1"],
    components: [["g:lib", "3", "runtime"]],
    licences: [],
  });
  assert.deepEqual(
    sbom.components[0]?.occurrences.map(({ path, position }) => [path, position]),
    [["app-1.jar", "BOOT-INF/lib/lib-3.jar"]],
  );
  assert.deepEqual(needsOf(sbom), ["pkg:maven/g/lib@3"]);
});

test("a release in one folder is that project, by the metadata that was built with it", async (t) => {
  const sdist = tgz({
    "app-1.2/pyproject.toml": '[project]\nname = "app"\ndynamic = ["version"]\ndependencies = ["base>=1"]\n',
    "app-1.2/PKG-INFO": "Metadata-Version: 2.4\nName: app\nVersion: 1.2\nLicense-Expression: MIT\n",
    "app-1.2/web/package.json": JSON.stringify({ name: "web", version: "9.0.0" }),
  });
  const sbom = await sbomOf(t, "app-1.2.tar.gz", sdist);
  assert.deepEqual(told(sbom), {
    subject: ["app", "1.2", "pkg:pypi/app@1.2"],
    components: [
      ["web", "9.0.0", "runtime"],
      ["base", undefined, "runtime"],
    ],
    licences: ["MIT"],
  });
});

test("what a package's file says in another form, and an archive that cannot be entered, are told", async (t) => {
  const code = (name: string, bytes: Uint8Array): Promise<string> =>
    sbomOf(t, name, bytes).then(
      () => "read",
      (error: unknown) => (error instanceof Fault ? `${error.facts.code} ${error.facts.found ?? ""}` : String(error)),
    );
  assert.match(await code("a.deb", deb("no field\n")), /^WB-PACKAGE-FORM no field/u);
  assert.match(await code("a.deb", deb("Package: a\n")), /^WB-PACKAGE-FORM/u);
  assert.match(await code("a.apk", apk("pkgname = a")), /^WB-PACKAGE-FORM/u);
  assert.match(
    await code("a.gem", makeTar([{ path: "metadata.gz", content: gzipSync("name: a") }])),
    /^WB-PACKAGE-FORM/u,
  );
  assert.match(await code("a.gem", makeTar([{ path: "metadata.gz", content: gzipSync("- [") }])), /^WB-YAML-SYNTAX/u);
  assert.match(await code("a.nupkg", makeZip({ "a.nuspec": "<package/>" })), /^WB-PACKAGE-FORM/u);
  const cut = gzipSync(GEM).subarray(0, 60);
  assert.match(
    await code("a.gem", makeTar([{ path: "metadata.gz", content: cut }])),
    /^WB-INVENTORY-NOTHING none of them; metadata\.gz: is not entered/u,
  );
});

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib";
import { file, files, type Hostile, manyInTar, manyInZip } from "../support/hostile.ts";
import { measure } from "../support/measure.ts";
import { elf, pe } from "../support/programs.ts";
import { COMPRESSED } from "../unit/artifact/compressed.ts";
import { makeTar, makeZip, type TarSpec, type ZipSpec } from "../unit/artifact/make-archive.ts";
import { makeAr, makeDockerArchive, makeLayout, makeRpm, putBlob, writeIndex } from "../unit/artifact/make-formats.ts";

/** What one source may cost, whatever is in it: the whole command, from its start to its end. */
const MAX_CPU_SECONDS = 10;
const MAX_PEAK_MEBIBYTES = 512;

const DEPTH = 100_000;
const LONG = "x".repeat(10_000_000);
const ZEROS = gzipSync(Buffer.alloc(64 << 20));
const base64 = (name: keyof typeof COMPRESSED): Buffer => Buffer.from(COMPRESSED[name], "base64");
const repeated = (bytes: Buffer, times: number): Buffer => Buffer.alloc(bytes.length * times, bytes);
const nested = (open: string, close = ""): string => open.repeat(DEPTH) + close.repeat(DEPTH);
const tar = (...members: readonly TarSpec[]): Hostile["make"] => file(() => makeTar(members));
const zip = (...entries: readonly ZipSpec[]): Hostile["make"] => file(() => makeZip(entries));
const TAR_HEAD = makeTar([{ path: "zeros" }]).subarray(0, 512);

const LETTERS = [..."abcdefghij"];
/** Ten times ten times …: each level says the one before ten times. */
const ENTITIES = `<!DOCTYPE r [<!ENTITY a "lol">${LETTERS.slice(1)
  .map((letter, at) => `<!ENTITY ${letter} "${`&${LETTERS[at]};`.repeat(10)}">`)
  .join("")}]>\n`;
const ALIASES = LETTERS.map((letter, at) =>
  at === 0 ? "a: &a lol\n" : `${letter}: &${letter} [${`*${LETTERS[at - 1]},`.repeat(10)}]\n`,
).join("");

const cyclonedx = (inner: string): string =>
  `<?xml version="1.0"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>${inner}</components></bom>`;

/** A zip file in a zip file, so many times. */
function russianDolls(levels: number): Buffer {
  let inner = makeZip([{ name: "package-lock.json", content: "{}" }]);
  for (let level = 0; level < levels; level += 1) inner = makeZip([storedFile("inner.zip", inner)]);
  return inner;
}

const storedFile = (name: string, bytes: Buffer): ZipSpec => ({
  name,
  raw: bytes,
  stored: true,
  claims: { size: bytes.length, crc: crc32(bytes) },
});

const npmPackage = (mebibytes: number): Buffer =>
  makeTar([
    { path: "package/package.json", content: '{"name":"a","version":"1.0.0"}' },
    { path: "package/zeros", content: Buffer.alloc(mebibytes << 20) },
  ]);

const ARCHIVES: Readonly<Record<string, Hostile>> = {
  "gzip bomb": {
    make: file(() => Buffer.concat([gzipSync(TAR_HEAD), repeated(ZEROS, 24)])),
    status: 3,
    says: /WB-ARCHIVE-TOO-LARGE/u,
  },
  "zstd bomb": {
    make: file(() =>
      Buffer.concat([zstdCompressSync(TAR_HEAD), repeated(zstdCompressSync(Buffer.alloc(64 << 20)), 24)]),
    ),
    status: 3,
    says: /WB-ARCHIVE-TOO-LARGE/u,
  },
  "xz bomb": {
    make: file(() => Buffer.concat([base64("xz, tar header"), repeated(base64("xz, 8 MiB of zeros"), 40)])),
    status: 3,
    says: /WB-ARCHIVE-TOO-LARGE/u,
  },
  "bzip2 bomb": {
    make: file(() => Buffer.concat([base64("bzip2, tar header"), repeated(base64("bzip2, 45 MB of zeros"), 7)])),
    status: 3,
    says: /WB-ARCHIVE-TOO-LARGE/u,
  },
  "npm package that unpacks to 300 MiB": {
    make: file(() => gzipSync(npmPackage(300), { level: 1 })),
    status: 3,
    says: /WB-ARCHIVE-TOO-LARGE/u,
  },
  "npm package that unpacks to 250 MiB": {
    make: file(() => gzipSync(npmPackage(250), { level: 1 })),
    status: 0,
    says: /"name": "a"/u,
  },
  "zip file with a lockfile of 1 GiB": {
    make: file(() =>
      makeZip([
        { name: "package-lock.json", raw: gzipSync(Buffer.alloc(1 << 30)).subarray(10, -8), claims: { size: 1 << 30 } },
      ]),
    ),
    status: 3,
    says: /TOO-LARGE/u,
  },
  "zip file whose entries share their bytes": {
    make: zip(
      { name: "a", content: LONG },
      ...Array.from({ length: 100 }, (_, at): ZipSpec => ({ name: `${at}`, claims: { offset: 0 } })),
    ),
    status: 2,
    says: /WB-ARCHIVE-CORRUPT/u,
  },
  "zip files in one another": {
    make: file(() => russianDolls(50)),
    status: 2,
    says: /is not entered: archives lie too deep/u,
  },
  "zip files beside one another in a zip file": {
    make: file(() =>
      makeZip(Array.from({ length: 12_000 }, (_, at) => storedFile(`${at}.zip`, makeZip([{ name: "a" }])))),
    ),
    status: 2,
    says: /is not entered: the archive is too large \(WB-ARCHIVE-TOO-LARGE\)/u,
  },
  "zip file of 256 MB in a zip file, with a thousand manifests": {
    make: file(() => {
      const manifests = Array.from({ length: 1000 }, (_, at): ZipSpec => ({
        name: `p${at}/package.json`,
        content: `{"name":"p${at}","version":"1.0.0"}`,
      }));
      const bytes = makeZip([...manifests, storedFile("zeros", Buffer.alloc(250 << 20))]);
      return makeZip([
        {
          name: "inner.zip",
          content: "",
          raw: deflateRawSync(bytes, { level: 1 }),
          claims: { size: bytes.length, crc: crc32(bytes) },
        },
      ]);
    }),
    status: 0,
    says: /p999/u,
  },
  "tar file of 800,001 files": {
    make: manyInTar(800_001, (at) => `f${at}`),
    status: 3,
    says: /WB-ARCHIVE-TOO-LARGE[^]*800000 entries/u,
  },
  "tar file of 790,000 files": { make: manyInTar(790_000, (at) => `f${at}`), status: 2, says: /WB-INVENTORY-NOTHING/u },
  "tar file of 266,000 folders with a file each": {
    make: manyInTar(266_000, (at) => `d${at}/f`),
    status: 2,
    says: /WB-INVENTORY-NOTHING/u,
  },
  "tar file of 650,000 long names": {
    make: manyInTar(650_000, (at) => `${"n".repeat(90)}${at}`),
    status: 2,
    says: /WB-INVENTORY-NOTHING/u,
  },
  "zip file of 500,000 files": {
    make: file(() => manyInZip(500_000, (at) => `f${at}`)),
    status: 3,
    says: /WB-ARCHIVE-TOO-LARGE[^]*400000 entries/u,
  },
  "zip file of 399,000 files": {
    make: file(() => manyInZip(399_000, (at) => `f${at}`)),
    status: 2,
    says: /WB-INVENTORY-NOTHING/u,
  },
  "tar file that leads out": {
    make: tar({ path: "../package.json", content: "{}" }),
    status: 1,
    says: /WB-ARCHIVE-PATH/u,
  },
  "tar file with absolute paths": {
    make: tar({ path: "/etc/../../package.json", content: "{}" }),
    status: 1,
    says: /WB-ARCHIVE-PATH/u,
  },
  "tar file with an entry below a symlink": {
    make: tar({ path: "a", type: "2", link: "/etc" }, { path: "a/passwd", content: "x" }),
    status: 1,
    says: /WB-ARCHIVE-PATH/u,
  },
  "tar file with a symlink to a lockfile outside": {
    make: tar({ path: "package-lock.json", type: "2", link: "/etc/passwd" }),
    status: 2,
    says: /WB-INVENTORY-NOTHING/u,
  },
  "tar file with a hard link that leads out": {
    make: tar({ path: "a", type: "1", link: "../../etc/passwd" }),
    status: 1,
    says: /WB-ARCHIVE-PATH/u,
  },
  "tar file with links in a ring": {
    make: tar({ path: "a", type: "2", link: "b" }, { path: "b", type: "2", link: "a" }, { path: "a/c" }),
    status: 1,
    says: /WB-ARCHIVE-PATH/u,
  },
  "tar file with an entry 5,000 folders deep": {
    make: tar({ path: "x", pax: { path: `${"a/".repeat(5000)}b` } }),
    status: 3,
    says: /WB-ARCHIVE-TOO-LARGE/u,
  },
  "tar file with a name of 1 MB": {
    make: tar({ path: "x", pax: { path: "a".repeat(1_000_000) } }),
    status: 3,
    says: /WB-ARCHIVE-TOO-LARGE/u,
  },
  "tar file with a length that lies": {
    make: tar({ path: "a", header: (block) => block.write("77777777777", 124) }),
    status: 2,
    says: /WB-ARCHIVE-CORRUPT/u,
  },
  "tar file with 1,000,000 extended headers": {
    make: file(() => repeated(makeTar([{ path: "x", type: "x", content: "8 a=bcd\n" }]).subarray(0, 1024), 1_000_000)),
    status: 2,
    says: /WB-ARCHIVE-CORRUPT/u,
  },
  "zip file that leads out": {
    make: zip({ name: "../package.json", content: "{}" }),
    status: 1,
    says: /WB-ARCHIVE-PATH/u,
  },
  "zip file with lengths that lie": {
    make: zip({ name: "package-lock.json", content: "{}", claims: { size: 0xfffffff0 } }),
    status: 3,
    says: /TOO-LARGE/u,
  },
  "Debian package with a member that lies": {
    make: file(() => makeAr({ "debian-binary": "2.0\n", "data.tar": "x" }, (block) => block.write("9999999999", 48))),
    status: 2,
    says: /WB-ARCHIVE-CORRUPT/u,
  },
  "RPM whose header lies": {
    make: file(() => {
      const rpm = makeRpm(Buffer.from("x"));
      rpm.writeUInt32BE(0xffffff, 96 + 8);
      rpm.writeUInt32BE(0x7fffffff, 96 + 12);
      return rpm;
    }),
    status: 2,
    says: /WB-ARCHIVE-CORRUPT/u,
  },
};

const IMAGES: Readonly<Record<string, Hostile>> = {
  "layer with a wrong digest": {
    make: layout({ tamper: () => gzipSync(makeTar([{ path: "b" }])) }),
    status: 1,
    says: /WB-IMAGE-/u,
  },
  "layer with a wrong diff id": {
    make: layout({
      configuration: (json) =>
        Object.assign(json, { rootfs: { type: "layers", diff_ids: [`sha256:${"0".repeat(64)}`] } }),
    }),
    status: 1,
    says: /WB-IMAGE-/u,
  },
  "layer that is not there": {
    make: layout({
      manifest: (json) =>
        Object.assign(json, {
          layers: [
            { mediaType: "application/vnd.oci.image.layer.v1.tar", digest: `sha256:${"0".repeat(64)}`, size: 5 },
          ],
        }),
    }),
    status: 3,
    says: /WB-IMAGE-/u,
  },
  "layer whose digest is a path": {
    make: layout({
      manifest: (json) =>
        Object.assign(json, {
          layers: [
            { mediaType: "application/vnd.oci.image.layer.v1.tar", digest: "sha256:../../../../etc/passwd", size: 5 },
          ],
        }),
    }),
    status: 2,
    says: /WB-IMAGE-/u,
  },
  "layer that is a bomb": {
    make: (folder) => {
      makeLayout(folder, [
        { layers: [TAR_HEAD], compress: () => Buffer.concat([gzipSync(TAR_HEAD), repeated(ZEROS, 24)]) },
      ]);
      return folder;
    },
    status: 3,
    says: /WB-ARCHIVE-TOO-LARGE/u,
  },
  "image with a hundred thousand layers": {
    make: layout({
      manifest: (json) =>
        Object.assign(json, { layers: Array.from({ length: DEPTH }, () => (json["layers"] as unknown[])[0]) }),
    }),
    status: 2,
    says: /WB-IMAGE-/u,
  },
  "index in an index, a hundred times": {
    make: (folder) => {
      mkdirSync(join(folder, "blobs/sha256"), { recursive: true });
      let inner: unknown = {
        mediaType: "application/vnd.oci.image.index.v1+json",
        digest: `sha256:${"0".repeat(64)}`,
        size: 1,
      };
      for (let level = 0; level < 100; level += 1)
        inner = putBlob(
          folder,
          JSON.stringify({ schemaVersion: 2, manifests: [inner, inner] }),
          "application/vnd.oci.image.index.v1+json",
        );
      writeIndex(folder, [inner]);
      return folder;
    },
    status: 2,
    says: /WB-IMAGE-/u,
  },
  "docker archive that lists layers which it has not": {
    make: file(() =>
      makeTar([
        { path: "manifest.json", content: '[{"Config":"c.json","RepoTags":["a"],"Layers":["x.tar"]}]' },
        { path: "c.json", content: '{"rootfs":{"diff_ids":["sha256:00"]}}' },
      ]),
    ),
    status: 2,
    says: /WB-IMAGE-/u,
  },
  "docker archive whose layers lead out": {
    make: file(() => makeDockerArchive([[{ path: "../../etc/passwd", content: "x" }]])),
    status: 1,
    says: /WB-ARCHIVE-PATH/u,
  },
};

function layout(image: Omit<Parameters<typeof makeLayout>[1][number], "layers">): Hostile["make"] {
  return (folder) => {
    makeLayout(folder, [{ layers: [[{ path: "etc/os-release", content: "ID=debian\n" }]], ...image }]);
    return folder;
  };
}

/** One text of 10 MB where a name or a version may stand. */
const LONG_TEXTS: Readonly<Record<string, string>> = {
  "package-lock.json": `{"lockfileVersion":3,"packages":{"":{"dependencies":{"b":"*"}},"node_modules/b":{"version":"${LONG}"}}}`,
  "package.json": `{"name":"a","version":"1.0.0","dependencies":{"${LONG}":"1.0.0"}}`,
  "yarn.lock": `# yarn lockfile v1\n\n"${LONG}@1":\n  version "1"\n`,
  "pnpm-lock.yaml": `lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      ${LONG}:\n        specifier: 1\n        version: 1\n`,
  "bun.lock": `{"lockfileVersion":1,"workspaces":{"":{"name":"a"}},"packages":{"b":["b@${LONG}","",{},""]}}`,
  "requirements.txt": `${LONG}==1\na ; ${"(".repeat(DEPTH)}\n`,
  "poetry.lock": `[[package]]\nname = "${LONG}"\nversion = "1"\n`,
  "setup.py": `setup(name="a", install_requires=[${"[".repeat(DEPTH)}])`,
  "Cargo.lock": `version = 4\n[[package]]\nname = "${LONG}"\nversion = "1.0.0"\n`,
  "go.mod": `module a.example/a\nrequire ${LONG} v1.0.0\n`,
  "pom.xml": `<project><groupId>g</groupId><artifactId>a</artifactId><version>\${${LONG}}</version></project>`,
  "gradle.lockfile": `${LONG}:a:1=x\n`,
  "packages.lock.json": `{"version":1,"dependencies":{"net8.0":{"${LONG}":{"type":"Direct","resolved":"1.0.0"}}}}`,
  "Gemfile.lock": `GEM\n  specs:\n    ${LONG} (1.0)\n\nDEPENDENCIES\n  a\n`,
  "composer.lock": `{"packages":[{"name":"a/${LONG}","version":"1.0.0"}],"packages-dev":[]}`,
  ".github/workflows/a.yml": `jobs:\n  a:\n    steps:\n      - uses: ${LONG}@v1\n`,
  Dockerfile: `FROM ${LONG}\n`,
  "var/lib/dpkg/status": `Package: ${LONG}\nStatus: install ok installed\nVersion: 1\n`,
  "lib/apk/db/installed": `P:${LONG}\nV:1\n`,
  "a.spdx": `SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: a\nCreated: 2026-01-02T03:04:05Z\nPackageName: ${LONG}\nSPDXID: SPDXRef-a\n`,
  "a.cdx.json": `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"${LONG}"}]}`,
  "a.cdx.xml": cyclonedx(`<component type="library"><name>${LONG}</name></component>`),
};

/** Depth of a hundred thousand. */
const DEEP_TEXTS: Readonly<Record<string, string>> = {
  "package-lock.json": `{"lockfileVersion":3,"packages":${nested('{"a":', "}")}}`,
  "package.json": `{"name":"a","dependencies":${nested("[", "]")}}`,
  "pnpm-lock.yaml": `lockfileVersion: '9.0'\nimporters: ${nested("[", "]")}\n`,
  "bun.lock": `{"lockfileVersion":1,"workspaces":${nested("[", "]")}}`,
  "poetry.lock": `a = ${nested("[", "]")}\n`,
  "Cargo.lock": `version = 4\na = ${nested("[", "]")}\n`,
  "pom.xml": `<project>${nested("<a>", "</a>")}</project>`,
  "a.csproj": `<Project>${nested("<a>", "</a>")}</Project>`,
  "composer.lock": `{"packages":${nested("[", "]")}}`,
  "environment.yml": `dependencies: ${nested("[", "]")}\n`,
  "a.spdx.json": `{"spdxVersion":"SPDX-2.3","packages":${nested("[", "]")}}`,
  "a.cdx.json": `{"bomFormat":"CycloneDX","specVersion":"1.6","components":${nested('[{"components":', "}]")}}`,
  "a.cdx.xml": cyclonedx(nested("<component><components>", "</components></component>")),
  "a.spdx": `SPDXVersion: SPDX-2.3\nPackageName: a\nPackageLicenseDeclared: ${nested("(", ")")}\n`,
};

const HERE = '<project xmlns="http://maven.apache.org/POM/4.0.0">';
const CDX = "http://cyclonedx.org/schema/bom/1.6";

/** What is no format's business to do: entities, aliases, ways that lead back to themselves. */
const TEXTS: Readonly<Record<string, Hostile>> = {
  "entities in pom.xml": {
    make: files({ "pom.xml": `${ENTITIES}${HERE}<artifactId>&j;</artifactId></project>` }),
    status: 2,
    says: /WB-/u,
  },
  "entities in a project of NuGet": {
    make: files({ "a.csproj": `${ENTITIES}<Project>&j;</Project>` }),
    status: 2,
    says: /WB-/u,
  },
  "entities in packages.config": {
    make: files({ "packages.config": `${ENTITIES}<packages>&j;</packages>` }),
    status: 2,
    says: /WB-/u,
  },
  "entities in verification-metadata.xml": {
    make: files({
      "gradle/verification-metadata.xml": `${ENTITIES}<verification-metadata>&j;</verification-metadata>`,
    }),
    status: 2,
    says: /WB-/u,
  },
  "entities in CycloneDX": {
    make: file(`${ENTITIES}<bom xmlns="${CDX}"><components><component><name>&j;</name></component></components></bom>`),
    status: 2,
    says: /WB-XML-DOCTYPE/u,
  },
  "entities in SWID": {
    make: file(
      `${ENTITIES}<SoftwareIdentity xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd" name="&j;"/>`,
    ),
    status: 2,
    says: /WB-XML-DOCTYPE/u,
  },
  "entities in SPDX": {
    make: file(`${ENTITIES}<Document><SPDXID>SPDXRef-DOCUMENT</SPDXID><spdxVersion>&j;</spdxVersion></Document>`),
    status: 2,
    says: /WB-XML-DOCTYPE/u,
  },
  "a file of the machine as an entity": {
    make: file(
      `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><bom xmlns="${CDX}"><components><component><name>&x;</name></component></components></bom>`,
    ),
    status: 2,
    says: /WB-XML-DOCTYPE/u,
  },
  "aliases in pnpm-lock.yaml": {
    make: files({ "pnpm-lock.yaml": `lockfileVersion: '9.0'\n${ALIASES}` }),
    status: 2,
    says: /WB-/u,
  },
  "aliases in environment.yml": {
    make: files({ "environment.yml": `${ALIASES}dependencies: [*j]\n` }),
    status: 2,
    says: /WB-|unknown/u,
  },
  "aliases in a workflow": {
    make: files({ ".github/workflows/a.yml": `${ALIASES}jobs: *j\n` }),
    status: 0,
    says: /"components"/u,
  },
  "aliases in SPDX": {
    make: file(`${ALIASES}spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\n`),
    status: 2,
    says: /WB-YAML-ALIASES/u,
  },
  "aliases in a policy": {
    make: file(`version: 1\n${ALIASES}`),
    words: ["policy", "check", "SOURCE"],
    status: 2,
    says: /WB-/u,
  },
  "parents in a ring": {
    make: files({
      "pom.xml": `${HERE}<parent><groupId>g</groupId><artifactId>b</artifactId><version>1</version><relativePath>b/pom.xml</relativePath></parent><artifactId>a</artifactId></project>`,
      "b/pom.xml": `${HERE}<parent><groupId>g</groupId><artifactId>a</artifactId><version>1</version><relativePath>../pom.xml</relativePath></parent><artifactId>b</artifactId></project>`,
    }),
    status: 0,
    says: /unknown/u,
  },
  "modules in a ring": {
    make: files({
      "pom.xml": `${HERE}<groupId>g</groupId><artifactId>a</artifactId><version>1</version><modules><module>.</module><module>b</module></modules></project>`,
      "b/pom.xml": `${HERE}<groupId>g</groupId><artifactId>b</artifactId><version>1</version><modules><module>..</module></modules></project>`,
    }),
    status: 0,
    says: /"name"/u,
  },
  "workspaces in a ring of links": {
    make: (folder) => {
      files({
        "package.json": '{"name":"a","version":"1.0.0","workspaces":["packages/**"]}',
        "packages/b/package.json": '{"name":"b","version":"1.0.0","dependencies":{"a":"*"},"workspaces":["../.."]}',
      })(folder);
      symlinkSync("../..", join(folder, "packages/b/up"));
      return folder;
    },
    status: 0,
    says: /"name": "a"/u,
  },
  "links of a lockfile in a ring": {
    make: files({
      "package-lock.json":
        '{"name":"a","lockfileVersion":3,"packages":{"":{"name":"a","dependencies":{"b":"*"}},"node_modules/b":{"resolved":"c","link":true},"c":{"name":"b","dependencies":{"b":"*","d":"*"}},"node_modules/d":{"resolved":"node_modules/d","link":true}}}',
    }),
    status: 0,
    says: /"name": "a"/u,
  },
  "requirements that include themselves": {
    make: files({
      "requirements.txt": "-r requirements.txt\n-r b.txt\na==1\n",
      "b.txt": "-r requirements.txt\nb==1\n",
    }),
    status: 0,
    says: /"b"/u,
  },
  "requirements that lead out": {
    make: files({ "requirements.txt": "-r /etc/passwd\n-r ../../../../etc/passwd\na==1\n" }),
    status: 0,
    says: /unknown/u,
  },
  "crates that need themselves": {
    make: files({
      "Cargo.toml":
        '[package]\nname = "a"\nversion = "1.0.0"\n[workspace]\nmembers = [".", "b", "../.."]\n[dependencies]\nb = { path = "b" }\n',
      "b/Cargo.toml":
        '[package]\nname = "b"\nversion = "1.0.0"\nworkspace = ".."\n[dependencies]\na = { path = ".." }\n',
    }),
    status: 0,
    says: /"name": "a"/u,
  },
  "modules of Go that replace one another": {
    make: files({
      "go.work": "go 1.24\nuse .\nuse ./b\nuse ../..\n",
      "go.mod": "module x.example/a\nreplace x.example/b => ./b\nrequire x.example/b v1.0.0\n",
      "b/go.mod": "module x.example/b\nreplace x.example/a => ../\nrequire x.example/a v1.0.0\n",
    }),
    status: 0,
    says: /x\.example\/a/u,
  },
  "properties of .NET that import themselves": {
    make: files({
      "Directory.Build.props":
        '<Project><Import Project="Directory.Build.props"/><PropertyGroup><A>$(B)$(B)</A><B>$(A)$(A)</B></PropertyGroup></Project>',
      "a.csproj": '<Project Sdk="x"><ItemGroup><PackageReference Include="p" Version="$(A)"/></ItemGroup></Project>',
    }),
    status: 0,
    says: /unknown/u,
  },
  "a lockfile that is a symlink to outside": {
    make: (folder) => {
      symlinkSync("/etc/passwd", join(folder, "package-lock.json"));
      return folder;
    },
    status: 2,
    says: /WB-/u,
  },
};

function lying(program: Buffer, fields: readonly (readonly [at: number, bytes: 2 | 4 | 8])[]): Buffer {
  for (const [at, bytes] of fields) program.fill(0xff, at, at + bytes);
  return program;
}

const SECTIONS = [
  { name: ".dep-v0", data: Buffer.from("x") },
  {
    name: ".go.buildinfo",
    data: Buffer.concat([
      Buffer.from("\xff Go buildinf:\x08\x02", "latin1"),
      Buffer.alloc(16),
      Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]),
    ]),
  },
];
const LARGE_PROGRAM = { name: ".data", data: Buffer.alloc(80 << 20, "\xff Go buildinf:", "latin1") };

const PROGRAMS: Readonly<Record<string, Hostile>> = {
  "ELF with offsets that lie": {
    make: files({
      "bin/a": lying(elf(SECTIONS), [
        [32, 8],
        [40, 8],
      ]),
    }),
    status: 2,
    says: /WB-/u,
  },
  "ELF with counts that lie": {
    make: files({
      "bin/a": lying(elf(SECTIONS), [
        [56, 2],
        [60, 2],
        [62, 2],
      ]),
    }),
    status: 2,
    says: /WB-/u,
  },
  "ELF with build information that lies": {
    make: files({ "bin/a": elf(SECTIONS) }),
    status: 2,
    says: /WB-INVENTORY-NOTHING/u,
  },
  "ELF of 80 MB of false build information": {
    make: files({ "bin/a": elf([LARGE_PROGRAM]) }),
    status: 2,
    says: /WB-/u,
  },
  "PE with offsets that lie": { make: files({ "a.exe": lying(pe(SECTIONS), [[60, 4]]) }), status: 2, says: /WB-/u },
  "PE with counts that lie": {
    make: files({
      "a.exe": lying(pe(SECTIONS), [
        [70, 2],
        [84, 2],
      ]),
    }),
    status: 2,
    says: /WB-/u,
  },
};

const DOCUMENTS: Readonly<Record<string, Hostile>> = {
  "CycloneDX of 17 MB in XML": { make: file(() => largeXml(31_000)), status: 0, says: /"name": "package-30999"/u },
  "CycloneDX of 17 MB in XML, converted": {
    make: file(() => largeXml(31_000)),
    words: ["sbom", "convert", "SOURCE", "--format", "spdx-json"],
    status: 0,
    says: /"name": "package-30999"/u,
  },
  "CycloneDX of 17 MB in XML, validated": {
    make: file(() => largeXml(31_000)),
    words: ["sbom", "validate", "SOURCE"],
    status: 0,
    says: /valid/u,
  },
  "CycloneDX of more elements than are read": {
    make: file(() => largeXml(40_000)),
    status: 2,
    says: /WB-XML-TOO-LARGE/u,
  },
  "CycloneDX of 24 MB in JSON": { make: file(() => largeJson(100_000)), status: 0, says: /"name": "package-99999"/u },
  "JSON of 64 MB of empty lists": {
    make: file(() => `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[${"[],".repeat(20_000_000)}[]]}`),
    status: 2,
    says: /WB-JSON-TOO-LARGE/u,
  },
  "JSON of 200 MB": {
    make: file(() => `{"bomFormat":"CycloneDX","specVersion":"1.6","x":"${LONG.repeat(20)}"}`),
    status: 2,
    says: /WB-JSON-TOO-LARGE/u,
  },
  "CycloneDX of 300,000 components in JSON": {
    make: file(
      () =>
        `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[${many((at) => `{"type":"library","name":"p${at}"},`, 300_000)}{"type":"library","name":"z"}]}`,
    ),
    status: 3,
    says: /WB-SOURCE-TOO-LARGE/u,
  },
  "SPDX of 249,000 packages in tag-value": {
    make: file(
      () =>
        `SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: a\nCreated: 2026-01-02T03:04:05Z\n${many((at) => `PackageName: p${at}\nSPDXID: SPDXRef-${at}\n`, 249_000)}`,
    ),
    status: 2,
    says: /WB-TEXT-TOO-LARGE/u,
  },
  "YAML of 60 MB of empty lists": {
    make: file(() => `SPDXID: SPDXRef-DOCUMENT\nspdxVersion: SPDX-2.3\nx: [${"[],".repeat(15_000_000)}]\n`),
    status: 2,
    says: /WB-TEXT-TOO-LARGE/u,
  },
  "XML of 30 MB of empty elements": {
    make: file(() => cyclonedx("<a/>".repeat(7_000_000))),
    status: 2,
    says: /WB-XML-TOO-LARGE/u,
  },
  "XML of 30 MB of attributes": {
    make: file(() => cyclonedx(`<a ${Array.from({ length: 255 }, (_, at) => `b${at}=""`).join(" ")}/>`.repeat(15_000))),
    status: 2,
    says: /WB-XML-TOO-LARGE/u,
  },
  "SPDX of 30 MB in tag-value": {
    make: file(
      () =>
        `SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: a\nCreated: 2026-01-02T03:04:05Z\n${Array.from({ length: 500_000 }, (_, at) => `PackageName: p${at}\nSPDXID: SPDXRef-${at}\n`).join("")}`,
    ),
    status: 2,
    says: /WB-TEXT-TOO-LARGE/u,
  },
  "CBOR in CBOR": {
    make: file(() => Buffer.concat([Buffer.from("da53574944", "hex"), Buffer.alloc(DEPTH, 0x81), Buffer.from([0])])),
    status: 2,
    says: /WB-CBOR/u,
  },
  "CBOR whose lengths lie": {
    make: file(() => Buffer.from("da535749449b00ffffffffffffff", "hex")),
    status: 2,
    says: /WB-CBOR/u,
  },
  "CBOR of 4 million empty lists": {
    make: file(() => Buffer.concat([Buffer.from("da535749449a00400000", "hex"), Buffer.alloc(0x400000, 0x80)])),
    status: 2,
    says: /WB-/u,
  },
};

function largeXml(count: number): string {
  const component = (at: number): string => `<component type="library" bom-ref="pkg:npm/package-${at}@1.${at}.0">
      <name>package-${at}</name>
      <version>1.${at}.0</version>
      <hashes>
        <hash alg="SHA-256">${String(at).padStart(64, "0")}</hash>
      </hashes>
      <licenses>
        <license>
          <id>MIT</id>
        </license>
      </licenses>
      <purl>pkg:npm/package-${at}@1.${at}.0</purl>
    </component>
`;
  const needs = (at: number): string => `    <dependency ref="pkg:npm/package-${at}@1.${at}.0">
      <dependency ref="pkg:npm/package-${(at * 7) % count}@1.${(at * 7) % count}.0"/>
    </dependency>
`;
  const all = (one: (at: number) => string): string => Array.from({ length: count }, (_, at) => one(at)).join("");
  return `<bom xmlns="${CDX}" version="1">\n<components>\n${all(component)}</components>\n<dependencies>\n${all(needs)}</dependencies>\n</bom>\n`;
}

function largeJson(count: number): string {
  const components = Array.from({ length: count }, (_, at) => ({
    type: "library",
    "bom-ref": `pkg:npm/package-${at}@1.${at}.0`,
    name: `package-${at}`,
    version: `1.${at}.0`,
    purl: `pkg:npm/package-${at}@1.${at}.0`,
    description: "d".repeat(60),
  }));
  return JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1, components });
}

/** What is one text alone is read, or refused, or told as unknown; which of them is the unit tests' business. */
const texts = (all: Readonly<Record<string, string>>, what: string): Readonly<Record<string, Hostile>> =>
  Object.fromEntries(
    Object.entries(all).map(([path, text]): [string, Hostile] => [
      `${what} in ${path}`,
      {
        make: /spdx|cdx/u.test(path) ? file(text, path) : files({ [path]: text }),
        status: [0, 2, 3],
        says: /waybill: WB-|"components"/u,
      },
    ]),
  );

/** Whatever its readers are called: so many lines that each begin something. */
const MANY_LINES: Readonly<Record<string, string>> = {
  "package-lock.json": `{"lockfileVersion":3,"packages":{${'"a":{},'.repeat(3_800_000)}"b":{}}}`,
  "yarn.lock": `# yarn lockfile v1\n\n${many((at) => `a@${at}:\n  version "1"\n`, 1_000_000)}`,
  "pnpm-lock.yaml": `lockfileVersion: '9.0'\npackages:\n${many((at) => `  a@${at}: {}\n`, 1_500_000)}`,
  "bun.lock": `{"lockfileVersion":1,"packages":{${many((at) => `"${at}":[],`, 2_000_000)}}}`,
  "requirements.txt": many((at) => `a${at}==1\n`, 1_000_000),
  "poetry.lock": many((at) => `[[package]]\nname="${at}"\nversion="1"\n`, 450_000),
  "uv.lock": `version = 1\n${many((at) => `[[package]]\nname="${at}"\nversion="1"\n`, 450_000)}`,
  "Pipfile.lock": `{"_meta":{},"default":{${many((at) => `"a${at}":{"version":"==1"},`, 500_000)}"b":{}}}`,
  "Cargo.lock": `version = 4\n${many((at) => `[[package]]\nname = "${at}"\nversion = "1.0.0"\n`, 350_000)}`,
  "go.mod": `module a.example/a\nrequire (\n${many((at) => `x.y/${at} v1.0.0\n`, 700_000)})\n`,
  "pom.xml": `<project><groupId>g</groupId><artifactId>a</artifactId><version>1</version><dependencies>${many((at) => `<dependency><groupId>g</groupId><artifactId>${at}</artifactId></dependency>`, 200_000)}</dependencies></project>`,
  "gradle.lockfile": many((at) => `g:a${at}:1=x\n`, 1_000_000),
  "packages.lock.json": `{"version":1,"dependencies":{"net8.0":{${many((at) => `"a${at}":{"type":"Direct","resolved":"1.0.0"},`, 300_000)}"b":{}}}}`,
  "a.csproj": `<Project><ItemGroup>${many((at) => `<PackageReference Include="a${at}" Version="1"/>`, 300_000)}</ItemGroup></Project>`,
  "Gemfile.lock": `GEM\n  specs:\n${many((at) => `    a${at} (1.0)\n`, 900_000)}\nDEPENDENCIES\n  a\n`,
  "composer.lock": `{"packages":[${many((at) => `{"name":"a/a${at}","version":"1.0.0"},`, 300_000)}{}]}`,
  "var/lib/dpkg/status": many((at) => `Package: a${at}\nStatus: install ok installed\nVersion: 1\n\n`, 300_000),
  "lib/apk/db/installed": many((at) => `P:a${at}\nV:1\n\n`, 600_000),
  Dockerfile: many((at) => `FROM a:${at}\n`, 300_000),
};

function many(line: (index: number) => string, count: number): string {
  return Array.from({ length: count }, (_, at) => line(at)).join("");
}

const ALL: Readonly<Record<string, Hostile>> = {
  ...ARCHIVES,
  ...IMAGES,
  ...PROGRAMS,
  ...texts(LONG_TEXTS, "a text of 10 MB"),
  ...texts(DEEP_TEXTS, "100,000 levels"),
  ...texts(MANY_LINES, "as many entries as fit"),
  ...TEXTS,
  ...DOCUMENTS,
};

for (const [what, { make, words = ["sbom", "SOURCE"], status, says }] of Object.entries(ALL)) {
  test(`${what}: bounded and named`, (t) => {
    const folder = mkdtempSync(join(tmpdir(), "waybill-hostile-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const [home, input] = [join(folder, "home"), join(folder, "in")];
    mkdirSync(home);
    mkdirSync(input);
    const source = make(input);
    const ran = measure(
      words.map((word) => (word === "SOURCE" ? source : word)),
      folder,
      home,
    );
    const said = `${ran.stderr}\n${ran.stdout}`;
    t.diagnostic(`${ran.cpuSeconds.toFixed(1)} s, ${ran.peakMebibytes.toFixed(0)} MiB`);
    assert.ok([status].flat().includes(ran.status ?? -1), said.slice(0, 2000));
    assert.doesNotMatch(ran.stderr, /WB-INTERNAL/u);
    assert.ok(says.test(said), said.slice(0, 2000));
    assert.ok(ran.cpuSeconds < MAX_CPU_SECONDS, `${ran.cpuSeconds} s`);
    assert.ok(ran.peakMebibytes < MAX_PEAK_MEBIBYTES, `${ran.peakMebibytes} MiB`);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../src/inventory/collect.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { memorySource } from "../support/memory-source.ts";

const COUNT = 60_000;
/** Far above what time in proportion to the file takes, and far below what its square would. */
const ALLOWED_MS = 6000;
const many = (line: (index: number) => string, count = COUNT): string =>
  Array.from({ length: count }, (_, at) => line(at)).join("");

const FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "Cargo.lock of one crate again and again": {
    "Cargo.lock": `version = 4\n\n${many(() => '[[package]]\nname = "a"\nversion = "1.0.0"\ndependencies = [\n "a 1.0.0",\n "a",\n]\n\n')}`,
  },
  "Cargo.lock of many versions of one crate": {
    "Cargo.lock": `version = 4\n\n${many((at) => `[[package]]\nname = "a"\nversion = "1.0.${at}"\ndependencies = [\n "a 1.0.${COUNT - at - 1}",\n]\n\n`)}`,
  },
  "go.mod of one module again and again, with tools and replacements": {
    "go.mod": `module x.example/m\ngo 1.24\n${many((at) => `require x.example/a v1.0.0 // indirect\ntool x.example/a/cmd/t${at}\nreplace x.example/b v1.0.${at} => x.example/c v1.0.0\n`)}`,
  },
  "gradle.lockfile of one line again and again": { "gradle.lockfile": many(() => "g:a:1=runtimeClasspath\n") },
  "verification-metadata.xml with many components": {
    "gradle/verification-metadata.xml": `<verification-metadata><components>\n${many((at) => `<component group="g" name="a" version="${at}"/>\n`)}</components></verification-metadata>`,
  },
  "pom.xml with many needs and properties that double": {
    "pom.xml": `<project><groupId>g</groupId><artifactId>m</artifactId><version>1</version><properties><p>\${q}\${q}</p><q>\${p}\${p}</q></properties><dependencies>\n${many((at) => `<dependency><groupId>g</groupId><artifactId>a${at}</artifactId><version>\${p}</version></dependency>\n`, 15_000)}</dependencies></project>`,
  },
};

for (const [what, files] of Object.entries(FILES)) {
  test(`${what}: time in proportion to the file`, async () => {
    const started = cpuMilliseconds();
    const sbom = await collect(memorySource(files));
    const took = cpuMilliseconds() - started;
    assert.ok(sbom.components.length > 0);
    assert.ok(took < ALLOWED_MS, `${took.toFixed(0)} ms`);
  });
}

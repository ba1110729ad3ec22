import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "../../../src/artifact/digest.ts";
import { collect } from "../../../src/inventory/collect.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { makeZip } from "../../support/make-zip.ts";
import { memorySource } from "../../support/memory-source.ts";

const properties = (group: string, artifact: string, version: string): string =>
  `#Generated\r\ngroupId=${group}\r\nartifactId = ${artifact}\r\nversion=${version}\r\n`;
const at = (group: string, artifact: string): string => `META-INF/maven/${group}/${artifact}/pom.properties`;
const edges = ({ dependencies }: Sbom): string[] => dependencies.map(({ from, to }) => `${from} → ${to}`);

test("an archive is called by its own properties, holds what was copied into it, and the archives inside", async () => {
  const inner = makeZip({ [at("g", "inner")]: properties("g", "inner", "2") });
  const outer = makeZip({
    [at("g", "app")]: properties("g", "app", "1"),
    "META-INF/maven/g/app/pom.xml":
      "<project><artifactId>app</artifactId><licenses><license><name>Apache License, Version 2.0</name></license></licenses></project>",
    [at("h", "shaded")]: properties("h", "shaded", "3"),
    "BOOT-INF/lib/inner-2.jar": inner,
  });
  const sbom = await collect(memorySource({ "lib/app-1.jar": outer }));
  assert.deepEqual(
    sbom.components.map(({ ref, occurrences, licences }) => [ref, occurrences[0]?.position, licences[0]?.expression]),
    [
      ["pkg:maven/g/app@1", undefined, "Apache-2.0"],
      ["pkg:maven/g/inner@2", "BOOT-INF/lib/inner-2.jar", undefined],
      ["pkg:maven/h/shaded@3", at("h", "shaded"), undefined],
    ],
  );
  assert.deepEqual(edges(sbom), [
    "memory → pkg:maven/g/app@1",
    "pkg:maven/g/app@1 → pkg:maven/g/inner@2",
    "pkg:maven/g/app@1 → pkg:maven/h/shaded@3",
  ]);
  assert.deepEqual(sbom.components[1]?.digests, { sha256: sha256(inner) });
});

test("without properties the manifest tells, then the file's name; a group is never guessed", async () => {
  const sbom = await collect(
    memorySource({
      "a-lib-1.2.jar": makeZip({
        "META-INF/MANIFEST.MF":
          "Manifest-Version: 1.0\r\nBundle-SymbolicName: org.example.a;singleton:=true\r\nImplementation-Vendor-Id: org.exam\r\n ple\r\nBundle-Version: 1.2\r\n\r\nName: x\r\nBundle-Version: 9\r\n",
      }),
      "b-lib-3.4-beta.jar": makeZip({ "META-INF/MANIFEST.MF": "Manifest-Version: 1.0\r\n\r\n" }),
      "classes.jar": makeZip({ "x.class": "" }),
    }),
  );
  assert.deepEqual(
    sbom.components.map(({ ref, occurrences }) => [ref, occurrences[0]?.technique]),
    [
      ["b-lib@3.4-beta", "file-name"],
      ["pkg:maven/org.example/a-lib@1.2", "manifest"],
    ],
  );
});

test("archives in archives without end, broken ones and large statements are said, and cost little", async () => {
  let deep = makeZip({ [at("g", "core")]: properties("g", "core", "1") });
  for (let level = 0; level < 20; level += 1) deep = makeZip({ "in.jar": deep });
  const sbom = await collect(
    memorySource({
      "deep.jar": deep,
      "large-1.jar": makeZip({ [at("g", "large")]: Buffer.alloc(8 * 1024 * 1024, 0x20) }),
      "holds-1.jar": makeZip({
        "bad.jar": "PK\x03\x04 and nothing that follows this",
        [at("g", "holds")]: properties("g", "holds", "1"),
      }),
      "text-1.jar": "no archive",
    }),
  );
  assert.deepEqual(
    sbom.components.map(({ ref }) => ref),
    ["large@1", "pkg:maven/g/holds@1"],
  );
  const told = sbom.unknowns.map(({ where, what }) => `${where}: ${what}`).join("\n");
  for (const part of ["too deep archives", "WB-ARCHIVE-TOO-LARGE", "bad.jar", "text-1.jar"])
    assert.ok(told.includes(part), `${part} in ${told}`);
  assert.equal(sbom.completeness.components, "incomplete");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../src/inventory/collect.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { memorySource } from "../../support/memory-source.ts";

/** `GROUP:ARTIFACT[:VERSION]` and more elements as a dependency. */
function needs(coordinates: string, more = ""): string {
  const [group, artifact, version] = coordinates.split(":");
  const fixed = version === undefined ? "" : `<version>${version}</version>`;
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId>${fixed}${more}</dependency>\n`;
}

function pom(coordinates: string, inside = ""): string {
  const [group, artifact, version] = coordinates.split(":");
  return `<project>\n<groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>\n${inside}\n</project>\n`;
}

const dependencies = (...list: readonly string[]): string => `<dependencies>\n${list.join("")}</dependencies>`;
const management = (...list: readonly string[]): string =>
  `<dependencyManagement>${dependencies(...list)}</dependencyManagement>`;

/** Poms of a local repository, each at its place. */
function repository(poms: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(poms).map(([coordinates, inside]) => {
      const [group = "", artifact = "", version = ""] = coordinates.split(":");
      const path = `.m2/repository/${group.replaceAll(".", "/")}/${artifact}/${version}/${artifact}-${version}.pom`;
      return [path, pom(coordinates, inside)];
    }),
  );
}

const scopes = ({ components }: Sbom): Record<string, string> =>
  Object.fromEntries(components.map(({ name, version, scope }) => [`${name}:${version ?? ""}`, scope]));
const edges = ({ dependencies: all }: Sbom): string[] =>
  all.map(({ from, to, scope }) => `${from} ${scope} ${to}`.replaceAll("pkg:maven/", ""));

test("the nearest version wins, then the first; exclusions, optional, test and provided needs of others are left out", async () => {
  const sbom = await collect(
    memorySource({
      "pom.xml": pom(
        "g:app:1",
        dependencies(
          needs("g:a:1"),
          needs(
            "g:b:1",
            "<exclusions><exclusion><groupId>g</groupId><artifactId>out</artifactId></exclusion></exclusions>",
          ),
          needs("g:try:1", "<scope>test</scope>"),
          needs("g:servlet:1", "<scope>provided</scope>"),
        ),
      ),
      ...repository({
        "g:a:1": dependencies(needs("g:deep:1"), needs("g:maybe:1", "<optional>true</optional>")),
        "g:b:1": dependencies(needs("g:c:2"), needs("g:out:1"), needs("g:junit:1", "<scope>test</scope>")),
        "g:deep:1": dependencies(needs("g:c:1")),
        "g:c:2": "",
        "g:try:1": dependencies(needs("g:a:9"), needs("g:only:1")),
        "g:only:1": "",
        "g:servlet:1": "",
      }),
    }),
  );
  assert.deepEqual(scopes(sbom), {
    "g:a:1": "runtime",
    "g:b:1": "runtime",
    "g:c:2": "runtime",
    "g:deep:1": "runtime",
    "g:only:1": "test",
    "g:servlet:1": "peer",
    "g:try:1": "test",
  });
  assert.ok(edges(sbom).includes("g/deep@1 runtime g/c@2"));
  assert.deepEqual(sbom.unknowns, []);
  assert.deepEqual(sbom.completeness, { components: "complete", dependencies: "complete", method: "locked" });
  assert.equal(sbom.components.find(({ name }) => name === "g:b")?.occurrences[0]?.line, 5);
});

test("what a test needs and the program needs, too, is of the program", async () => {
  const sbom = await collect(
    memorySource({
      "pom.xml": pom("g:app:1", dependencies(needs("g:t:1", "<scope>test</scope>"), needs("g:a:1"))),
      ...repository({
        "g:t:1": dependencies(needs("g:shared:1")),
        "g:a:1": dependencies(needs("g:b:1")),
        "g:b:1": dependencies(needs("g:shared:1")),
        "g:shared:1": dependencies(needs("g:leaf:1")),
        "g:leaf:1": "",
      }),
    }),
  );
  assert.deepEqual([scopes(sbom)["g:shared:1"], scopes(sbom)["g:leaf:1"]], ["runtime", "runtime"]);
});

test("versions come from parents, properties, dependencyManagement and imported poms; the project's word goes first", async () => {
  const sbom = await collect(
    memorySource({
      "parent/pom.xml": pom(
        "g:parent:1",
        `<properties><a.version>3</a.version><inner>4</inner><b.version>\${inner}</b.version></properties>${management(
          needs("g:a:${a.version}"),
          needs("g:b:${b.version}"),
          needs("g:bom:1", "<type>pom</type><scope>import</scope>"),
          needs("g:c:from-parent"),
        )}`,
      ),
      "app/pom.xml": `<project><parent><groupId>g</groupId><artifactId>parent</artifactId><version>1</version><relativePath>../parent</relativePath></parent><artifactId>app</artifactId><properties><a.version>5</a.version></properties>${dependencies(needs("g:a"), needs("g:b"), needs("g:c"), needs("g:d"))}</project>`,
      ...repository({
        "g:bom:1": `<properties><d>6</d></properties>${management(needs("g:c:from-bom"), needs("g:d:${d}"), needs("g:e:7"))}`,
        "g:a:5": dependencies(needs("g:e:1")),
        "g:b:4": "",
        "g:c:from-parent": "",
        "g:d:6": "",
        "g:e:7": "",
      }),
    }),
  );
  const app = sbom.components.filter(({ own }) => !own).map(({ name, version }) => `${name}:${version}`);
  assert.deepEqual(app, ["g:a:5", "g:b:4", "g:c:from-parent", "g:d:6", "g:e:7"]);
  assert.ok(edges(sbom).includes("g/app@1 runtime g/a@5"));
});

test("modules of one build are the project's own and are read where they lie", async () => {
  const parent = (relative: string): string =>
    `<parent><groupId>g</groupId><artifactId>top</artifactId><version>\${revision}</version>${relative}</parent>`;
  const sbom = await collect(
    memorySource({
      "pom.xml": pom(
        "g:top:${revision}",
        "<properties><revision>7</revision></properties><modules><module>app</module><module>lib</module><module>../out</module><module>broken</module></modules>",
      ),
      "app/pom.xml": `<project>${parent("")}<artifactId>app</artifactId>${dependencies(needs("g:lib:${project.version}"))}</project>`,
      "lib/pom.xml": `<project>${parent("")}<artifactId>lib</artifactId>${dependencies(needs("g:far:1"))}</project>`,
      "broken/pom.xml": "<project>",
      ...repository({ "g:far:1": "" }),
    }),
  );
  assert.deepEqual(
    sbom.components.map(({ ref, own }) => [ref, own]),
    [
      ["pkg:maven/g/app@7", true],
      ["pkg:maven/g/far@1", false],
      ["pkg:maven/g/lib@7", true],
    ],
  );
  assert.ok(edges(sbom).includes("g/app@7 runtime g/lib@7"));
  assert.ok(edges(sbom).includes("g/lib@7 runtime g/far@1"));
  assert.deepEqual(
    sbom.unknowns.map(({ where }) => where),
    ["broken/pom.xml:1"],
  );
});

test("an artifact that moved is what it moved to", async () => {
  const sbom = await collect(
    memorySource({
      "pom.xml": pom("g:app:1", dependencies(needs("g:old:1"))),
      ...repository({
        "g:old:1": "<distributionManagement><relocation><groupId>h</groupId></relocation></distributionManagement>",
        "h:old:1": "",
      }),
    }),
  );
  assert.deepEqual(Object.keys(scopes(sbom)), ["h:old:1"]);
});

test("what is not in the repository, and versions that nobody fixes, are said", async () => {
  const sbom = await collect(
    memorySource({
      "pom.xml": `<project><parent><groupId>g</groupId><artifactId>gone</artifactId><version>1</version></parent><artifactId>app</artifactId>${dependencies(needs("g:a:1"), needs("g:b"), needs("g:c:[1,2)"), needs("g:d:[1.5]"), needs("g:e:${nobody}"))}</project>`,
    }),
  );
  assert.deepEqual(Object.keys(scopes(sbom)), ["g:a:1", "g:b:", "g:c:", "g:d:1.5", "g:e:"]);
  assert.deepEqual(
    sbom.unknowns.map(({ what }) => what),
    [
      "parents and imported poms that are not in the local repository: g:gone:1",
      "dependencies of no fixed version: g:b, g:c, g:e",
      "poms are not in the local repository, so that what these need is not known: g:a:1, g:d:1.5",
    ],
  );
  assert.equal(sbom.completeness.dependencies, "incomplete");
});

test("parents, imports, properties and needs that go round in circles come to an end", async () => {
  const cyclic = `<properties><x>\${y}\${y}</x><y>\${x}\${x}</y></properties>`;
  const sbom = await collect(
    memorySource({
      "pom.xml": `<project><parent><groupId>g</groupId><artifactId>p</artifactId><version>1</version></parent><artifactId>app</artifactId>${cyclic}${dependencies(needs("g:a:1"), needs("g:${x}:1"))}</project>`,
      ".m2/repository/g/p/1/p-1.pom": `<project><parent><groupId>g</groupId><artifactId>p</artifactId><version>1</version></parent><artifactId>p</artifactId>${management(needs("g:p:1", "<type>pom</type><scope>import</scope>"))}</project>`,
      ...repository({
        "g:a:1": dependencies(needs("g:b:1")),
        "g:b:1": dependencies(needs("g:a:1")),
      }),
    }),
  );
  assert.ok(sbom.components.some(({ name }) => name === "g:b"));
});

test("document types, other encodings, broken and deep documents and paths that lead out are refused or passed over", async () => {
  const bad = {
    "a document type": `<!DOCTYPE project [<!ENTITY x "y">]><project/>`,
    "no end": "<project><dependencies>",
    "a wrong end": "<project></dependencies>",
    depth: "<a>".repeat(100_000),
    "another document": "<html></html>",
    "no UTF-8": Buffer.from([0x3c, 0xff, 0xfe]),
  };
  for (const [what, text] of Object.entries(bad)) {
    await assert.rejects(
      collect(memorySource({ "pom.xml": text })),
      (error) => error instanceof Fault && /^WB-MANIFEST-(?:SYNTAX|FORM)$/u.test(error.facts.code),
      what,
    );
  }
  const sbom = await collect(
    memorySource({
      "pom.xml": pom(
        "g:app:1",
        dependencies(needs("../..:etc:1"), needs("g:../../x:1"), needs("__proto__:constructor:1")),
      ),
    }),
  );
  assert.equal(sbom.components.length, 3);
});

test("Gradle's lockfiles of one project are one list, by configuration", async () => {
  const sbom = await collect(
    memorySource({
      "gradle.lockfile":
        "# comment\ng:a:1=compileClasspath,testRuntimeClasspath\ng:t:1=testCompileClasspath\ng:p:1=annotationProcessor\nempty=\n",
      "buildscript-gradle.lockfile": "g:plugin:1=classpath\n",
    }),
  );
  assert.deepEqual(scopes(sbom), { "g:a:1": "runtime", "g:p:1": "build", "g:plugin:1": "build", "g:t:1": "test" });
  assert.equal(sbom.completeness.dependencies, "unknown");
});

test("digests of Gradle's verification are those of the module's own archive", async () => {
  const sum = "a".repeat(64);
  const sbom = await collect(
    memorySource({
      "gradle/verification-metadata.xml": `<verification-metadata><components>\n<component group="g" name="a" version="1">\n<artifact name="a-1.pom"><sha256 value="${"b".repeat(64)}"/></artifact><artifact name="a-1.jar"><sha256 value="${sum}"/></artifact></component></components></verification-metadata>`,
    }),
  );
  const locked = await collect(
    memorySource({
      "gradle.lockfile": "g:a:1=runtimeClasspath\n",
      "gradle/verification-metadata.xml": `<verification-metadata><components><component group="g" name="a" version="1"><artifact name="a-1.jar"><sha256 value="${sum}"/></artifact></component><component group="g" name="spare" version="1"/></components></verification-metadata>`,
    }),
  );
  assert.deepEqual(
    locked.components.map(({ name, digests }) => [name, digests]),
    [["g:a", { sha256: sum }]],
  );
  const [a] = sbom.components;
  assert.deepEqual([a?.digests, a?.occurrences[0]?.line], [{ sha256: sum }, 2]);
});

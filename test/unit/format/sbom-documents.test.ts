import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import { cyclonedxDocument } from "../../../src/format/cyclonedx.ts";
import { parseCycloneDx } from "../../../src/format/cyclonedx-read.ts";
import { prettyJson } from "../../../src/format/json.ts";
import { spdxDocument } from "../../../src/format/spdx.ts";
import { uuidOfUrl } from "../../../src/format/uuid.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Component, Sbom } from "../../../src/model/sbom.ts";
import { golden } from "../../support/golden.ts";
import { shared } from "../../support/shared.ts";
import { anySbom, META, SAMPLE } from "./sboms.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";

function reread(sbom: Sbom): Sbom {
  return parseCycloneDx(Buffer.from(prettyJson(cyclonedxDocument(sbom, META))), "x.json");
}

function codeOf(document: unknown): string {
  try {
    parseCycloneDx(Buffer.from(JSON.stringify(document)), "x");
  } catch (error) {
    if (error instanceof Fault) return `${error.facts.code} ${error.facts.where}`;
    throw error;
  }
  return "read";
}

test("CycloneDX keeps what a component is, the system's package that owns it, and the layer that brought it", () => {
  const [first] = SAMPLE.components;
  assert.ok(first !== undefined);
  const occurrences = [{ path: "usr/lib/x", technique: "installed" as const, layer: "a".repeat(64) }];
  const changes = [
    { own: false, kind: "operating-system" as const },
    { own: false, kind: "container" as const },
    { own: false, kind: "application" as const, ownedBy: "pkg:deb/debian/x@1", occurrences },
  ];
  for (const change of changes) {
    const component: Component = { ...first, ...change };
    const sbom = { ...SAMPLE, components: [component, ...SAMPLE.components.slice(1)] };
    const read = parseCycloneDx(Buffer.from(prettyJson(cyclonedxDocument(sbom, META))), "x.json");
    assert.deepEqual(
      read.components.find(({ ref }) => ref === first.ref),
      component,
    );
  }
});

test("CycloneDX and SPDX of a small project", () => {
  golden("format/sample.cdx.json", prettyJson(cyclonedxDocument(SAMPLE, META)));
  golden("format/sample.spdx.json", prettyJson(spdxDocument(SAMPLE, META)));
});

test("CycloneDX: what is printed is read back whole, and prints the same again", () => {
  assert.deepEqual(reread(SAMPLE), SAMPLE);
  fc.assert(
    fc.property(anySbom, (sbom) => {
      const again = reread(sbom);
      assert.deepEqual(again, sbom);
      assert.deepEqual(cyclonedxDocument(again, META), cyclonedxDocument(sbom, META));
    }),
    { numRuns: 300 },
  );
});

test("documents are the same for the same content, and differ in serial number for another", () => {
  const [first, second] = [cyclonedxDocument(SAMPLE, META), cyclonedxDocument(structuredClone(SAMPLE), META)];
  assert.equal(prettyJson(first), prettyJson(second));
  const other: Sbom = { ...SAMPLE, lifecycle: "build" };
  assert.notEqual(cyclonedxDocument(other, META)["serialNumber"], first["serialNumber"]);
  assert.notEqual(spdxDocument(other, META)["documentNamespace"], spdxDocument(SAMPLE, META)["documentNamespace"]);
  const [{ digests, ...component }] = SAMPLE.components.slice(1) as [Sbom["components"][number]];
  const order = (set: object): object =>
    cyclonedxDocument({ ...SAMPLE, components: [{ ...component, digests: set }] }, META);
  const [a, b] = [
    { sha1: "c".repeat(40), sha256: "d".repeat(64) },
    { sha256: "d".repeat(64), sha1: "c".repeat(40) },
  ];
  assert.deepEqual(JSON.stringify(order(a)), JSON.stringify(order(b)));
  assert.ok(digests);
});

test("without a time CycloneDX says none and SPDX says the epoch", () => {
  const timeless = { ...META, timestamp: null };
  assert.ok(!("timestamp" in (cyclonedxDocument(SAMPLE, timeless)["metadata"] as object)));
  const info = spdxDocument(SAMPLE, timeless)["creationInfo"] as { created: string };
  assert.equal(info.created, "1970-01-01T00:00:00Z");
});

test("the UUID of a URL is that of RFC 9562", () => {
  assert.equal(uuidOfUrl("http://www.example.com/"), "fcde3c85-2270-590f-9e7c-ee003d65e0e2");
});

test("SPDX: each scope has its relationship in the right direction", () => {
  const { relationships } = spdxDocument(SAMPLE, META) as unknown as {
    relationships: { spdxElementId: string; relationshipType: string; relatedSpdxElement: string }[];
  };
  const lines = relationships.map((one) => `${one.spdxElementId} ${one.relationshipType} ${one.relatedSpdxElement}`);
  assert.deepEqual(lines, [
    "SPDXRef-DOCUMENT DESCRIBES SPDXRef-pkg-npm-40acme-app-1.0.0",
    "SPDXRef-pkg-npm-40acme-app-1.0.0 DEPENDS_ON SPDXRef-pkg-npm-40acme-part-1.0.0",
    "SPDXRef-pkg-npm-40acme-app-1.0.0 DEPENDS_ON SPDXRef-pkg-npm-left-1.2.3",
    "SPDXRef-pkg-npm-right-2.0.0 DEV_DEPENDENCY_OF SPDXRef-pkg-npm-40acme-app-1.0.0",
    "SPDXRef-pkg-npm-left-1.2.3 OPTIONAL_DEPENDENCY_OF SPDXRef-pkg-npm-right-2.0.0",
  ]);
});

test("SPDX: a text that is no expression is an extracted licence; ids of packages are unique", () => {
  const base = SAMPLE.components[1];
  assert.ok(base);
  const claim = (expression: string, spdx: boolean) => ({ expression, spdx, technique: "manifest" as const });
  const components = [
    { ...base, ref: "a/b", licences: [claim("MIT OR ISC", true), claim("my own", false)] },
    { ...base, ref: "a?b", licences: [claim("DocumentRef-x:LicenseRef-y", true)] },
    { ...base, ref: "a_b", licences: [claim("MIT AND LicenseRef-z", true)] },
  ];
  const document = spdxDocument({ ...SAMPLE, components, dependencies: [] }, META) as unknown as {
    packages: { SPDXID: string; licenseDeclared: string }[];
    hasExtractedLicensingInfos: { licenseId: string; extractedText: string }[];
  };
  const [, first, second, third] = document.packages;
  assert.match(first?.licenseDeclared ?? "", /^\(MIT OR ISC\) AND LicenseRef-[0-9a-f]{16}$/);
  assert.match(second?.licenseDeclared ?? "", /^LicenseRef-[0-9a-f]{16}$/);
  assert.equal(third?.licenseDeclared, "MIT AND LicenseRef-z");
  const texts = document.hasExtractedLicensingInfos.map(({ extractedText }) => extractedText).sort();
  assert.deepEqual(texts, ["DocumentRef-x:LicenseRef-y", "my own", "named LicenseRef-z by its package"]);
  assert.equal(new Set(document.packages.map(({ SPDXID }) => SPDXID)).size, 4);
});

test("CycloneDX of other tools: nested components, missing refs, doubled refs, edges to nowhere", () => {
  const sbom = parseCycloneDx(
    Buffer.from(
      JSON.stringify({
        bomFormat: "CycloneDX",
        specVersion: "1.4",
        metadata: { component: { type: "application", name: "app", "bom-ref": "app" } },
        components: [
          { type: "library", name: "a", version: "1", purl: "pkg:npm/a@1", components: [{ type: "file", name: "in" }] },
          {
            type: "library",
            group: "org.x",
            name: "b",
            purl: "pkg:maven/org.x/b@2",
            "bom-ref": "same",
            scope: "excluded",
          },
          { type: "library", name: "c", "bom-ref": "same", hashes: [{ alg: "SHA-1", content: "A".repeat(40) }] },
        ],
        dependencies: [
          { ref: "app", dependsOn: ["same", "gone"] },
          { ref: "lost", dependsOn: ["app"] },
        ],
      }),
    ),
    "x",
  );
  assert.deepEqual(
    sbom.components.map(({ ref, name, ecosystem, scope, direct }) => [ref, name, ecosystem, scope, direct]),
    [
      ["in@", "in", "", "runtime", false],
      ["pkg:npm/a@1", "a", "npm", "runtime", false],
      ["same", "org.x:b", "Maven", "dev", true],
      ["same#2", "c", "", "runtime", false],
    ],
  );
  assert.equal(sbom.components[3]?.digests.sha1, "a".repeat(40));
  assert.deepEqual(sbom.dependencies, [
    { from: "app", to: "same", scope: "runtime" },
    // What lies in a component is part of it.
    { from: "pkg:npm/a@1", to: "in@", scope: "runtime" },
  ]);
  assert.equal(sbom.lifecycle, "source");
  assert.deepEqual(sbom.completeness, { components: "unknown", dependencies: "unknown", method: "declared" });
  assert.deepEqual(
    sbom.unknowns.map(({ what }) => what),
    [
      "the document does not say its lifecycle",
      "the bom-ref same is given twice",
      "an edge names gone, which is not in the document",
      "an edge names lost, which is not in the document",
    ],
  );
});

test("CycloneDX: what lies in the subject is its own, and parts called incomplete are told", () => {
  const library = { type: "library", version: "1" };
  const sbom = parseCycloneDx(
    Buffer.from(
      JSON.stringify({
        bomFormat: "CycloneDX",
        specVersion: "1.5",
        metadata: {
          lifecycles: [{ name: "mine" }, { phase: "decommission" }],
          component: {
            type: "application",
            name: "app",
            "bom-ref": "app",
            components: [{ ...library, name: "part", "bom-ref": "part", components: [{ ...library, name: "deep" }] }],
          },
        },
        components: [{ ...library, name: "other", "bom-ref": "other" }],
        compositions: [
          { aggregate: "incomplete_third_party_only", assemblies: ["app", "other"], dependencies: ["part"] },
          { aggregate: "complete", dependencies: ["app"] },
        ],
      }),
    ),
    "x",
  );
  assert.deepEqual(
    sbom.components.map(({ ref, own, direct }) => [ref, own, direct]),
    [
      ["deep@1", false, false],
      ["other", false, false],
      ["part", true, true],
    ],
  );
  assert.deepEqual(
    sbom.dependencies.map(({ from, to }) => `${from} ${to}`),
    ["app part", "part deep@1"],
  );
  assert.equal(sbom.lifecycle, "analyzed");
  assert.deepEqual(sbom.completeness, { components: "incomplete", dependencies: "complete", method: "observed" });
  assert.deepEqual(
    sbom.unknowns.map(({ what }) => what),
    ["says that the parts of other are incomplete", "says that the edges of part are incomplete"],
  );
});

test("CycloneDX: XML is read like JSON, in every version, with tools in either shape", () => {
  const text = (version: string, tools: string): string => `<?xml version="1.0"?>
    <b:bom xmlns:b="http://cyclonedx.org/schema/bom/${version}">
      <b:metadata><b:tools>${tools}</b:tools><b:component type="application" bom-ref="app"><b:name>app</b:name><b:version>1</b:version></b:component></b:metadata>
      <b:components><b:component type="library" bom-ref="a"><b:group>@acme</b:group><b:name>a</b:name><b:version>1</b:version>
        <b:hashes><b:hash alg="SHA-1"> ${"A".repeat(40)} </b:hash></b:hashes><b:licenses><b:expression>MIT</b:expression></b:licenses>
        <b:purl>pkg:npm/%40acme/a@1</b:purl></b:component></b:components>
      <b:dependencies><b:dependency ref="app"><b:dependency ref="a"/></b:dependency></b:dependencies>
    </b:bom>`;
  const one = "<b:tool><b:name>t</b:name></b:tool>";
  const many = `<b:components><b:component type="application"><b:name>t</b:name></b:component></b:components>`;
  for (const [version, tools] of [
    ["1.2", one],
    ["1.3", one],
    ["1.4", one],
    ["1.5", many],
    ["1.6", many],
    ["1.7", many],
  ] as const) {
    const sbom = parseCycloneDx(Buffer.from(text(version, tools)), "bom.xml");
    assert.equal(sbom.subject.name, "app");
    assert.deepEqual(
      sbom.components.map(({ name, digests, licences, direct }) => [
        name,
        digests.sha1,
        licences[0]?.expression,
        direct,
      ]),
      [["@acme/a", "a".repeat(40), "MIT", true]],
      version,
    );
  }
});

test("CycloneDX that is broken names the place", () => {
  const base = { bomFormat: "CycloneDX", specVersion: "1.6" };
  const one = (component: object): object => ({ ...base, components: [{ type: "library", name: "a", ...component }] });
  assert.equal(codeOf({ ...base, specVersion: "9.9" }), "WB-CYCLONEDX-VERSION x");
  assert.equal(codeOf({ ...base, bomFormat: "SPDX" }), "WB-CYCLONEDX-FORM x#/bomFormat");
  assert.equal(codeOf({ ...base, components: {} }), "WB-CYCLONEDX-FORM x#/components");
  assert.equal(codeOf(one({ name: "" })), "WB-CYCLONEDX-FORM x#/components/0/name");
  assert.equal(codeOf(one({ scope: "sometimes" })), "WB-CYCLONEDX-FORM x#/components/0/scope");
  assert.equal(codeOf(one({ type: "thing" })), "WB-CYCLONEDX-FORM x#/components/0/type");
  const hash = (alg: string, content: string): object => one({ hashes: [{ alg, content }] });
  assert.equal(codeOf(hash("SHA-256", "00")), "WB-CYCLONEDX-FORM x#/components/0/hashes/0/content");
  assert.equal(codeOf(hash("CRC", "00")), "WB-CYCLONEDX-FORM x#/components/0/hashes/0/alg");
  assert.equal(codeOf(one({ licenses: [{}] })), "WB-CYCLONEDX-FORM x#/components/0/licenses/0/license");
  assert.equal(codeOf({ ...base, dependencies: [{ dependsOn: [] }] }), "WB-CYCLONEDX-FORM x#/dependencies/0/ref");
  let nested: object = { type: "library", name: "a" };
  for (let depth = 0; depth < 60; depth += 1) nested = { type: "library", name: "a", components: [nested] };
  assert.match(codeOf({ ...base, components: [nested] }), /^WB-CYCLONEDX-FORM x#\/components\/0/);
});

test("CycloneDX made to be slow: very many equal refs, edges and properties", () => {
  const many = 20_000;
  const edges = Array.from({ length: many }, (_, index) => (index === 0 ? "a" : `a#${index + 1}`));
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    metadata: { component: { type: "application", name: "root", "bom-ref": "root" }, lifecycles: [{ phase: "build" }] },
    components: edges.map(() => ({ type: "library", name: "a", "bom-ref": "a" })),
    dependencies: [{ ref: "root", dependsOn: edges }],
  };
  const start = cpuMilliseconds();
  const sbom = parseCycloneDx(Buffer.from(JSON.stringify(document)), "x");
  assert.equal(sbom.dependencies.length, many);
  const dev = sbom.dependencies.map((edge) => ({ ...edge, scope: "dev" as const }));
  assert.equal(reread({ ...sbom, unknowns: [], dependencies: dev }).dependencies[many - 1]?.scope, "dev");
  assert.ok(cpuMilliseconds() - start < 5_000);
});

test("CycloneDX: every valid document of the specification, 1.3 to 1.7, is read", (t) => {
  const folder = shared(t, "vectors/cyclonedx-spec");
  if (folder === undefined) return;
  const files = globSync(`${folder}/*/valid-*.json`);
  assert.ok(files.length > 150);
  for (const file of files) {
    const sbom = parseCycloneDx(readFileSync(file), basename(file));
    const again = reread(sbom);
    assert.deepEqual({ ...again, unknowns: [] }, { ...sbom, unknowns: [] }, file);
  }
});

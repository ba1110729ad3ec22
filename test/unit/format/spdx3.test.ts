import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { prettyJson } from "../../../src/format/json.ts";
import { parseSpdx } from "../../../src/format/spdx-read.ts";
import { spdx3Document } from "../../../src/format/spdx3/from-sbom.ts";
import { spdx3Problems } from "../../../src/format/spdx3/problems.ts";
import { readSpdx3, spdx3Json } from "../../../src/format/spdx3/read.ts";
import { sbomOfSpdx3 } from "../../../src/format/spdx3/to-sbom.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Json, JsonObject } from "../../../src/model/statement.ts";
import { golden } from "../../support/golden.ts";
import { anySbom, META, SAMPLE } from "./sboms.ts";

const CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";
const A = "https://a.example/";
const CREATION = {
  type: "CreationInfo",
  "@id": "_:c",
  specVersion: "3.0.1",
  created: "2026-01-02T03:04:05Z",
  createdBy: [`${A}me`],
};
const element = (type: string, name: string, more: object = {}): object => ({
  type,
  spdxId: A + name,
  creationInfo: "_:c",
  ...more,
});
const graphOf = (...elements: object[]): Json =>
  ({
    "@context": CONTEXT,
    "@graph": [
      CREATION,
      element("Person", "me"),
      element("SpdxDocument", "doc", { rootElement: [`${A}bom`] }),
      element("software_Sbom", "bom", { rootElement: [`${A}app`], software_sbomType: ["deployed"] }),
      element("software_Package", "app", { name: "app" }),
      ...elements,
    ],
  }) as Json;

function codeOf(json: Json): string {
  try {
    readSpdx3(json, "x");
  } catch (error) {
    if (error instanceof Fault) return `${error.facts.code} ${error.facts.where}`;
    throw error;
  }
  return "read";
}

test("SPDX 3 of a small project, and nothing against it", () => {
  const document = spdx3Document(SAMPLE, META);
  golden("format/sample.spdx3.json", prettyJson(document));
  assert.deepEqual(spdx3Problems(readSpdx3(document, "x")), []);
});

test("SPDX 3: an SBOM that is written comes back whole, and prints the same again", () => {
  const reread = (document: JsonObject): ReturnType<typeof sbomOfSpdx3> => sbomOfSpdx3(readSpdx3(document, "x"), "x");
  assert.deepEqual(reread(spdx3Document(SAMPLE, META)), { sbom: SAMPLE, lost: [] });
  fc.assert(
    fc.property(anySbom, (sbom) => {
      const document = spdx3Document(sbom, META);
      const again = reread(document);
      assert.deepEqual(again.sbom, { ...sbom, dependencies: once(sbom.dependencies) });
      assert.deepEqual(again.lost, []);
      assert.equal(prettyJson(spdx3Document(again.sbom, META)), prettyJson(document));
      assert.deepEqual(spdx3Problems(readSpdx3(document, "x")), []);
      assert.deepEqual(readSpdx3(spdx3Json(readSpdx3(document, "x")), "x"), readSpdx3(document, "x"));
    }),
    { numRuns: 200 },
  );
});

/** Edges of a component to itself say nothing, and are not read. */
const once = (edges: (typeof SAMPLE)["dependencies"]): (typeof SAMPLE)["dependencies"] =>
  edges.filter(({ from, to }) => from !== to);

test("SPDX 3 that is broken names the place", () => {
  assert.equal(codeOf({ "@context": "https://else.example/" }), "WB-SPDX-VERSION x#/@context");
  assert.equal(codeOf({ "@graph": [] }), "WB-SPDX-VERSION x#/@context");
  assert.equal(codeOf({ "@context": CONTEXT, "@graph": {} }), "WB-SPDX-FORM x#/@graph");
  assert.equal(codeOf({ "@context": CONTEXT, "@graph": [{ type: "Person" }] }), "WB-SPDX-FORM x#/@graph/0/spdxId");
  assert.equal(codeOf({ "@context": CONTEXT, "@graph": [{ spdxId: "a" }] }), "WB-SPDX-FORM x#/@graph/0/@type");
  assert.equal(codeOf({ "@context": [CONTEXT, {}], "@graph": [] }), "read");
  assert.equal(codeOf({ "@context": CONTEXT, type: "Person", spdxId: "a" }), "read");
});

test("SPDX 3: what the model demands beyond the form is told with its place", () => {
  const problemsOf = (...elements: object[]): string[] =>
    spdx3Problems(readSpdx3(graphOf(...elements), "x")).map(({ path, what }) => `${path.replace(A, "")} ${what}`);
  assert.deepEqual(problemsOf(), []);
  const hash = (algorithm: string, hashValue: string): object =>
    element("software_File", "f", { verifiedUsing: [{ type: "Hash", algorithm, hashValue }] });
  const relationship = (more: object): object =>
    element("Relationship", "r", { relationshipType: "dependsOn", from: `${A}app`, to: [`${A}me`], ...more });
  const expected: readonly (readonly [object, string])[] = [
    [element("Tool", "me"), "me stands twice in the document"],
    [element("SpdxDocument", "doc2"), "@graph has 2 SpdxDocument, not one"],
    [element("Tool", "t", { creationInfo: "_:x" }), "t creationInfo _:x is not in the document"],
    [element("Tool", "t", { creationInfo: undefined }), "t creationInfo is missing"],
    [{ ...CREATION, "@id": "_:d", created: "now" }, "_:d created is not of the form YYYY-MM-DDThh:mm:ssZ"],
    [{ ...CREATION, "@id": "_:d", createdBy: [`${A}app`] }, "_:d createdBy names a software_Package"],
    [{ ...CREATION, "@id": "_:d", specVersion: "2.3" }, "_:d specVersion is not 3.0.1"],
    [relationship({ to: [] }), "r to is empty"],
    [relationship({ from: undefined }), "r from is not one element"],
    [relationship({ relationshipType: "likes" }), "r relationshipType is no type of relationship"],
    [relationship({ to: [`${A}gone`] }), `r to ${A}gone is not in the document`],
    [hash("sha256", "00"), "f verifiedUsing the sha256 value is not 64 digits in hex"],
    [hash("crc", "00"), "f verifiedUsing crc is no algorithm of SPDX"],
    [
      element("simplelicensing_LicenseExpression", "l", { simplelicensing_licenseExpression: "MIT AND" }),
      "l ends where a licence or exception is expected",
    ],
  ];
  for (const [one, problem] of expected)
    assert.deepEqual(problemsOf(one).includes(problem), true, `${problem}: ${problemsOf(one)}`);
  const imported = element("SpdxDocument", "doc2", { import: [{ type: "ExternalMap", externalSpdxId: `${A}gone` }] });
  assert.ok(!problemsOf(imported, relationship({ to: [`${A}gone`] })).some((one) => one.startsWith("r to")));
});

test("SPDX 3 of other tools: scopes, licence sets, files, other profiles, edges to nowhere", async () => {
  const depends = (name: string, type: string, to: string, more: object = {}): object =>
    element("LifecycleScopedRelationship", name, { relationshipType: type, from: `${A}app`, to: [A + to], ...more });
  const licence = (name: string, type: string, more: object): object => element(type, name, more);
  const json = graphOf(
    element("software_Package", "a", { name: "a", software_packageVersion: "1", software_packageUrl: "pkg:npm/a@1" }),
    element("ai_AIPackage", "b", { name: "b", ai_domain: ["x"] }),
    element("software_Package", "c", {
      name: "c",
      externalIdentifier: [
        { type: "ExternalIdentifier", externalIdentifierType: "packageUrl", identifier: "pkg:npm/c@2" },
      ],
      verifiedUsing: [{ type: "Hash", algorithm: "sha1", hashValue: "A".repeat(40) }],
    }),
    element("software_File", "f"),
    element("security_Vulnerability", "v"),
    depends("r1", "dependsOn", "a", { scope: "development" }),
    depends("r2", "hasOptionalDependency", "b"),
    depends("r3", "contains", "f"),
    depends("r4", "dependsOn", "gone"),
    element("Relationship", "r5", { relationshipType: "dependsOn", from: `${A}a`, to: `${A}c` }),
    element("Relationship", "r6", { relationshipType: "hasDeclaredLicense", from: `${A}a`, to: [`${A}set`] }),
    licence("set", "expandedlicensing_ConjunctiveLicenseSet", {
      expandedlicensing_member: ["https://spdx.org/licenses/MIT", `${A}or`],
    }),
    licence("or", "expandedlicensing_DisjunctiveLicenseSet", { expandedlicensing_member: [`${A}later`, `${A}set2`] }),
    licence("later", "expandedlicensing_OrLaterOperator", {
      expandedlicensing_subjectLicense: "https://spdx.org/licenses/GPL-2.0",
    }),
    // A set that contains itself.
    licence("set2", "expandedlicensing_ConjunctiveLicenseSet", {
      expandedlicensing_member: [`${A}set2`, "https://spdx.org/licenses/ISC"],
    }),
  );
  const { sbom, lost } = await parseSpdx(Buffer.from(JSON.stringify(json)), "x");
  assert.equal(sbom.lifecycle, "analyzed");
  assert.equal(sbom.subject.name, "app");
  assert.deepEqual(
    sbom.components.map(({ ref, name, scope, direct }) => [ref.replace(A, ""), name, scope, direct]),
    [
      ["b", "b", "optional", true],
      ["pkg:npm/a@1", "a", "dev", true],
      ["pkg:npm/c@2", "c", "dev", false],
    ],
  );
  assert.equal(sbom.components[2]?.digests.sha1, "a".repeat(40));
  assert.deepEqual(sbom.components[1]?.licences, [
    { expression: "(GPL-2.0+ OR ISC) AND MIT", spdx: true, technique: "manifest" },
  ]);
  assert.deepEqual(
    sbom.unknowns.map(({ what }) => what),
    [`an edge names ${A}gone, which is not in the document`],
  );
  assert.deepEqual(lost, [
    "element ai_AIPackage: 1",
    "element security_Vulnerability: 1",
    "element software_File: 1",
    "package ai_domain: 1",
    "relationship contains: 1",
  ]);
});

test("SPDX 3 made to be slow: licence sets that double at each level, many licences of one package, a circle of roots", async () => {
  const sets = Array.from({ length: 60 }, (_, index) =>
    element("expandedlicensing_ConjunctiveLicenseSet", `s${index}`, {
      expandedlicensing_member: [
        `${A}s${index + 1}`,
        `${A}s${index + 1}`,
        `${A}s${index + 2}`,
        "https://spdx.org/licenses/MIT",
      ],
    }),
  );
  const licensed = Array.from({ length: 20_000 }, (_, index) =>
    element("Relationship", `r${index}`, { relationshipType: "hasDeclaredLicense", from: `${A}app`, to: [`${A}s0`] }),
  );
  const circle = element("software_Sbom", "ring", { rootElement: [`${A}ring`, `${A}doc`] });
  const start = performance.now();
  const { sbom } = await parseSpdx(Buffer.from(JSON.stringify(graphOf(...sets, ...licensed, circle))), "x");
  assert.ok(performance.now() - start < 10_000);
  assert.equal(sbom.licences[0]?.expression, "MIT");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { cyclonedxDocument } from "../../../src/format/cyclonedx.ts";
import { prettyJson } from "../../../src/format/json.ts";
import { parseSbomDocument } from "../../../src/format/sbom-document.ts";
import { printSbom, SBOM_FORMS } from "../../../src/format/sbom-forms.ts";
import { spdxDocument } from "../../../src/format/spdx.ts";
import { Fault } from "../../../src/model/fault.ts";
import { META, SAMPLE } from "./sboms.ts";

const read = (content: string | Uint8Array): ReturnType<typeof parseSbomDocument> =>
  parseSbomDocument(typeof content === "string" ? Buffer.from(content) : content, "x");

test("every form that is written is recognised by its content and read, and is the same each time", async () => {
  const documents: (string | Uint8Array)[] = [
    prettyJson(cyclonedxDocument(SAMPLE, META)),
    prettyJson(spdxDocument(SAMPLE, META)),
  ];
  for (const form of SBOM_FORMS) {
    const { content, lost } = await printSbom(form, SAMPLE, META);
    assert.deepEqual(lost, [], form);
    assert.deepEqual((await printSbom(form, structuredClone(SAMPLE), META)).content, content);
    documents.push(content);
  }
  for (const document of documents) {
    const found = await read(document);
    assert.equal(found?.sbom.root, SAMPLE.root);
    assert.deepEqual(
      found.sbom.components.map(({ ref, scope, direct, digests }) => [ref, scope, direct, digests]),
      SAMPLE.components.map(({ ref, scope, direct, digests }) => [ref, scope, direct, digests]),
    );
    assert.deepEqual(found.sbom.dependencies, SAMPLE.dependencies);
    assert.deepEqual(found.sbom.completeness, SAMPLE.completeness);
    assert.deepEqual(found.sbom.unknowns, SAMPLE.unknowns);
    assert.deepEqual(found.lost, []);
  }
});

test("what is no SBOM document is not taken for one", async () => {
  const others: readonly (string | Uint8Array)[] = [
    "",
    "{}",
    '{"name": "a", "lockfileVersion": 3, "packages": {"": {"description": "\\"spdxVersion\\""}}}',
    '{"a": {"bomFormat": "CycloneDX"}}',
    '{"@context": "https://openvex.dev/ns"}',
    "<project><modelVersion>4.0.0</modelVersion></project>",
    "lockfileVersion: '9.0'\npackages:\n  spdxVersion: 1\n",
    "text",
    new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0]),
    new Uint8Array([0xa1, 0, 0]),
    new Uint8Array(100),
  ];
  for (const other of others) assert.equal(await read(other), undefined, String(other).slice(0, 60));
});

test("a document that is one of the forms and broken says where", async () => {
  const codeOf = async (content: string | Uint8Array): Promise<string> => {
    try {
      return (await read(content)) === undefined ? "none" : "read";
    } catch (error) {
      if (error instanceof Fault) return `${error.facts.code} ${error.facts.where}`;
      throw error;
    }
  };
  assert.equal(await codeOf('{"bomFormat": "CycloneDX",\n'), "WB-JSON-SYNTAX x:2");
  assert.equal(await codeOf('{"spdxVersion": "SPDX-2.3",\n'), "WB-JSON-SYNTAX x:2");
  assert.equal(await codeOf('{"spdxVersion": "SPDX-2.3"}'), "WB-SPDX-FORM x#/SPDXID");
  assert.equal(await codeOf("SPDXVersion: SPDX-2.3\n"), "WB-SPDX-FORM x:1");
  assert.equal(await codeOf("spdxVersion: SPDX-9\n"), "WB-SPDX-VERSION x");
  assert.equal(
    await codeOf('<SoftwareIdentity xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd"/>'),
    "WB-SWID-FORM x:1",
  );
  assert.equal(await codeOf(new Uint8Array([0xda, 0x53, 0x57, 0x49, 0x44, 0xa0])), "WB-COSWID-FORM x#/0/2");
});

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { parsePurl } from "../../src/artifact/purl.ts";
import { parseJson, prettyJson } from "../../src/format/json.ts";
import type { SpdxDocument } from "../../src/format/spdx/model.ts";
import { parseSpdxDocument } from "../../src/format/spdx/parse.ts";
import { spdxProblems } from "../../src/format/spdx/problems.ts";
import { spdxJson } from "../../src/format/spdx/write-json.ts";
import { spdxTagValue } from "../../src/format/spdx/write-tag-value.ts";
import { parseSbomDocument } from "../../src/format/sbom-document.ts";
import { parseSpdx } from "../../src/format/spdx-read.ts";
import { spdx3Problems } from "../../src/format/spdx3/problems.ts";
import { readSpdx3, spdx3Json } from "../../src/format/spdx3/read.ts";
import { Fault } from "../../src/model/fault.ts";
import type { Json, JsonObject } from "../../src/model/statement.ts";
import { shared } from "../support/shared.ts";

const read = (file: string): Promise<SpdxDocument> => parseSpdxDocument(readFileSync(file), basename(file));

/** The RDF file of 2.3 was indented by a program that joined the lines of this one text; the other four files keep them. */
function withoutLineEnds(document: SpdxDocument): SpdxDocument {
  const { comment = "", ...rest } = document.creationInfo;
  return { ...document, creationInfo: { ...rest, comment: comment.replaceAll("\n", " ") } };
}

test("SPDX: the encodings of one document give one model", async (t) => {
  const folder = shared(t, "vectors/spdx/tools-python");
  if (folder === undefined) return;
  let compared = 0;
  for (const version of ["v2.2", "v2.3", "UTF-16"]) {
    const json = await read(join(folder, `SPDXJSONExample-${version}.spdx.json`));
    assert.equal(json.packages.length, 4);
    for (const file of globSync(`${folder}/SPDX{YAML,XML,Rdf,Tag}Example-${version}.*`)) {
      const other = await read(file);
      if (file.includes("Rdf") && version === "v2.3") assert.deepEqual(withoutLineEnds(other), withoutLineEnds(json));
      else assert.deepEqual(other, json, basename(file));
      compared += 1;
    }
  }
  assert.equal(compared, 11);
});

test("SPDX: what is read is written as JSON and tag-value, and read again without loss", async (t) => {
  const folder = shared(t, "vectors/spdx");
  if (folder === undefined) return;
  const files = globSync(`${folder}/{tools-python,examples-3.0}/*{.json,.yaml,.xml,.spdx}`).filter(
    (file) => !file.includes("spdx3.0"),
  );
  assert.equal(files.length, 24);
  for (const file of files) {
    const document = await read(file);
    assert.deepEqual(document.unread, [], basename(file));
    const json = prettyJson(spdxJson(document));
    assert.deepEqual(await parseSpdxDocument(Buffer.from(json), "again.json"), document, basename(file));
    assert.equal(prettyJson(spdxJson(document)), json);
    const { text, lost } = spdxTagValue(document);
    assert.deepEqual(lost, [], basename(file));
    assert.deepEqual(await parseSpdxDocument(Buffer.from(text), "again.spdx"), document, basename(file));
  }
});

test("SPDX: invalid documents are refused with code and line", async (t) => {
  const folder = shared(t, "vectors/spdx/tools-python/invalid_documents");
  if (folder === undefined) return;
  const found: string[] = [];
  for (const file of globSync(`${folder}/*`).sort()) {
    await assert.rejects(read(file), (error) => {
      assert.ok(error instanceof Fault);
      found.push(`${error.facts.code} ${error.facts.where}`);
      return true;
    });
  }
  assert.deepEqual(found, [
    "WB-SPDX-FORM file_without_spdx_ids.xml:8",
    "WB-SPDX-FORM invalid_creation_info.rdf.xml:7",
    "WB-SPDX-FORM invalid_creation_info_with_snippet.rdf.xml:23",
  ]);
});

test("SPDX: what the documents do against the text is told, and nothing else", async (t) => {
  const folder = shared(t, "vectors/spdx");
  if (folder === undefined) return;
  const found = new Map<string, number>();
  for (const file of globSync(`${folder}/{tools-python,examples-3.0}/*{.json,.yaml,.xml,.spdx}`)) {
    if (file.includes("spdx3.0")) continue;
    for (const { path, what, clause } of spdxProblems(await read(file))) {
      const line = `${path} ${what} (${clause})`;
      found.set(line, (found.get(line) ?? 0) + 1);
    }
  }
  const code = "packageVerificationCode is not that of the files that it contains (7.9)";
  assert.deepEqual(Object.fromEntries(found), {
    "/packages/SPDXRef-Acme/licenseInfoFromFiles stands where files were not analyzed (7.14)": 1,
    [`/packages/SPDXRef-hello-source/${code}`]: 1,
    // The made-up code of the specification's example, in each of its files.
    [`/packages/SPDXRef-Package/${code}`]: 15,
  });
});

test("SPDX 3: the examples are read, come out as they were, and hold an SBOM; the truncated one is refused", async (t) => {
  const folder = shared(t, "vectors/spdx/examples-3.0");
  if (folder === undefined) return;
  const found: Record<string, unknown> = {};
  for (const file of globSync(`${folder}/*spdx3.0*`).sort()) {
    const name = basename(file);
    if (name === "software_example10_spdx3.0_hello-source.spdx3.json") {
      await assert.rejects(
        parseSpdx(readFileSync(file), name),
        (error) => error instanceof Fault && error.facts.where === `${name}:125`,
      );
      continue;
    }
    const json = parseJson(readFileSync(file), name) as JsonObject;
    const document = readSpdx3(json, name);
    const again = spdx3Json(document);
    assert.deepEqual(readSpdx3(again, name), document);
    assert.deepEqual(new Set(again["@graph"] as Json[]), new Set(json["@graph"] as Json[]), name);
    const { sbom, lost } = await parseSpdx(readFileSync(file), name);
    const kept = lost.filter((line) => /^element (?:ai|dataset)_/.test(line));
    const problems = spdx3Problems(document).map(({ what }) => what);
    found[sbom.subject.name] = [sbom.components.length, sbom.dependencies.length, kept, problems];
  }
  const [ai, dataset] = [(count: number) => `element ai_AIPackage: ${count}`, "element dataset_DatasetPackage: 1"];
  assert.deepEqual(found, {
    // One identifier stands twice in the published example.
    SimpleHTR: [12, 7, [ai(2), dataset], ["stands twice in the document"]],
    "Sentiment Demo: A Simple AI Application and its AI BOM Example": [1, 0, [ai(1), dataset], []],
    "Our World in Data CO2 and Greenhouse Gas Emissions dataset": [0, 0, [dataset], []],
    hello: [0, 0, [], []],
  });
});

interface ScalibrCase {
  readonly id: string;
  readonly extractor: string;
  readonly fixture: string;
  readonly packages: readonly { readonly name: string; readonly version: string; readonly type: string | null }[];
}

test("SPDX: scalibr's cases, package by package", async (t) => {
  const folder = shared(t, "vectors/extractors-scalibr");
  if (folder === undefined) return;
  const lines = readFileSync(join(folder, "cases.jsonl"), "utf8").trim().split("\n");
  const cases = lines
    .filter((line) => line.includes('"extractor": "sbom/spdx"'))
    .map((line) => JSON.parse(line) as ScalibrCase);
  assert.equal(cases.length, 7);
  for (const { id, fixture, packages } of cases) {
    const found = await parseSbomDocument(readFileSync(join(folder, fixture)), basename(fixture));
    assert.ok(found, id);
    const { subject, components } = found.sbom;
    const named = [subject, ...components].flatMap(({ purl }) => (purl === undefined ? [] : [parsePurl(purl, true)]));
    assert.deepEqual(
      named.map(({ type, name, version = "" }) => [type, name, version]).sort(),
      packages
        .filter(({ type }) => type !== null)
        .map(({ type, name, version }) => [type, name, version])
        .sort(),
      id,
    );
    // Upstream names a package that has a CPE and no package URL by the CPE and drops its name; here it keeps its name.
    const unlocated = packages.filter(({ type }) => type === null);
    assert.deepEqual(
      unlocated.map(({ name }) => name),
      components.some(({ name }) => name === "Nginx") ? ["cpe:2.3:a:nginx:nginx:1.21.1"] : [],
      id,
    );
  }
});

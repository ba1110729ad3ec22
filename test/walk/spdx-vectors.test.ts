import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { prettyJson } from "../../src/format/json.ts";
import type { SpdxDocument } from "../../src/format/spdx/model.ts";
import { parseSpdxDocument } from "../../src/format/spdx/parse.ts";
import { spdxProblems } from "../../src/format/spdx/problems.ts";
import { spdxJson } from "../../src/format/spdx/write-json.ts";
import { spdxTagValue } from "../../src/format/spdx/write-tag-value.ts";
import { Fault } from "../../src/model/fault.ts";
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

test("SPDX: what the documents do against the text is told, and nothing of the others", async (t) => {
  const folder = shared(t, "vectors/spdx");
  if (folder === undefined) return;
  const found: string[] = [];
  for (const file of globSync(`${folder}/{tools-python,examples-3.0}/*{.json,.yaml,.xml,.spdx}`)) {
    if (file.includes("spdx3.0")) continue;
    for (const { path, what, clause } of spdxProblems(await read(file))) found.push(`${path} ${what} (${clause})`);
  }
  assert.deepEqual(found, ["/packages/SPDXRef-Acme/licenseInfoFromFiles stands where files were not analyzed (7.14)"]);
});

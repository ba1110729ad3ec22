import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test, type TestContext } from "node:test";
import { prettyJson } from "../../src/format/json.ts";
import { readStated } from "../../src/format/score/read.ts";
import { scoreByAll } from "../../src/format/score/score.ts";
import { parseSpdx } from "../../src/format/spdx-read.ts";
import { parseSpdxDocument } from "../../src/format/spdx/parse.ts";
import { spdxProblems } from "../../src/format/spdx/problems.ts";
import { spdxJson } from "../../src/format/spdx/write-json.ts";
import { spdxTagValue } from "../../src/format/spdx/write-tag-value.ts";
import { spdx3Document } from "../../src/format/spdx3/from-sbom.ts";
import { parseCoswid } from "../../src/format/swid/coswid-read.ts";
import { printCoswid } from "../../src/format/swid/coswid-write.ts";
import { swidTags } from "../../src/format/swid/from-sbom.ts";
import { parseSwid } from "../../src/format/swid/read-xml.ts";
import { sbomOfSwid } from "../../src/format/swid/to-sbom.ts";
import { printSwid } from "../../src/format/swid/write-xml.ts";
import { Fault } from "../../src/model/fault.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { INPUTS, SLOW_MS } from "../support/fuzz.ts";
import { mutants } from "../support/mutate.ts";
import { shared } from "../support/shared.ts";
import { META, SAMPLE } from "../unit/format/sboms.ts";

/** Each damaged copy is read or refused by a fault, in bounded time; enough of them are read to say that reading is tested. */
async function fuzz(bytes: Uint8Array, read: (mutant: Uint8Array) => unknown): Promise<void> {
  let fine = 0;
  let tried = 0;
  for (const mutant of mutants(bytes, INPUTS)) {
    tried += 1;
    const start = cpuMilliseconds();
    try {
      await read(mutant);
      fine += 1;
    } catch (error) {
      if (!(error instanceof Fault)) throw new Error(`mutant ${tried}: ${String(error)}`, { cause: error });
    }
    assert.ok(cpuMilliseconds() - start < SLOW_MS, `mutant ${tried} took too long`);
  }
  assert.equal(tried, INPUTS);
  assert.ok(fine > 0, "no mutant was read");
}

/** Reads all ways that a damaged document can go: model, problems, both writers, SBOM. */
async function readAll(bytes: Uint8Array): Promise<void> {
  await parseSpdx(bytes, "x");
  scoreByAll(await readStated(bytes, "x"));
  const document = await parseSpdxDocument(bytes, "x");
  spdxProblems(document);
  spdxJson(document);
  spdxTagValue(document);
}

/** Without the texts of listed licences, which are nine tenths of the file. */
function shortened(rdf: Buffer): Buffer {
  const names = "standardLicenseTemplate|licenseText(?:Html)?|standardLicenseHeader(?:Template|Html)?|crossRef";
  return Buffer.from(rdf.toString("utf8").replaceAll(new RegExp(`<spdx:(${names})>.*?</spdx:\\1>`, "gs"), ""));
}

const FILES: readonly string[] = [
  "SPDXJSONExample-v2.3.spdx.json",
  "SPDXYAMLExample-v2.3.spdx.yaml",
  "SPDXXMLExample-v2.3.spdx.xml",
  "SPDXTagExample-v2.3.spdx",
  "SPDXRdfExample-v2.3.spdx.rdf.xml",
  "SPDXJSONExample-UTF-16.spdx.json",
  "SPDXTagExample-UTF-16.spdx",
];

test("damaged SPDX documents in every encoding end in a fault or are read", async (t: TestContext) => {
  const folder = shared(t, "vectors/spdx/tools-python");
  if (folder === undefined) return;
  for (const name of FILES) {
    const bytes = readFileSync(`${folder}/${name}`);
    await fuzz(name.includes("Rdf") ? shortened(bytes) : bytes, readAll);
  }
});

test("damaged SPDX 3, SWID and CoSWID documents end in a fault or are read", async (t: TestContext) => {
  const folder = shared(t, "vectors/spdx/examples-3.0");
  if (folder === undefined) return;
  await fuzz(readFileSync(`${folder}/ai_example02_spdx3.0_sbom.spdx3.json`), async (bytes) => {
    await parseSpdx(bytes, "x");
    scoreByAll(await readStated(bytes, "x"));
  });
  await fuzz(Buffer.from(prettyJson(spdx3Document(SAMPLE, META))), (bytes) => parseSpdx(bytes, "x"));
  const tags = swidTags(SAMPLE, META);
  await fuzz(Buffer.from(printSwid(tags).text), (bytes) => {
    const read = parseSwid(bytes, "x");
    sbomOfSwid(read, "x");
    printCoswid(read.tags);
  });
  await fuzz(printCoswid(tags), (bytes) => {
    const read = parseCoswid(bytes, "x");
    sbomOfSwid(read, "x");
    printSwid(read.tags);
  });
});

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import * as fc from "fast-check";
import { cyclonedxDocument } from "../../src/format/cyclonedx.ts";
import { spdxDocument } from "../../src/format/spdx.ts";
import type { Sbom } from "../../src/model/sbom.ts";
import { anySbom, META, SAMPLE } from "../unit/format/sboms.ts";

/** bom-1.6.schema.json, spdx.schema.json and jsf-0.82.schema.json of CycloneDX 1.6; spdx-2.3.schema.json of SPDX 2.3. */
const folder = process.env["WAYBILL_SCHEMAS"] ?? join(import.meta.dirname, "../../../shared/vectors/schemas");

function validator(t: TestContext, main: string, others: readonly string[] = []): ValidateFunction | undefined {
  if (!existsSync(join(folder, main))) {
    t.skip("needs the official SBOM schemas (WAYBILL_SCHEMAS=FOLDER)");
    return undefined;
  }
  const load = (name: string): object => JSON.parse(readFileSync(join(folder, name), "utf8")) as object;
  const ajv = new Ajv({ strict: false, logger: false });
  addFormats.default(ajv);
  ajv.addFormat("iri-reference", true).addFormat("idn-email", true);
  for (const name of others) ajv.addSchema(load(name));
  return ajv.compile(load(main));
}

const EMPTY: Sbom = {
  ...SAMPLE,
  components: [],
  dependencies: [],
  unknowns: [],
  licences: [],
  completeness: { components: "unknown", dependencies: "incomplete", method: "missing" },
};

function check(validate: ValidateFunction, document: unknown): void {
  assert.ok(validate(document), JSON.stringify(validate.errors?.slice(0, 3)));
}

test("CycloneDX documents are valid against the official schema", (t) => {
  const validate = validator(t, "bom-1.6.schema.json", ["spdx.schema.json", "jsf-0.82.schema.json"]);
  if (validate === undefined) return;
  assert.equal(validate({ bomFormat: "CycloneDX", specVersion: "1.6", components: [{ name: "no type" }] }), false);
  for (const meta of [META, { ...META, timestamp: null }]) {
    for (const sbom of [SAMPLE, EMPTY]) check(validate, cyclonedxDocument(sbom, meta));
  }
  fc.assert(fc.property(anySbom, (sbom) => check(validate, cyclonedxDocument(sbom, META))));
});

test("SPDX documents are valid against the official schema", (t) => {
  const validate = validator(t, "spdx-2.3.schema.json");
  if (validate === undefined) return;
  assert.equal(validate({ spdxVersion: "SPDX-2.3" }), false);
  for (const meta of [META, { ...META, timestamp: null }]) {
    for (const sbom of [SAMPLE, EMPTY]) check(validate, spdxDocument(sbom, meta));
  }
  fc.assert(fc.property(anySbom, (sbom) => check(validate, spdxDocument(sbom, META))));
});

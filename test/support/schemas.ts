import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Sbom } from "../../src/model/sbom.ts";
import { META, SAMPLE } from "../unit/format/sboms.ts";

const library = dirname(createRequire(import.meta.url).resolve("@cyclonedx/cyclonedx-library/package.json"));

/** A validator of one JSON schema (draft 07, 2019-09 or 2020-12), `others` being what it refers to, by address. */
export function validatorOf(schema: object, others: Readonly<Record<string, object>> = {}): ValidateFunction {
  const draft = "$schema" in schema ? String(schema.$schema) : "";
  const Validator = draft.includes("2020-12") ? Ajv2020 : draft.includes("2019-09") ? Ajv2019 : Ajv;
  const ajv = new Validator({ strict: false, logger: false });
  addFormats.default(ajv);
  ajv.addFormat("iri-reference", true).addFormat("idn-email", true);
  for (const [address, other] of Object.entries(others)) ajv.addSchema(other, address);
  return ajv.compile(schema);
}

/** CycloneDX 1.6's own schemas, as CycloneDX's library for JavaScript carries them: they refer to each other by file. */
export function cyclonedxValidator(): ValidateFunction {
  const file = (name: string): string => `${name}.SNAPSHOT.schema.json`;
  const load = (name: string): object =>
    JSON.parse(readFileSync(join(library, "res/schema", file(name)), "utf8")) as object;
  const others = ["spdx", "jsf-0.82"].map((name) => [`http://cyclonedx.org/schema/${file(name)}`, load(name)]);
  return validatorOf(load("bom-1.6"), Object.fromEntries(others) as Record<string, object>);
}

/** SARIF 2.1.0's schema, as Microsoft's matchers for Jest carry it: of JSON Schema's draft 4, but for its own address nothing in it is of that draft alone. */
export function sarifValidator(): ValidateFunction {
  const path = createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  const {
    $schema: _draft,
    id: _address,
    ...schema
  } = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  // One of its patterns has a bracket too many, which only expressions without Unicode's rules let pass.
  const ajv = new Ajv({ strict: false, logger: false, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

export function assertValid(validate: ValidateFunction, document: unknown, message = ""): void {
  assert.ok(validate(document), `${message} ${JSON.stringify(validate.errors?.slice(0, 3))}`);
}

const EMPTY: Sbom = {
  ...SAMPLE,
  components: [],
  dependencies: [],
  unknowns: [],
  licences: [],
  completeness: { components: "unknown", dependencies: "incomplete", method: "missing" },
};

/** A project with one of everything and one with nothing, each with a time and without. */
export const SAMPLES = [META, { ...META, timestamp: null }].flatMap((meta) =>
  [SAMPLE, EMPTY].map((sbom) => ({ sbom, meta })),
);

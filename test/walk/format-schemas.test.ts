import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import { cyclonedxDocument } from "../../src/format/cyclonedx.ts";
import { collectFrom } from "../../src/station/collect-from.ts";
import { assertValid, cyclonedxValidator, SAMPLES } from "../support/schemas.ts";
import { shared } from "../support/shared.ts";
import { anySbom, META } from "../unit/format/sboms.ts";

// SPDX's own schema comes with SPDX's own tools: test/peers/spdx-tools.test.ts.
const validate = cyclonedxValidator();

test("CycloneDX documents are valid against the official schema", () => {
  assert.equal(validate({ bomFormat: "CycloneDX", specVersion: "1.6", components: [{ name: "no type" }] }), false);
  for (const { sbom, meta } of SAMPLES) assertValid(validate, cyclonedxDocument(sbom, meta));
  fc.assert(fc.property(anySbom, (sbom) => assertValid(validate, cyclonedxDocument(sbom, META))));
});

test("the CycloneDX documents of real projects are valid against the official schema", async (t) => {
  const bench = shared(t, "bench");
  if (bench === undefined) return;
  for (const name of ["lib", "npm-lock", "app"]) {
    assertValid(validate, cyclonedxDocument(await collectFrom(join(bench, name)), META), name);
  }
});

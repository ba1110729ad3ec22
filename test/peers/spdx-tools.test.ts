import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { ValidateFunction } from "ajv";
import * as fc from "fast-check";
import { readZip, zipContent } from "../../src/artifact/zip.ts";
import { spdxDocument } from "../../src/format/spdx.ts";
import { collectFrom } from "../../src/station/collect-from.ts";
import { findPeer } from "../support/peers.ts";
import { assertValid, SAMPLES, validatorOf } from "../support/schemas.ts";
import { shared } from "../support/shared.ts";
import { anySbom, META } from "../unit/format/sboms.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const folder = mkdtempSync(join(tmpdir(), "waybill-spdx-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const jar = findPeer("spdx-tools.jar");

/** SPDX 2.3's own schema, which SPDX's tools carry. */
function officialSchema(): ValidateFunction {
  const entry = readZip(readFileSync(jar), "spdx-tools.jar", 100_000).entries.find(
    ({ name }) => name === "resources/spdx-schema-v2.3.json",
  );
  assert.ok(entry !== undefined, "the tools carry the schema");
  return validatorOf(JSON.parse(Buffer.from(zipContent(entry, "spdx-tools.jar", 1 << 20)).toString("utf8")) as object);
}

const validate = officialSchema();

/** The tools' own judgement, which knows rules that a schema cannot tell: licence expressions, references, relationships. */
function verified(path: string): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr, error } = spawnSync(
    "java",
    // The list of licences in the jar, never that of a server.
    ["-DSPDXParser.OnlyUseLocalLicenses=true", "-jar", jar, "Verify", path, "JSON"],
    { encoding: "utf8", timeout: 300_000 },
  );
  assert.ok(error === undefined, `java is needed (scripts/setup.sh peers installs it): ${error?.message}`);
  return { status, output: `${stdout}${stderr}` };
}

function accepts(document: unknown, name: string): void {
  const path = join(folder, `${name}.spdx.json`);
  writeFileSync(path, JSON.stringify(document));
  const { status, output } = verified(path);
  assert.equal(status, 0, output.slice(0, 2000));
  assert.match(output, /This SPDX Document is valid/u, name);
}

test("SPDX documents are valid against the official schema", () => {
  assert.equal(validate({ spdxVersion: "SPDX-2.3" }), false);
  for (const { sbom, meta } of SAMPLES) assertValid(validate, spdxDocument(sbom, meta));
  fc.assert(fc.property(anySbom, (sbom) => assertValid(validate, spdxDocument(sbom, META))));
});

test("SPDX's own tools accept samples, and refuse what is wrong", () => {
  for (const [index, { sbom, meta }] of SAMPLES.entries()) accepts(spdxDocument(sbom, meta), `sample-${index}`);
  fc.assert(
    fc.property(anySbom, (sbom) => accepts(spdxDocument(sbom, META), "generated")),
    { numRuns: 5 },
  );
  const [sample] = SAMPLES;
  const path = join(folder, "wrong.spdx.json");
  writeFileSync(path, JSON.stringify({ ...spdxDocument(sample?.sbom ?? assert.fail(), META), dataLicense: "MIT" }));
  assert.notEqual(verified(path).status, 0, "another data licence than SPDX asks for");
});

test("the SPDX documents of real projects satisfy schema and tools", async (t) => {
  const bench = shared(t, "bench");
  if (bench === undefined) return;
  for (const name of ["lib", "npm-lock"]) {
    const document = spdxDocument(await collectFrom(join(bench, name)), META);
    assertValid(validate, document, name);
    accepts(document, name);
  }
});

test("the SPDX document that ship leaves satisfies schema and tools", () => {
  const project = join(folder, "app");
  mkdirSync(project);
  const manifest = { name: "app", version: "1.0.0", license: "MIT", files: ["index.js"] };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(project, "index.js"), "module.exports = 42;\n");
  const lock = { ...manifest, lockfileVersion: 3, requires: true, packages: { "": manifest } };
  writeFileSync(join(project, "package-lock.json"), JSON.stringify(lock));
  writeFileSync(join(folder, "passphrase"), "not a secret\n");
  const waybill = (...words: readonly string[]): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [MAIN, ...words], {
      cwd: folder,
      env: { ...process.env, WAYBILL_HOME: join(folder, "home"), WAYBILL_DB: "" },
      encoding: "utf8",
      timeout: 120_000,
    });
  const key = ["--passphrase-file", "passphrase"];
  const keys = waybill("keys", "generate", "--output", "release", ...key);
  assert.equal(keys.status, 0, String(keys.stderr));
  // Without an index the verdict is "unchecked" (3); the documents are left all the same.
  const shipped = waybill("ship", "app", "--key", "release.key", ...key, "--output", "out");
  assert.equal(shipped.status, 3, String(shipped.stderr));
  const document: unknown = JSON.parse(readFileSync(join(folder, "out/app-1.0.0.spdx.json"), "utf8"));
  assertValid(validate, document);
  accepts(document, "shipped");
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { SBOM_FORMS } from "../../src/format/sbom-forms.ts";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

interface Made {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

function sbom(folder: string, ...words: readonly string[]): Made {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "sbom", ...words], { cwd: folder });
  return { status, stdout, stderr: stderr.toString("utf8") };
}

function project(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-forms-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const packages = {
    "": { name: "app", version: "1.0.0", dependencies: { a: "1.0.0" }, devDependencies: { b: "2.0.0" } },
    "node_modules/a": {
      version: "1.0.0",
      integrity: `sha512-${Buffer.alloc(64, 1).toString("base64")}`,
      license: "MIT",
    },
    "node_modules/b": { version: "2.0.0", dev: true, dependencies: { a: "1.0.0" } },
  };
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ name: "app", lockfileVersion: 3, packages }));
  return folder;
}

test("sbom: each form is written, and is a source again whatever its name is", (t) => {
  const folder = project(t);
  const expected = JSON.parse(sbom(folder, ".").stdout.toString("utf8")) as {
    components: { purl: string }[];
    dependencies: unknown;
  };
  assert.equal(expected.components.length, 2);
  for (const form of ["cyclonedx-json", "spdx-json", ...SBOM_FORMS]) {
    const printed = sbom(folder, ".", "--format", form);
    assert.deepEqual([printed.status, printed.stderr], [0, ""], form);
    const written = sbom(folder, ".", "--format", form, "--output", "document");
    assert.equal(written.status, 0, form);
    assert.deepEqual(readFileSync(join(folder, "document")), printed.stdout, form);
    const again = sbom(folder, "document");
    assert.deepEqual([again.status, again.stderr], [0, ""], form);
    const read = JSON.parse(again.stdout.toString("utf8")) as typeof expected;
    assert.deepEqual(
      read.components.map(({ purl }) => purl),
      expected.components.map(({ purl }) => purl),
      form,
    );
    assert.deepEqual(read.dependencies, expected.dependencies, form);
  }
});

test("sbom: a document that is broken says where, one that nobody knows what is read", (t) => {
  const folder = project(t);
  writeFileSync(join(folder, "a"), "SPDXVersion: SPDX-2.3\nnonsense\n");
  const broken = sbom(folder, "a");
  assert.equal(broken.status, 2);
  assert.match(broken.stderr, /a:2.*\n?.*WB-SPDX-SYNTAX|WB-SPDX-SYNTAX[^]*a:2/);
  writeFileSync(join(folder, "b"), "nothing");
  const nothing = sbom(folder, "b");
  assert.equal(nothing.status, 2);
  assert.match(nothing.stderr, /WB-INVENTORY-NOTHING/);
});

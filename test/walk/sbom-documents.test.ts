import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");

let folder: string;

function run(...words: readonly string[]): {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, "sbom", ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", SOURCE_DATE_EPOCH: "1700000000" },
  });
  return { status, out: stdout, err: stderr };
}

const lock = (version: string): string =>
  JSON.stringify({
    name: "app",
    lockfileVersion: 3,
    packages: {
      "": { name: "app", version: "1.0.0", dependencies: { left: "*" } },
      "node_modules/left": { version, license: "MIT", dependencies: { right: "*" } },
      "node_modules/right": { version: "2.0.0" },
    },
  });

describe("sbom documents, by the whole command", () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "waybill-documents-"));
    for (const [name, version] of [
      ["old", "1.0.0"],
      ["new", "1.1.0"],
    ] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "package-lock.json"), lock(version));
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("every form is valid, is what its source gives, and is no longer when a byte differs", () => {
    for (const form of ["cyclonedx-json", "cyclonedx-xml", "spdx-json", "spdx-tv", "spdx3-json", "swid", "coswid"]) {
      const file = join(folder, `app.${form}`);
      assert.equal(run("old", "--format", form, "--output", file).status, 0, form);
      const checked = run("validate", file, "--regenerate", "old", "--format", "json");
      assert.equal(checked.status, 0, `${form}: ${checked.out}${checked.err}`);
      const { valid, regenerated } = JSON.parse(checked.out) as { valid: boolean; regenerated: boolean };
      assert.deepEqual([valid, regenerated], [true, true], form);
      assert.equal(run("validate", file, "--regenerate", "new").status, 1, form);
    }
  });

  test("who makes the document stands in every form, and counts as its author", () => {
    for (const form of ["cyclonedx-json", "cyclonedx-xml", "spdx-json", "spdx-tv", "spdx3-json", "swid", "coswid"]) {
      const file = join(folder, `by.${form}`);
      const author = ["--author", "Acme Releases <releases@acme.example>"];
      assert.equal(run("old", "--format", form, "--output", file, ...author).status, 0, form);
      const { status, out } = run("validate", file, "--regenerate", "old", ...author);
      assert.equal(status, 0, `${form}: ${out}`);
      assert.equal(run("validate", file, "--regenerate", "old").status, 1, form);
      const { sets } = JSON.parse(run("score", file, "--format", "json").out) as {
        sets: { set: string; elements: { element: string; have: number }[] }[];
      };
      const ntia = sets.find(({ set }) => set === "ntia")?.elements.find(({ element }) => element === "author");
      assert.equal(ntia?.have, 1, form);
    }
    const nobody = run("old", "--author", "<a@b.example>");
    assert.deepEqual([nobody.status, /WB-USAGE-WORD/u.test(nobody.err)], [2, true]);
  });

  test("problems are told with path and line; what is no document is bad input", () => {
    const file = join(folder, "bad.xml");
    writeFileSync(
      file,
      '<bom xmlns="http://cyclonedx.org/schema/bom/1.6">\n<components>\n<component type="nothing"><name>x</name></component>\n</components></bom>\n',
    );
    const { status, out } = run("validate", file);
    assert.equal(status, 1);
    assert.match(
      out,
      /bad\.xml: CycloneDX 1\.6 \(xml\): 1 problems\n {2}\/bom\/components\/component\/@type \(line 3\)/u,
    );
    const none = run("validate", join(folder, "old/package-lock.json"));
    assert.deepEqual([none.status, /WB-SBOM-FORM/u.test(none.err)], [2, true]);
  });

  test("a CycloneDX document keeps what an inventory does not hold; what a version cannot hold is told", () => {
    const file = join(folder, "rich.json");
    writeFileSync(
      file,
      JSON.stringify({
        bomFormat: "CycloneDX",
        specVersion: "1.6",
        services: [{ name: "api" }],
        components: [{ type: "cryptographic-asset", name: "key" }],
      }),
    );
    const kept = run("convert", file, "--format", "cyclonedx-xml");
    assert.match(kept.out, /<service>\s*<name>api<\/name>/u);
    assert.deepEqual([kept.status, kept.err], [0, ""]);
    const older = run("convert", file, "--format", "cyclonedx-json", "--spec-version", "1.4");
    assert.equal(older.status, 0);
    assert.match(older.err, /left out: \/components\/\*\/type/u);
  });

  test("score tells what is missing where, judges only what is required, and takes documents alone", () => {
    const file = join(folder, "app.cyclonedx-json");
    const shown = run("score", file);
    assert.equal(shown.status, 0, shown.err);
    assert.match(
      shown.out,
      /app\.cyclonedx-json: CycloneDX 1\.6, 3 components\n\nNTIA minimum elements \(2021\): not met\n/u,
    );
    assert.match(shown.out, /^no +license +1 of 3 +0\.33 +pkg:npm\/app@1\.0\.0, pkg:npm\/right@2\.0\.0$/mu);
    assert.match(run("score", join(folder, "app.spdx-json")).out, /SPDX 2\.3 has no place for it/u);
    const required = run("score", file, "--require", "ntia", "--format", "json");
    const { sets, lacking } = JSON.parse(required.out) as {
      sets: readonly { set: string; met: boolean }[];
      lacking: readonly { path: string; purl: string; lacks: readonly string[] }[];
    };
    assert.deepEqual(
      lacking.map(({ path, purl, lacks }) => [path, purl, lacks]),
      [
        ["/metadata/component", "pkg:npm/app@1.0.0", ["supplier"]],
        ["/components/0", "pkg:npm/left@1.0.0", ["supplier"]],
        ["/components/1", "pkg:npm/right@2.0.0", ["supplier"]],
      ],
    );
    assert.deepEqual([required.status, sets.map(({ set, met }) => [set, met])], [1, [["ntia", false]]]);
    for (const words of [
      ["score"],
      ["score", file, file],
      ["score", file, "--require", "all"],
      ["score", "old/package-lock.json"],
    ])
      assert.equal(run(...words).status, 2, words.join(" "));
  });

  test("list, tree, why, diff, merge and subtract work on sources and documents alike", () => {
    assert.match(run("list", "old").out, /left +1\.0\.0 +npm +runtime +direct +MIT/u);
    assert.equal(run("old", "--format", "table").out, run("list", "old").out);
    assert.equal(run("tree", "old").out, "npm/app@1.0.0\n└─ npm/left@1.0.0\n   └─ npm/right@2.0.0\n");
    assert.equal(run("why", "right", "old").out, "npm/app@1.0.0 → npm/left@1.0.0 → npm/right@2.0.0\n");
    assert.deepEqual(
      [run("why", "wrong", "old").status, run("diff", "old", join(folder, "app.cyclonedx-json")).status],
      [1, 0],
    );
    const diff = run("diff", "old", "new");
    assert.deepEqual([diff.status, diff.out.split("\n")[0]], [1, "~ pkg:npm/left  1.0.0 → 1.1.0"]);
    assert.equal(run("merge", "old", "new", "--name", "both", "--output", "both.cdx.json").status, 0);
    const { components } = JSON.parse(readFileSync(join(folder, "both.cdx.json"), "utf8")) as {
      components: readonly { readonly name: string }[];
    };
    assert.deepEqual(
      components.map(({ name }) => name),
      ["app", "left", "left", "right"],
    );
    assert.equal(run("subtract", "both.cdx.json", "old", "--output", "rest.cdx.json").status, 0);
    assert.match(run("list", "rest.cdx.json").out, /left +1\.1\.0/u);
    for (const words of [["merge", "old", "new"], ["diff", "old"], ["validate"], ["tree", "old", "--depth", "x"]])
      assert.equal(run(...words).status, 2, words.join(" "));
  });
});

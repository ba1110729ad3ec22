import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { layersOf } from "../../../src/artifact/image.ts";
import { openSource } from "../../../src/artifact/open.ts";
import { collectAbove } from "../../../src/inventory/base.ts";
import { collect } from "../../../src/inventory/collect.ts";
import type { Source } from "../../../src/model/artifact.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { makeTar, type TarSpec } from "../artifact/make-archive.ts";
import { digestOf, makeLayout } from "../artifact/make-formats.ts";

/** A lockfile of a project that needs these packages. */
function lock(folder: string, needs: Readonly<Record<string, string>>): TarSpec {
  const packages = Object.fromEntries(
    Object.entries(needs).map(([name, version]) => [`node_modules/${name}`, { version }]),
  );
  const root = { name: folder, version: "1.0.0", dependencies: needs };
  return {
    path: `${folder}/package-lock.json`,
    content: JSON.stringify({
      name: folder,
      version: "1.0.0",
      lockfileVersion: 3,
      packages: { "": root, ...packages },
    }),
  };
}

async function image(t: TestContext, layers: readonly (readonly TarSpec[])[]): Promise<Source> {
  const root = mkdtempSync(join(tmpdir(), "waybill-base-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  makeLayout(root, [{ layers }]);
  const source = await openSource(root);
  t.after(() => source.close());
  return source;
}

const told = (sbom: Sbom): readonly string[] =>
  sbom.components.map(({ purl, occurrences }) => `${purl ?? ""} ${occurrences.map(({ path }) => path).join(",")}`);

const base = [lock("tools", { a: "1.0.0", b: "1.0.0" })];
const layers = [base, [lock("app", { a: "1.0.0", c: "1.0.0" })]];
const [lower, upper] = layers.map((layer) => digestOf(makeTar(layer)));

describe("an image's inventory", () => {
  it("says of each place which layer brought it, and that it speaks of what was delivered", async (t) => {
    const sbom = await collect(await image(t, layers));
    assert.equal(sbom.lifecycle, "analyzed");
    const a = sbom.components.find(({ purl }) => purl === "pkg:npm/a@1.0.0");
    assert.deepEqual(
      a?.occurrences.map(({ path, layer }) => [path, layer]),
      [
        ["app/package-lock.json", upper],
        ["tools/package-lock.json", lower],
      ],
    );
  });
  it("leaves out what the base brought, and keeps what is also elsewhere", async (t) => {
    const source = await image(t, layers);
    const sbom = await collectAbove(source, layersOf(source).slice(0, 1));
    assert.deepEqual(told(sbom), [
      "pkg:npm/a@1.0.0 app/package-lock.json",
      "pkg:npm/app@1.0.0 app/package-lock.json",
      "pkg:npm/c@1.0.0 app/package-lock.json",
    ]);
    const names = new Set<string>([sbom.root, ...sbom.components.map(({ ref }) => ref)]);
    assert.ok(sbom.dependencies.every(({ from, to }) => names.has(from) && names.has(to)));
    assert.equal(sbom.completeness.components, "incomplete");
    assert.match(sbom.unknowns.at(-1)?.what ?? "", /2 components of the base image/u);
  });
  it("counts what a later layer wrote anew at the same place as the base's", async (t) => {
    const source = await image(t, [base, [lock("tools", { a: "1.0.0", b: "1.0.0", d: "1.0.0" })]]);
    const sbom = await collectAbove(source, layersOf(source).slice(0, 1));
    assert.deepEqual(told(sbom), ["pkg:npm/d@1.0.0 tools/package-lock.json"]);
  });
  it("is whole where the base holds nothing that can be read", async (t) => {
    const source = await image(t, [[{ path: "etc/empty" }], ...layers]);
    const whole = await collect(source);
    assert.equal((await collectAbove(source, layersOf(source).slice(0, 1))).components.length, whole.components.length);
  });
  it("is refused above a base that is not its own, and where there is no image", async (t) => {
    const source = await image(t, layers);
    const code = (error: unknown): boolean => error instanceof Fault && error.facts.code === "WB-IMAGE-BASE";
    for (const wrong of [[], [upper ?? ""], [...layersOf(source), "0".repeat(64)]]) {
      await assert.rejects(collectAbove(source, wrong), code);
    }
    const root = mkdtempSync(join(tmpdir(), "waybill-base-"));
    t.after(() => rmSync(root, { recursive: true, force: true }));
    writeFileSync(join(root, "package-lock.json"), lock("x", {}).content ?? "");
    await assert.rejects(collectAbove(await openSource(root), [lower ?? ""]), code);
  });
  it("tells what could not be entered", async (t) => {
    const root = mkdtempSync(join(tmpdir(), "waybill-base-"));
    t.after(() => rmSync(root, { recursive: true, force: true }));
    const bad: TarSpec = { path: "bad.tar.gz", content: Buffer.from("1f8b0800", "hex") };
    const top = { ...lock("x", { a: "1.0.0" }), path: "package-lock.json" };
    writeFileSync(join(root, "a.tar"), makeTar([top, bad]));
    const sbom = await collect(await openSource(join(root, "a.tar")));
    assert.equal(sbom.completeness.components, "incomplete");
    assert.match(
      sbom.unknowns.map(({ where, what }) => `${where} ${what}`).join(),
      /bad\.tar\.gz is not entered: .*WB-ARCHIVE-CORRUPT/u,
    );
  });
});

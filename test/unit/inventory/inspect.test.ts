import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareSboms } from "../../../src/inventory/agreement.ts";
import { collect } from "../../../src/inventory/collect.ts";
import { inspect } from "../../../src/inventory/inspect.ts";
import { Fault } from "../../../src/model/fault.ts";
import { memorySource } from "../../support/memory-source.ts";

const MANIFEST = JSON.stringify({ name: "app", version: "1.0.0", license: "MIT", dependencies: { later: "^2.0.0" } });
const LOCK = JSON.stringify({
  name: "app",
  version: "1.0.0",
  lockfileVersion: 3,
  packages: {
    "": { name: "app", version: "1.0.0", devDependencies: { lib: "^1.0.0" } },
    "node_modules/lib": { version: "1.2.3", dev: true, integrity: `sha512-${Buffer.alloc(64, 7).toString("base64")}` },
  },
});
const COPY = `${"export const copied = 1;\n".repeat(20)}`;
const packed = (files: Record<string, string>): ReturnType<typeof memorySource> =>
  memorySource(
    {
      "package/package.json": MANIFEST,
      ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`package/${path}`, text])),
    },
    "npm-package",
    "app-1.0.0.tgz",
  );

test("bundled packages, needs and what a source map names are told apart", () => {
  const sbom = inspect(
    packed({
      "node_modules/inside/package.json": JSON.stringify({ name: "inside", version: "3.0.0", license: "ISC" }),
      "dist/a.js": "x",
      "dist/a.js.map": JSON.stringify({
        version: 3,
        sources: ["../src/a.ts", "../node_modules/lib/index.js", "../node_modules/@s/n/node_modules/deep/x.js"],
      }),
    }),
  );
  const told = Object.fromEntries(
    sbom.components.map(({ name, version, occurrences }) => [name, [version, occurrences[0]?.technique]]),
  );
  assert.deepEqual(told, {
    inside: ["3.0.0", "manifest"],
    lib: [undefined, "source-map"],
    deep: [undefined, "source-map"],
    later: [undefined, "declared"],
  });
  assert.equal(sbom.subject.purl, "pkg:npm/app@1.0.0");
  assert.equal(sbom.completeness.components, "complete");
});

test("with the build's tree the versions are those of the lockfile, also of copied files", async () => {
  const workspace = memorySource({
    "package-lock.json": LOCK,
    "node_modules/lib/index.js": COPY,
    "node_modules/lib/package.json": "{}",
  });
  const declared = await collect(memorySource({ "package-lock.json": LOCK, "package.json": MANIFEST }));
  const sbom = inspect(packed({ "vendor/lib.js": COPY }), { declared, workspace });
  const lib = sbom.components.find(({ name }) => name === "lib");
  assert.deepEqual([lib?.version, lib?.occurrences[0]?.technique, lib?.scope], ["1.2.3", "content-match", "runtime"]);
  assert.deepEqual(compareSboms(declared, sbom).onlySeen, []);
});

test("an installed copy of the very package was not copied into it", async () => {
  const workspace = memorySource({
    "package-lock.json": LOCK,
    "node_modules/app/index.js": COPY,
    "node_modules/lib/index.js": `${COPY}// more`,
  });
  const declared = await collect(memorySource({ "package-lock.json": LOCK, "package.json": MANIFEST }));
  const sbom = inspect(packed({ "index.js": COPY, "lib.js": `${COPY}// more` }), { declared, workspace });
  assert.deepEqual(
    sbom.components.map(({ name }) => name),
    ["later", "lib"],
  );
});

test("a bundle without a map makes the list incomplete, and is named", () => {
  const sbom = inspect(packed({ "dist/bundle.js": `var a=1;${"b();".repeat(2000)}` }));
  assert.equal(sbom.completeness.components, "incomplete");
  assert.deepEqual(
    sbom.unknowns.map(({ where }) => where).filter((where) => where.includes("bundle")),
    ["dist/bundle.js"],
  );
});

test("what the bytes hold and nobody claims is told", () => {
  const claimed = inspect(packed({}));
  const seen = inspect(
    packed({ "node_modules/quiet/package.json": JSON.stringify({ name: "quiet", version: "6.6.6" }) }),
  );
  assert.deepEqual(compareSboms(claimed, seen).onlySeen, ["quiet@6.6.6"]);
});

test("hostile maps, manifests and lockfiles end in a Fault or an unknown, never in a crash", async () => {
  const piece = fc.oneof(
    fc.constantFrom("node_modules/", "../", "__proto__", "@s/", "\u0000", "\u202e", "lib", "{", '"', "sections"),
    fc.string(),
  );
  const text = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(text, text, fc.json(), async (path, source, json) => {
      try {
        inspect(
          packed({
            "a.js.map": JSON.stringify({ sources: [source, path], sections: [{ map: { sources: [path] } }] }),
            "b.js.map": json,
            "node_modules/x/package.json": json,
          }),
        );
        await collect(
          memorySource({
            "package-lock.json": LOCK.replace("node_modules/lib", `node_modules/${JSON.stringify(path).slice(1, -1)}`),
          }),
        );
        await collect(memorySource({ "package-lock.json": json }));
      } catch (error) {
        assert.ok(error instanceof Fault, String(error));
      }
    }),
    { numRuns: 300 },
  );
});

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { openSource } from "../../../src/artifact/open.ts";
import { collect } from "../../../src/inventory/collect.ts";
import { extractors } from "../../../src/inventory/extractors.ts";
import { findUnits } from "../../../src/inventory/walk.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { memorySource } from "../../support/memory-source.ts";

const edges = (sbom: Sbom): readonly string[] =>
  sbom.dependencies.map(({ from, to, scope }) => `${from} ${to} ${scope}`.replaceAll("pkg:npm/", ""));
const component = (sbom: Sbom, ref: string) => sbom.components.find((one) => one.ref === `pkg:npm/${ref}`);
const sha512 = (letter: string): string => `sha512-${Buffer.alloc(64, letter).toString("base64")}`;
const manifest = (name: string, version: string, more: object = {}): string =>
  JSON.stringify({ name, version, license: "MIT", ...more });

const PROJECT = manifest("whole", "1.0.0", {
  dependencies: { a: "^1.0.0" },
  devDependencies: { tool: "^1.0.0" },
});

const TREE = {
  "package.json": PROJECT,
  "node_modules/a/package.json": manifest("a", "1.0.0", {
    dependencies: { b: "^1.0.0" },
    peerDependencies: { tool: "*" },
  }),
  "node_modules/a/lib/package.json": '{"type":"module"}',
  "node_modules/a/test/fixtures/node_modules/planted/package.json": manifest("planted", "6.6.6"),
  "node_modules/a/node_modules/b/package.json": manifest("b", "1.0.0", { dependencies: { c: "1" } }),
  "node_modules/b/package.json": manifest("b", "2.0.0"),
  "node_modules/c/package.json": manifest("c", "1.0.0"),
  "node_modules/tool/package.json": manifest("tool", "1.0.0", { dependencies: { b: "^2.0.0" } }),
  "node_modules/.cache/x/package.json": manifest("cached", "1.0.0"),
};

const HIDDEN = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    "node_modules/a": { version: "1.0.0", integrity: sha512("a") },
    "node_modules/a/node_modules/b": { version: "1.0.0", integrity: sha512("1") },
    "node_modules/b": { version: "2.0.0", integrity: sha512("2"), dev: true },
    "node_modules/c": { version: "1.0.0", integrity: sha512("c") },
    "node_modules/gone": { version: "1.0.0" },
    "node_modules/tool": { version: "1.0.1", integrity: sha512("t"), dev: true },
  },
});

test("installed packages: edges by Node's resolution of positions, scopes from the project, licences, npm's integrity", async () => {
  const sbom = await collect(memorySource({ ...TREE, "node_modules/.package-lock.json": HIDDEN }));
  assert.deepEqual(edges(sbom), [
    "a@1.0.0 b@1.0.0 runtime",
    "a@1.0.0 tool@1.0.0 peer",
    "b@1.0.0 c@1.0.0 runtime",
    "tool@1.0.0 b@2.0.0 runtime",
    "whole@1.0.0 a@1.0.0 runtime",
    "whole@1.0.0 tool@1.0.0 dev",
  ]);
  assert.deepEqual(
    sbom.components.map(({ ref, scope, direct, digests, licences }) => [
      ref.replace("pkg:npm/", ""),
      scope,
      direct,
      Object.keys(digests).length,
      licences.map(({ expression }) => expression).join(),
    ]),
    [
      ["a@1.0.0", "runtime", true, 1, "MIT"],
      ["b@1.0.0", "runtime", false, 1, "MIT"],
      ["b@2.0.0", "peer", false, 1, "MIT"],
      ["c@1.0.0", "runtime", false, 1, "MIT"],
      ["tool@1.0.0", "peer", true, 0, "MIT"],
    ],
  );
  assert.equal(component(sbom, "b@1.0.0")?.occurrences[0]?.position, "node_modules/a/node_modules/b");
  const told = sbom.unknowns.map(({ what }) => what).join("\n");
  assert.match(told, /manifest of tool says version 1\.0\.0, and npm installed 1\.0\.1/u);
  assert.match(told, /1 packages that npm installed are not there any more: node_modules\/gone/u);
  assert.match(told, /no lockfile: the versions are those that are installed/u);
});

test("a package found in the lockfile and installed is one component with two proofs; differences are told", async () => {
  const lock = {
    lockfileVersion: 3,
    packages: {
      "": {
        name: "whole",
        version: "1.0.0",
        dependencies: { a: "^1.0.0", left: "1" },
        devDependencies: { tool: "^1.0.0" },
      },
      "node_modules/a": { version: "1.0.0", integrity: sha512("a"), dependencies: { b: "^1.0.0" } },
      "node_modules/a/node_modules/b": { version: "1.0.0", dependencies: { c: "1" } },
      "node_modules/b": { version: "2.0.0", dev: true },
      "node_modules/left": { version: "1.0.0", optionalDependencies: { native: "1" } },
      "node_modules/native": { version: "1.0.0", optional: true },
      "node_modules/tool": { version: "1.0.0", dev: true, dependencies: { b: "^2.0.0" } },
    },
  };
  const sbom = await collect(memorySource({ ...TREE, "package-lock.json": JSON.stringify(lock) }));
  assert.deepEqual(
    component(sbom, "a@1.0.0")?.occurrences.map(({ technique }) => technique),
    ["lockfile", "installed"],
  );
  const told = sbom.unknowns.map(({ what }) => what);
  assert.ok(
    told.includes("1 locked packages are not installed: pkg:npm/left@1.0.0"),
    "an optional one may be left out",
  );
  assert.ok(told.includes("1 installed packages are not locked: pkg:npm/c@1.0.0"));
});

test("what lies in an image's global folder is read without a project; what a trial has installed is for trials", async () => {
  const sbom = await collect(
    memorySource({
      "usr/lib/node_modules/npm/package.json": manifest("npm", "11.0.0", { dependencies: { abbrev: "^3" } }),
      "usr/lib/node_modules/npm/node_modules/abbrev/package.json": manifest("abbrev", "3.0.0"),
      "test/fixtures/p/package.json": manifest("p", "1.0.0", { dependencies: { tried: "1" } }),
      "test/fixtures/p/node_modules/tried/package.json": manifest("tried", "1.0.0"),
      "node_modules/test/package.json": manifest("test", "1.0.0"),
    }),
  );
  assert.ok(edges(sbom).includes("npm@11.0.0 abbrev@3.0.0 runtime"));
  assert.ok(edges(sbom).includes("p@1.0.0 tried@1.0.0 test"));
  assert.equal(component(sbom, "tried@1.0.0")?.scope, "test");
  assert.equal(component(sbom, "npm@11.0.0")?.scope, "runtime");
  assert.equal(component(sbom, "test@1.0.0")?.scope, "runtime", "a package may be called so");
});

test("the walk does not look into packages", () => {
  const source = memorySource(TREE);
  const asked: string[] = [];
  const watched = {
    ...source,
    entries: (skip?: (directory: string) => boolean) =>
      source.entries((directory) => {
        const skipped = skip?.(directory) === true;
        if (skipped) asked.push(directory);
        return skipped;
      }),
  };
  const { units } = findUnits(watched, extractors);
  assert.deepEqual(
    units.find(({ extractor }) => extractor.id === "npm/installed")?.entries.map(({ path }) => path),
    Object.keys(TREE)
      .filter((path) => !/^package|lib|planted|cache/u.test(path))
      .toSorted(),
  );
  assert.deepEqual([...new Set(asked)].toSorted(), [
    "node_modules/.cache",
    "node_modules/a/lib",
    "node_modules/a/test",
  ]);
});

test("a manifest that cannot be read is told, and the others are read", async () => {
  const sbom = await collect(
    memorySource({
      ...TREE,
      "node_modules/broken/package.json": "{",
      "node_modules/deep/package.json": "[".repeat(100_000),
      "node_modules/odd/package.json": '{"name":{"a":1},"version":["1"],"dependencies":[1],"license":[[]]}',
      "node_modules/__proto__/package.json":
        '{"name":"__proto__","version":"1.0.0","dependencies":{"__proto__":"1","constructor":"1"}}',
      "node_modules/.package-lock.json": '{"packages":[{"a":1}]}',
      "node_modules/.pnpm/lock.yaml": "a: [",
    }),
  );
  assert.equal(sbom.completeness.components, "incomplete");
  assert.ok(component(sbom, "a@1.0.0") !== undefined && component(sbom, "__proto__@1.0.0") !== undefined);
  const told = sbom.unknowns.map(({ where }) => where);
  for (const name of ["broken", "deep"]) assert.ok(told.includes(`node_modules/${name}/package.json`), name);
  assert.ok(told.includes("node_modules/.pnpm/lock.yaml"));
});

function onDisk(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>>,
): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-installed-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(target, join(folder, path));
  }
  return folder;
}

test("a store of packages linked to each other: edges go through the links, and no link leads out", async (t) => {
  const store = "node_modules/.pnpm";
  const folder = onDisk(
    t,
    {
      "project/package.json": manifest("whole", "1.0.0", { dependencies: { a: "1", out: "1", round: "1" } }),
      [`project/${store}/a@1.0.0/node_modules/a/package.json`]: manifest("a", "1.0.0", {
        dependencies: { b: "1", "@s/c": "1" },
      }),
      [`project/${store}/b@1.0.0/node_modules/b/package.json`]: manifest("b", "1.0.0"),
      [`project/${store}/b@2.0.0/node_modules/b/package.json`]: manifest("b", "2.0.0"),
      [`project/${store}/@s+c@1.0.0/node_modules/@s/c/package.json`]: manifest("@s/c", "1.0.0", {
        dependencies: { b: "2" },
      }),
      [`project/${store}/lock.yaml`]: `lockfileVersion: '9.0'\n\npackages:\n\n  b@2.0.0:\n    resolution: {integrity: ${sha512("b")}}\n`,
      "elsewhere/node_modules/out/package.json": manifest("out", "6.6.6"),
    },
    {
      "project/node_modules/a": ".pnpm/a@1.0.0/node_modules/a",
      "project/node_modules/out": "../../elsewhere/node_modules/out",
      "project/node_modules/round": "round",
      [`project/${store}/a@1.0.0/node_modules/b`]: "../../b@1.0.0/node_modules/b",
      [`project/${store}/a@1.0.0/node_modules/@s/c`]: "../../../@s+c@1.0.0/node_modules/@s/c",
      [`project/${store}/@s+c@1.0.0/node_modules/b`]: "../../b@2.0.0/node_modules/b",
    },
  );
  const sbom = await collect(await openSource(`dir:${join(folder, "project")}`));
  assert.deepEqual(
    edges(sbom).filter((edge) => !/(?:out|round) runtime$/u.test(edge)),
    [
      "%40s/c@1.0.0 b@2.0.0 runtime",
      "a@1.0.0 %40s/c@1.0.0 runtime",
      "a@1.0.0 b@1.0.0 runtime",
      "whole@1.0.0 a@1.0.0 runtime",
    ],
  );
  assert.ok(!sbom.components.some(({ version }) => version === "6.6.6"));
  assert.deepEqual(component(sbom, "b@2.0.0")?.digests, { sha512: Buffer.alloc(64, "b").toString("hex") });
  const told = sbom.unknowns.map(({ what }) => what).join("\n");
  assert.match(told, /needs out, which is not installed/u);
  assert.match(told, /needs round, which is not installed/u);
});

test("members of a workspace that npm linked are the project's own, with the needs of their manifests", async (t) => {
  const hidden = {
    lockfileVersion: 3,
    packages: {
      "node_modules/b": { version: "2.0.0" },
      "node_modules/m": { resolved: "parts/m", link: true },
      "parts/m": { version: "1.0.0" },
    },
  };
  const folder = onDisk(
    t,
    {
      "package.json": manifest("whole", "1.0.0", { workspaces: ["parts/*"], dependencies: { m: "*" } }),
      "parts/m/package.json": manifest("m", "1.0.0", { dependencies: { b: "1" }, devDependencies: { b: "2" } }),
      "parts/m/node_modules/b/package.json": manifest("b", "1.0.0"),
      "node_modules/b/package.json": manifest("b", "2.0.0", { peerDependencies: { m: "*" } }),
      "node_modules/.package-lock.json": JSON.stringify(hidden),
    },
    { "node_modules/m": "../parts/m" },
  );
  const sbom = await collect(await openSource(`dir:${folder}`));
  assert.deepEqual(edges(sbom), [
    "b@2.0.0 m@1.0.0 peer",
    "m@1.0.0 b@1.0.0 runtime",
    "whole@1.0.0 b@2.0.0 runtime",
    "whole@1.0.0 m@1.0.0 runtime",
  ]);
  assert.equal(component(sbom, "m@1.0.0")?.own, true);
  assert.match(
    sbom.unknowns.map(({ what }) => what).join(),
    /nothing needs 1 of the installed packages: node_modules\/b/u,
  );
});

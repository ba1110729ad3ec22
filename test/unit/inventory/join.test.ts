import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../src/inventory/collect.ts";
import { memorySource } from "../../support/memory-source.ts";

interface Lock {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly packages?: Readonly<Record<string, object>>;
}

const lock = ({ name, dependencies = {}, packages = {} }: Lock): string =>
  JSON.stringify({
    name,
    version: "1.0.0",
    lockfileVersion: 3,
    packages: { "": { name, version: "1.0.0", dependencies }, ...packages },
  });

const integrity = (letter: string): string => `sha512-${Buffer.alloc(64, letter).toString("base64")}`;
const library = (version: string, letter = "a"): object => ({ version, integrity: integrity(letter) });

const PARTS = {
  "package-lock.json": lock({
    name: "whole",
    dependencies: { left: "^1.0.0" },
    packages: { "node_modules/left": library("1.0.0") },
  }),
  "web/package-lock.json": lock({
    name: "web",
    dependencies: { left: "^1.0.0", right: "^2.0.0" },
    packages: { "node_modules/left": library("1.0.0"), "node_modules/right": library("2.0.0") },
  }),
  "examples/try/package-lock.json": lock({
    name: "try",
    dependencies: { only: "1.0.0", right: "^2.0.0" },
    packages: { "node_modules/only": library("1.0.0"), "node_modules/right": library("2.0.0") },
  }),
};

const edges = (sbom: Awaited<ReturnType<typeof collect>>): readonly string[] =>
  sbom.dependencies.map(({ from, to, scope }) => `${from} ${to} ${scope}`.replaceAll("pkg:npm/", ""));

test("projects of one tree are parts of its root, each with its own edges; one package is one component", async () => {
  const sbom = await collect(memorySource(PARTS));
  assert.equal(sbom.root, "pkg:npm/whole@1.0.0");
  assert.deepEqual(
    sbom.components.map(({ ref, own, scope, occurrences }) => [
      ref.replace("pkg:npm/", ""),
      own,
      scope,
      occurrences.length,
    ]),
    [
      ["left@1.0.0", false, "runtime", 2],
      ["only@1.0.0", false, "test", 1],
      ["right@2.0.0", false, "runtime", 2],
      ["try@1.0.0", true, "test", 1],
      ["web@1.0.0", true, "runtime", 1],
    ],
  );
  assert.deepEqual(edges(sbom), [
    "try@1.0.0 only@1.0.0 test",
    "try@1.0.0 right@2.0.0 test",
    "web@1.0.0 left@1.0.0 runtime",
    "web@1.0.0 right@2.0.0 runtime",
    "whole@1.0.0 left@1.0.0 runtime",
    "whole@1.0.0 try@1.0.0 test",
    "whole@1.0.0 web@1.0.0 runtime",
  ]);
});

test("another content under the same name and version is another component", async () => {
  const sbom = await collect(
    memorySource({
      ...PARTS,
      "web/package-lock.json": lock({
        name: "web",
        dependencies: { left: "^1.0.0" },
        packages: { "node_modules/left": library("1.0.0", "b") },
      }),
    }),
  );
  assert.deepEqual(
    sbom.components.filter(({ name }) => name === "left").map(({ ref }) => ref),
    ["pkg:npm/left@1.0.0", "pkg:npm/left@1.0.0#2"],
  );
  assert.ok(edges(sbom).includes("web@1.0.0 left@1.0.0#2 runtime"));
});

test("members of a workspace are the lockfile's; a manifest below a lockfile that it does not name is told", async () => {
  const sbom = await collect(
    memorySource({
      "package-lock.json": lock({
        name: "whole",
        packages: {
          member: { name: "member", version: "1.0.0" },
          "node_modules/member": { resolved: "member", link: true },
        },
      }),
      "member/package.json": '{"name":"member","version":"1.0.0","dependencies":{"x":"1"}}',
      "tools/package.json": '{"name":"tools","dependencies":{"y":"1"}}',
    }),
  );
  assert.deepEqual(
    sbom.components.map(({ name, own }) => [name, own]),
    [["member", true]],
  );
  assert.deepEqual(
    sbom.unknowns.map(({ where }) => where).filter((where) => where.endsWith("package.json")),
    ["tools/package.json"],
  );
});

test("a broken lockfile further down is an unknown; at the top it is refused", async () => {
  const sbom = await collect(memorySource({ ...PARTS, "web/package-lock.json": "{" }));
  assert.equal(sbom.completeness.components, "incomplete");
  assert.match(sbom.unknowns.map(({ what }) => what).join(), /WB-LOCKFILE-SYNTAX/u);
  await assert.rejects(collect(memorySource({ ...PARTS, "package-lock.json": "{" })), { message: /./u, name: "Fault" });
});

test("lockfiles inside installed packages are not the project's", async () => {
  const inner = lock({
    name: "inner",
    dependencies: { evil: "1.0.0" },
    packages: { "node_modules/evil": library("1.0.0") },
  });
  const sbom = await collect(
    memorySource({
      ...PARTS,
      "node_modules/left/package-lock.json": inner,
      "venv/lib/python3.11/site-packages/labext/package-lock.json": inner,
    }),
  );
  assert.deepEqual(
    sbom.components.filter(({ name }) => name === "evil"),
    [],
  );
});

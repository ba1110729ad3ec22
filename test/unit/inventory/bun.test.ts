import assert from "node:assert/strict";
import { test } from "node:test";
import { plainJson } from "../../../src/inventory/bun/jsonc.ts";
import { collect } from "../../../src/inventory/collect.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { memorySource } from "../../support/memory-source.ts";

const edges = (sbom: Sbom): readonly string[] =>
  sbom.dependencies.map(({ from, to, scope }) => `${from} ${to} ${scope}`.replaceAll("pkg:npm/", ""));
const sha512 = (letter: string): string => `sha512-${Buffer.alloc(64, letter).toString("base64")}`;

const LOCK = `{
  // a remark with "quotes"
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "whole",
      "dependencies": { "left": "^2.0.0", },
      "devDependencies": { "@s/tool": "^1.0.0" },
    },
    "parts/a": {
      "name": "a",
      "version": "1.0.0",
      "dependencies": { "left": "^1.0.0", },
      "peerDependencies": { "@s/tool": "*" },
      "optionalPeers": ["@s/tool"],
    },
  },
  "packages": {
    "@s/tool": ["@s/tool@1.0.0", "", { "dependencies": { "left": "^3.0.0" } }, "${sha512("t")}"],

    "a": ["a@workspace:parts/a"],

    "left": ["left@2.0.0", "", {}, "${sha512("2")}"],

    "@s/tool/left": ["left@3.0.0", "", {}, "${sha512("3")}"],

    "a/left": ["left@1.0.0", "", {}, "${sha512("1")}"],
  }
}
`;

test("keys of bun.lock are install positions: of members, of scoped names, nested", async () => {
  const sbom = await collect(memorySource({ "bun.lock": LOCK }));
  assert.deepEqual(edges(sbom), [
    "%40s/tool@1.0.0 left@3.0.0 runtime",
    "a@1.0.0 %40s/tool@1.0.0 peer",
    "a@1.0.0 left@1.0.0 runtime",
    "pkg:npm/whole %40s/tool@1.0.0 dev".replaceAll("pkg:npm/", ""),
    "whole a@1.0.0 runtime",
    "whole left@2.0.0 runtime",
  ]);
  assert.deepEqual(
    sbom.components.map(({ name, version, own, occurrences }) => [
      name,
      version,
      own,
      LOCK.split("\n")[(occurrences[0]?.line ?? 0) - 1]?.trim().split(":")[0],
    ]),
    [
      ["@s/tool", "1.0.0", false, '"@s/tool"'],
      ["a", "1.0.0", true, '"parts/a"'],
      ["left", "1.0.0", false, '"a/left"'],
      ["left", "2.0.0", false, '"left"'],
      ["left", "3.0.0", false, '"@s/tool/left"'],
    ],
  );
});

test("a package that the project patches is told", async () => {
  const lock = LOCK.replace(
    '"packages": {',
    '"patchedDependencies": { "left@2.0.0": "patches/left.patch" },\n  "packages": {',
  );
  const { unknowns } = await collect(memorySource({ "bun.lock": lock }));
  assert.match(unknowns.map(({ what }) => what).join(), /left@2\.0\.0 is patched by patches\/left\.patch/u);
});

test("comments and trailing commas go, strings and lines stay, and what is no JSON is none afterwards", () => {
  assert.deepEqual(JSON.parse(plainJson('{"a//b": "/* c */,}", /* x\ny */ "d": [1, 2, // e\n ], /**/ }')), {
    "a//b": "/* c */,}",
    d: [1, 2],
  });
  assert.equal(plainJson("[1, /*\n\n*/ 2]\n").split("\n").length, 4);
  for (const bad of ["[1,,]", "[,]", '{"a":1,,}', "[1 2]"]) assert.throws(() => void JSON.parse(plainJson(bad)), bad);
  const started = performance.now();
  plainJson("[".repeat(1_000_000) + ",/**/".repeat(200_000) + '"'.repeat(1_000_001));
  assert.ok(performance.now() - started < 3000);
});

test("bun's binary lockfile is told with the fix; what the manifest declares is read instead", async () => {
  const binary = Buffer.from("#!/usr/bin/env bun\nbun-lockfile-format-v0\n\0\0");
  const sbom = await collect(
    memorySource({ "bun.lockb": binary, "package.json": '{"name":"whole","dependencies":{"left":"^1.0.0"}}' }),
  );
  assert.deepEqual(
    sbom.components.map(({ name, version }) => [name, version]),
    [["left", undefined]],
  );
  assert.match(sbom.unknowns[0]?.what ?? "", /cannot be read: .*--save-text-lockfile/u);
  await assert.rejects(collect(memorySource({ "bun.lockb": binary })), {
    message: "the binary lockfile cannot be read",
  });
});

test("of two lockfiles in one folder the one that tells more is read, and the other is told", async () => {
  const sbom = await collect(
    memorySource({
      "bun.lock": LOCK,
      "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
      "package.json": '{"name":"whole"}',
    }),
  );
  assert.deepEqual(sbom.components, []);
  assert.deepEqual(
    sbom.unknowns.map(({ where }) => where),
    ["bun.lock"],
  );
});

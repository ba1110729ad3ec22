import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../src/inventory/collect.ts";
import { assembly } from "../../support/assembly.ts";
import { memorySource } from "../../support/memory-source.ts";
import { pe } from "../../support/programs.ts";

const told = async (files: Readonly<Record<string, Uint8Array | string>>): Promise<readonly string[]> =>
  (await collect(memorySource({ "package.json": "{}", ...files }))).components.map(({ ref, kind, digests }) =>
    `${ref} ${kind ?? "library"} ${digests.gitCommit ?? ""}`.trim(),
  );

test("an assembly of .NET is told by its own name and the version of its product, without a package", async () => {
  const commit = "0123456789abcdef0123456789abcdef01234567";
  assert.deepEqual(
    await told({
      "bin/Acme.Lib.dll": assembly("Acme.Lib", [4, 0, 0, 0], `4.2.1-rc.1+${commit}`),
      "bin/App.exe": assembly("App", [1, 2, 3, 4]),
      "bin/Text.dll": assembly("Text", [1, 0, 0, 0], "Version one"),
      "bin/None.dll": assembly("None", [0, 0, 0, 0]),
    }),
    ["Acme.Lib@4.2.1-rc.1 library " + commit, "App@1.2.3.4 application", "None library", "Text@1.0.0.0 library"],
  );
});

test("beside a deps.json assemblies are not told again; other programs have none", async () => {
  const dependencies = { runtimeTarget: { name: "t" }, targets: { t: {} }, libraries: {} };
  assert.deepEqual(
    await told({
      "app/Web.deps.json": JSON.stringify(dependencies),
      "app/Lib.dll": assembly("Lib", [1, 0, 0, 0]),
      "tool.exe": Buffer.concat([pe([]), Buffer.alloc(2048)]),
      "text.dll": "MZ no program".padEnd(2000),
    }),
    [],
  );
});

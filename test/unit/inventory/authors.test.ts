import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "../../../src/inventory/inspect.ts";
import { collect } from "../../../src/inventory/collect.ts";
import { readAuthor } from "../../../src/inventory/npm/author.ts";
import { archiveName } from "../../../src/inventory/npm/package-url.ts";
import { memorySource } from "../../support/memory-source.ts";

test("authors as npm's manifests write them; what is no name or address is none", () => {
  const ann = { name: "Ann B.", email: "ann@b.example" };
  const cases: readonly (readonly [unknown, unknown])[] = [
    ["Ann B. <ann@b.example> (https://b.example)", ann],
    ["Ann B. (https://b.example)", { name: "Ann B." }],
    [{ name: " Ann B. ", email: "ann@b.example", url: "https://b.example" }, ann],
    [{ name: "Ann B.", email: "not an address" }, { name: "Ann B." }],
    ["Ann\u202e\nB.", { name: "Ann��B." }],
    ["<ann@b.example>", undefined],
    ["x".repeat(1 << 20), undefined],
    [{ name: "x".repeat(1 << 20) }, undefined],
    [{ name: 7 }, undefined],
    [["Ann"], undefined],
    [undefined, undefined],
  ];
  for (const [written, expected] of cases)
    assert.deepEqual(readAuthor(written), expected, String(written).slice(0, 40));
});

test("the name of an archive is the end of its address", () => {
  const cases: readonly (readonly [string | undefined, string | undefined])[] = [
    ["https://r.example/@s/left/-/left-1.0.0.tgz", "left-1.0.0.tgz"],
    ["https://r.example/left.tgz?token=secret#a1", "left.tgz"],
    ["file:../made/left-1.0.0.tar.gz", "left-1.0.0.tar.gz"],
    ["git+ssh://git@code.example/left.git#abc", undefined],
    ["packages/left", undefined],
    ["https://r.example/..%2f.tgz", undefined],
    [undefined, undefined],
  ];
  for (const [resolved, expected] of cases) assert.equal(archiveName(resolved), expected, resolved ?? "nothing");
});

test("an SBOM has the authors that manifests name, and the file names that lockfiles give; nothing is made up", async () => {
  const manifest = { name: "app", version: "1.0.0", author: "Acme", dependencies: { left: "*", bare: "*" } };
  const lock = {
    name: "app",
    lockfileVersion: 3,
    packages: {
      "": { name: "app", version: "1.0.0", dependencies: manifest.dependencies },
      "node_modules/left": { version: "1.0.0", resolved: "https://r.example/left/-/left-1.0.0.tgz" },
      "node_modules/bare": { version: "1.0.0" },
    },
  };
  const files = { "package.json": JSON.stringify(manifest), "package-lock.json": JSON.stringify(lock) };
  const facts = async (more: Readonly<Record<string, string>>): Promise<readonly unknown[]> => {
    const { subject, components } = await collect(memorySource({ ...files, ...more }));
    return [subject.author, ...components.map(({ name, author, filename }) => [name, author, filename])];
  };
  assert.deepEqual(await facts({}), [
    { name: "Acme" },
    ["bare", undefined, undefined],
    ["left", undefined, "left-1.0.0.tgz"],
  ]);
  const left = JSON.stringify({ name: "left", version: "1.0.0", author: { name: "Ann", email: "ann@l.example" } });
  assert.deepEqual((await facts({ "node_modules/left/package.json": left })).at(-1), [
    "left",
    { name: "Ann", email: "ann@l.example" },
    "left-1.0.0.tgz",
  ]);
});

test("an analyzed package is called by its file, and what is bundled in it has its own authors", () => {
  const { subject, components } = inspect(
    memorySource(
      {
        "package/package.json": JSON.stringify({ name: "app", version: "1.0.0", author: "Acme <a@acme.example>" }),
        "package/node_modules/in/package.json": JSON.stringify({ name: "in", version: "2.0.0", author: "Ann" }),
      },
      "npm-package",
      "app-1.0.0.tgz",
    ),
  );
  assert.deepEqual([subject.author, subject.filename], [{ name: "Acme", email: "a@acme.example" }, "app-1.0.0.tgz"]);
  assert.deepEqual(
    components.map(({ name, author, filename }) => [name, author, filename]),
    [["in", { name: "Ann" }, undefined]],
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../src/inventory/collect.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { memorySource } from "../../support/memory-source.ts";
import { elf, goInfo, goInfoByPointers, machO, pe } from "../../support/programs.ts";

const HASH = `h1:${Buffer.alloc(32, 7).toString("base64")}`;
const HEX = Buffer.alloc(32, 7).toString("hex");
const edges = ({ dependencies }: Sbom): string[] => dependencies.map(({ from, to, scope }) => `${from} ${scope} ${to}`);

test("go.mod tells what is direct, what is a tool, what replaces what, and go.sum the digests", async () => {
  const sbom = await collect(
    memorySource({
      "go.mod": `module x.example/app

go 1.24.1

require (
	x.example/a v1.0.0
	"x.example/b" v1.1.0 // indirect
	x.example/tools v0.3.0 // indirect
)
require x.example/local v0.0.0
require x.example/old v1.0.0 // not indirect
replace x.example/local => ./local
replace x.example/old v1.0.0 => x.example/new v1.2.0
tool x.example/tools/cmd/gen
exclude x.example/a v0.9.0
`,
      "go.sum": `x.example/a v1.0.0 ${HASH}\nx.example/a v1.0.0/go.mod h1:bad=\n`,
    }),
  );
  assert.deepEqual(
    sbom.components.map(({ ref, direct, scope, own, occurrences }) => [ref, direct, scope, own, occurrences[0]?.line]),
    [
      ["pkg:golang/x.example/a@v1.0.0", true, "runtime", false, 6],
      ["pkg:golang/x.example/b@v1.1.0", false, "runtime", false, 7],
      ["pkg:golang/x.example/local", true, "runtime", true, 12],
      ["pkg:golang/x.example/new@v1.2.0", true, "runtime", false, 13],
      ["pkg:golang/x.example/tools@v0.3.0", true, "dev", false, 8],
      ["stdlib@1.24.1", true, "runtime", false, 3],
    ],
  );
  assert.deepEqual(sbom.components[0]?.digests, { dirHash: HEX });
  assert.equal(sbom.root, "pkg:golang/x.example/app");
  assert.deepEqual(sbom.completeness, { components: "complete", dependencies: "unknown", method: "locked" });
});

test("edges between modules are those of their own files in the module cache, in the version that the build takes", async () => {
  const source = memorySource({
    "go.mod": `module x.example/app
go 1.21
require (
	x.example/Capital v1.0.0
	x.example/b v1.5.0 // indirect
	x.example/local v0.0.0 // indirect
	x.example/gone v1.0.0 // indirect
)
replace x.example/b => x.example/fork v2.0.0+incompatible
replace x.example/local => ./local
`,
    "local/go.mod": "module x.example/local\nrequire x.example/Capital v0.1.0\n",
  });
  const cache = memorySource({
    "cache/download/x.example/!capital/@v/v1.0.0.mod":
      "module x.example/Capital\nrequire (\n\tx.example/b v1.2.0\n\tx.example/local v0.0.0 // indirect\n\tx.example/pruned v1.0.0\n)\n",
    "cache/download/x.example/fork/@v/v2.0.0+incompatible.mod": "module x.example/b\nrequire x.example/local v0.0.0\n",
  });
  const sbom = await collect(source, { goModuleCache: cache });
  assert.deepEqual(
    edges(sbom).map((edge) => edge.replaceAll("pkg:golang/x.example/", "")),
    [
      "Capital@v1.0.0 runtime fork@v2.0.0%2Bincompatible",
      "app runtime Capital@v1.0.0",
      "app runtime stdlib@1.21",
      "fork@v2.0.0%2Bincompatible runtime local",
      "local runtime Capital@v1.0.0",
    ],
  );
  assert.equal(sbom.completeness.dependencies, "incomplete");
  assert.ok(sbom.unknowns.some(({ what }) => what.endsWith("x.example/gone@v1.0.0")));
});

test("a wrong line of go.mod is refused with its number", async () => {
  for (const line of [
    "require x.example/a",
    'require "x.example/a v1.0.0',
    "replace a => b",
    "Require a v1",
    "require (",
  ]) {
    await assert.rejects(collect(memorySource({ "go.mod": `module x.example/a\n${line}\n` })), (error) => {
      assert.ok(error instanceof Fault);
      assert.equal(error.facts.code, "WB-MANIFEST-SYNTAX");
      assert.match(error.facts.where ?? "", /^go\.mod:[23]$/u);
      return true;
    });
  }
});

test("a workspace takes the highest version that a module requires, and meets needs by its own modules", async () => {
  const sbom = await collect(
    memorySource({
      "go.work": "go 1.23.0\nuse (\n\t./a\n\t./b\n\t./gone\n)\n",
      "a/go.mod": "module x.example/a\ngo 1.23\nrequire (\n\tx.example/b v1.0.0\n\tx.example/c v1.10.0\n)\n",
      "b/go.mod": "module x.example/b\ngo 1.23\nrequire x.example/c v1.9.0\n",
    }),
  );
  assert.deepEqual(edges(sbom), [
    "memory runtime pkg:golang/x.example/a",
    "memory runtime pkg:golang/x.example/b",
    "memory runtime stdlib@1.23.0",
    "pkg:golang/x.example/a runtime pkg:golang/x.example/b",
    "pkg:golang/x.example/a runtime pkg:golang/x.example/c@v1.10.0",
    "pkg:golang/x.example/b runtime pkg:golang/x.example/c@v1.10.0",
  ]);
  assert.ok(sbom.unknowns.some(({ where, what }) => where === "go.work:5" && what.includes("./gone")));
  assert.equal(sbom.completeness.components, "incomplete");
});

test("a vendored module is one component with the proof of the lockfile and that of the copy", async () => {
  const sbom = await collect(
    memorySource({
      "go.mod": "module x.example/app\ngo 1.20\nrequire x.example/a v1.0.0\n",
      "vendor/modules.txt":
        "# x.example/a v1.0.0\n## explicit; go 1.20\nx.example/a\nx.example/a/sub\n# x.example/unused v1.0.0\n",
    }),
  );
  assert.deepEqual(
    sbom.components.map(({ ref, occurrences }) => [ref, occurrences.map(({ path, line }) => `${path}:${line}`)]),
    [["pkg:golang/x.example/a@v1.0.0", ["go.mod:3", "vendor/modules.txt:1"]]],
  );
});

const MODULES = [
  "path\tx.example/app/cmd/tool",
  `mod\tx.example/app\tv1.5.0\t${HASH}`,
  `dep\tx.example/a\tv1.0.0\t${HASH}`,
  "dep\tx.example/b\tv1.0.0",
  `=>\tx.example/fork\tv1.0.1\t${HASH}`,
  "dep\tx.example/c\tv1.0.0",
  "=>\t./c\t",
  "build\tvcs=git",
  `build\tvcs.revision=${"1".repeat(40)}`,
  "",
].join("\n");

test("build information is read from ELF, PE and Mach-O, inline and by pointers", async () => {
  // The section begins behind ELF's header and its one segment's.
  const address = 0x400000 + 64 + 56 + 8;
  const programs = [
    elf([{ name: ".go.buildinfo", data: goInfo("go1.26.1 X:exp", MODULES) }]),
    pe([{ name: ".data", data: Buffer.concat([Buffer.alloc(32), goInfo("go1.26.1", MODULES)]) }]),
    machO([{ name: "__go_buildinfo", data: goInfo("go1.26.1", MODULES) }]),
    elf([{ name: ".go.buildinfo", data: goInfoByPointers("go1.26.1", MODULES, address - 8) }]),
  ];
  for (const [index, program] of programs.entries()) {
    const sbom = await collect(memorySource({ tool: program }, "file", "tool"));
    assert.equal(sbom.root, "pkg:golang/x.example/app@v1.5.0", `program ${index}`);
    assert.deepEqual(
      sbom.components.map(({ ref, own }) => [ref, own]),
      [
        ["pkg:golang/x.example/a@v1.0.0", false],
        ["pkg:golang/x.example/c", true],
        ["pkg:golang/x.example/fork@v1.0.1", false],
        ["stdlib@1.26.1", false],
      ],
    );
    assert.deepEqual(sbom.components[0]?.digests, { dirHash: HEX });
    assert.equal(sbom.dependencies.length, 4);
  }
});

test("lengths and pointers that lie give what can be read, without an error", async () => {
  const whole = goInfo("go1.26.1", MODULES);
  for (let at = 14; at < 46; at += 1) {
    for (const value of [0, 0x7f, 0xff]) {
      const data = Buffer.from(whole);
      data[at] = value;
      const source = memorySource({ tool: elf([{ name: ".go.buildinfo", data }]), "go.mod": "module x.example/m\n" });
      await collect({ ...source, artifact: { ...source.artifact, kind: "file" } });
    }
  }
});

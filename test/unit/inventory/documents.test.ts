import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { collect } from "../../../src/inventory/collect.ts";
import { diffSboms } from "../../../src/inventory/documents/diff.ts";
import { mergeSboms, subtractSbom } from "../../../src/inventory/documents/merge.ts";
import { printBranch, treeOf } from "../../../src/inventory/documents/tree.ts";
import { reasonPaths } from "../../../src/inventory/paths.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { memorySource } from "../../support/memory-source.ts";
import { anySbom } from "../format/sboms.ts";

/** An npm project: its name, what it needs, and packages by install position with what they need. */
function project(name: string, needs: readonly string[], packages: Readonly<Record<string, object>>): Promise<Sbom> {
  const wanted = Object.fromEntries(needs.map((need) => [need, "*"]));
  const root = { name, version: "1.0.0", dependencies: wanted };
  const positions = Object.entries(packages).map(([at, entry]) => [`node_modules/${at}`, entry]);
  return collect(
    memorySource({
      "package-lock.json": JSON.stringify({
        name,
        lockfileVersion: 3,
        packages: { "": root, ...Object.fromEntries(positions) },
      }),
    }),
  );
}

const needs = (version: string, ...names: readonly string[]): object => ({
  version,
  dependencies: Object.fromEntries(names.map((name) => [name, "*"])),
});

const short = (text: string): string => text.replaceAll("pkg:npm/", "");

test("a diff tells versions, packages, facts and edges; the root's own version is no change of edges", async () => {
  const before = await project("app", ["a", "b"], { a: needs("1.0.0", "c"), b: needs("1.0.0"), c: needs("1.0.0") });
  const after = await project("app", ["a"], {
    a: needs("2.0.0", "c"),
    c: { ...needs("1.0.0"), license: "MIT" },
    d: needs("1.0.0"),
  });
  const found = diffSboms(before, {
    ...after,
    root: "pkg:npm/app@2.0.0",
    dependencies: after.dependencies.map((edge) => ({
      ...edge,
      from: edge.from === after.root ? "pkg:npm/app@2.0.0" : edge.from,
    })),
  });
  assert.deepEqual(JSON.parse(short(JSON.stringify(found))), {
    added: ["a@2.0.0", "d@1.0.0"],
    removed: ["a@1.0.0", "b@1.0.0"],
    changed: [{ name: "a", before: ["1.0.0"], after: ["2.0.0"] }],
    details: [{ component: "c@1.0.0", what: "licence", before: "none", after: "MIT" }],
    edgesAdded: [
      [".", "a@2.0.0"],
      ["a@2.0.0", "c@1.0.0"],
    ],
    edgesRemoved: [
      [".", "a@1.0.0"],
      [".", "b@1.0.0"],
      ["a@1.0.0", "c@1.0.0"],
    ],
  });
});

test("a tree shows each component's needs once, ends in cycles and at its depth", async () => {
  const sbom = await project("app", ["a", "b"], { a: needs("1.0.0", "b"), b: needs("1.0.0", "a") });
  const lines = (depth: number): readonly string[] =>
    [...treeOf(sbom, depth)].map((one) => short(printBranch(one)).replaceAll("npm/", ""));
  assert.deepEqual(lines(10), ["app@1.0.0", "├─ a@1.0.0", "│  └─ b@1.0.0", "│     └─ a@1.0.0 …", "└─ b@1.0.0 …"]);
  assert.deepEqual(lines(1), ["app@1.0.0", "├─ a@1.0.0", "└─ b@1.0.0"]);
});

test("a graph as deep as it has components neither overflows nor repeats", () => {
  const chain = Array.from({ length: 50_000 }, (_, index) => ({
    from: `c${index}`,
    to: `c${index + 1}`,
    scope: "runtime" as const,
  }));
  const sbom = { root: "c0", dependencies: chain } as unknown as Sbom;
  let last = 0;
  for (const { depth } of treeOf({ ...sbom, dependencies: chain.slice(0, 2000) }, 10_000)) last = depth;
  assert.equal(last, 2000);
  assert.deepEqual(reasonPaths(sbom, "c50000", 1), []);
});

test("laws: no difference from itself; nothing is left of itself; a merge with itself adds but the roots", () => {
  fc.assert(
    fc.property(anySbom, (sbom) => {
      const same = diffSboms(sbom, structuredClone(sbom));
      assert.ok(Object.values(same).every((list: readonly unknown[]) => list.length === 0));
      assert.deepEqual(subtractSbom(sbom, sbom).components, []);
      const names = new Set(sbom.components.map(({ ref }) => ref));
      const added = mergeSboms({ name: "whole", digests: {} }, [sbom]).components.filter(({ ref }) => !names.has(ref));
      assert.ok(added.length >= 1);
    }),
    { numRuns: 60 },
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { standings } from "../../../src/format/report/graph.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { layeredSbom } from "../../support/sample-report.ts";

function graph(edges: readonly string[], own: readonly string[] = []): Sbom {
  const pairs = edges.map((edge) => edge.split(" ") as [string, string]);
  const refs = [...new Set(pairs.flat())].filter((ref) => ref !== "root");
  const [template] = layeredSbom(1).components;
  assert.ok(template !== undefined);
  return {
    ...layeredSbom(0),
    root: "root",
    components: refs.map((ref) => ({ ...template, ref, name: ref, direct: false, own: own.includes(ref) })),
    dependencies: pairs.map(([from, to]) => ({ from, to, scope: "runtime" })),
  };
}

function shown(sbom: Sbom): Record<string, string> {
  return Object.fromEntries([...standings(sbom)].map(([ref, { depth, through }]) => [ref, `${depth} ${through}`]));
}

test("the shortest path decides depth and the direct dependency it goes through; circles end", () => {
  const found = shown(graph(["root a", "root b", "a c", "c d", "b d", "d a", "d e", "e e"]));
  assert.deepEqual(found, { a: "1 a", b: "1 b", c: "2 a", d: "2 b", e: "3 b" });
});

test("what the root does not reach has no standing", () => {
  assert.deepEqual(shown(graph(["root a", "x y"])), { a: "1 a" });
});

test("what the project's own members need counts as needed by the project", () => {
  assert.deepEqual(shown(graph(["root m", "m a", "a b"], ["m"])), { m: "0 m", a: "1 a", b: "2 a" });
});

test("a chain of 20,000 does not exhaust the stack", () => {
  const edges = Array.from({ length: 20_000 }, (_, i) => `${i === 0 ? "root" : `c${i - 1}`} c${i}`);
  assert.equal(standings(graph(edges)).get("c19999")?.depth, 20_000);
});

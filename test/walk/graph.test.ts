import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Sbom } from "../../src/model/sbom.ts";
import { collectFrom } from "../../src/station/collect-from.ts";
import { shared } from "../support/shared.ts";

const TRUTH = { "npm-lock": [1830, 4520, 346], app: [1577, 3817, 262], lib: [156, 217, 0] } as const;

/** `name@version` of a package URL, as the truth writes it. */
const told = (ref: string): string => decodeURIComponent(ref.replace("pkg:npm/", ""));

const edgesOf = (sbom: Sbom): ReadonlySet<string> =>
  new Set(sbom.dependencies.map(({ from, to }) => `${told(from)} ${told(to)}`));

test("packages, edges and scopes of the real lockfiles are exact", async (t) => {
  for (const [name, [packages, edges, runtime]] of Object.entries(TRUTH)) {
    const folder = shared(t, `bench/${name}`);
    if (folder === undefined) return;
    const sbom = await collectFrom(folder);
    assert.deepEqual([sbom.components.length, edgesOf(sbom).size], [packages, edges], name);
    assert.equal(sbom.components.filter(({ scope }) => scope !== "dev").length, runtime, `${name}: not dev`);
  }
});

test("every edge of npm-lock is Node's resolution, and none is false", async (t) => {
  const folder = shared(t, "bench/npm-lock");
  if (folder === undefined) return;
  const { dependsOn } = JSON.parse(readFileSync(join(folder, "edges.json"), "utf8")) as {
    dependsOn: Record<string, string[]>;
  };
  const wanted = new Set(Object.entries(dependsOn).flatMap(([from, list]) => list.map((to) => `${from} ${to}`)));
  const found = edgesOf(await collectFrom(folder));
  assert.deepEqual(
    [...wanted].filter((edge) => !found.has(edge)),
    [],
  );
  assert.deepEqual(
    [...found].filter((edge) => !wanted.has(edge)),
    [],
  );
});

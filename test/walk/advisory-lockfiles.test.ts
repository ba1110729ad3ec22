import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { buildIndex } from "../../src/advisory/build.ts";
import { openIndex } from "../../src/advisory/index-file.ts";
import { match } from "../../src/advisory/match.ts";
import { collectFrom } from "../../src/station/collect-from.ts";
import { shared } from "../support/shared.ts";

interface Expected {
  readonly peer_failed?: boolean | string | null;
  readonly expected: readonly {
    readonly name: string;
    readonly version: string;
    readonly ids: readonly string[];
    readonly groups: readonly (readonly string[])[];
  }[];
}

/** Pairs that the peer does not give and that the advisories imply all the same; docs/accuracy.md argues each. */
const ARGUED = /^set-value@(?:0\.4\.3|2\.0\.0) GHSA-4jqc-8m5r-9rpr$/u;

/** The four package-lock inputs, with what osv-scanner found in them on the same advisories (docs/accuracy.md argues the differences). */
const INPUTS = ["NodeGoat@2021-01-27", "NodeGoat@2023-03-06", "nodejs-goof@2020-01-30", "nodejs-goof@2021-06-15"];

test("every (package, advisory) pair of the real lockfiles is found, and none that the peer does not imply", async (t) => {
  const mirror = shared(t, "data/osv-mirror");
  if (mirror === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "waybill-lockfiles-"));
  try {
    const path = join(folder, "npm.db");
    await buildIndex(mirror, path, ["npm"]);
    const index = openIndex(path);
    for (const name of INPUTS) {
      const input = shared(t, `data/lockfiles/npm/${name}`);
      if (input === undefined) return;
      const truth = JSON.parse(readFileSync(join(input, "expected.json"), "utf8")) as Expected;
      const result = match(await collectFrom(join(input, "package-lock.json")), index);
      const found = new Set(
        result.findings.flatMap(({ name: each, version, ids }) => ids.map((id) => `${each}@${version} ${id}`)),
      );
      const wanted = new Set(
        truth.expected.flatMap(({ name: each, version, ids }) => ids.map((id) => `${each}@${version} ${id}`)),
      );
      const missed = [...wanted].filter((pair) => !found.has(pair));
      // Ids of a group that are no records of this mirror (a CVE that only aliases name) are no pairs of their own.
      const extra = result.findings
        .filter(({ name: each, version, ids }) => !ids.some((id) => wanted.has(`${each}@${version} ${id}`)))
        .map(({ name: each, version, id }) => `${each}@${version} ${id}`);
      t.diagnostic(
        `${name}: ${result.components} components, ${result.findings.length} findings; pairs wanted ${wanted.size}, found ${found.size}, missed ${missed.length}, extra ${extra.length}`,
      );
      for (const pair of [
        ...missed.slice(0, 5).map((each) => `missed ${each}`),
        ...extra.slice(0, 5).map((each) => `extra ${each}`),
      ])
        t.diagnostic(pair);
      assert.deepEqual(missed, [], `${name}: missed`);
      // The peer cannot read this one at all (a boolean `resolved`): its empty expectation says nothing.
      if (!truth.peer_failed)
        assert.deepEqual(
          extra.filter((pair) => !ARGUED.test(pair)),
          [],
          `${name}: not implied by the advisories`,
        );
    }
    index.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

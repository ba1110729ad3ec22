import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../src/inventory/collect.ts";
import { Fault } from "../../src/model/fault.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { memorySource } from "../support/memory-source.ts";
import { ndb, sqlite } from "../support/rpm-database.ts";

const RELEASE = 'ID="rocky"\nVERSION_ID="9.4"\n';

test("changed bytes of a database end in an inventory or a fault", async () => {
  let seed = 20_261_124;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (const [path, bytes] of [
    ["var/lib/rpm/rpmdb.sqlite", sqlite()],
    ["var/lib/rpm/Packages.db", ndb()],
  ] as const) {
    for (let input = 0; input < 300; input += 1) {
      const changed = Buffer.from(bytes.subarray(0, input % 3 === 0 ? next(bytes.length) : bytes.length));
      // Mostly where the structure is.
      for (let times = 0; times < 4 && changed.length > 0; times += 1)
        changed[next(Math.min(changed.length, times % 2 === 0 ? 4096 : changed.length))] = next(256);
      await collect(memorySource({ "etc/os-release": RELEASE, [path]: changed })).catch((error: unknown) => {
        assert.ok(error instanceof Fault, String(error));
      });
    }
  }
});

test("a hostile list of needs costs no more than its size", async () => {
  const names = Array.from({ length: 2000 }, (_, at) => `p${at}`);
  const needs = `D:${Array.from({ length: 500 }, (_, at) => `x x${at}`).join(" ")}`;
  const text = names.map((name) => `P:${name}\nV:1\np:x\n${needs}\n`).join("\n");
  const started = cpuMilliseconds();
  await collect(memorySource({ "lib/apk/db/installed": text }));
  assert.ok(cpuMilliseconds() - started < 10_000);
});

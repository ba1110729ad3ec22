import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { failedFault } from "../../../src/station/build/build-fault.ts";
import { openLog, settleLog } from "../../../src/station/build/build-log.ts";

function file(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "build.log");
}

function settled(t: TestContext, text: string): string {
  const path = file(t);
  writeFileSync(path, text, "latin1");
  settleLog(path);
  return readFileSync(path, "latin1");
}

const LINES: readonly (readonly [string, string])[] = [
  ["added 3 packages in 845ms", "added 3 packages in (duration)"],
  ["added 3 packages in 2s", "added 3 packages in (duration)"],
  ["added 812 packages in 1m", "added 812 packages in (duration)"],
  ["built in 1.23s", "built in (duration)"],
  ["Finished after 1 m 12.5 s", "Finished after (duration)"],
  ["compiled in 1234 ms (took 3 seconds)", "compiled in (duration) (took (duration))"],
  // No durations: colours, sizes, versions, hashes, counts.
  ["\u001b[32mgreen\u001b[0;1m", "\u001b[32mgreen\u001b[0;1m"],
  ["index.js 12.5 kB, v1.2.3, 5seven, 3 modules, a1b2s", "index.js 12.5 kB, v1.2.3, 5seven, 3 modules, a1b2s"],
  ["\xff\xfe 5 more", "\xff\xfe 5 more"],
];
for (const [text, expected] of LINES)
  test(`durations go out of a log, all else stays: ${JSON.stringify(text)}`, (t) => {
    assert.equal(settled(t, text), expected);
  });

test("a log made to be slow is settled soon", (t) => {
  const begin = performance.now();
  for (const text of ["1".repeat(2 << 20), "1 m ".repeat(1 << 19), "\u001b[".repeat(1 << 20), "1.".repeat(1 << 20)])
    settled(t, text);
  assert.ok(performance.now() - begin < 5000, "took too long");
});

test("a cache on a full disk is no registry without an answer", (t) => {
  const log = openLog(file(t));
  const proxy = {
    exchanges: () => [],
    failures: () => ["https://registry.example/a: ENOSPC: no space left on device, write"],
  };
  assert.equal(failedFault(["npm", "ci"], 1, log, proxy).facts.code, "WB-BUILD-DISK-FULL");
  log.close();
  log.close();
});

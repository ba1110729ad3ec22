import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { zstdCompressSync } from "node:zlib";
import { makeTar } from "../unit/artifact/make-archive.ts";
import { makeLayout } from "../unit/artifact/make-formats.ts";

const OPEN = pathToFileURL(join(import.meta.dirname, "../../src/artifact/open.ts")).href;
const PIECE = randomBytes(1 << 20);
const PIECES = 512;
const FILES = 200_000;
/** What Node takes for opening any image. */
const BASE_KIB = 150 * 1024;

/** Opens and hashes everything in a process of its own; gives its peak memory in KiB (Linux's `ru_maxrss` would count the parent's). */
function peakOf(reference: string, temporary: string): number {
  const code = `
    const { openSource } = await import(${JSON.stringify(OPEN)});
    const source = await openSource(${JSON.stringify(reference)});
    for (const entry of source.entries()) entry.sha256();
    source.close();
    const { existsSync, readFileSync } = await import("node:fs");
    const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
    console.log(/^VmHWM:\\s*(\\d+)/m.exec(status)?.[1] ?? process.memoryUsage.rss() / 1024);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    encoding: "utf8",
    env: { ...process.env, TMPDIR: temporary },
  });
  assert.equal(status, 0, stderr);
  return Number(stdout);
}

test("anchore/syft#3800: half a gibibyte in an image or archive takes no more memory than its names", (t) => {
  const root = mkdtempSync(join(tmpdir(), "waybill-memory-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const temporary = mkdtempSync(join(root, "tmp-"));
  const members = Array.from({ length: PIECES }, (_, at) => ({
    path: `usr/lib/${at}.so`,
    content: PIECE,
    mode: 0o755,
  }));
  const tar = makeTar(members);
  makeLayout(join(root, "image"), [{ layers: [tar], compress: (layer) => zstdCompressSync(layer) }]);
  writeFileSync(join(root, "plain.tar"), tar);
  writeFileSync(join(root, "packed.tar.zst"), zstdCompressSync(tar));
  for (const name of ["image", "plain.tar", "packed.tar.zst"]) {
    const peak = peakOf(join(root, name), temporary);
    t.diagnostic(`${name}: ${peak} KiB`);
    assert.ok(peak < 400 * 1024, `${name} takes ${peak} KiB`);
    assert.deepEqual(readdirSync(temporary), [], "nothing stays in the temporary folder");
  }
});

test("anchore/grype#1509: very many small files in a small image cost memory by their names alone", (t) => {
  const root = mkdtempSync(join(tmpdir(), "waybill-names-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const temporary = mkdtempSync(join(root, "tmp-"));
  const names = Array.from({ length: FILES }, (_, at) => ({
    path: `usr/share/many/${at % 100}/${at}`,
    content: "",
  }));
  makeLayout(join(root, "image"), [{ layers: [makeTar(names)], compress: (layer) => zstdCompressSync(layer) }]);
  const peak = peakOf(join(root, "image"), temporary);
  t.diagnostic(`${FILES} files: ${peak} KiB`);
  // One KiB each; the peer took 12 GB for 3 million.
  assert.ok(peak < BASE_KIB + FILES, `${FILES} files take ${peak} KiB`);
});

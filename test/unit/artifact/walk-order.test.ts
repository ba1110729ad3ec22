import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { openDirectory } from "../../../src/artifact/directory-source.ts";

/** Characters before and behind `/` in the order of code units, so that folders and their neighbours mix. */
const name = fc.string({ unit: fc.constantFrom("a", "b", "-", ".", " ", "0", "é", "!"), minLength: 1, maxLength: 3 });
const path = fc
  .array(name, { minLength: 1, maxLength: 4 })
  .filter((parts) => !parts.some((part) => /^\.{1,2}$/.test(part)));

test("a folder is walked in the order of whole paths, however folders and files are called", () => {
  fc.assert(
    fc.property(fc.array(path, { maxLength: 25 }), (paths) => {
      const root = mkdtempSync(join(tmpdir(), "waybill-walk-"));
      try {
        const made = new Set<string>();
        for (const parts of paths) {
          const folders = parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("/"));
          const whole = parts.join("/");
          // What is a file here cannot be a folder there.
          try {
            mkdirSync(join(root, ...parts.slice(0, -1)), { recursive: true });
            writeFileSync(join(root, whole), "");
          } catch {
            continue;
          }
          for (const each of [...folders, whole]) made.add(each);
        }
        const source = openDirectory("x", root);
        const sorted = [...made].sort();
        assert.deepEqual(
          [...source.entries()].map((entry) => entry.path),
          sorted,
        );
        const pruned = (folder: string): boolean => folder.endsWith("a");
        assert.deepEqual(
          [...source.entries(pruned)].map((entry) => entry.path),
          sorted.filter((each) => {
            const entry = source.find(each);
            const parts = each.split("/");
            const above = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
            return !above.some((folder) => pruned(folder) && (folder !== each || entry?.kind === "directory"));
          }),
        );
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    }),
    { numRuns: 60 },
  );
});

test("the digest of a folder leaves out installed packages, and nothing else", (t) => {
  const root = mkdtempSync(join(tmpdir(), "waybill-walk-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const digest = (): string | undefined => openDirectory("x", root).artifact.digests.dirHash;
  writeFileSync(join(root, "own.py"), "1");
  const before = digest();
  for (const folder of ["venv/lib/python3/site-packages", "usr/dist-packages", "node_modules"]) {
    mkdirSync(join(root, folder, "x"), { recursive: true });
    writeFileSync(join(root, folder, "x/y.py"), "2");
  }
  assert.equal(digest(), before);
  mkdirSync(join(root, "not-site-packages"));
  symlinkSync("own.py", join(root, "not-site-packages/link"));
  assert.notEqual(digest(), before);
});

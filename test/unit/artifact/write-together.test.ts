import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { refuseUnwritable, replaceTogether } from "../../../src/artifact/write-together.ts";
import { Fault } from "../../../src/model/fault.ts";

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), "waybill-test-"));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const unwritable = (error: unknown): boolean => error instanceof Fault && error.facts.code === "WB-OUTPUT-UNWRITABLE";

const FILES = [
  ["papers", "new papers"],
  ["artifact", "new artifact"],
] as const;

test("files take the place of older ones, in a folder that is made, and nothing else stays there", (t) => {
  const at = join(folder(t), "a/b");
  replaceTogether(at, [["artifact", "older"]]);
  replaceTogether(at, FILES);
  assert.deepEqual(readdirSync(at).toSorted(), ["artifact", "papers"]);
  assert.equal(readFileSync(join(at, "artifact"), "utf8"), "new artifact");
});

test("a folder in the place of a file is found before anything is changed", (t) => {
  const at = folder(t);
  writeFileSync(join(at, "artifact"), "older");
  mkdirSync(join(at, "papers"));
  assert.throws(() => replaceTogether(at, FILES), unwritable);
  assert.equal(readFileSync(join(at, "artifact"), "utf8"), "older");
  assert.deepEqual(readdirSync(at).toSorted(), ["artifact", "papers"]);
});

test("a folder that was made for nothing goes again, and those above it that were made with it", (t) => {
  const at = folder(t);
  assert.throws(() => replaceTogether(join(at, "a/b"), [["no/such/folder", "x"]]), unwritable);
  assert.deepEqual(readdirSync(at), []);
});

test("an unwritable place is known before: below a file, not below a folder that is still to be made", (t) => {
  const at = folder(t);
  writeFileSync(join(at, "file"), "");
  assert.throws(() => refuseUnwritable(join(at, "file/out")), unwritable);
  assert.throws(() => refuseUnwritable(join(at, "file")), unwritable);
  refuseUnwritable(join(at, "new/out"));
  assert.equal(existsSync(join(at, "new")), false);
});

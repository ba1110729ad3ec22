import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/rules-of-trust.md"), "utf8");
const rows = page.split("\n").filter((line) => /^\| \d+\. /u.test(line));

test("every rule of trust has its line, with a test, or with why there is none", () => {
  assert.deepEqual(
    rows.map((row) => Number.parseInt(row.slice(2), 10)),
    Array.from({ length: 13 }, (_, index) => index + 1),
  );
  for (const row of rows) {
    const [, , tests, open] = row.split("|");
    assert.ok((tests ?? "").trim() !== "" || (open ?? "").trim() !== "", row);
  }
});

test("every test that the page names is there", () => {
  const named = Array.from(page.matchAll(/`(test\/[^`]+\.test\.ts)` "([^"]+)"/gu), ([, file, name]) => ({
    file,
    name,
  }));
  assert.ok(named.length > 30, String(named.length));
  for (const { file = "", name = "" } of named) {
    const path = join(root, file);
    assert.ok(existsSync(path) && readFileSync(path, "utf8").includes(name), `${file}: ${name}`);
  }
});

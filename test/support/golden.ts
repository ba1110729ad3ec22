import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Compares with test/golden/NAME; `npm test -- -u` writes it anew. */
export function golden(name: string, actual: string): void {
  const path = join(import.meta.dirname, "../golden", name);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
    return;
  }
  assert.ok(existsSync(path), `golden file ${name} is missing: npm test -- -u writes it`);
  assert.equal(actual, readFileSync(path, "utf8"), `golden file ${name} differs: npm test -- -u writes it anew`);
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";

const root = join(import.meta.dirname, "../../../shared");

/** Path of common test data beside the checkout. Missing: fails in CI, elsewhere the test is counted as not run. */
export function shared(t: TestContext, path: string): string | undefined {
  const full = join(root, path);
  if (existsSync(full)) return full;
  if (process.env["CI"] === "true") throw new Error(`shared/${path} is missing beside the checkout: CI must have it`);
  t.skip("needs ../shared");
  return undefined;
}

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../..");
const CODE = /WB-[A-Z0-9]+(?:-[A-Z0-9]+)*/gu;

test("every code of the source stands in docs/codes.md, and no other", () => {
  const used = new Set<string>();
  for (const file of globSync("src/**/*.ts", { cwd: root })) {
    for (const [code] of readFileSync(join(root, file), "utf8").matchAll(/"(WB-[A-Z0-9-]+)"/gu))
      used.add(code.slice(1, -1));
  }
  const listed = new Set(
    Array.from(readFileSync(join(root, "docs/codes.md"), "utf8").matchAll(CODE), ([code]) => code),
  );
  assert.deepEqual([...used].filter((code) => !listed.has(code)).toSorted(), [], "used, not listed");
  assert.deepEqual([...listed].filter((code) => !used.has(code)).toSorted(), [], "listed, not used");
});

test("only trust/verify.ts makes evidence (DESIGN, 'only verify() can make an Evidence')", () => {
  const makers = globSync("src/**/*.ts", { cwd: root }).filter((file) =>
    /\bas (?:unknown as )?Evidence\b|<Evidence>\s*\{/u.test(readFileSync(join(root, file), "utf8")),
  );
  assert.deepEqual(makers, ["src/trust/verify.ts"]);
});

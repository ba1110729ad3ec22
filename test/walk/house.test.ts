import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../..");
const rooms = "model artifact format inventory advisory trust evidence threat policy station cli server".split(" ");

function lint(path: string): number | null {
  return spawnSync(join(root, "node_modules/.bin/oxlint"), ["--deny-warnings", path], { cwd: root }).status;
}

test("a planted import against the arrows turns the check red, in every room", () => {
  for (const [index, room] of rooms.entries()) {
    const wrong = room === "cli" ? "server" : room === "server" ? "cli" : rooms[index + 1];
    const path = join(root, "src", room, "planted-by-test.ts");
    mkdirSync(join(root, "src", room), { recursive: true });
    try {
      for (const line of [
        `import { x } from "../${wrong}/x.ts";\nconsole.log(x);\n`,
        `import type { X } from "../${wrong}/x.ts";\nexport type Y = X;\n`,
        `export const x = (): Promise<unknown> => import("../${wrong}/x.ts");\n`,
      ]) {
        writeFileSync(path, line);
        assert.notEqual(lint(path), 0, `${room} may not import ${wrong}: ${line}`);
      }
      writeFileSync(path, `export const planted = 1;\n`);
      assert.equal(lint(path), 0);
    } finally {
      rmSync(path, { force: true });
    }
  }
});

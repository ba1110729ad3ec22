import assert from "node:assert/strict";
import { test } from "node:test";
import { workspaceMembers } from "../../../src/inventory/npm/members.ts";
import { memorySource } from "../../support/memory-source.ts";

const FOLDERS = ["apps/web", "apps/web/node_modules/x", "apps/api/v2", "libs/a", "libs/deep/er/b", "libs/off", "tools"];
const source = memorySource(
  Object.fromEntries(
    FOLDERS.flatMap((folder) => [
      [`${folder}/package.json`, `{"name":"${folder.replaceAll("/", "-")}"}`],
      [`repo/${folder}/package.json`, "{}"],
    ]),
  ),
);
const members = (patterns: readonly string[], folder = ""): readonly string[] => [
  ...workspaceMembers(patterns, folder, source).keys(),
];

test("patterns name folders by name, by star, at any depth, by choice, and with exceptions", () => {
  assert.deepEqual(members(["tools", "./libs/a/"]), ["tools", "libs/a"]);
  assert.deepEqual(members(["apps/*"]), ["apps/web"]);
  assert.deepEqual(members(["libs/**", "!libs/off"]), ["libs/a", "libs/deep/er/b"]);
  assert.deepEqual(members(["{apps,libs}/*"]), ["apps/web", "libs/a", "libs/off"]);
  assert.deepEqual(members(["libs/*"], "repo"), ["libs/a", "libs/off"]);
  assert.deepEqual(members(["../*", "/etc", "**/node_modules/*"]), []);
});

test("patterns made to explode end in time", () => {
  const started = performance.now();
  members(Array.from({ length: 200 }, () => `${"**/*a*b*/".repeat(50)}x`));
  assert.ok(performance.now() - started < 2000);
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Fault } from "../../../src/model/fault.ts";
import { parseConfiguration, readConfiguration } from "../../../src/station/build/configuration.ts";

function project(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function parse(text: string) {
  return parseConfiguration(Buffer.from(text), "waybill.yaml");
}

async function refused(text: string, code: string, where: string): Promise<void> {
  await assert.rejects(parse(text), (error) => {
    assert.ok(error instanceof Fault, String(error));
    assert.deepEqual([error.facts.code, error.facts.where], [code, where], text);
    return true;
  });
}

test("npm's default with and without a lockfile", async (t) => {
  const locked = await readConfiguration(project(t, { "package.json": "{}", "package-lock.json": "{}" }));
  assert.equal(locked.locked, true);
  assert.deepEqual(locked.commands, [
    ["npm", "ci"],
    ["npm", "run", "build", "--if-present"],
    ["npm", "pack", "--pack-destination", ".waybill-out"],
  ]);
  const open = await readConfiguration(project(t, { "package.json": "{}" }));
  assert.equal(open.locked, false);
  assert.deepEqual(open.commands[0], ["npm", "install", "--no-package-lock"]);
});

test("a project without any build says so", async (t) => {
  await assert.rejects(readConfiguration(project(t, {})), (error) => {
    return error instanceof Fault && error.facts.code === "WB-CONFIG-NO-BUILD";
  });
});

test("a file gives commands, outputs, environment and limits", async () => {
  const text = [
    "version: 1",
    "build:",
    "  commands:",
    "    - [make, all]",
    "    - echo done > log",
    "  outputs: [dist/*.js]",
    "  environment: { LEVEL: 3, NAME: x }",
    "  limits: { timeSeconds: 5 }",
  ].join("\n");
  assert.deepEqual(await parse(text), {
    commands: [
      ["make", "all"],
      ["sh", "-c", "echo done > log"],
    ],
    outputs: ["dist/*.js"],
    environment: { LEVEL: "3", NAME: "x" },
    limits: { timeSeconds: 5 },
  });
});

test("what it does not know is refused with its line", async () => {
  await refused("version: 1\nbuid: {}\n", "WB-CONFIG-UNKNOWN-KEY", "waybill.yaml:2");
  await refused("version: 1\nbuild:\n  command: x\n", "WB-CONFIG-UNKNOWN-KEY", "waybill.yaml:3");
  await refused("version: 1\nbuild:\n  limits: { time: 3 }\n", "WB-CONFIG-UNKNOWN-KEY", "waybill.yaml:3");
  await refused("version: 1\n__proto__: { x: 1 }\n", "WB-CONFIG-UNKNOWN-KEY", "waybill.yaml:2");
  await refused("version: 2\n", "WB-CONFIG-VALUE", "waybill.yaml:1");
  await refused("build: {}\n", "WB-CONFIG-VALUE", "waybill.yaml:1");
  await refused("version: 1\nbuild:\n  commands: []\n", "WB-CONFIG-VALUE", "waybill.yaml:3");
  await refused("version: 1\nbuild:\n  outputs: [../x]\n", "WB-CONFIG-VALUE", "waybill.yaml:3");
  await refused("version: 1\nbuild:\n  limits: { timeSeconds: -1 }\n", "WB-CONFIG-VALUE", "waybill.yaml:3");
  await refused("version: 1\nbuild: [\n", "WB-CONFIG-SYNTAX", "waybill.yaml:3");
  await refused("version: 1\nversion: 1\n", "WB-CONFIG-SYNTAX", "waybill.yaml:2");
  await refused(`version: 1 # ${"x".repeat(70_000)}`, "WB-CONFIG-SYNTAX", "waybill.yaml:1");
});

test("a project cannot set what leads around the recorder", async () => {
  for (const name of [
    "PATH",
    "HOME",
    "npm_config_registry",
    "NPM_CONFIG_REGISTRY",
    "https_proxy",
    "LD_PRELOAD",
    "NODE_OPTIONS",
  ])
    await refused(`version: 1\nbuild:\n  environment:\n    ${name}: x\n`, "WB-CONFIG-VALUE", "waybill.yaml:4");
});

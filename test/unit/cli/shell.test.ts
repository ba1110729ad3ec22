import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { parseCall } from "../../../src/cli/shell/command.ts";
import { exitCodeOfFault, faultText } from "../../../src/cli/shell/fault-text.ts";
import { commandHelp, overview } from "../../../src/cli/shell/help.ts";
import { unknownCommand } from "../../../src/cli/shell/suggest.ts";
import type { Terminal } from "../../../src/cli/shell/terminal.ts";
import { VERSION } from "../../../src/cli/version.ts";
import { Fault } from "../../../src/model/fault.ts";

const silent: Terminal = {
  result: () => {},
  message: () => {},
  progress: () => {},
  done: () => {},
  color: (_, text) => text,
  columns: 80,
  verbose: false,
};

test("the version is the package's", () => {
  const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  assert.equal(VERSION, version);
});

test("every command is listed, helps with examples, and its examples' flags exist", async () => {
  assert.match(overview(COMMANDS, VERSION), /waybill check \./u);
  for (const { name, load } of COMMANDS) {
    const command = await load();
    assert.equal(command.name, name);
    assert.ok(command.examples.length > 0, `${name} has no example`);
    const help = commandHelp(command);
    assert.ok(help.includes("usage: waybill"), name);
    for (const [example] of command.examples) {
      const words = example.split(" ").slice(2);
      assert.ok(example.startsWith(`waybill ${name}`), example);
      assert.doesNotThrow(() => parseCall(command, words, silent), `${example} does not parse`);
    }
  }
});

test("a flag that the command does not have is a usage fault with exit code 2", async () => {
  const command = await (COMMANDS[0] as (typeof COMMANDS)[number]).load();
  assert.throws(
    () => parseCall(command, ["--polcy", "x"], silent),
    (error: unknown) =>
      error instanceof Fault && error.facts.code === "WB-USAGE-OPTION" && exitCodeOfFault(error.facts) === 2,
  );
});

test("what comes after -- is kept apart", async () => {
  const command = await (COMMANDS[0] as (typeof COMMANDS)[number]).load();
  const call = parseCall(command, [".", "--quiet", "--", "--not-ours"], silent);
  assert.deepEqual([call.words, call.rest, call.has("quiet")], [["."], ["--not-ours"], true]);
});

test("a fault is one line and a hint line", () => {
  const text = faultText({
    code: "WB-X",
    kind: "input",
    what: "it is\nbroken",
    where: "a:1",
    expected: "this",
    found: "that",
    fix: "do it",
  });
  assert.equal(text, "waybill: WB-X a:1: it is broken; expected this; found that\n  hint: do it");
});

test("kinds of faults have the exit codes of the contract", () => {
  const code = (kind: "input" | "refused" | "unchecked"): number => exitCodeOfFault({ code: "WB-X", kind, what: "" });
  assert.deepEqual([code("refused"), code("input"), code("unchecked")], [1, 2, 3]);
});

test("an unknown command names the nearest", () => {
  assert.equal(
    unknownCommand(
      "shp",
      COMMANDS.map(({ name }) => name),
    ).facts.fix,
    "did you mean ship?",
  );
});

test("no command takes a passphrase as an argument, where every user of the machine could read it", async () => {
  const names: string[] = [];
  for (const { load } of COMMANDS) names.push(...Object.keys((await load()).options));
  assert.ok(names.includes("passphrase-file"));
  const secret = names.filter((name) => /pass|secret|token/u.test(name));
  assert.deepEqual([...new Set(secret)].toSorted(), ["passphrase-fd", "passphrase-file"]);
});

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import {
  assertFault,
  assertNothingLeft,
  openPlace,
  type Place,
  type Ran,
  type RunOptions,
  scriptProject,
  ship,
  waybill,
} from "../support/waybill.ts";

let place: Place;
/** What one good ship left. */
let good: string;
let marks = 0;

/** A number that only one run's processes have in their arguments. */
function mark(): string {
  marks += 1;
  return `${process.pid}${String(marks).padStart(4, "0")}`;
}

/** The content of a folder, by name. */
function snapshot(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "base64")]));
}

/** A project whose last ship is in `out`; its next one makes another artifact of the same name. */
function shipped(name: string, work: string): string {
  const folder = scriptProject(join(place.folder, name), `echo '// next' >>index.js\n${work}`);
  cpSync(good, join(folder, "out"), { recursive: true });
  return folder;
}

/** Sends a signal when stderr first says `line`; to the whole group, as a terminal does. */
function at(line: string, signal: NodeJS.Signals, delayMs = 0): RunOptions {
  let sent = false;
  return {
    watch: (stderr, kill) => {
      if (sent || !stderr.includes(line)) return;
      sent = true;
      if (delayMs === 0) kill(signal);
      else setTimeout(kill, delayMs, signal);
    },
  };
}

/** The artifact in a folder, if there is one, is verified by all of its papers. */
async function assertBelongTogether(folder: string): Promise<boolean> {
  if (!existsSync(join(folder, "app-1.0.0.tgz"))) return false;
  const trust = ["--trust", join(folder, "app-1.0.0.trust.yaml"), "--db", place.db];
  const { status, stdout, stderr } = await waybill(place, folder, ["receive", "app-1.0.0.tgz", ...trust]);
  assert.equal(status, 0, stdout + stderr);
  return true;
}

/** A module that kills its process when the nth file is to be moved to its place in `out`. */
function killBefore(nth: number): string {
  return `import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const { renameSync } = fs;
let moved = 0;
fs.renameSync = (from, to) => {
  if (/[/]out[/][^/]*$/.test(to) && ++moved === ${nth}) process.kill(process.pid, "SIGKILL");
  renameSync(from, to);
};
syncBuiltinESMExports();
`;
}

describe("a ship that is stopped", { concurrency: 4 }, () => {
  before(async () => {
    place = await openPlace();
    const folder = scriptProject(join(place.folder, "good"), "true");
    const ran = await ship(place, folder);
    assert.equal(ran.status, 0, ran.stderr);
    good = join(folder, "out");
  });
  after(() => place.close());

  const waits = (number: string): string => `sleep 9${number} & sleep 8${number}`;
  const phases: readonly (readonly [phase: string, line: string, signal: NodeJS.Signals, delayMs: number])[] = [
    ["while it looks at machine and sources", "build: in the sandbox", "SIGINT", 0],
    // bwrap is setting up its child then.
    ["when a command starts", "build: sh build.sh", "SIGINT", 0],
    ["just after a command starts", "build: sh build.sh", "SIGINT", 10],
    ["during a command", "build: sh build.sh", "SIGINT", 500],
    ["during a command, by SIGTERM", "build: sh build.sh", "SIGTERM", 500],
    ["during a command, by a hang-up", "build: sh build.sh", "SIGHUP", 500],
  ];
  for (const [phase, line, signal, delayMs] of phases)
    test(`${phase}: one line, nothing left, the old artifact with its papers as it was`, async () => {
      const number = mark();
      const folder = shipped(`at-${number}`, waits(number));
      const ran = await ship(place, folder, [], at(line, signal, delayMs));
      assertStopped(ran, folder, number);
    });

  const later: readonly (readonly [phase: string, line: string, delayMs: number])[] = [
    ["when it packs", "build: sh pack.sh", 0],
    ["when it inspects", "inspect:", 0],
    ["before it builds again", "rebuild: once more", 0],
    ["when it builds again", "rebuild: sh build.sh", 0],
    ["when it packs again", "rebuild: sh pack.sh", 0],
  ];
  for (const [phase, line, delayMs] of later)
    test(`${phase}: one line, nothing left, the old artifact with its papers as it was`, async () => {
      const number = mark();
      const folder = shipped(`at-${number}`, `: ${number}`);
      assertStopped(await ship(place, folder, [], at(line, "SIGINT", delayMs)), folder, number);
    });

  for (const line of ["sign:", "leave:"])
    test(`at "${line}": stopped with nothing changed, or done with all of it`, async () => {
      const number = mark();
      const folder = shipped(`at-${number}`, `: ${number}`);
      const ran = await ship(place, folder, [], at(line, "SIGINT"));
      if (ran.status !== 0) assertStopped(ran, folder, number);
      else assert.notDeepEqual(snapshot(join(folder, "out")), snapshot(good));
      assert.ok(await assertBelongTogether(join(folder, "out")));
      assertNothingLeft(ran, number);
    });

  function assertStopped(ran: Ran, folder: string, number: string): void {
    assertFault(ran, 3, "WB-INTERRUPTED");
    assert.deepEqual(snapshot(join(folder, "out")), snapshot(good));
    assertNothingLeft(ran, number);
  }

  test("without a sandbox, during a command: the same", async () => {
    const number = mark();
    const folder = shipped(`at-${number}`, waits(number));
    assertStopped(await ship(place, folder, ["--no-sandbox"], at("build: sh build.sh", "SIGINT", 500)), folder, number);
  });

  test("without an old one nothing is left, not even the folder", async () => {
    const folder = scriptProject(join(place.folder, "first"), "true");
    const ran = await ship(place, folder, [], at("rebuild: once more", "SIGINT"));
    assertFault(ran, 3, "WB-INTERRUPTED");
    assert.equal(existsSync(join(folder, "out")), false);
  });

  // What cannot be caught leaves files behind; but never an artifact with the papers of another.
  for (const [nth, before] of [
    [1, "the first file"],
    [9, "the papers"],
    [10, "the artifact"],
  ] as const)
    test(`killed just before ${before} takes its place: no artifact stands beside the papers of another`, async () => {
      const folder = shipped(`killed-${nth}`, "true");
      writeFileSync(join(folder, "..", `kill-${nth}.mjs`), killBefore(nth));
      const hook = `--import=${join(place.folder, `kill-${nth}.mjs`)}`;
      const ran = await ship(place, folder, [], { environment: { NODE_OPTIONS: hook } });
      assert.equal(ran.signal, "SIGKILL", ran.stderr);
      await assertBelongTogether(join(folder, "out"));
    });

  test("nobody listens on stderr any more: the work is done all the same", async () => {
    const folder = scriptProject(join(place.folder, "unheard"), "true");
    mkdirSync(join(folder, "out"));
    writeFileSync(
      join(folder, "deaf.sh"),
      'exec 3>&1; { "$@" 2>&1 >&3 3>&-; echo $? >status; } | head -c 1 >/dev/null\n',
    );
    const ran = await ship(place, folder, [], { before: ["sh", "deaf.sh"] });
    assert.equal(readFileSync(join(folder, "status"), "utf8"), "0\n", ran.stderr);
    assert.ok(await assertBelongTogether(join(folder, "out")));
    assert.deepEqual(readdirSync(ran.temporary), []);
  });
});

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { sha256 } from "../../src/artifact/digest.ts";
import {
  assertFault,
  assertNothingLeft,
  fill,
  git,
  openPlace,
  type Place,
  processesWith,
  type Ran,
  scriptProject,
  ship,
  waybill,
} from "../support/waybill.ts";

let place: Place;
let marks = 0;

/** A number that only one run's processes have in their arguments. */
function mark(): string {
  marks += 1;
  return `${process.pid}7${String(marks).padStart(3, "0")}`;
}

/** A project with an older artifact in `out`. */
function project(number: string, work: string, limits: Readonly<Record<string, number>> = {}): string {
  const folder = scriptProject(join(place.folder, `p${number}`), work, limits);
  return fill(folder, { "out/app-1.0.0.tgz": "older", "out/app-1.0.0.tgz.waybill.jsonl": "its papers" });
}

/** Nothing was changed and nothing is left. */
function assertUntouched(ran: Ran, folder: string, number: string): void {
  assert.deepEqual(readdirSync(join(folder, "out")).toSorted(), ["app-1.0.0.tgz", "app-1.0.0.tgz.waybill.jsonl"]);
  assert.equal(readFileSync(join(folder, "out/app-1.0.0.tgz"), "utf8"), "older");
  assertNothingLeft(ran, number);
}

/** Three processes of each process, without end. */
const BOMB = (number: string): string =>
  `cat >bomb.sh <<'E'\nsh bomb.sh ${number} & sh bomb.sh ${number} & sh bomb.sh ${number} & sleep 9${number}\nE\nsh bomb.sh ${number}; wait`;

describe("a build that goes wrong, by the whole command", { concurrency: 4 }, () => {
  before(async () => {
    place = await openPlace();
  });
  after(() => place.close());

  test("it fails: the message has its last words and names the log, which is there", async () => {
    const number = mark();
    const folder = project(number, `sleep 9${number} & echo no luck >&2; exit 7`);
    const ran = await ship(place, folder);
    assertFault(ran, 2, "WB-BUILD-FAILED");
    assert.match(ran.stderr, /exit code 7; found no luck\n/u);
    const log = /see the log: (\S+)/u.exec(ran.stderr)?.[1] ?? "";
    assert.equal(readFileSync(log, "utf8"), "no luck\n");
    assertUntouched(ran, folder, number);
  });

  test("it hangs: ended by the time limit of waybill.yaml", async () => {
    const number = mark();
    const folder = project(number, `trap '' TERM INT HUP; setsid sleep 9${number} & sleep 8${number}`, {
      timeSeconds: 1,
    });
    const ran = await ship(place, folder);
    assertFault(ran, 2, "WB-BUILD-TIME");
    assertUntouched(ran, folder, number);
  });

  test("it prints without end: ended at the limit, and the log is no longer than that", async () => {
    const number = mark();
    const folder = project(number, `sleep 9${number} & yes ${"and on ".repeat(20)}`, { outputBytes: 300_000 });
    const ran = await ship(place, folder);
    assertFault(ran, 2, "WB-BUILD-OUTPUT");
    const log = /see (\S+),/u.exec(ran.stderr)?.[1] ?? "";
    assert.equal(statSync(log).size, 300_000);
    assertUntouched(ran, folder, number);
  });

  test("it forks without end: never more processes than its limit, and none afterwards", async () => {
    const number = mark();
    const folder = project(number, BOMB(number), { processes: 40, timeSeconds: 2 });
    let most = 0;
    const counting = setInterval(() => {
      most = Math.max(most, processesWith(number).length);
    }, 50);
    const ran = await ship(place, folder);
    clearInterval(counting);
    assert.match(ran.stderr, /waybill: WB-BUILD-(?:TIME|FAILED) /u);
    assert.equal(ran.status, 2);
    assert.ok(most > 10 && most <= 45, `${most} processes`);
    assertUntouched(ran, folder, number);
  });

  test("its log is no text: the log that is left is what the provenance names, byte by byte", async () => {
    const folder = scriptProject(join(place.folder, "bytes"), "printf '\\377\\376 no text \\033[32m in 12ms\\n'");
    const ran = await ship(place, folder);
    assert.equal(ran.status, 0, ran.stderr);
    const log = readFileSync(join(folder, "out/app-1.0.0.build.log"));
    assert.deepEqual(log, Buffer.from("\xff\xfe no text \x1b[32m in (duration)\n", "latin1"));
    const papers = readFileSync(join(folder, "out/app-1.0.0.tgz.waybill.jsonl"), "utf8");
    const statements = papers
      .split("\n")
      .map((line) => Buffer.from(/"payload":"([^"]+)/u.exec(line)?.[1] ?? "", "base64"));
    assert.ok(statements.some((text) => text.includes(sha256(log))));
  });

  const lockfiles: readonly (readonly [name: string, text: string, code: string])[] = [
    ["truncated", '{"name": "app",\n"packages": {', "WB-LOCKFILE-SYNTAX"],
    ["of another form", '{"name": "app", "lockfileVersion": 3, "packages": []}', "WB-LOCKFILE-FORM"],
  ];
  for (const [name, text, code] of lockfiles)
    test(`a lockfile that is ${name}: said before anything is built`, async () => {
      const number = mark();
      const folder = project(number, `sleep 9${number}`);
      writeFileSync(join(folder, "package-lock.json"), text);
      const ran = await ship(place, folder);
      assertFault(ran, 2, code);
      assert.match(ran.stderr, /package-lock\.json:(?:\d| packages)/u);
      assert.doesNotMatch(ran.stderr, /build: sh/u);
      assertUntouched(ran, folder, number);
    });

  test("a git index that cannot be read: ignored files are not taken for sources instead", async () => {
    const number = mark();
    const folder = project(number, "cp ignored.txt found");
    fill(folder, { "ignored.txt": "x", ".gitignore": "ignored.txt\n" });
    git(folder, "init", "-q");
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", "first");
    writeFileSync(join(folder, ".git/index"), "no index");
    const ran = await ship(place, folder);
    assertFault(ran, 3, "WB-GIT-FAILED");
    assertUntouched(ran, folder, number);
  });

  const keys: readonly (readonly [name: string, words: () => readonly string[], status: number, code: string])[] = [
    ["no key", () => ["--passphrase-file", place.passphrase], 2, "WB-KEY-MISSING"],
    [
      "a key that is not there",
      () => ["--key", "nowhere.key", "--passphrase-file", place.passphrase],
      2,
      "WB-INPUT-MISSING",
    ],
    ["a wrong passphrase", () => ["--key", place.key, "--passphrase-file", "package.json"], 2, "WB-KEY-PASSPHRASE"],
    ["an output below a file", () => [...good(), "--output", "package.json/out"], 2, "WB-OUTPUT-UNWRITABLE"],
  ];
  const good = (): readonly string[] => ["--key", place.key, "--passphrase-file", place.passphrase];
  for (const [name, words, status, code] of keys)
    test(`${name}`, async () => {
      const number = mark();
      const folder = project(number, `: ${number}`);
      const ran = await waybill(place, folder, ["ship", ".", "--db", place.db, ...words()]);
      assertFault(ran, status, code);
      assert.doesNotMatch(ran.stderr, /build:/u, "said before anything is built");
      assertUntouched(ran, folder, number);
    });

  test("a folder stands where a file would go: nothing is changed", async () => {
    const number = mark();
    const folder = project(number, `: ${number}`);
    fill(folder, { "out/report.html/x": "x" });
    const ran = await ship(place, folder);
    assertFault(ran, 2, "WB-OUTPUT-UNWRITABLE");
    assert.equal(readFileSync(join(folder, "out/app-1.0.0.tgz"), "utf8"), "older");
    assert.equal(readdirSync(join(folder, "out")).length, 3);
    assertNothingLeft(ran, number);
  });

  test("a closed folder for temporary files: root's builds, which are another user's, are made elsewhere", async () => {
    const number = mark();
    const folder = scriptProject(join(place.folder, "closed"), `: ${number}`);
    const temporary = join(place.folder, "closed-tmp");
    mkdirSync(temporary, { mode: 0o700 });
    const ran = await ship(place, folder, [], { environment: { TMPDIR: temporary } });
    assert.equal(ran.status, 0, ran.stderr);
    assert.deepEqual(readdirSync(temporary), []);
    assert.deepEqual(processesWith(number), []);
  });

  test("no folder for temporary files", async () => {
    const number = mark();
    const folder = project(number, `: ${number}`);
    const ran = await ship(place, folder, [], { environment: { TMPDIR: join(place.folder, "nowhere") } });
    assertFault(ran, 2, "WB-OUTPUT-UNWRITABLE");
    assertUntouched(ran, folder, number);
  });
});

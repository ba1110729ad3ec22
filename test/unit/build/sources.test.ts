import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { Fault } from "../../../src/model/fault.ts";
import { collectOutputs } from "../../../src/station/build/collect-outputs.ts";
import { withoutCredentials } from "../../../src/station/build/npmrc-credentials.ts";
import {
  besideSources,
  copySources,
  isOneOf,
  listCopied,
  listSources,
  removeTree,
} from "../../../src/station/build/sources.ts";

function folderWith(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-test-"));
  t.after(() => removeTree(folder));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error.facts.code;
    throw error;
  }
  return "none";
}

const FILES = {
  "a.ts": "a",
  "b/c.ts": "c",
  "node_modules/x/index.js": "x",
  "b/node_modules/y.js": "y",
  "out/old.tgz": "o",
  "b/out/kept.ts": "k",
};

test("without git: all but node_modules, .git and the top folder out", (t) => {
  assert.deepEqual(listSources(folderWith(t, FILES)), ["a.ts", "b/c.ts", "b/out/kept.ts"]);
});

test("in git: what is tracked or new, not what is ignored or deleted", (t) => {
  const folder = folderWith(t, { ...FILES, ".gitignore": "ignored\n", ignored: "i", gone: "g" });
  const git = (...args: string[]): void => {
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t.example", ...args], {
      cwd: folder,
      stdio: "ignore",
    });
  };
  git("init");
  git("add", "a.ts", "gone", "out/old.tgz", ".gitignore");
  rmSync(join(folder, "gone"));
  assert.deepEqual(listSources(folder), [".gitignore", "a.ts", "b/c.ts", "b/out/kept.ts", "out/old.tgz"]);
});

test("in git: products of an earlier run are no sources unless git tracks them, and a copy is listed without git", (t) => {
  const folder = folderWith(t, { "a.ts": "a", "out/kept": "k", "out/x.tgz": "x", "made/y.tgz": "y", "maden.ts": "m" });
  execFileSync("git", ["init"], { cwd: folder, stdio: "ignore" });
  execFileSync("git", ["add", "out/kept"], { cwd: folder });
  assert.deepEqual(listSources(folder, besideSources(folder, join(folder, "made"))), ["a.ts", "maden.ts", "out/kept"]);
  assert.deepEqual(listSources(folder, besideSources(folder, folder)), ["a.ts", "made/y.tgz", "maden.ts", "out/kept"]);
  const copy = join(folder, "ignored");
  writeFileSync(join(folder, ".gitignore"), "ignored\n");
  copySources(folder, copy, ["a.ts", "out/kept"]);
  assert.deepEqual(listCopied(copy), ["a.ts", "out/kept"]);
});

test("a file is known by any of its names", (t) => {
  const folder = folderWith(t, { key: "k", other: "k" });
  linkSync(join(folder, "key"), join(folder, "hard"));
  symlinkSync("key", join(folder, "soft"));
  symlinkSync("round", join(folder, "round"));
  const names = ["key", "other", "hard", "soft", "round", "none"];
  const is = isOneOf(folder, [join(folder, "soft"), join(folder, "not-there")]);
  assert.deepEqual(names.filter(is), ["key", "hard", "soft"]);
  assert.deepEqual(names.filter(isOneOf(folder, [])), []);
});

test("credentials go out of every .npmrc of a copy, and nothing else does", (t) => {
  const text = [
    "registry=https://registry.example/",
    "//registry.example/:_authToken=not-a-token",
    "//registry.example/:_authToken=${NPM_TOKEN}",
    '"//registry.example/:_password" = "bm90"',
    "; _auth=not-a-secret",
    "//registry.example/:username=somebody",
    "always-auth=true",
    "",
  ].join("\n");
  const folder = folderWith(t, { ".npmrc": text, "b/.npmrc": "a=b\n", "b/npmrc": "_auth=x\n", large: "" });
  assert.deepEqual(withoutCredentials(folder, listCopied(folder)), [".npmrc"]);
  assert.deepEqual(readFileSync(join(folder, ".npmrc"), "utf8").split("\n"), [
    "registry=https://registry.example/",
    "; //registry.example/:_authToken is withheld from the build",
    "//registry.example/:_authToken=${NPM_TOKEN}",
    "; //registry.example/:_password is withheld from the build",
    "; _auth is withheld from the build",
    "; //registry.example/:username is withheld from the build",
    "always-auth=true",
    "",
  ]);
});

test("a hostile repository's own commands are not run", (t) => {
  const folder = folderWith(t, { "a.ts": "a" });
  execFileSync("git", ["init"], { cwd: folder, stdio: "ignore" });
  execFileSync("git", ["config", "core.fsmonitor", `touch ${join(folder, "owned")}`], { cwd: folder });
  assert.deepEqual(listSources(folder), ["a.ts"]);
});

test("a copy keeps times and links, and has git's modes", (t) => {
  const folder = folderWith(t, { a: "a", run: "x" });
  chmodSync(join(folder, "a"), 0o600);
  chmodSync(join(folder, "run"), 0o700);
  utimesSync(join(folder, "a"), 1_000_000, 1_000_000);
  symlinkSync("/outside", join(folder, "link"));
  const to = join(folderWith(t, {}), "copy");
  copySources(folder, to, listSources(folder));
  assert.equal(statSync(join(to, "a")).mode & 0o777, 0o644);
  assert.equal(statSync(join(to, "run")).mode & 0o777, 0o755);
  assert.equal(statSync(join(to, "a")).mtimeMs, 1_000_000_000);
  assert.deepEqual(listSources(to), ["a", "link", "run"]);
});

test("a source that is not there any more is a fault", (t) => {
  assert.equal(
    code(() => copySources(folderWith(t, {}), join(folderWith(t, {}), "copy"), ["gone"])),
    "WB-BUILD-SOURCES",
  );
});

test("outputs are taken by pattern, hashed and sorted", (t) => {
  const workspace = folderWith(t, { "o/b.tgz": "b", "o/a.tgz": "a", "node_modules/o/c.tgz": "c", other: "" });
  const to = folderWith(t, {});
  const outputs = collectOutputs(workspace, ["o/*.tgz", "node_modules/*"], to);
  assert.deepEqual(
    outputs.map(({ name, sizeBytes, path }) => [name, sizeBytes, path]),
    [
      ["a.tgz", 1, join(to, "a.tgz")],
      ["b.tgz", 1, join(to, "b.tgz")],
    ],
  );
  assert.equal(outputs[0]?.digests.sha256, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
});

test("an output that is a link, has two names, is no file, or shares its name is refused", (t) => {
  const collect = (workspace: string): string => code(() => collectOutputs(workspace, ["o*"], folderWith(t, {})));
  const linked = folderWith(t, { secret: "s" });
  symlinkSync("secret", join(linked, "o.tgz"));
  assert.equal(collect(linked), "WB-BUILD-OUTPUT-KIND");
  const twice = folderWith(t, { secret: "s" });
  linkSync(join(twice, "secret"), join(twice, "o.tgz"));
  assert.equal(collect(twice), "WB-BUILD-OUTPUT-KIND");
  const pipe = folderWith(t, {});
  execFileSync("mkfifo", [join(pipe, "o.tgz")]);
  assert.equal(collect(pipe), "WB-BUILD-OUTPUT-KIND");
  assert.equal(collect(folderWith(t, { "o1/x": "1", "o2/x": "2" })), "WB-BUILD-OUTPUT-NAME");
  assert.equal(collect(folderWith(t, { x: "" })), "WB-BUILD-NO-OUTPUT");
});

test("a linked folder is not entered", (t) => {
  const outside = folderWith(t, { "x.tgz": "secret" });
  const workspace = folderWith(t, {});
  symlinkSync(outside, join(workspace, "o"));
  assert.equal(
    code(() => collectOutputs(workspace, ["o/*"], folderWith(t, {}))),
    "WB-BUILD-NO-OUTPUT",
  );
});

test("a tree without permissions is removed all the same", (t) => {
  const folder = folderWith(t, { "a/b/c": "x" });
  chmodSync(join(folder, "a/b"), 0);
  removeTree(folder);
  assert.equal(statSync(folder, { throwIfNoEntry: false }), undefined);
});

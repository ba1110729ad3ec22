import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { dirHash } from "../../../src/artifact/directory-digest.ts";
import { openDirectory } from "../../../src/artifact/directory-source.ts";
import { digestBytes, digestFile, sha256, shareStrongDigest } from "../../../src/artifact/digest.ts";
import { commitTime, readSourceRecord } from "../../../src/artifact/git.ts";
import { remoteUri } from "../../../src/artifact/git-remote.ts";
import { DEFAULT_LIMITS } from "../../../src/artifact/limits.ts";
import { openSource } from "../../../src/artifact/open.ts";
import { writeAtomic } from "../../../src/artifact/write.ts";
import { Fault } from "../../../src/model/fault.ts";

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "waybill-artifact-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function withCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Fault && error.facts.code === code;
}

/** Whether a program of the system did its work. */
function system(command: string, ...args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}

function fill(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

describe("digests", () => {
  it("are those of the standards", (t) => {
    assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert.equal(digestBytes(Buffer.from("abc"), ["sha1"]).sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
    const path = join(folder(t), "big");
    const content = Buffer.alloc((1 << 21) + 7, "waybill");
    writeFileSync(path, content);
    assert.deepEqual(digestFile(path), { digests: digestBytes(content), sizeBytes: content.length });
    assert.equal(openDirectory(join(path, ".."), join(path, "..")).find("big")?.sha256(), sha256(content));
    assert.throws(() => digestFile(`${path}-not`), withCode("WB-SOURCE-MISSING"));
  });
  it("count as shared only when a strong one is shared and none contradicts", () => {
    const [a, b] = ["aa", "bb"];
    assert.ok(shareStrongDigest({ sha256: a, sha512: b }, { sha256: a }));
    assert.ok(shareStrongDigest({ dirHash: a }, { dirHash: a, gitCommit: b }));
    assert.ok(!shareStrongDigest({ sha256: a, sha512: a }, { sha256: a, sha512: b }));
    assert.ok(
      !shareStrongDigest({ sha1: a, md5: a, gitCommit: a, gitTree: a }, { sha1: a, md5: a, gitCommit: a, gitTree: a }),
    );
    assert.ok(!shareStrongDigest({}, {}));
    assert.ok(!shareStrongDigest({ sha256: a }, Object.create({ sha256: a }) as object));
  });
});

describe("writeAtomic", () => {
  it("replaces a file whole, with the mode asked for, and leaves nothing else", (t) => {
    const root = folder(t);
    writeAtomic(join(root, "a"), "one");
    writeAtomic(join(root, "a"), Buffer.from("two"), 0o600);
    assert.equal(readFileSync(join(root, "a"), "utf8"), "two");
    assert.equal(statSync(join(root, "a")).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(root), ["a"]);
  });
  it("replaces a symlink instead of writing through it", (t) => {
    const root = folder(t);
    fill(root, { target: "kept" });
    symlinkSync("target", join(root, "link"));
    writeAtomic(join(root, "link"), "new");
    assert.equal(readFileSync(join(root, "target"), "utf8"), "kept");
    assert.equal(readFileSync(join(root, "link"), "utf8"), "new");
  });
  it("refuses a folder that is not there, and a folder in place of the file", (t) => {
    const root = folder(t);
    mkdirSync(join(root, "sub", "below"), { recursive: true });
    assert.throws(() => writeAtomic(join(root, "no", "a"), "x"), withCode("WB-OUTPUT-UNWRITABLE"));
    assert.throws(() => writeAtomic(join(root, "sub"), "x"), withCode("WB-OUTPUT-UNWRITABLE"));
    assert.deepEqual(readdirSync(root), ["sub"]);
  });
  it("refuses an unwritable folder", (t) => {
    const root = folder(t);
    const check = (): void => assert.throws(() => writeAtomic(join(root, "a"), "x"), withCode("WB-OUTPUT-UNWRITABLE"));
    // Modes do not stop root; a read-only file system does.
    if (process.getuid?.() === 0) return onMount(t, root, "ro", check);
    chmodSync(root, 0o500);
    check();
  });
  it("says so when the disk is full, and leaves the old content and no temporary file", (t) => {
    const root = folder(t);
    onMount(t, root, "size=64k", () => {
      writeAtomic(join(root, "a"), "old");
      assert.throws(() => writeAtomic(join(root, "a"), Buffer.alloc(1 << 20)), withCode("WB-OUTPUT-DISK-FULL"));
      assert.equal(readFileSync(join(root, "a"), "utf8"), "old");
      assert.deepEqual(readdirSync(root), ["a"]);
    });
  });
});

function onMount(t: TestContext, root: string, options: string, check: () => void): void {
  if (!system("mount", "-t", "tmpfs", "-o", options, "tmpfs", root)) return t.skip("cannot mount a tmpfs");
  try {
    check();
  } finally {
    system("umount", root);
  }
}

describe("a folder as a source", () => {
  it("is walked in the order of whole paths, whatever lies in it", (t) => {
    const root = folder(t);
    fill(root, { "a/b": "1", "a-b": "2", "a.b": "3", "a/c/d": "4", a0: "5", "Z/é": "6", "Z/z": "7" });
    const paths = [...openDirectory(root, root).entries()].map(({ path }) => path);
    assert.deepEqual(
      paths,
      paths.toSorted((a, b) => (a < b ? -1 : 1)),
    );
    assert.deepEqual(paths, ["Z", "Z/z", "Z/é", "a", "a-b", "a.b", "a/b", "a/c", "a/c/d", "a0"]);
  });
  it("asks once for each folder whether to skip it, and skips nothing by itself", (t) => {
    const root = folder(t);
    fill(root, { "node_modules/x/index.js": "", ".git/HEAD": "", "src/node_modules/y": "" });
    const asked: string[] = [];
    const source = openDirectory(root, root);
    const pruned = [...source.entries((path) => asked.push(path) > 0 && path.endsWith("node_modules"))].map(
      ({ path }) => path,
    );
    assert.deepEqual(asked, [".git", "node_modules", "src", "src/node_modules"]);
    assert.deepEqual(pruned, [".git", ".git/HEAD", "src"]);
    assert.equal([...source.entries()].length, 8);
  });
  it("never follows a symlink, neither walking nor finding, and opens no pipe", async (t) => {
    const [root, outside] = [folder(t), folder(t)];
    fill(outside, { secret: "s" });
    fill(root, { file: "f" });
    symlinkSync(outside, join(root, "out"));
    symlinkSync(join(outside, "secret"), join(root, "one"));
    const pipe = system("mkfifo", join(root, "pipe"));
    const source = openDirectory(root, root);
    assert.deepEqual(
      [...source.entries()].map(({ path, kind }) => [path, kind]),
      [
        ["file", "file"],
        ["one", "symlink"],
        ["out", "symlink"],
      ],
    );
    assert.equal(source.find("out/secret"), undefined);
    assert.equal(source.find("one")?.target, join(outside, "secret"));
    assert.throws(() => source.find("one")?.bytes(), withCode("WB-SOURCE-UNREADABLE"));
    assert.throws(() => source.find("one")?.sha256(), withCode("WB-SOURCE-UNREADABLE"));
    if (pipe) {
      assert.equal(source.find("pipe"), undefined);
      await assert.rejects(openSource(join(root, "pipe")), withCode("WB-SOURCE-KIND"));
    }
  });
  it("finds only paths inside", (t) => {
    const root = folder(t);
    fill(root, { "in/a": "1", outside: "2" });
    const source = openDirectory(join(root, "in"), join(root, "in"));
    for (const path of [
      "../outside",
      "/etc/passwd",
      "a/../../outside",
      "a\0",
      "",
      ".",
      "a/b",
      "no",
      "x".repeat(5000),
    ]) {
      assert.equal(source.find(path), undefined, path.slice(0, 30));
    }
    assert.equal(source.find("./a")?.path, "a");
    assert.equal(Buffer.from(source.find("a")?.bytes() ?? []).toString(), "1");
    assert.equal(source.find("a")?.mode, statSync(join(root, "in/a")).mode & 0o7777);
  });
  it("is bounded in entries, depth and size of a file", (t) => {
    const root = folder(t);
    fill(root, { "1/2/3/4": "four", b: "b", c: "c" });
    const limited = (limits: object) => openDirectory(root, root, { ...DEFAULT_LIMITS, ...limits });
    assert.throws(() => [...limited({ walked: 3 }).entries()], withCode("WB-SOURCE-TOO-LARGE"));
    assert.throws(() => [...limited({ depth: 2 }).entries()], withCode("WB-SOURCE-TOO-LARGE"));
    assert.throws(() => limited({ fileBytes: 3 }).find("1/2/3/4")?.bytes(), withCode("WB-SOURCE-TOO-LARGE"));
    assert.equal(limited({ fileBytes: 3 }).find("1/2/3/4")?.bytes(4).length, 4);
  });
});

describe("openSource", () => {
  it("names what cannot be opened by code and kind", async (t) => {
    const root = folder(t);
    fill(root, { a: "a" });
    const kinds = async (reference: string): Promise<unknown> => {
      try {
        return (await openSource(reference)).artifact.kind;
      } catch (error) {
        return error instanceof Fault ? [error.facts.code, error.facts.kind] : error;
      }
    };
    assert.deepEqual(await kinds(join(root, "no")), ["WB-SOURCE-MISSING", "input"]);
    assert.deepEqual(await kinds(join(root, "a", "b")), ["WB-SOURCE-MISSING", "input"]);
    assert.deepEqual(await kinds(`${root}\0`), ["WB-SOURCE-UNREADABLE", "unchecked"]);
    assert.deepEqual(await kinds(`dir:${join(root, "a")}`), ["WB-SOURCE-KIND", "input"]);
    assert.deepEqual(await kinds(`file:${root}`), ["WB-SOURCE-KIND", "input"]);
    assert.deepEqual(await kinds("registry:widget"), ["WB-SOURCE-KIND", "input"]);
    assert.deepEqual(await kinds("/dev/null"), ["WB-SOURCE-KIND", "input"]);
    assert.equal(await kinds(join(root, "a")), "file");
    assert.equal(await kinds(`sbom:${join(root, "a")}`), "sbom");
    fill(root, { bill: '{ "$schema": "x", "bomFormat": "CycloneDX" }', "in.json": '{"a":{}}' });
    assert.equal(await kinds(join(root, "bill")), "sbom");
    assert.equal(await kinds(join(root, "in.json")), "file");
    assert.deepEqual(await kinds(`sbom:${root}`), ["WB-SOURCE-KIND", "input"]);
    assert.deepEqual(await kinds(`oci-layout:${root}`), ["WB-IMAGE-BLOB", "unchecked"]);
    assert.deepEqual(await kinds(`oci-layout:${join(root, "no")}:tag`), ["WB-SOURCE-MISSING", "input"]);
    assert.deepEqual(await kinds(`docker-archive:${join(root, "a")}`), ["WB-IMAGE-FORM", "input"]);
  });
  it("opens any other file as itself", async (t) => {
    const root = folder(t);
    fill(root, { "a.txt": "text" });
    const source = await openSource(`file:${join(root, "a.txt")}`);
    assert.deepEqual(
      { ...source.artifact },
      { name: "a.txt", kind: "file", sizeBytes: 4, digests: { sha256: sha256("text") } },
    );
    assert.deepEqual(
      [...source.entries()].map((entry) => [entry.path, entry.sha256()]),
      [["a.txt", sha256("text")]],
    );
    assert.equal(source.find("b"), undefined);
  });
});

describe("the directory hash", () => {
  it("is the h1 of Go's dirhash: lines of digest and path, in the order of paths", (t) => {
    const root = folder(t);
    fill(root, { "b/c": "c", a: "a", "node_modules/x": "x", ".git/HEAD": "h" });
    const expected = sha256(`${sha256("a")}  a\n${sha256("c")}  b/c\n`);
    assert.equal(
      dirHash(openDirectory(root, root), (path) => path === ".git" || path === "node_modules"),
      expected,
    );
    assert.deepEqual(openDirectory(root, root).artifact.digests, { dirHash: expected });
    assert.equal(openDirectory(root, root).artifact.kind, "directory");
  });
  it("sees a symlink's target, and refuses a line feed in a name", (t) => {
    const root = folder(t);
    symlinkSync("one", join(root, "link"));
    const first = dirHash(openDirectory(root, root));
    rmSync(join(root, "link"));
    symlinkSync("two", join(root, "link"));
    assert.notEqual(dirHash(openDirectory(root, root)), first);
    rmSync(join(root, "link"));
    fill(root, { link: "two" });
    assert.notEqual(dirHash(openDirectory(root, root)), first);
    fill(root, { "a\nb": "" });
    assert.throws(() => dirHash(openDirectory(root, root)), withCode("WB-SOURCE-NAME"));
  });
});

describe("source records", () => {
  it("have the directory hash where there is no git", (t) => {
    const root = folder(t);
    fill(root, { a: "a", "out/b": "b" });
    const record = readSourceRecord(root, (path) => path === "out");
    assert.deepEqual(record.digests, { dirHash: sha256(`${sha256("a")}  a\n`) });
    assert.ok(record.uri.startsWith("file:waybill-artifact-") && !record.dirty);
    assert.equal(commitTime(root), undefined);
  });
  it("name commit, tree, branch and remote, and say what is not committed", (t) => {
    const root = folder(t);
    const git = (...args: string[]): string => {
      const identity = ["-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "init.defaultBranch=main"];
      const env = {
        PATH: process.env["PATH"] ?? "",
        HOME: root,
        GIT_COMMITTER_DATE: "2026-01-02T03:04:05Z",
        GIT_AUTHOR_DATE: "2020-01-01T00:00:00Z",
      };
      const { status, stdout, stderr } = spawnSync("git", [...identity, ...args], { cwd: root, env, encoding: "utf8" });
      assert.equal(status, 0, stderr);
      return stdout.trim();
    };
    if (!system("git", "--version")) return t.skip("needs git");
    git("init", "-q");
    fill(root, { a: "a", "sub/b": "b", ".gitignore": "ignored\n" });
    git("add", ".");
    git("commit", "-q", "-m", "one");
    git("remote", "add", "origin", "https://user:not-a-real-token@git.example/acme/widget.git");
    fill(root, { ignored: "x" });
    const clean = readSourceRecord(root);
    assert.deepEqual(clean, {
      uri: "git+https://git.example/acme/widget.git",
      digests: { gitCommit: git("rev-parse", "HEAD"), gitTree: git("rev-parse", "HEAD^{tree}") },
      dirty: false,
      ref: "refs/heads/main",
    });
    assert.equal(readSourceRecord(join(root, "sub")).digests.gitTree, git("rev-parse", "HEAD:sub"));
    assert.equal(commitTime(root), "2026-01-02T03:04:05Z");
    fill(root, { new: "n" });
    const dirty = readSourceRecord(root);
    assert.ok(dirty.dirty);
    const lines = [
      [".gitignore", "ignored\n"],
      ["a", "a"],
      ["new", "n"],
      ["sub/b", "b"],
    ] as const;
    assert.equal(
      dirty.digests.dirHash,
      sha256(lines.map(([path, content]) => `${sha256(content)}  ${path}\n`).join("")),
    );
    // A repository's own configuration must not run anything.
    git("config", "core.fsmonitor", `touch ${join(root, "ran")}; false`);
    readSourceRecord(root);
    assert.ok(!readdirSync(root).includes("ran"));
  });
  it("carry no credentials of a remote", () => {
    assert.equal(remoteUri("git@git.example:acme/widget.git"), "git+ssh://git.example/acme/widget.git");
    assert.equal(remoteUri("ssh://git@git.example:2222/acme/widget"), "git+ssh://git.example:2222/acme/widget");
    assert.equal(remoteUri("https://x:y@git.example/a?token=z#f"), "git+https://git.example/a");
    for (const remote of ["/srv/git/a", "../a", "file:///srv/a", "ext::sh -c evil", ""])
      assert.equal(remoteUri(remote), undefined, remote);
  });
});

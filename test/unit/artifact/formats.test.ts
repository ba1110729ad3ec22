import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { digestBytes } from "../../../src/artifact/digest.ts";
import { DEFAULT_LIMITS, type SourceLimits } from "../../../src/artifact/limits.ts";
import { openSource } from "../../../src/artifact/open.ts";
import type { Source } from "../../../src/model/artifact.ts";
import { Fault } from "../../../src/model/fault.ts";
import { makeTar, makeZip, type TarSpec } from "./make-archive.ts";
import { makeAr, makeCpio, makeRpm } from "./make-formats.ts";

function withCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Fault && error.facts.code === code;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "waybill-formats-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function open(
  t: TestContext,
  name: string,
  bytes: Uint8Array,
  limits: Partial<SourceLimits> = {},
): Promise<Source> {
  const path = join(folder(t), name);
  writeFileSync(path, bytes);
  const source = await openSource(path, { ...DEFAULT_LIMITS, ...limits });
  t.after(() => source.close());
  return source;
}

const paths = (source: Source): readonly string[] => [...source.entries()].map(({ path }) => path);
const text = (source: Source, path: string): string => Buffer.from(source.find(path)?.bytes() ?? "nothing").toString();

const deb = (data: Buffer): Buffer =>
  makeAr({
    "debian-binary": "2.0\n",
    "control.tar.gz": gzipSync(makeTar([{ path: "./control", content: "Package: a" }])),
    "data.tar.zst": zstdCompressSync(data),
  });

describe("archives of every kind", () => {
  it("are recognised by their first bytes and give entries in the order of paths", async (t) => {
    const tar = makeTar([{ path: "b" }, { path: "a/c", content: "c", mode: 0o755 }]);
    for (const bytes of [tar, gzipSync(tar), zstdCompressSync(tar), gzipSync(gzipSync(tar))]) {
      const source = await open(t, "misnamed.txt", bytes);
      assert.equal(source.artifact.kind, "archive");
      assert.deepEqual({ ...source.artifact.digests }, digestBytes(bytes));
      assert.deepEqual(paths(source), ["a", "a/c", "b"]);
      assert.deepEqual([source.find("a/c")?.mode, text(source, "a/c")], [0o755, "c"]);
    }
    const zip = await open(
      t,
      "a.whl",
      makeZip([
        { name: "x/METADATA", content: "Name: x" },
        { name: "a", stored: true, content: "s" },
      ]),
    );
    assert.deepEqual(paths(zip), ["a", "x", "x/METADATA"]);
    assert.deepEqual([text(zip, "a"), text(zip, "x/METADATA")], ["s", "Name: x"]);
    const cpio = makeCpio([
      { path: "./d", mode: 0o040755 },
      { path: "./d/one", inode: 7, links: 2 },
      { path: "./d/two", inode: 7, links: 2, content: "both" },
      { path: "./d/link", mode: 0o120777, content: "one" },
    ]);
    const unpacked = await open(t, "a.cpio", cpio);
    assert.deepEqual(paths(unpacked), ["d", "d/link", "d/one", "d/two"]);
    assert.deepEqual([text(unpacked, "d/one"), unpacked.find("d/link")?.target], ["both", "one"]);
  });
  it("are entered where they lie in one another", async (t) => {
    const jar = makeZip([{ name: "META-INF/MANIFEST.MF", content: "Manifest-Version: 1.0" }]);
    const source = await open(t, "outer.tar", makeTar([{ path: "lib/a.jar", content: jar }, { path: "lib/a.txt" }]));
    assert.deepEqual(paths(source), [
      "lib",
      "lib/a.jar",
      "lib/a.jar!/META-INF",
      "lib/a.jar!/META-INF/MANIFEST.MF",
      "lib/a.txt",
    ]);
    assert.equal(text(source, "lib/a.jar!/META-INF/MANIFEST.MF"), "Manifest-Version: 1.0");
    const asked: string[] = [];
    const pruned = [...source.entries((path) => asked.push(path) > 0 && path.endsWith("!"))].map(({ path }) => path);
    assert.deepEqual(pruned, ["lib", "lib/a.jar", "lib/a.txt"]);
    assert.deepEqual(asked, ["lib", "lib/a.jar!"]);
  });
  it("are packages of Debian, RPM, Alpine and RubyGems", async (t) => {
    const data = makeTar([
      { path: "./usr/bin/a", content: "bin" },
      { path: "./usr/bin/b", type: "1", link: "./usr/bin/a" },
    ]);
    const debian = await open(t, "a.deb", deb(data));
    assert.equal(text(debian, "control.tar.gz!/control"), "Package: a");
    assert.equal(text(debian, "data.tar.zst!/usr/bin/b"), "bin");
    for (const pack of [gzipSync, zstdCompressSync]) {
      const rpm = await open(t, "a.rpm", makeRpm(pack(makeCpio([{ path: "./usr/a", content: "a" }]))));
      assert.deepEqual(paths(rpm), ["header", "payload", "payload!/usr", "payload!/usr/a"]);
      assert.match(text(rpm, "header"), /metadata$/u);
    }
    const part = (path: string): Buffer => gzipSync(makeTar([{ path, content: path }]).subarray(0, 1024));
    const alpine = await open(
      t,
      "a.apk",
      Buffer.concat([part(".SIGN.RSA.a"), part(".PKGINFO"), gzipSync(makeTar([{ path: "bin/a" }]))]),
    );
    assert.deepEqual(paths(alpine), [".PKGINFO", ".SIGN.RSA.a", "bin", "bin/a"]);
    const gem = makeTar([
      { path: "metadata.gz", content: gzipSync("name: a") },
      { path: "data.tar.gz", content: gzipSync(makeTar([{ path: "lib/a.rb" }])) },
    ]);
    const ruby = await open(t, "a.gem", gem);
    assert.equal(text(ruby, "metadata.gz!/metadata"), "name: a");
    assert.ok(paths(ruby).includes("data.tar.gz!/lib/a.rb"));
  });
  it("tell of inner archives that cannot be read, and read the rest", async (t) => {
    const source = await open(
      t,
      "a.tar",
      makeTar([
        { path: "bad.jar", content: "PK\u0003\u0004 and nothing that fits".padEnd(99) },
        { path: "bad.tar.gz", content: gzipSync(makeTar([{ path: "../out" }])) },
        { path: "good.tar.gz", content: gzipSync(makeTar([{ path: "in" }])) },
        { path: "text.jar", content: "text" },
      ]),
    );
    assert.deepEqual(
      source.unread?.map(({ where }) => where),
      ["bad.jar", "bad.tar.gz"],
    );
    assert.match(source.unread?.[1]?.what ?? "", /WB-ARCHIVE-PATH/u);
    assert.ok(paths(source).includes("good.tar.gz!/in"));
  });
});

describe("hostile archives", () => {
  it("that hold themselves or too many others are entered only so far", async (t) => {
    let inner = makeTar([{ path: "core" }]);
    for (let depth = 0; depth < 12; depth += 1) inner = makeTar([{ path: "a.tar", content: inner }]);
    const deep = await open(t, "deep.tar", inner);
    assert.equal(paths(deep).length, DEFAULT_LIMITS.innerDepth + 1);
    assert.match(deep.unread?.[0]?.what ?? "", /too deep/u);
    const small = makeTar([{ path: "x" }]);
    const members = Array.from({ length: 20 }, (_, at): TarSpec => ({ path: `${at}.tar`, content: small }));
    const many = await open(t, "many.tar", makeTar(members), { innerArchives: 5 });
    assert.equal(paths(many).filter((path) => path.endsWith("!/x")).length, 5);
    assert.equal(many.unread?.length, 15);
  });
  it("are bounded in entries, depth and the length of names", async (t) => {
    const code = withCode("WB-ARCHIVE-TOO-LARGE");
    const members = Array.from({ length: 50 }, (_, at): TarSpec => ({ path: `${at}` }));
    await assert.rejects(open(t, "a.tar", makeTar(members), { entries: 49 }), code);
    assert.equal(paths(await open(t, "a.tar", makeTar(members), { entries: 50 })).length, 50);
    await assert.rejects(open(t, "a.tar", makeTar([{ path: "p", pax: { path: "a/".repeat(100_000) } }])), code);
    await assert.rejects(open(t, "a.tar", makeTar([{ path: "p", pax: { path: "a".repeat(100_000) } }])), code);
    const deepLinks = [
      { path: "d".padEnd(90, "/d"), type: "5" },
      { path: "l", type: "2", link: "d".padEnd(90, "/d") },
    ];
    await assert.rejects(open(t, "a.tar", makeTar([...deepLinks, { path: "l/x" }])), withCode("WB-ARCHIVE-PATH"));
  });
  it("that lead out, link out, or say a path twice are refused by code", async (t) => {
    const refused = async (members: readonly TarSpec[], code: string): Promise<void> => {
      await assert.rejects(open(t, "a.tar", makeTar(members)), withCode(code), JSON.stringify(members));
    };
    for (const path of ["../a", "a/../../b", "..", "a\0b"])
      await refused([{ path: "x", pax: { path } }], "WB-ARCHIVE-PATH");
    await refused([{ path: "l", type: "2", link: "/tmp" }, { path: "l/a" }], "WB-ARCHIVE-PATH");
    await refused([{ path: "f" }, { path: "f/a" }], "WB-ARCHIVE-PATH");
    await refused([{ path: "l", type: "1", link: "../../x" }], "WB-ARCHIVE-PATH");
    await refused(
      [
        { path: "a", type: "1", link: "b" },
        { path: "b", type: "1", link: "a" },
      ],
      "WB-ARCHIVE-PATH",
    );
    await refused([{ path: "a" }, { path: "./a" }], "WB-ARCHIVE-DUPLICATE");
    await refused([{ path: "a", type: "3" }], "WB-ARCHIVE-KIND");
    await assert.rejects(open(t, "a.zip", makeZip([{ name: "../a" }])), withCode("WB-ARCHIVE-PATH"));
    await assert.rejects(open(t, "a.deb", makeAr({ "../a": "x" })), withCode("WB-ARCHIVE-PATH"));
    await assert.rejects(open(t, "a.cpio", makeCpio([{ path: "../a" }])), withCode("WB-ARCHIVE-PATH"));
    assert.deepEqual(paths(await open(t, "a.tar", makeTar([{ path: "/etc/a" }]))), ["etc", "etc/a"]);
  });
  it("with lengths that lie are refused by code", async (t) => {
    const code = withCode("WB-ARCHIVE-CORRUPT");
    const lie = (from: number, to: number, value: string) => (block: Buffer) =>
      void block.write(value.padEnd(to - from), from, to - from);
    await assert.rejects(open(t, "a.deb", makeAr({ a: "x" }, lie(48, 58, "9999999999"))), code);
    await assert.rejects(open(t, "a.deb", makeAr({ a: "x" }, lie(48, 58, "-1"))), code);
    await assert.rejects(open(t, "a.deb", makeAr({ a: "x" }, lie(0, 16, "#1/99"))), code);
    const cpio = makeCpio([{ path: "a", content: "x" }]);
    for (const [at, value] of [
      [54, "ffffffff"],
      [94, "ffffffff"],
      [94, "00000000"],
      [54, "0000-001"],
    ] as const) {
      const changed = Buffer.from(cpio);
      changed.write(value, at);
      await assert.rejects(open(t, "a.cpio", changed), code, value);
    }
    await assert.rejects(open(t, "a.cpio", makeCpio([{ path: "a" }], Buffer.from("hidden"))), code);
    await assert.rejects(open(t, "a.cpio", cpio.subarray(0, -20)), code);
    const rpm = makeRpm(Buffer.alloc(9));
    for (const at of [104, 108, 128, 132]) {
      const changed = Buffer.from(rpm);
      changed.writeUInt32BE(0xfffffff0, at);
      await assert.rejects(open(t, "a.rpm", changed), code);
    }
    const tar = makeTar([{ path: "a", content: "x".repeat(600) }]);
    await assert.rejects(open(t, "a.tar", tar.subarray(0, 1000)), code);
    await assert.rejects(open(t, "a.tar", makeTar([{ path: "a" }], "hidden")), code);
    for (const size of ["7777777777", "junk"]) {
      const map = `1\n${size}\n${size}\n`.padEnd(512, "\0");
      const pax = { "GNU.sparse.major": "1", "GNU.sparse.realsize": "9" };
      await assert.rejects(open(t, "a.tar", makeTar([{ path: "a", content: map, pax }])), code);
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { openArchive } from "../../../src/artifact/archive-source.ts";
import { isPlainDeflate } from "../../../src/artifact/deflate-scan.ts";
import { digestBytes } from "../../../src/artifact/digest.ts";
import { gunzip } from "../../../src/artifact/gzip.ts";
import { DEFAULT_LIMITS, type SourceLimits } from "../../../src/artifact/limits.ts";
import { readTar } from "../../../src/artifact/tar.ts";
import { readZip, zipContent } from "../../../src/artifact/zip.ts";
import { Fault } from "../../../src/model/fault.ts";
import { makeTar, makeZip, paxRecord, type TarSpec } from "./make-archive.ts";

function withCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Fault && error.facts.code === code;
}

function open(bytes: Uint8Array, limits: Partial<SourceLimits> = {}) {
  return openArchive("a.tgz", "a.tgz", bytes, { ...DEFAULT_LIMITS, ...limits });
}

function refused(members: readonly TarSpec[], code: string): void {
  for (const bytes of [makeTar(members), gzipSync(makeTar(members))]) {
    assert.throws(() => [...open(bytes).entries()], withCode(code));
    assert.throws(() => open(bytes).find("package/package.json"), withCode(code));
  }
}

const manifest: TarSpec = { path: "package/package.json", content: "{}" };

describe("archives as sources", () => {
  it("give entries in their order, with content, mode, target and digests", () => {
    const bytes = gzipSync(
      makeTar([
        manifest,
        { path: "package/bin/", type: "5", mode: 0o755 },
        { path: "package/l", type: "2", link: "../x" },
      ]),
    );
    const source = open(bytes);
    assert.equal(source.artifact.kind, "npm-package");
    assert.deepEqual(source.artifact.digests, digestBytes(bytes));
    assert.deepEqual(
      [...source.entries()].map(({ path, kind, mode, sizeBytes }) => [path, kind, mode, sizeBytes]),
      [
        ["package/package.json", "file", 0o644, 2],
        ["package/bin", "directory", 0o755, 0],
        ["package/l", "symlink", 0o644, 0],
      ],
    );
    assert.equal(Buffer.from(source.find("./package/package.json")?.bytes() ?? []).toString(), "{}");
    assert.equal(source.find("package/l")?.target, "../x");
    assert.equal(source.find("package"), undefined);
    assert.equal(open(makeTar([{ path: "a" }])).artifact.kind, "archive");
  });
  it("prune folders that are not written as entries, asking for each once", () => {
    const source = open(makeTar(["a/b/1", "a/b/2", "a/c", "d"].map((path) => ({ path }))));
    const asked: string[] = [];
    assert.deepEqual(
      [...source.entries((path) => asked.push(path) > 0 && path === "a/b")].map(({ path }) => path),
      ["a/c", "d"],
    );
    assert.deepEqual(asked, ["a", "a/b"]);
  });
  it("read long names of pax and GNU, sizes of pax, old headers", () => {
    const long = `${"d/".repeat(120)}name`;
    const gnu: TarSpec[] = [
      { path: "././@LongLink", type: "L", content: `${long}\0` },
      { path: "cut", content: "gnu" },
    ];
    assert.equal([...open(makeTar(gnu)).entries()][0]?.path, long);
    assert.equal([...open(makeTar([{ path: "cut", pax: { path: long } }])).entries()][0]?.path, long);
    assert.equal([...open(makeTar([{ path: "cut", pax: { path: "ü漢" } }])).entries()][0]?.path, "ü漢");
    assert.equal(
      [...open(makeTar([{ path: "x", header: (block) => void block.write("dir", 345) }])).entries()][0]?.path,
      "dir/x",
    );
    const v7 = (block: Buffer): void => void block.fill(0, 257, 512).fill(0, 156, 157);
    assert.deepEqual(
      [
        ...open(
          makeTar([
            { path: "d/", header: v7 },
            { path: "d/f", header: v7 },
          ]),
        ).entries(),
      ].map(({ kind }) => kind),
      ["directory", "file"],
    );
    const sized = makeTar([
      { path: "s", content: "four", pax: { size: "4" }, header: (block) => void block.write("77777777777\0", 124) },
    ]);
    assert.equal(open(sized).find("s")?.sizeBytes, 4);
  });
  it("refuse paths that lead out, and paths below a link or file", () => {
    for (const path of ["../a", "/a", "a/../../b", "a/..", ".."]) refused([{ path }], "WB-ARCHIVE-PATH");
    refused([{ path: "a", pax: { path: "../../etc/passwd" } }], "WB-ARCHIVE-PATH");
    refused([{ path: "a", pax: { path: "a\0b" } }], "WB-ARCHIVE-PATH");
    refused([{ path: "l", type: "2", link: "/tmp" }, { path: "l/a" }], "WB-ARCHIVE-PATH");
    refused([{ path: "f/a" }, { path: "f" }], "WB-ARCHIVE-PATH");
  });
  it("refuse two entries of one path, however written", () => {
    refused([manifest, { ...manifest, content: "{ }" }], "WB-ARCHIVE-DUPLICATE");
    refused([manifest, { ...manifest, path: "./package//package.json" }], "WB-ARCHIVE-DUPLICATE");
    refused([{ path: "a" }, { path: "a", type: "5" }], "WB-ARCHIVE-DUPLICATE");
    assert.equal(
      [
        ...open(
          makeTar([
            { path: "a/", type: "5" },
            { path: "a", type: "5" },
          ]),
        ).entries(),
      ].length,
      1,
    );
  });
  it("refuse links to files, devices, pipes and sparse files", () => {
    for (const type of ["1", "3", "4", "6", "S", "V"]) refused([{ path: "a", type, link: "b" }], "WB-ARCHIVE-KIND");
    refused([{ path: "a", pax: { "GNU.sparse.major": "1" } }], "WB-ARCHIVE-KIND");
  });
  it("refuse what is damaged, cut, or goes on behind its end", () => {
    const tar = makeTar([manifest]);
    for (const bytes of [
      tar.subarray(0, 513),
      tar.subarray(0, 300),
      makeTar([manifest], makeTar([{ path: "hidden" }])),
      makeTar([manifest], "x"),
    ]) {
      assert.throws(() => [...open(bytes).entries()], withCode("WB-ARCHIVE-CORRUPT"));
    }
    const packed = gzipSync(tar);
    const flipped = Buffer.from(packed);
    flipped[20] = (flipped[20] ?? 0) ^ 1;
    for (const bytes of [
      flipped,
      packed.subarray(0, 40),
      packed.subarray(0, -4),
      Buffer.concat([packed, Buffer.from("hidden")]),
    ]) {
      assert.throws(() => [...open(bytes).entries()], withCode("WB-ARCHIVE-CORRUPT"));
    }
    const broken = (record: string): TarSpec[] => [{ path: "PaxHeader/a", type: "x", content: record }, { path: "a" }];
    for (const record of [
      "99 path=x\n",
      "0 path=x\n",
      "x",
      "9 pathxx\n",
      "10 path=x\n ",
      paxRecord("path", "a") + paxRecord("path", "b"),
    ]) {
      refused(broken(record), "WB-ARCHIVE-CORRUPT");
    }
    refused([{ path: "PaxHeader/a", type: "x", content: paxRecord("path", "b") }], "WB-ARCHIVE-CORRUPT");
    const globals = Array.from({ length: 65 }, (_, index) => paxRecord(`k${index}`, "v")).join("");
    refused([{ path: "g", type: "g", content: globals }, { path: "a" }], "WB-ARCHIVE-CORRUPT");
    refused([{ path: "a", header: (block) => void block.write("-0000000001", 124) }], "WB-ARCHIVE-CORRUPT");
  });
  it("are bounded: unpacked bytes, entries, depth, bytes of a file", () => {
    const bomb = gzipSync(Buffer.alloc(8 << 20));
    assert.throws(() => [...open(bomb, { unpackedBytes: 1 << 20 }).entries()], withCode("WB-ARCHIVE-TOO-LARGE"));
    const halves = Buffer.concat([gzipSync(Buffer.alloc(600_000)), gzipSync(Buffer.alloc(600_000))]);
    assert.throws(() => gunzip(halves, "a", 1_000_000), withCode("WB-ARCHIVE-TOO-LARGE"));
    assert.equal(gunzip(halves, "a", 1_200_000).length, 1_200_000);
    const many = makeTar(Array.from({ length: 11 }, (_, index) => ({ path: `f${index}` })));
    assert.throws(() => [...open(many, { entries: 10 }).entries()], withCode("WB-ARCHIVE-TOO-LARGE"));
    const deep = makeTar([{ path: "a", pax: { path: "d/".repeat(300) + "f" } }]);
    assert.throws(() => [...open(deep).entries()], withCode("WB-ARCHIVE-TOO-LARGE"));
    assert.throws(
      () =>
        open(makeTar([manifest]))
          .find(manifest.path)
          ?.bytes(1),
      withCode("WB-SOURCE-TOO-LARGE"),
    );
  });
  it("keep names of object prototypes as plain paths", () => {
    const source = open(makeTar([{ path: "__proto__" }, { path: "constructor" }]));
    assert.deepEqual(
      [...source.entries()].map(({ path }) => path),
      ["__proto__", "constructor"],
    );
    assert.equal(source.find("toString"), undefined);
  });
  it("throw nothing but faults for changed bytes", () => {
    const tar = makeTar([manifest, { path: "b", pax: { mtime: "1.5" } }]);
    fc.assert(
      fc.property(fc.nat(tar.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(tar);
        changed[at] = byte;
        try {
          for (const entry of open(changed).entries()) entry.bytes();
        } catch (error) {
          assert.ok(error instanceof Fault);
        }
      }),
    );
  });
});

describe("tar and zip readers", () => {
  it("give the tail and the loose headers of a tar file", () => {
    const tar = readTar(
      makeTar([manifest, { path: "g", type: "g", content: paxRecord("comment", "c") }], "tail"),
      "a",
      10,
    );
    assert.equal(tar.loose[0]?.records.get("comment"), "c");
    assert.equal(tar.tail.length, 1028);
  });
  it("read zip entries and refuse what two readers would read differently", () => {
    const zip = readZip(
      makeZip([
        { name: "a", content: "text" },
        { name: "b", stored: true, content: "plain" },
      ]),
      "a.zip",
      10,
    );
    assert.deepEqual(
      zip.entries.map((entry) => Buffer.from(zipContent(entry, "a.zip", 100)).toString()),
      ["text", "plain"],
    );
    const [first] = zip.entries;
    assert.ok(first !== undefined);
    assert.throws(() => zipContent(first, "a.zip", 3), withCode("WB-ARCHIVE-TOO-LARGE"));
    assert.throws(() => zipContent({ ...first, crc: 1 }, "a.zip", 100), withCode("WB-ARCHIVE-CORRUPT"));
    assert.throws(() => zipContent({ ...first, sizeBytes: 3 }, "a.zip", 100), withCode("WB-ARCHIVE-TOO-LARGE"));
    assert.throws(() => zipContent({ ...first, method: 12 }, "a.zip", 100), withCode("WB-ARCHIVE-KIND"));
    assert.throws(() => readZip(makeZip([{ name: "a" }, { name: "b" }]), "a.zip", 1), withCode("WB-ARCHIVE-TOO-LARGE"));
    assert.throws(() => readZip(makeZip([{ name: "a", localName: "b" }]), "a.zip", 9), withCode("WB-ARCHIVE-CORRUPT"));
    assert.throws(() => readZip(makeZip([{ name: "a" }], "", "after"), "a.zip", 9), withCode("WB-ARCHIVE-CORRUPT"));
  });
  it("know deflate streams with nothing beside their content", () => {
    const content = Buffer.from("waybill ".repeat(5000));
    for (const level of [0, 1, 6, 9]) {
      for (const strategy of [0, 1, 2, 3, 4]) {
        const stream = deflateRawSync(content, { level, strategy });
        assert.ok(isPlainDeflate(stream), `${level} ${strategy}`);
        assert.ok(!isPlainDeflate(Buffer.concat([stream, Buffer.from([0])])));
        assert.ok(!isPlainDeflate(stream.subarray(0, -1)));
      }
    }
    assert.ok(isPlainDeflate(deflateRawSync("")));
    assert.ok(!isPlainDeflate(Buffer.from([0x06, 0, 0, 0xff, 0xff])));
    const padded = deflateRawSync("", { level: 0 });
    padded[0] = (padded[0] ?? 0) | 0x80;
    assert.ok(!isPlainDeflate(padded), "bits set before a stored block");
    assert.ok(!isPlainDeflate(Buffer.alloc(0)));
  });
});

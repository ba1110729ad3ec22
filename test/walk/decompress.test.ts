import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { Budget } from "../../src/artifact/budget.ts";
import { unpackBzip2 } from "../../src/artifact/bzip2.ts";
import { memoryContent, sha256Of } from "../../src/artifact/content.ts";
import { decompress } from "../../src/artifact/decompress.ts";
import { DEFAULT_LIMITS, type SourceLimits } from "../../src/artifact/limits.ts";
import { compressionOf } from "../../src/artifact/recognise.ts";
import { Spool } from "../../src/artifact/spool.ts";
import { unpackXz } from "../../src/artifact/xz.ts";
import { Fault } from "../../src/model/fault.ts";
import { COMPRESSED } from "../unit/artifact/compressed.ts";

const TEXT = `${Array.from({ length: 700 }, (_, at) => `${at} ${(at * at * 7919) % 9973} of some text\n`).join("")}${"a".repeat(3000)}${"\0".repeat(700)}`;

const CONTENTS: Readonly<Partial<Record<keyof typeof COMPRESSED, string>>> = {
  bzip2: TEXT,
  "bzip2, two streams": "one two",
  "bzip2, empty": "",
  "xz, CRC-64": TEXT,
  "xz, two streams and padding": "one two",
  "xz, no check": "none",
  "xz, several blocks": "0123456789 and so on ".repeat(100),
  "xz, lc=0 lp=2 pb=0": TEXT,
  "xz, empty": "",
};

const bytesOf = (name: keyof typeof COMPRESSED): Buffer => Buffer.from(COMPRESSED[name], "base64");

function withCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Fault && error.facts.code === code;
}

async function unpacked(bytes: Buffer, limits: Partial<SourceLimits> = {}): Promise<Buffer> {
  using opened = new DisposableStack();
  const compression = compressionOf(bytes);
  assert.ok(compression !== undefined, "the compression is recognised");
  const budget = new Budget({ ...DEFAULT_LIMITS, ...limits });
  const content = await decompress(memoryContent(bytes), compression, "a", new Spool(opened), budget);
  return Buffer.from(content.read(0, content.sizeBytes));
}

describe("decompression", () => {
  for (const [name, text] of Object.entries(CONTENTS)) {
    it(`gives the content of ${name}`, async () => {
      assert.equal((await unpacked(bytesOf(name as keyof typeof COMPRESSED))).toString("latin1"), text);
    });
  }
  it("gives the content of several gzip members and zstd frames, with padding behind them", async () => {
    for (const pack of [gzipSync, zstdCompressSync]) {
      const twice = Buffer.concat([pack("one "), pack("two"), Buffer.alloc(700)]);
      assert.equal((await unpacked(twice)).toString(), "one two");
    }
  });
  it("reads input in pieces of any length", () => {
    for (const [unpack, name] of [
      [unpackBzip2, "bzip2"],
      [unpackXz, "xz, CRC-64"],
    ] as const) {
      const pieces: Buffer[] = [];
      const input = [...bytesOf(name)].map((byte) => Buffer.from([byte]));
      unpack(input, "a", (bytes) => void pieces.push(Buffer.from(bytes)));
      assert.equal(Buffer.concat(pieces).toString("latin1"), TEXT);
    }
  });
  it("refuses what is cut off at any place, and what goes on behind its end", async () => {
    const all = [
      gzipSync(TEXT),
      zstdCompressSync(TEXT),
      bytesOf("bzip2"),
      bytesOf("xz, CRC-64"),
      bytesOf("xz, several blocks"),
    ];
    for (const bytes of all) {
      for (let part = 1; part < 12; part += 1) {
        const cut = bytes.subarray(0, Math.max(20, Math.floor((bytes.length * part) / 12)));
        await assert.rejects(unpacked(Buffer.from(cut)), withCode("WB-ARCHIVE-CORRUPT"));
      }
      await assert.rejects(unpacked(bytes.subarray(0, -1)), withCode("WB-ARCHIVE-CORRUPT"));
      for (const tail of ["hidden", "\0\0\0\0hidden"]) {
        await assert.rejects(unpacked(Buffer.concat([bytes, Buffer.from(tail)])), withCode("WB-ARCHIVE-CORRUPT"));
      }
    }
  });
  it("finds every changed byte of content, checksum and index", async () => {
    for (const name of ["bzip2", "xz, CRC-64", "xz, several blocks", "xz, two streams and padding"] as const) {
      const bytes = bytesOf(name);
      const whole = await unpacked(bytes);
      for (let at = 10; at < bytes.length; at += 1 + Math.floor(bytes.length / 100)) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 0x10;
        const outcome = await unpacked(changed).catch((error: unknown) => error);
        // A bit that nobody reads (the randomisation of bzip2, filling) may change; the content never does.
        if (outcome instanceof Buffer) assert.deepEqual(outcome, whole);
        else assert.ok(outcome instanceof Fault, String((outcome as Error).stack));
      }
    }
  });
  it("names filters, checks and dictionaries that are not read", async () => {
    await assert.rejects(unpacked(bytesOf("xz, x86 filter")), withCode("WB-ARCHIVE-KIND"));
    await assert.rejects(unpacked(bytesOf("xz, dictionary of 1 GiB")), withCode("WB-ARCHIVE-TOO-LARGE"));
  });
  it("refuses very many streams with nothing in them", async () => {
    for (const name of ["bzip2, empty", "xz, empty"] as const) {
      const empty = bytesOf(name);
      await assert.rejects(unpacked(Buffer.alloc(empty.length * 100_001, empty)), withCode("WB-ARCHIVE-TOO-LARGE"));
    }
  });
  it("is bounded in what it gives, whatever the ratio", async () => {
    for (const bytes of [gzipSync(TEXT), zstdCompressSync(TEXT), bytesOf("bzip2"), bytesOf("xz, CRC-64")]) {
      await assert.rejects(unpacked(bytes, { spooledBytes: 5000 }), withCode("WB-ARCHIVE-TOO-LARGE"));
    }
  });
  it("leaves nothing in the temporary folder while it works there, and says where there is none", (t) => {
    const root = mkdtempSync(join(tmpdir(), "waybill-spool-"));
    t.after(() => rmSync(root, { recursive: true, force: true }));
    const before = process.env["TMPDIR"];
    const large = Buffer.alloc(17 << 20, "x");
    try {
      process.env["TMPDIR"] = root;
      using opened = new DisposableStack();
      const piece = new Spool(opened).piece("a");
      piece.write(large);
      assert.deepEqual(readdirSync(root), []);
      assert.equal(
        piece
          .done()
          .read(1 << 24, 3)
          .toString(),
        "xxx",
      );
      process.env["TMPDIR"] = join(root, "none");
      assert.throws(() => new Spool(opened).piece("a").write(large), withCode("WB-SOURCE-TEMPORARY"));
    } finally {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
    }
  });
  it("keeps large content in a file, holes and all, and reads it anywhere", async () => {
    using opened = new DisposableStack();
    const spool = new Spool(opened);
    const small = spool.piece("small");
    small.write(Buffer.from("small"));
    const kept = small.done();
    const piece = spool.piece("large");
    const parts = [Buffer.alloc(9 << 20, "ab"), Buffer.alloc(9 << 20), Buffer.from("end"), Buffer.alloc(1 << 20)];
    for (const part of parts) piece.write(part);
    const content = piece.done();
    assert.equal(sha256Of(content), sha256Of(memoryContent(Buffer.concat(parts))));
    assert.equal(content.read(18 << 20, 3).toString(), "end");
    assert.equal(content.read((9 << 20) - 1, 2).toString(), "b\0");
    assert.equal(content.read(content.sizeBytes - 2, 100).length, 2);
    assert.equal(kept.read(0, 9).toString(), "small");
  });
});

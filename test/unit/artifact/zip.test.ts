import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { crc32, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { readZip, zipContent, type ZipFile, zipFiles } from "../../../src/artifact/zip.ts";
import { Fault } from "../../../src/model/fault.ts";
import { makeZip, makeZip64, type ZipSpec } from "./make-archive.ts";

const LIMITS = { entries: 100, entryBytes: 1 << 20, totalBytes: 4 << 20 };
const folder = mkdtempSync(join(tmpdir(), "waybill-zip-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What each way of reading gives: name and content, or the code of what is wrong. */
type Told = readonly (readonly [name: string, content: string])[] | string;

function attempt<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof Fault) return error.facts.code;
    throw error;
  }
}

function inMemory(bytes: Uint8Array): Told {
  return attempt(() =>
    readZip(bytes, "a.zip", LIMITS.entries).entries.map((entry): [string, string] => [
      entry.name,
      Buffer.from(zipContent(entry, "a.zip", LIMITS.entryBytes)).toString(),
    ]),
  );
}

/** `read` gets the files of an archive that lies on disk. */
function onDisk<T>(bytes: Uint8Array, read: (files: Generator<ZipFile>) => T, limits = LIMITS): T {
  const path = join(folder, "a.zip");
  writeFileSync(path, bytes);
  const file = openSync(path, "r");
  try {
    return read(zipFiles(file, "a.zip", limits));
  } finally {
    closeSync(file);
  }
}

const contents = (files: Iterable<ZipFile>): [string, string][] =>
  Array.from(files, (file) => [file.name, attempt(() => Buffer.from(file.content()).toString()) as string]);

function fromDisk(bytes: Uint8Array, limits = LIMITS): Told {
  return attempt(() => onDisk(bytes, contents, limits));
}

const A: ZipSpec = { name: "a", content: "text of a" };
const B: ZipSpec = { name: "b", content: "text of b", stored: true };
const BOTH = [
  ["a", "text of a"],
  ["b", "text of b"],
] as const;

describe("zip: one reader for memory and disk", () => {
  const sound: readonly (readonly [string, Buffer])[] = [
    ["plain", makeZip([A, B])],
    ["a comment, gaps and extra fields", makeZip([{ ...A, gap: "gap", extra: Buffer.from([9, 9, 1, 0, 7]) }, B], "hi")],
    [
      "descriptors with a signature",
      makeZip([
        { ...A, descriptor: "signed" },
        { ...B, descriptor: "signed" },
      ]),
    ],
    [
      "descriptors without one",
      makeZip([
        { ...A, descriptor: "bare" },
        { ...B, descriptor: "bare" },
      ]),
    ],
    ["zip64 entries", makeZip([{ ...A, wide: true }, B])],
    ["entries as Maven's archiver writes them, of an older version locally", makeZip([{ ...A, localVersion: 10 }, B])],
    ["zip64 entries that a writer noticed late", makeZip([{ ...A, wide: true, localVersion: 20 }, B])],
    ["zip64 entries with descriptors", makeZip([{ ...A, wide: true, descriptor: "signed" }, B])],
    ["a zip64 end", makeZip64([A, B])],
    ["a zip64 end whose short form is full in part", makeZip64([A, B], (_, end) => end.writeUInt16LE(2, 10))],
    ["data before the first entry", prefixed(makeZip([A, B]), 100)],
  ];
  for (const [name, bytes] of sound) {
    it(`reads ${name}`, () => {
      assert.deepEqual(inMemory(bytes), BOTH);
      assert.deepEqual(fromDisk(bytes), BOTH);
    });
  }

  it("reads the same from memory and disk, whatever the entries are", () => {
    const spec = fc.record({
      content: fc.string({ maxLength: 3000 }),
      stored: fc.boolean(),
      wide: fc.boolean(),
      gap: fc.constantFrom("", "x".repeat(100)),
    });
    fc.assert(
      fc.property(fc.array(spec, { maxLength: 12 }), fc.boolean(), (specs, long) => {
        const entries = specs.map((one, index) => ({ ...one, name: `${index}.json` }));
        const bytes = long ? makeZip64(entries) : makeZip(entries);
        const wanted = entries.map(({ name, content }) => [name, content]);
        assert.deepEqual(inMemory(bytes), wanted);
        assert.deepEqual(fromDisk(bytes), wanted);
      }),
    );
  });

  it("ends with a fault or an answer on any damage, and never otherwise", () => {
    const bytes = makeZip64([{ ...A, descriptor: "signed", wide: true }, B]);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 }), (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        inMemory(damaged);
        fromDisk(damaged);
      }),
      { numRuns: 500 },
    );
  });
});

/** The archive behind other bytes, as in a program that unpacks itself, offsets mended. */
function prefixed(zip: Buffer, by: number): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(by, 0x2e), zip]);
  const end = bytes.length - 22;
  let at = bytes.readUInt32LE(end + 16) + by;
  bytes.writeUInt32LE(at, end + 16);
  for (; bytes.readUInt32LE(at) === 0x02014b50; at += 46 + bytes.readUInt16LE(at + 28)) {
    bytes.writeUInt32LE(bytes.readUInt32LE(at + 42) + by, at + 42);
  }
  return bytes;
}

describe("zip: hostile archives", () => {
  const one = (found: string): Told => [
    ["a", found],
    ["b", "text of b"],
  ];
  /** What is wrong with one entry refuses the archive in memory, and on disk that file only. */
  const entries: readonly (readonly [string, readonly ZipSpec[], code: string])[] = [
    ["a wrong checksum", [{ ...A, claims: { crc: 7 } }, B], "WB-ARCHIVE-CORRUPT"],
    ["a size that is a lie", [{ ...A, claims: { size: 3 } }, B], "WB-ARCHIVE-TOO-LARGE"],
    ["a size that is too large by far", [{ ...A, wide: true, claims: { size: 2 ** 21 } }, B], "WB-ARCHIVE-TOO-LARGE"],
    ["encryption", [{ ...A, flags: 1 }, B], "WB-ARCHIVE-KIND"],
    ["strong encryption", [{ ...A, flags: 0x41 }, B], "WB-ARCHIVE-KIND"],
    ["another name in the local header", [{ ...A, localName: "c" }, B], "WB-ARCHIVE-CORRUPT"],
    ["a longer name in the local header", [{ ...A, localName: "a\0.exe" }, B], "WB-ARCHIVE-CORRUPT"],
    ["another version in the local header", [{ ...A, localVersion: 63 }, B], "WB-ARCHIVE-CORRUPT"],
    [
      "data behind the deflated content",
      [{ ...A, raw: Buffer.concat([deflateRawSync("text of a"), Buffer.from("x")]) }, B],
      "WB-ARCHIVE-CORRUPT",
    ],
    ["content that is no deflate stream", [{ ...A, raw: Buffer.from("no stream") }, B], "WB-ARCHIVE-CORRUPT"],
  ];
  for (const [name, specs, code] of entries) {
    it(`refuses ${name}`, () => {
      const bytes = makeZip(specs);
      assert.equal(inMemory(bytes), code);
      assert.deepEqual(fromDisk(bytes), one(code));
    });
  }

  it("refuses a descriptor that says otherwise, and one that reaches into the next entry", () => {
    const bytes = makeZip([{ ...A, descriptor: "signed" }, B]);
    const at = bytes.indexOf("PK\x07\x08", 0, "latin1");
    bytes[at + 8] = 0xff;
    assert.equal(inMemory(bytes), "WB-ARCHIVE-CORRUPT");
    assert.deepEqual(fromDisk(bytes), one("WB-ARCHIVE-CORRUPT"));
  });

  it("refuses entries that share their bytes, so that a small archive cannot be a bomb", () => {
    const shared = makeZip([A, { ...A, name: "b", claims: { offset: 0 } }]);
    assert.equal(inMemory(shared), "WB-ARCHIVE-CORRUPT");
    assert.equal(fromDisk(shared), "WB-ARCHIVE-CORRUPT");
    // The second entry lies inside the stored content of the first: each is sound when read alone.
    const inner = makeZip([{ name: "b", content: "text of b", stored: true }]);
    const local = inner.subarray(0, inner.readUInt32LE(inner.length - 6));
    const nested = makeZip([
      { name: "a", raw: local, claims: { crc: crc32(local), size: local.length }, stored: true },
      { name: "b", content: "text of b", stored: true, claims: { offset: 31 } },
    ]);
    assert.equal(inMemory(nested), "WB-ARCHIVE-CORRUPT");
    assert.deepEqual(fromDisk(nested), [
      ["a", "WB-ARCHIVE-CORRUPT"],
      ["b", "text of b"],
    ]);
  });

  it("gives of two files with one name the first only, and leaves the judgement to whoever reads in memory", () => {
    const twice = makeZip([A, { ...B, name: "a" }]);
    assert.deepEqual(inMemory(twice), [
      ["a", "text of a"],
      ["a", "text of b"],
    ]);
    assert.deepEqual(fromDisk(twice), [
      ["a", "text of a"],
      ["a", "WB-ARCHIVE-DUPLICATE"],
    ]);
  });

  const whole: readonly (readonly [string, Buffer, code: string])[] = [
    ["no zip file", Buffer.from("no zip file at all, but long enough for an end"), "WB-ARCHIVE-CORRUPT"],
    ["an empty file", Buffer.alloc(0), "WB-ARCHIVE-CORRUPT"],
    ["a cut file", makeZip([A, B]).subarray(0, -30), "WB-ARCHIVE-CORRUPT"],
    ["bytes behind the end", makeZip([A, B], "", "after"), "WB-ARCHIVE-CORRUPT"],
    ["a comment that holds another end which fits", makeZip([A, B], ended(makeZip([B]))), "WB-ARCHIVE-CORRUPT"],
    ["a comment that holds an end for careless readers", makeZip([A], `${ended(makeZip([B]))}!`), "WB-ARCHIVE-CORRUPT"],
    ["fewer entries than headers", counted(makeZip([A, B]), 1), "WB-ARCHIVE-CORRUPT"],
    ["more entries than headers", counted(makeZip([A, B]), 3), "WB-ARCHIVE-CORRUPT"],
    ["more entries than the limit", counted(makeZip([A, B]), 101), "WB-ARCHIVE-TOO-LARGE"],
    ["several parts", parted(makeZip([A, B])), "WB-ARCHIVE-KIND"],
    ["a directory that lies outside", changed(makeZip([A, B]), -6, 0x7fffffff), "WB-ARCHIVE-CORRUPT"],
    ["an end of 64 bits that differs", makeZip64([A, B], (_, end) => end.writeUInt16LE(3, 10)), "WB-ARCHIVE-CORRUPT"],
    ["a damaged end of 64 bits", makeZip64([A, B], (record) => record.fill(0, 0, 4)), "WB-ARCHIVE-CORRUPT"],
    ["a directory beyond all numbers", makeZip64([A, B], (record) => record.fill(0xff, 40, 56)), "WB-ARCHIVE-CORRUPT"],
    ["entries beyond all numbers", makeZip64([A, B], (record) => record.fill(0xff, 24, 40)), "WB-ARCHIVE-TOO-LARGE"],
    ["a size beyond all numbers", beyond(makeZip([{ ...A, wide: true }, B])), "WB-ARCHIVE-CORRUPT"],
  ];
  for (const [name, bytes, code] of whole) {
    it(`refuses ${name} as a whole`, () => {
      assert.equal(inMemory(bytes), code);
      assert.equal(fromDisk(bytes), code);
    });
  }

  it("counts what all files would unpack to before it unpacks any", () => {
    const bomb = makeZip(Array.from({ length: 5 }, (_, index) => ({ name: `${index}`, content: "0".repeat(1 << 20) })));
    assert.ok(bomb.length < 10_000);
    assert.equal(fromDisk(bomb), "WB-ARCHIVE-TOO-LARGE");
    assert.equal(
      fromDisk(makeZip([{ name: "a", content: "0".repeat(99) }, B]), { ...LIMITS, totalBytes: 100 }),
      "WB-ARCHIVE-TOO-LARGE",
    );
  });

  it("reads files in another order than they lie, and says so where the file became shorter meanwhile", () => {
    const bytes = makeZip([{ ...A, content: "a".repeat(3 << 19), stored: true }, B]);
    onDisk(
      bytes,
      (files) => {
        const [first, second] = [...files];
        assert.equal(Buffer.from(second?.content() ?? []).toString(), "text of b");
        assert.equal(first?.content().length, 3 << 19);
        truncateSync(join(folder, "a.zip"), 1000);
        assert.throws(() => second?.content(), RangeError);
      },
      { ...LIMITS, entryBytes: 4 << 20 },
    );
  });
});

function ended(zip: Buffer): string {
  return zip.subarray(-22).toString("latin1");
}

function counted(zip: Buffer, count: number): Buffer {
  zip.writeUInt16LE(count, zip.length - 14);
  zip.writeUInt16LE(count, zip.length - 12);
  return zip;
}

function changed(zip: Buffer, at: number, value: number): Buffer {
  zip.writeUInt32LE(value, zip.length + at);
  return zip;
}

function parted(zip: Buffer): Buffer {
  zip.writeUInt16LE(1, zip.length - 18);
  return zip;
}

/** The size in the central header's zip64 field is 2^63. */
function beyond(zip: Buffer): Buffer {
  zip.writeBigUInt64LE(2n ** 63n, zip.readUInt32LE(zip.length - 6) + 46 + 1 + 4);
  return zip;
}

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { pack } from "../../src/advisory/block.ts";
import { type BuiltIndex, buildIndex, updateIndex } from "../../src/advisory/build.ts";
import { openIndex } from "../../src/advisory/index-file.ts";
import { verifyIndex } from "../../src/advisory/index-verify.ts";
import { readModifiedList } from "../../src/advisory/modified-list.ts";
import { Fault } from "../../src/model/fault.ts";
import { cpuMilliseconds } from "../support/cpu.ts";
import { folderOf, osv, putEcosystem, type TestRecord } from "../support/bucket.ts";
import { makeZip } from "../unit/artifact/make-archive.ts";

const good: TestRecord = { id: "A-1", modified: "2026-01-01T00:00:00Z", packages: ["a"] };
const fault =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof Fault && error.facts.code === code;

/** Builds an index of a sound record and of these entries in one archive. */
async function built(t: TestContext, entries: Parameters<typeof makeZip>[0]): Promise<BuiltIndex> {
  const folder = folderOf(t);
  mkdirSync(join(folder, "osv/npm"), { recursive: true });
  writeFileSync(join(folder, "osv/npm/all.zip"), makeZip([{ name: "A-1.json", content: osv(good) }, ...entries]));
  return buildIndex(join(folder, "osv"), join(folder, "a.db"));
}

/** Asserts that the one bad record is left out and named, the sound one is there, in this much time. */
async function assertNamed(
  t: TestContext,
  entry: Parameters<typeof makeZip>[0][number],
  reason: RegExp,
  atMostMs: number,
): Promise<void> {
  const before = cpuMilliseconds();
  const index = await built(t, [entry]);
  const took = cpuMilliseconds() - before;
  assert.deepEqual([index.shards?.[0]?.records, index.broken], [1, 1]);
  assert.match(`${index.examples[0]?.where} ${index.examples[0]?.what}`, reason);
  assert.ok(took < atMostMs, `${took.toFixed(0)} ms`);
}

describe("advisories: hostile buckets", () => {
  const affected = (ranges: string): string =>
    `{"id":"B-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"b"},"ranges":[${ranges}]}]}`;

  it("an advisory of 50 MB is not read", (t) =>
    assertNamed(t, { name: "B-1.json", content: affected("").padEnd(50 << 20) }, /B-1\.json.*16777216 bytes/u, 8000));

  it("a zip bomb of one record is not unpacked further than a record may go", (t) =>
    assertNamed(t, { name: "B-1.json", content: "0".repeat(64 << 20), claims: { size: 1000 } }, /B-1\.json/u, 8000));

  it("a record of a million ranges is refused as one text", (t) => {
    const range = '{"type":"SEMVER","events":[{"introduced":"0"}]}';
    const many = Array.from({ length: 1_000_000 }, () => "{}").join(",");
    return assertNamed(t, { name: "B-1.json", content: affected(`${range},${many}`) }, /larger than is read/u, 8000);
  });

  it("a record whose shared part is copied to a hundred thousand packages is refused", (t) => {
    const packages = Array.from(
      { length: 100_000 },
      (_, n) => `{"package":{"ecosystem":"npm","name":"p${n}"},"versions":["1"]}`,
    );
    const aliases = Array.from({ length: 50_000 }, (_, n) => `"X-${n}"`);
    const content = `{"id":"B-1","modified":"2026-01-01T00:00:00Z","aliases":[${aliases}],"affected":[${packages}]}`;
    return assertNamed(t, { name: "B-1.json", content }, /says more than/u, 15_000);
  });

  it("names that lead out, an entry twice, a record that calls itself something else", async (t) => {
    const index = await built(t, [
      { name: "../../A-2.json", content: osv({ ...good, id: "A-2" }) },
      { name: "A-3.json", content: osv({ ...good, id: "A-3" }) },
      { name: "A-3.json", content: osv({ ...good, id: "A-3", version: "9.0.0" }) },
      { name: "A-4.json", content: osv({ ...good, id: "../A-4" }) },
    ]);
    assert.deepEqual([index.shards?.[0]?.records, index.broken], [2, 3]);
  });

  it("an archive that lies about its size unpacks no further than its own size allows", async (t) => {
    await assert.rejects(
      built(t, [{ name: "B-1.json", wide: true, claims: { size: 2 ** 40 } }]),
      fault("WB-ADVISORIES-UNREADABLE"),
    );
  });
});

describe("advisories: hostile lists", () => {
  const chunk = Buffer.from("2026-01-01T00:00:00Z,A-1\n".repeat(40_000));
  function* gigabyte(bytes: Buffer): Generator<Buffer> {
    for (let sent = 0; sent < 1 << 30; sent += bytes.length) yield bytes;
  }

  it("a list of a gigabyte ends at its bound, whether it has lines or not", async (t) => {
    for (const [name, bytes] of [
      ["lines", chunk],
      ["one line", Buffer.alloc(1 << 20, 0x41)],
      ["blank lines", Buffer.alloc(1 << 20, 0x0a)],
    ] as const) {
      const before = cpuMilliseconds();
      await assert.rejects(readModifiedList(gigabyte(bytes), "x.csv"), fault("WB-ADVISORIES-UNREADABLE"), name);
      const took = cpuMilliseconds() - before;
      t.diagnostic(`${name}: ${took.toFixed(0)} ms`);
      assert.ok(took < 8000, name);
    }
  });

  it("what is no line is named by its number, and nothing of it is used as a path", async () => {
    for (const line of [
      "garbage",
      "2026-01-01T00:00:00Z,../A-1",
      "yesterday,A-1",
      "2026-01-01T00:00:00Z,",
      ",A-1",
      "\u0000",
    ]) {
      const text = Buffer.from(`2026-01-01T00:00:00Z,A-0\r\n\n${line}\n`);
      await assert.rejects(readModifiedList([text], "x.csv"), (error) => {
        assert.ok(error instanceof Fault && error.facts.code === "WB-ADVISORIES-UNREADABLE", line);
        return error.facts.where === "x.csv:3";
      });
    }
  });

  it("a list that is garbage leaves the old index in its place", async (t) => {
    const folder = folderOf(t);
    putEcosystem(join(folder, "osv"), "npm", [good]);
    const { digest } = await buildIndex(join(folder, "osv"), join(folder, "a.db"));
    writeFileSync(join(folder, "osv/npm/modified_id.csv"), "2026-01-02T00:00:00Z,../../x\n");
    await assert.rejects(updateIndex(join(folder, "a.db")), fault("WB-ADVISORIES-UNREADABLE"));
    assert.equal(openIndex(join(folder, "a.db")).identity.digest, digest);
  });

  it("scores that unpack to more than they may are refused", async (t) => {
    const folder = folderOf(t);
    putEcosystem(join(folder, "osv"), "npm", [good]);
    writeFileSync(join(folder, "epss.csv.gz"), gzipSync(Buffer.alloc(80 << 20, 0x0a)));
    const epss = join(folder, "epss.csv.gz");
    const build = buildIndex(join(folder, "osv"), join(folder, "a.db"), undefined, { epss });
    await assert.rejects(build, fault("WB-EPSS-FORM"));
  });
});

describe("advisories: hostile index files", () => {
  async function index(t: TestContext, change: string, ...values: readonly (Uint8Array | number)[]): Promise<string> {
    const folder = folderOf(t);
    putEcosystem(join(folder, "osv"), "npm", [good]);
    await buildIndex(join(folder, "osv"), join(folder, "a.db"));
    const database = new DatabaseSync(join(folder, "a.db"));
    database.prepare(change).run(...values);
    database.close();
    return join(folder, "a.db");
  }

  it("a block that unpacks to more than it may is refused by a look-up and by verifying, without unpacking it", async (t) => {
    const path = await index(t, "UPDATE block SET body = ?", pack(Buffer.alloc(130 << 20, 0x0a)));
    const before = cpuMilliseconds();
    const opened = openIndex(path);
    t.after(() => opened.close());
    assert.throws(() => opened.lookup("npm", "a"), fault("WB-INDEX-FORM"));
    assert.throws(() => verifyIndex(path), fault("WB-INDEX-FORM"));
    const took = cpuMilliseconds() - before;
    assert.ok(took < 3000, `${took.toFixed(0)} ms`);
  });

  it("a triggered or viewed index is no index", async (t) => {
    for (const change of [
      "CREATE TRIGGER x AFTER INSERT ON revision BEGIN DELETE FROM record; END",
      "CREATE VIEW x AS SELECT 1",
      "ALTER TABLE block RENAME TO blocks",
    ]) {
      const path = await index(t, change);
      assert.throws(() => openIndex(path), fault("WB-INDEX-FORM"), change);
      await assert.rejects(updateIndex(path), fault("WB-INDEX-FORM"), change);
    }
  });

  it("any flipped bit is found by a look-up or by verifying, and named", async (t) => {
    const folder = folderOf(t);
    const [bucket, path, bad] = [join(folder, "osv"), join(folder, "a.db"), join(folder, "bad.db")];
    putEcosystem(bucket, "npm", [good, { ...good, id: "A-2", packages: ["b", "c"] }]);
    await buildIndex(bucket, path);
    putEcosystem(bucket, "npm", [
      { ...good, modified: "2026-01-02T00:00:00Z", packages: ["a", "d"] },
      { ...good, id: "A-2", packages: ["b", "c"] },
    ]);
    await updateIndex(path);
    copyFileSync(path, bad);
    const bytes = readFileSync(path);
    const sound = verifyIndex(path).digest;
    let [found, harmless] = [0, 0];
    for (let at = 0; at < bytes.length; at += 37) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << (at % 8)), at);
      writeFileSync(bad, damaged);
      try {
        // What verifies has the digest of the sound one: the bit was in room that nothing uses, or that says nothing.
        assert.equal(verifyIndex(bad).digest, sound);
        harmless += 1;
      } catch (error) {
        assert.ok(
          error instanceof Fault && ["WB-INDEX-FORM", "WB-INDEX-DIGEST"].includes(error.facts.code),
          String(error),
        );
        found += 1;
      }
    }
    t.diagnostic(`${found} of ${found + harmless} flipped bits found; the others change no answer`);
    assert.ok(found > 20 && harmless > 20);
  });
});

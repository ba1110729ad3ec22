import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { buildIndex } from "../../../src/advisory/build.ts";
import { openFolderBucket } from "../../../src/advisory/bucket-folder.ts";
import { Fault } from "../../../src/model/fault.ts";
import { makeZip } from "../artifact/make-archive.ts";

/** A bucket with these files, by their paths. */
function bucket(t: TestContext, files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-bucket-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

async function told(from: string, ecosystem: string, wanted?: readonly string[]): Promise<readonly string[][]> {
  const found: string[][] = [];
  for await (const record of openFolderBucket(from).records(ecosystem, wanted && new Set(wanted))) {
    found.push([
      record.where,
      "problem" in record ? `problem: ${record.problem}` : Buffer.from(record.bytes).toString(),
    ]);
  }
  return found;
}

function record(id: string): string {
  return JSON.stringify({
    id,
    modified: "2026-11-01T00:00:00Z",
    affected: [{ package: { ecosystem: "npm", name: "left" }, versions: ["1.0.0"] }],
  });
}

describe("advisories: a bucket", () => {
  it("gives records of archives and of files, sorted, all of them or those that are asked for", async (t) => {
    const from = bucket(t, {
      "npm/all.zip": makeZip([
        { name: "B-1.json", content: "one" },
        { name: "A-1.json", content: "two" },
        { name: "readme.txt", content: "no record" },
      ]),
      "npm/C-1.json": "three",
      "PyPI/D-1.json": "four",
      "npm/modified_id.csv": "no record",
    });
    symlinkSync(join(from, "npm/C-1.json"), join(from, "npm/link.json"));
    const npm = [
      ["npm/C-1.json", "three"],
      ["npm/all.zip!/B-1.json", "one"],
      ["npm/all.zip!/A-1.json", "two"],
    ];
    assert.deepEqual(await openFolderBucket(from).ecosystems(), ["PyPI", "npm"]);
    assert.deepEqual(await told(from, "npm"), npm);
    assert.deepEqual(await told(from, "npm", ["A-1", "nobody"]), [["npm/all.zip!/A-1.json", "two"]]);
  });

  it("tells what is wrong with one file of an archive, and goes on", async (t) => {
    const from = bucket(t, {
      "npm/all.zip": makeZip([
        { name: "../../A-1.json", content: "leads out" },
        { name: "B-1.json", content: "wrong", claims: { crc: 1 } },
        { name: "C-1.json", content: "secret", flags: 1 },
        { name: "D-1.json", content: "sound" },
        { name: "D-1.json", content: "again" },
      ]),
    });
    assert.deepEqual(await told(from, "npm"), [
      ["npm/all.zip!/../../A-1.json", "problem: a path where a file name is due"],
      ["npm/all.zip!/B-1.json", "problem: a wrong checksum"],
      ["npm/all.zip!/C-1.json", "problem: an encrypted entry"],
      ["npm/all.zip!/D-1.json", "sound"],
      ["npm/all.zip!/D-1.json", "problem: two entries have the same path"],
    ]);
  });

  it("refuses an archive that is none, has entries in each other's bytes or passes a limit, with one clear fault", async (t) => {
    const bad: readonly (readonly [Buffer, RegExp])[] = [
      [Buffer.from("no archive"), /no end of the central directory/u],
      [makeZip([{ name: "A-1.json" }, { name: "B-1.json", claims: { offset: 0 } }]), /entries that overlap/u],
      [makeZip([{ name: "A-1.json", wide: true, claims: { size: 2 ** 40 } }]), /unpacks to more than/u],
    ];
    for (const [bytes, found] of bad) {
      const from = bucket(t, { "npm/all.zip": bytes });
      await assert.rejects(
        told(from, "npm"),
        (error) =>
          error instanceof Fault &&
          error.facts.code === "WB-ADVISORIES-UNREADABLE" &&
          error.facts.kind === "unchecked" &&
          found.test(error.facts.found ?? ""),
      );
    }
  });

  it("counts broken records of an archive beside the sound ones of the index", async (t) => {
    const from = bucket(t, {
      "npm/all.zip": makeZip([
        { name: "A-1.json", content: record("A-1") },
        { name: "B-1.json", content: record("B-1"), claims: { crc: 1 } },
        { name: "C-1.json", content: "{" },
      ]),
    });
    const built = await buildIndex(from, join(from, "index.db"));
    assert.deepEqual([built.shards?.[0]?.records, built.broken], [1, 2]);
    assert.match(built.examples[0]?.where ?? "", /B-1\.json$/u);
  });
});

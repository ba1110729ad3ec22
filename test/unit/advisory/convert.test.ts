import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { convertRecords } from "../../../src/advisory/convert.ts";
import { readRecordFiles } from "../../../src/advisory/record-files.ts";
import { readOsv } from "../../../src/format/osv.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Json } from "../../../src/model/statement.ts";
import { makeZip } from "../artifact/make-archive.ts";

function folder(t: TestContext, files: Readonly<Record<string, string | Buffer>>): string {
  const path = mkdtempSync(join(tmpdir(), "waybill-records-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, ".."), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

const record = (id: string, ecosystem = "npm", modified = "2026-01-01T00:00:00Z"): string =>
  JSON.stringify({ id, modified, affected: [{ package: { ecosystem, name: "a" }, versions: ["1.0.0"] }] });

const YAML = `id: PYSEC-2021-1
modified: "2021-08-27T03:22:05.027573Z"
aliases: [CVE-2021-1]
affected:
  - package: { name: left, ecosystem: PyPI }
    ranges:
      - type: ECOSYSTEM
        events:
          - introduced: "0"
          - fixed: 1.10
    versions: [1.0, "1.1"]
`;
const options = { complete: false };

describe("records: files and folders of them", () => {
  it("gives each JSON, YAML and zipped record once, sorted; a broken one in its place", async (t) => {
    const from = folder(t, {
      "a/1.json": record("A-1"),
      "a/b/2.yml": YAML,
      "a/readme.md": "# no record",
      "c.zip": makeZip([
        { name: "x/3.json", content: record("A-3") },
        { name: "note.txt", content: "no record" },
      ]),
      "d.json": "{",
      "e.zip": "no zip",
    });
    symlinkSync(join(from, "d.json"), join(from, "link.json"));
    const given: string[] = [];
    for await (const file of readRecordFiles(from)) {
      const where = file.where.slice(from.length + 1);
      given.push(
        "value" in file
          ? `${where} ${String((file.value as { id: string }).id)}`
          : `${where} ${file.problem.facts.code}`,
      );
    }
    assert.deepEqual(given, [
      "a/1.json A-1",
      "a/b/2.yml PYSEC-2021-1",
      "c.zip!/x/3.json A-3",
      "d.json WB-JSON-SYNTAX",
      "e.zip WB-ARCHIVE-CORRUPT",
    ]);
    await assert.rejects(async () => {
      for await (const _ of readRecordFiles(join(from, "nowhere"))) assert.fail();
    }, Fault);
  });

  it("YAML: numbers without quotes are texts: 1.10 is not 1.1", async (t) => {
    const from = folder(t, { "1.yaml": YAML });
    for await (const file of readRecordFiles(from)) {
      assert.ok("value" in file);
      const [advisory] = readOsv(file.value, "x").advisories;
      assert.deepEqual(advisory?.versions, ["1.0", "1.1"]);
      assert.deepEqual(advisory?.ranges[0]?.events, [{ introduced: "0" }, { fixed: "1.10" }]);
      assert.equal(advisory?.modified, "2021-08-27T03:22:05.027573Z");
    }
  });
});

describe("records: conversion into a bucket", () => {
  it("puts each into the folders of its ecosystems, the newest revision alone, and tells what it cannot", async (t) => {
    const both = {
      id: "A-2",
      modified: "2026-01-01T00:00:00Z",
      affected: [
        { package: { ecosystem: "Debian:12", name: "a" }, versions: ["1"] },
        { ranges: [{ type: "GIT", repo: "https://git.example/a", events: [{ introduced: "0" }] }] },
      ],
    };
    const bad = {
      "../../x": "npm",
      ".hidden": "npm",
      "a/b": "npm",
      "a\u0000": "npm",
      ok: "../npm",
      fine: "Go:1/../..",
    };
    const from = folder(t, {
      "1.json": record("A-1"),
      "2.json": JSON.stringify(both),
      "3.json": record("A-1", "npm", "2026-01-01T00:00:00.5Z"),
      "4.json": record("A-1", "npm", "2025-01-01T00:00:00Z"),
      "5.json": JSON.stringify({ id: "A-5", modified: "2026-01-01T00:00:00Z" }),
      ...Object.fromEntries(Object.entries(bad).map(([id, ecosystem], at) => [`b${at}.json`, record(id, ecosystem)])),
    });
    const into = join(from, "..", `${from.split("/").pop() ?? ""}-into`);
    t.after(() => rmSync(into, { recursive: true, force: true }));
    const result = await convertRecords([from], into, options);
    assert.deepEqual(
      [result.records, result.older, result.failed, Object.fromEntries(result.ecosystems)],
      [4, 1, 6, { npm: 2, Debian: 1, GIT: 1, Go: 1 }],
    );
    assert.deepEqual(readdirSync(into, { recursive: true }).sort(), [
      "Debian",
      "Debian/A-2.json",
      "GIT",
      "GIT/A-2.json",
      "Go",
      "Go/fine.json",
      "npm",
      "npm/A-1.json",
    ]);
    const kept = JSON.parse(readFileSync(join(into, "npm/A-1.json"), "utf8")) as { modified: string };
    assert.equal(kept.modified, "2026-01-01T00:00:00.5Z");
    assert.equal(result.examples.length, 6);
  });

  it("leaves nothing but whole files behind where it cannot write", async (t) => {
    const from = folder(t, { "1.json": record("A-1"), into: "a file" });
    const written = convertRecords([join(from, "1.json")], join(from, "into"), options);
    await assert.rejects(written, (error) => error instanceof Fault && error.facts.code === "WB-OUTPUT-UNWRITABLE");
    assert.deepEqual(readdirSync(from).sort(), ["1.json", "into"]);
  });

  it("a record about nothing, or of an unknown form, is told", async (t) => {
    const from = folder(t, { "1.json": "[]", "2.json": "{}", "3.json": '{"ghsaId":7}', "4.json": "null" });
    const { records, failed } = await convertRecords([from], join(from, "into"), options);
    assert.deepEqual([records, failed], [0, 4]);
    const value: Json = null;
    assert.throws(() => readOsv(value, "x"), Fault);
  });
});

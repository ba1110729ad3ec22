import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { collect } from "../../../src/inventory/collect.ts";
import { Fault } from "../../../src/model/fault.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { cpuMilliseconds } from "../../support/cpu.ts";
import { memorySource } from "../../support/memory-source.ts";

type Value = string | readonly string[] | readonly number[];

/** A header as rpm's database keeps it (format_header.md). */
function header(tags: Readonly<Record<number, Value>>): Buffer {
  const index: Buffer[] = [];
  const store: Buffer[] = [];
  let length = 0;
  for (const [tag, value] of Object.entries(tags)) {
    const numbers = Array.isArray(value) && typeof value[0] === "number";
    if (numbers && length % 4 !== 0) {
      store.push(Buffer.alloc(4 - (length % 4)));
      length += 4 - (length % 4);
    }
    const items = Array.isArray(value) ? value : [value];
    const bytes = Buffer.concat(
      items.map((item) => {
        if (typeof item !== "number") return Buffer.from(`${String(item)}\0`);
        const word = Buffer.alloc(4);
        word.writeUInt32BE(item);
        return word;
      }),
    );
    const entry = Buffer.alloc(16);
    entry.writeUInt32BE(Number(tag), 0);
    entry.writeUInt32BE(numbers ? 4 : Array.isArray(value) ? 8 : 6, 4);
    entry.writeUInt32BE(length, 8);
    entry.writeUInt32BE(items.length, 12);
    index.push(entry);
    store.push(bytes);
    length += bytes.length;
  }
  const head = Buffer.alloc(8);
  head.writeUInt32BE(index.length, 0);
  head.writeUInt32BE(length, 4);
  return Buffer.concat([head, ...index, ...store]);
}

const FILES = Array.from({ length: 3000 }, (_, at) => `file-${at}`);
const HEADERS = [
  header({
    1000: "app",
    1001: "1.0",
    1002: "1.el9",
    1003: [2],
    1014: "GPL-2.0-or-later AND MIT",
    1022: "x86_64",
    1044: "app-1.0-1.el9.src.rpm",
    1048: [0, 8, 16777216, 0, 0],
    1049: ["libx.so.1()(64bit)", "base", "rpmlib(CompressedFileNames)", "/usr/bin/file-7", "(x if y)"],
    1050: ["", "0:2-1.el9", "3.0.4-1", "", ""],
    5096: "app:1:8080:abc",
  }),
  header({ 1000: "base", 1001: "1", 1002: "1.el9", 1022: "x86_64" }),
  header({ 1000: "base", 1001: "2", 1002: "1.el9", 1022: "x86_64" }),
  header({
    1000: "libx",
    1001: "1",
    1002: "1.el9",
    1022: "x86_64",
    1047: ["libx.so.1()(64bit)"],
    1113: [""],
    1048: [8],
    1049: ["app"],
    1050: ["2:1.0-1.el9"],
  }),
  // Larger than any page: it overflows.
  header({
    1000: "files",
    1001: "1",
    1002: "1.el9",
    1022: "noarch",
    1116: FILES.map(() => 0),
    1117: FILES,
    1118: ["/usr/bin/"],
  }),
  header({ 1000: "gpg-pubkey", 1001: "abcd", 1002: "1" }),
];

function sqlite(): Buffer {
  const database = new DatabaseSync(":memory:");
  database.exec("PRAGMA page_size = 1024; CREATE TABLE Name(key TEXT, hnum INTEGER);");
  database.exec("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)");
  const insert = database.prepare("INSERT INTO Packages(blob) VALUES (?)");
  for (const blob of HEADERS) insert.run(blob);
  // So many that the table's tree has inner pages.
  for (let at = 0; at < 300; at += 1) insert.run(header({ 1000: `p${at}`, 1001: "1", 1002: "1" }));
  const bytes = Buffer.from(database.serialize());
  database.close();
  return bytes;
}

function ndb(): Buffer {
  const slots = Buffer.alloc(4096);
  slots.write("RpmP", 0, "latin1");
  slots.writeUInt32LE(1, 12);
  for (let at = 32; at < 4096; at += 16) slots.write("Slot", at, "latin1");
  const blocks: Buffer[] = [];
  let offset = 4096;
  for (const [index, blob] of HEADERS.entries()) {
    const head = Buffer.alloc(16);
    head.write("BlbS", 0, "latin1");
    head.writeUInt32LE(index + 1, 4);
    head.writeUInt32LE(blob.length, 12);
    const block = Buffer.concat([head, blob, Buffer.alloc((16 - (blob.length % 16)) % 16)]);
    slots.writeUInt32LE(index + 1, 32 + index * 16 + 4);
    slots.writeUInt32LE(offset / 16, 32 + index * 16 + 8);
    blocks.push(block);
    offset += block.length;
  }
  return Buffer.concat([slots, ...blocks]);
}

const RELEASE = { "etc/os-release": 'ID="rocky"\nVERSION_ID="9.4"\n' };
const short = (ref: string): string => ref.replace("pkg:rpm/rocky/", "").replace(/\?.*/u, "");
const needsOf = (sbom: Sbom, name: string): readonly string[] =>
  sbom.dependencies.filter(({ from }) => short(from).startsWith(`${name}@`)).map(({ to }) => short(to));

for (const [form, path, bytes] of [
  ["sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite", sqlite()],
  ["ndb", "var/lib/rpm/Packages.db", ndb()],
] as const) {
  test(`rpm's database as ${form}: packages, and needs by what is provided, by exact version and by file`, async () => {
    const sbom = await collect(memorySource({ ...RELEASE, [path]: bytes }));
    const app = sbom.components.find(({ name }) => name === "app");
    assert.equal(
      app?.purl,
      "pkg:rpm/rocky/app@1.0-1.el9?arch=x86_64&distro=rocky-9.4&epoch=2&rpmmod=app:1:8080:abc&upstream=app-1.0-1.el9.src.rpm",
    );
    assert.equal(app.ecosystem, "Rocky Linux:9");
    assert.deepEqual(
      app.licences.map(({ expression }) => expression),
      ["GPL-2.0-or-later AND MIT"],
    );
    assert.deepEqual(needsOf(sbom, "app"), ["base@2-1.el9", "files@1-1.el9", "libx@1-1.el9"]);
    assert.deepEqual(needsOf(sbom, "libx"), ["app@1.0-1.el9"]);
    assert.equal(
      sbom.components.some(({ name }) => name === "gpg-pubkey"),
      false,
    );
    assert.equal(sbom.components.filter(({ name }) => /^p\d+$/u.test(name)).length, form === "sqlite" ? 300 : 0);
    assert.equal(sbom.completeness.components, "complete");
  });
}

test("changed bytes of a database end in an inventory or a fault", async () => {
  let seed = 20_261_124;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (const [path, bytes] of [
    ["var/lib/rpm/rpmdb.sqlite", sqlite()],
    ["var/lib/rpm/Packages.db", ndb()],
  ] as const) {
    for (let input = 0; input < 300; input += 1) {
      const changed = Buffer.from(bytes.subarray(0, input % 3 === 0 ? next(bytes.length) : bytes.length));
      // Mostly where the structure is.
      for (let times = 0; times < 4 && changed.length > 0; times += 1)
        changed[next(Math.min(changed.length, times % 2 === 0 ? 4096 : changed.length))] = next(256);
      await collect(memorySource({ ...RELEASE, [path]: changed })).catch((error: unknown) => {
        assert.ok(error instanceof Fault, String(error));
      });
    }
  }
});

test("a damaged database gives what can be read, and says so", async () => {
  const cut = ndb();
  cut.writeUInt32LE(0x7fffffff, 32 + 3 * 16 + 8);
  const sbom = await collect(memorySource({ ...RELEASE, "var/lib/rpm/Packages.db": cut }));
  assert.deepEqual(
    sbom.components.filter(({ kind }) => kind === undefined).map(({ name }) => name),
    ["app", "base", "base"],
  );
  assert.equal(sbom.completeness.components, "incomplete");
  assert.match(sbom.unknowns.map(({ what }) => what).join("\n"), /damaged/u);
});

test("a hostile list of needs costs no more than its size", async () => {
  const names = Array.from({ length: 2000 }, (_, at) => `p${at}`);
  const needs = `D:${Array.from({ length: 500 }, (_, at) => `x x${at}`).join(" ")}`;
  const text = names.map((name) => `P:${name}\nV:1\np:x\n${needs}\n`).join("\n");
  const started = cpuMilliseconds();
  await collect(memorySource({ "lib/apk/db/installed": text }));
  assert.ok(cpuMilliseconds() - started < 10_000);
});

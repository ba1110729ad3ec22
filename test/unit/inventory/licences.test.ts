import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { digestBytes } from "../../../src/artifact/digest.ts";
import { openSource } from "../../../src/artifact/open.ts";
import { collect } from "../../../src/inventory/collect.ts";
import { withArchiveLicences, withMissingLicences } from "../../../src/inventory/npm/licences.ts";
import type { Sbom } from "../../../src/model/sbom.ts";
import { memorySource } from "../../support/memory-source.ts";
import { makeTar, type TarSpec } from "../artifact/make-archive.ts";

/** A project that locks these packages, at their positions in `node_modules`. */
function lockOf(packages: Readonly<Record<string, object>>): string {
  const needs = Object.fromEntries(Object.keys(packages).map((name) => [name.split("/")[0] as string, "*"]));
  const entries = Object.entries(packages).map(([name, entry]) => [`node_modules/${name}`, entry]);
  return JSON.stringify({
    name: "app",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: { "": { name: "app", version: "1.0.0", dependencies: needs }, ...Object.fromEntries(entries) },
  });
}

const told = (sbom: Sbom): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    sbom.components.map(({ name, licences }) => [
      name,
      licences.map(({ expression, technique }) => `${expression} (${technique})`),
    ]),
  );

const manifest = (name: string, more: object, version = "1.0.0"): string => JSON.stringify({ name, version, ...more });

describe("licences from archives", () => {
  const packed = (members: readonly TarSpec[]): Buffer => gzipSync(makeTar(members));
  const archives: Readonly<Record<string, Buffer>> = {
    list: packed([{ path: "package/package.json", content: manifest("list", { licenses: [{ type: "ISC" }] }) }]),
    called: packed([{ path: "called-1.0.0/package.json", content: manifest("called", { license: "MIT" }) }]),
    deep: packed([{ path: "package/inner/package.json", content: manifest("inner", { license: "MIT" }) }]),
    twice: packed([
      { path: "package/package.json", content: manifest("twice", { license: "MIT" }) },
      { path: "other/package.json", content: manifest("twice", { license: "AGPL-3.0-only" }) },
    ]),
    broken: packed([{ path: "package/package.json", content: "{" }]),
    huge: packed([
      { path: "package/package.json", content: manifest("huge", { license: "MIT", x: "x".repeat(5 << 20) }) },
    ]),
    deepest: packed([{ path: "package/package.json", content: `{"license":${"[".repeat(5000)}${"]".repeat(5000)}}` }]),
    none: Buffer.from("no archive"),
    bomb: gzipSync(Buffer.alloc(9 << 20)),
  };
  const bySha512 = new Map(Object.values(archives).map((bytes) => [digestBytes(bytes).sha512, bytes]));
  const integrity = (name: string): string =>
    `sha512-${Buffer.from(digestBytes(archives[name] as Buffer).sha512 ?? "", "hex").toString("base64")}`;
  const sbomOf = async (licence: object): Promise<Sbom> => {
    const entries = Object.keys(archives).map((name) => [
      name,
      { version: "1.0.0", integrity: integrity(name), ...licence },
    ]);
    return await collect(memorySource({ "package-lock.json": lockOf(Object.fromEntries(entries)) }));
  };

  it("are those of the manifest at the top; what cannot be read is told and changes nothing", async () => {
    const limits = { archiveBytes: 8 << 20, totalBytes: 64 << 20 };
    const sbom = withArchiveLicences(await sbomOf({ license: "Zlib" }), (sha512) => bySha512.get(sha512), limits);
    const { list, called, ...others } = told(sbom);
    assert.deepEqual([list, called], [["ISC (archive-verified)"], ["MIT (archive-verified)"]]);
    for (const [name, licences] of Object.entries(others)) assert.deepEqual(licences, ["Zlib (lockfile)"], name);
    const unknown = sbom.unknowns.filter(({ what }) => what.includes("cannot be read for licences"));
    assert.deepEqual(
      unknown.map(({ where }) => where.replace("pkg:npm/", "").replace("@1.0.0", "")),
      ["bomb", "broken", "deepest", "huge", "none", "twice"],
    );
  });

  it("can be asked for where none is known only", async () => {
    const asked: string[] = [];
    const archiveOf = (sha512: string): Uint8Array | undefined => {
      asked.push(sha512);
      return bySha512.get(sha512);
    };
    assert.deepEqual(told(withMissingLicences(await sbomOf({}), archiveOf))["list"], ["ISC (archive-verified)"]);
    assert.equal(asked.length, Object.keys(archives).length);
    asked.length = 0;
    const stated = await sbomOf({ license: "Zlib" });
    assert.deepEqual(withMissingLicences(stated, archiveOf), stated);
    assert.deepEqual(asked, []);
  });

  it("stop at a bound over all archives, and say so", async () => {
    const bomb = archives["bomb"] as Buffer;
    const many = Array.from({ length: 20 }, (_, index) => [
      `p${index}`,
      { version: "1.0.0", integrity: `sha512-${Buffer.alloc(64, index).toString("base64")}` },
    ]);
    let opened = 0;
    const sbom = withArchiveLicences(
      await collect(memorySource({ "package-lock.json": lockOf(Object.fromEntries(many)) })),
      () => {
        opened += 1;
        return bomb;
      },
      { archiveBytes: 1 << 20, totalBytes: 16 << 20 },
    );
    assert.equal(opened, 16);
    assert.ok(sbom.unknowns.some(({ what }) => what.startsWith("4 archives were not looked at")));
  });
});

describe("licences from an installation", () => {
  const lock = lockOf({
    stated: { version: "1.0.0", license: "Zlib" },
    bare: { version: "1.0.0", dependencies: { nested: "*" } },
    "bare/node_modules/nested": { version: "2.0.0" },
    other: { version: "1.0.0" },
    older: { version: "1.0.0" },
    absent: { version: "1.0.0" },
    called: { version: "1.0.0", name: "real" },
  });
  const installed = {
    "node_modules/stated/package.json": manifest("stated", { license: "MIT" }),
    "node_modules/bare/package.json": manifest("bare", { licenses: [{ type: "MIT" }, { type: "ISC" }] }),
    "node_modules/bare/node_modules/nested/package.json": manifest("nested", { license: "0BSD" }, "2.0.0"),
    "node_modules/other/package.json": manifest("another", { license: "MIT" }),
    "node_modules/older/package.json": manifest("older", { license: "MIT" }, "0.9.0"),
    "node_modules/called/package.json": manifest("real", { license: "MIT" }),
  };
  const found = {
    stated: ["Zlib (lockfile)"],
    bare: ["MIT (installed)", "ISC (installed)"],
    nested: ["0BSD (installed)"],
    other: [],
    older: [],
    absent: [],
    real: ["MIT (installed)"],
  };

  it("fill in what the lockfile does not state, where name and version agree", async () => {
    const sbom = await collect(memorySource({ "package-lock.json": lock, ...installed }));
    // What is installed and not locked is there too, by its own manifest, and told.
    const { another, ...locked } = told(sbom);
    assert.deepEqual(another, ["MIT (installed)"]);
    assert.deepEqual(locked, found);
    const text = sbom.unknowns.map(({ what }) => what).join("\n");
    for (const name of ["another", "older"]) assert.match(text, new RegExp(`${name}@`, "u"));
    assert.deepEqual(told(await collect(memorySource({ "package-lock.json": lock })))["bare"], []);
  });

  it("serve lockfiles of version 1, which state none at all", async () => {
    const first = JSON.stringify({ name: "app", lockfileVersion: 1, dependencies: { bare: { version: "1.0.0" } } });
    const sbom = await collect(memorySource({ "package-lock.json": first, ...installed }));
    assert.deepEqual(told(sbom)["bare"], found.bare);
  });

  it("are told as unreadable where the manifest is huge, broken or no object, each once", async () => {
    const bad = {
      "node_modules/bare/package.json": manifest("bare", { license: "MIT", x: "x".repeat(5 << 20) }),
      "node_modules/older/package.json": "{",
      "node_modules/other/package.json": "[]",
    };
    const sbom = await collect(memorySource({ "package-lock.json": lock, ...bad }));
    assert.deepEqual([told(sbom)["bare"], told(sbom)["older"], told(sbom)["other"]], [[], [], []]);
    const unread = sbom.unknowns.map(({ where }) => where).filter((where) => where.startsWith("node_modules/"));
    assert.deepEqual(
      unread.map((where) => where.replace(/^node_modules\/|\/package\.json.*$/gu, "")),
      ["bare", "older", "other"],
    );
  });

  /** A real folder with a project in it, and one beside it. */
  function project(t: TestContext): { readonly inside: string; readonly outside: string } {
    const folder = mkdtempSync(join(tmpdir(), "waybill-licences-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const [inside, outside] = [join(folder, "app"), join(folder, "elsewhere")];
    for (const path of [join(inside, "node_modules/older"), join(outside, "bare")])
      mkdirSync(path, { recursive: true });
    writeFileSync(join(inside, "package-lock.json"), lock);
    writeFileSync(join(outside, "bare/package.json"), installed["node_modules/bare/package.json"]);
    writeFileSync(join(outside, "package.json"), manifest("older", { license: "MIT" }));
    return { inside, outside };
  }

  it("are never followed out of the project", async (t) => {
    const { inside, outside } = project(t);
    symlinkSync(join(outside, "bare"), join(inside, "node_modules/bare"));
    symlinkSync(join(outside, "package.json"), join(inside, "node_modules/older/package.json"));
    const source = await openSource(inside);
    const sbom = await collect(source);
    assert.deepEqual([told(sbom)["bare"], told(sbom)["older"]], [[], []]);
  });

  it("do not come from a position that leads out", async (t) => {
    const { inside } = project(t);
    const packages = { "": { name: "app" }, "../elsewhere/node_modules/x": { version: "1.0.0" } };
    writeFileSync(join(inside, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages }));
    mkdirSync(join(inside, "../elsewhere/node_modules/x"), { recursive: true });
    writeFileSync(join(inside, "../elsewhere/node_modules/x/package.json"), manifest("x", { license: "MIT" }));
    assert.deepEqual(told(await collect(await openSource(inside))), { x: [] });
  });
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { digestBytes } from "../../../src/artifact/digest.ts";
import { npmCacheArchives } from "../../../src/station/proxy/npm-cache.ts";

const BYTES = Buffer.from("an archive");
const SHA512 = digestBytes(BYTES).sha512 ?? "";

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-npm-cache-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Where npm keeps the archive below its cache. */
function placeIn(cache: string): string {
  const folder = join(cache, "_cacache/content-v2/sha512", SHA512.slice(0, 2), SHA512.slice(2, 4));
  mkdirSync(folder, { recursive: true });
  return join(folder, SHA512.slice(4));
}

test("an archive is found where npm itself put it", (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app", version: "1.0.0" }));
  const env = { ...process.env, npm_config_cache: join(folder, "cache"), HOME: folder };
  // Neither needs a network: npm packs the folder, and adds the file to its cache in its own way.
  const [result] = JSON.parse(execFileSync("npm", ["pack", "--json"], { cwd: folder, env, encoding: "utf8" })) as [
    { readonly filename: string; readonly integrity: string },
  ];
  execFileSync("npm", ["cache", "add", join(folder, result.filename), "--offline"], {
    cwd: folder,
    env,
    stdio: "pipe",
  });
  const sha512 = Buffer.from(result.integrity.slice("sha512-".length), "base64").toString("hex");
  const found = npmCacheArchives({ project: folder, environment: env })(sha512);
  assert.ok(found !== undefined, "in npm's cache");
  assert.equal(digestBytes(found).sha512, sha512);
});

test("the cache lies where npm's configuration says: environment, project, user, else ~/.npm", (t) => {
  const folder = folderOf(t);
  const [home, project] = [join(folder, "home"), join(folder, "project")];
  for (const path of [home, project]) mkdirSync(path);
  const found = (environment: Record<string, string>): string | undefined => {
    const bytes = npmCacheArchives({ project, environment: { HOME: home, ...environment } })(SHA512);
    return bytes?.toString();
  };
  assert.equal(found({}), undefined);
  writeFileSync(placeIn(join(home, ".npm")), BYTES);
  assert.equal(found({}), "an archive");
  writeFileSync(join(home, ".npmrc"), "cache = ~/other\n");
  assert.equal(found({}), undefined, "the user's file names another folder");
  writeFileSync(placeIn(join(home, "other")), BYTES);
  assert.equal(found({}), "an archive");
  writeFileSync(join(project, ".npmrc"), "cache=./here\n");
  assert.equal(found({}), undefined, "the project's file is stronger");
  assert.equal(found({ npm_config_cache: join(home, "other") }), "an archive", "the environment is strongest");
  assert.equal(npmCacheArchives({ project: folder, environment: {} })(SHA512), undefined, "no home, no cache");
});

test("what lies there and is not of that digest, or no plain file, is none", (t) => {
  const folder = folderOf(t);
  const archiveOf = npmCacheArchives({ project: folder, environment: { npm_config_cache: folder } });
  const place = placeIn(folder);
  writeFileSync(place, "other bytes");
  assert.equal(archiveOf(SHA512), undefined);
  rmSync(place);
  writeFileSync(join(folder, "elsewhere"), BYTES);
  symlinkSync(join(folder, "elsewhere"), place);
  assert.equal(archiveOf(SHA512), undefined, "a symlink is not followed");
  rmSync(place);
  execFileSync("mkfifo", [place]);
  assert.equal(archiveOf(SHA512), undefined, "a pipe is not waited for");
  rmSync(place);
  mkdirSync(place);
  assert.equal(archiveOf(SHA512), undefined);
  for (const odd of ["", "../../../../elsewhere", SHA512.toUpperCase(), `${SHA512}0`]) {
    assert.equal(archiveOf(odd), undefined, odd);
  }
});

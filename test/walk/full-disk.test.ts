import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import {
  assertFault,
  openPlace,
  type Place,
  processesWith,
  type Ran,
  type RunOptions,
  scriptProject,
  ship,
} from "../support/waybill.ts";

let place: Place;

/**
 * Runs the command where `folder` is a file system of its own of this size, in a mount namespace that ends with it, and
 * writes what the folder holds then to `FOLDER.left`. Needs unshare(1) and mount(8): apt-get install util-linux mount.
 */
function small(folder: string, size: string): RunOptions {
  mkdirSync(folder, { recursive: true });
  const mount = `mount -t tmpfs -o size=${size},mode=0755 tmpfs "$0"`;
  const run = `"$@"; code=$?; ls -A "$0" >"$0.left"; exit $code`;
  if (process.getuid?.() === 0)
    return { before: ["unshare", "--mount", "sh", "-c", `${mount} && { ${run}; }`, folder] };
  // Root of a user namespace may mount; a second one in it gives this user its own number back.
  const own = `unshare --user --map-user=${process.getuid?.()} --map-group=${process.getgid?.()} --`;
  const script = `${mount} && { ${run.replace('"$@"', `${own} "$@"`)}; }`;
  return { before: ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, folder] };
}

const left = (folder: string): string => readFileSync(`${folder}.left`, "utf8");

/** Ships with a small folder for temporary files. */
async function shipIn(name: string, size: string, work: string): Promise<Ran> {
  const temporary = join(place.folder, `s-${name}`);
  const folder = scriptProject(join(place.folder, name), work);
  const options = small(temporary, size);
  const ran = await ship(place, folder, [], { ...options, environment: { TMPDIR: temporary } });
  assert.equal(left(temporary), "", "temporary files");
  assert.deepEqual(processesWith(temporary), []);
  return ran;
}

describe("a full disk", { concurrency: 3 }, () => {
  before(async () => {
    place = await openPlace();
  });
  after(() => place.close());

  test("while sources are copied", async () => {
    const ran = await shipIn("copy", "64k", `: ${"x".repeat(200_000)}`);
    assertFault(ran, 2, "WB-BUILD-SOURCES");
    assert.match(ran.stderr, /disk is full/u);
  });

  test("by the log of the build", async () => {
    const ran = await shipIn("log", "1m", "head -c 3000000 /dev/zero | tr '\\0' 'x'; sleep 60");
    assertFault(ran, 2, "WB-BUILD-DISK-FULL");
  });

  test("by what the build writes, whose complaint finds no room either", async () => {
    const ran = await shipIn("made", "1m", "set -e; head -c 3000000 /dev/zero >large");
    assertFault(ran, 2, "WB-BUILD-DISK-FULL");
  });

  test("when the outputs are taken", async () => {
    const work = "head -c 350000 /dev/urandom >index.js";
    const ran = await shipIn("take", "1600k", work);
    assertFault(ran, 2, "WB-BUILD-DISK-FULL");
  });

  test("where the files are left: the older artifact and its papers stay", async () => {
    const out = join(place.folder, "s-out");
    const folder = scriptProject(join(place.folder, "leave"), "true");
    const { before: [...wrapper] = [] } = small(out, "32k");
    // What lay there before, put into the file system after it was mounted.
    const script = wrapper.findIndex((word) => word.startsWith("mount "));
    wrapper[script] = (wrapper[script] as string)
      .replace("&& {", '&& echo older >"$0/app-1.0.0.tgz" && {')
      .replace("; ls -A", '; cat "$0/app-1.0.0.tgz" >"$0.content"; ls -A');
    const ran = await ship(place, folder, ["--output", out], { before: wrapper });
    assertFault(ran, 2, "WB-OUTPUT-DISK-FULL");
    assert.equal(left(out), "app-1.0.0.tgz\n");
    assert.equal(readFileSync(`${out}.content`, "utf8"), "older\n");
  });
});

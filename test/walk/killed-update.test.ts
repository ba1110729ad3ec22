import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { buildIndex } from "../../src/advisory/build.ts";
import { openIndex } from "../../src/advisory/index-file.ts";
import { verifyIndex } from "../../src/advisory/index-verify.ts";
import { folderOf, putEcosystem, type TestRecord } from "../support/bucket.ts";
import { numbers } from "../support/fuzz.ts";

const KILLS = 200;
/** Says when it begins and when it is done, so that moments spread over the work and not over the start of the program. */
const PROGRAM = `
  import { updateIndex } from "./src/advisory/build.ts";
  process.stdin.once("data", async (path) => {
    process.stdout.write("begun\\n");
    await updateIndex(String(path).trim());
    process.stdout.write("done\\n");
    process.exit(0);
  });
  process.stdout.write("ready\\n");`;

/** Bundled, for it starts two hundred times. */
async function program(folder: string): Promise<string> {
  const outfile = join(folder, "update.mjs");
  const stdin = { contents: PROGRAM, resolveDir: join(import.meta.dirname, "../.."), loader: "ts" as const };
  await build({ stdin, outfile, bundle: true, format: "esm", platform: "node", target: "node24", logLevel: "error" });
  return outfile;
}

/** Runs one update and kills it so many milliseconds after it began; undefined: lets it end. Gives how long it took, or null. */
async function update(script: string, path: string, killAfter: number | undefined): Promise<number | null> {
  const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"] });
  let began = 0;
  let took: number | null = null;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (text.includes("ready")) child.stdin.write(`${path}\n`);
    if (text.includes("begun")) {
      began = performance.now();
      if (killAfter !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfter);
    }
    if (text.includes("done")) took = performance.now() - began;
  });
  await new Promise((resolve) => child.once("close", resolve));
  return took;
}

test(`an update that is killed at ${KILLS} random moments: the index always answers, and ends equal`, async (t) => {
  const folder = folderOf(t);
  const at = (name: string): string => join(folder, name);
  const record = (n: number, day: number): TestRecord => ({
    id: `A-${n}`,
    modified: `2026-01-0${day}T00:00:00Z`,
    packages: [`p${n % 40}`, `q${n}`],
    version: `${day}.0.${n}`,
  });
  const records = Array.from({ length: 600 }, (_, n) => record(n, 1));
  putEcosystem(at("osv"), "npm", records);
  const before = await buildIndex(at("osv"), at("before.db"));
  putEcosystem(at("osv"), "npm", [...records.slice(100), ...Array.from({ length: 99 }, (_, n) => record(n, 2))]);
  const after = await buildIndex(at("osv"), at("after.db"));

  copyFileSync(at("before.db"), at("a.db"));
  const script = await program(folderOf(t));
  const took = (await update(script, at("a.db"), undefined)) ?? 0;
  assert.equal(openIndex(at("a.db")).identity.digest, after.digest);
  const next = numbers(20_261_124);
  const seen = { before: 0, after: 0, leftovers: 0 };
  copyFileSync(at("before.db"), at("a.db"));
  for (let kill = 0; kill < KILLS; kill += 1) {
    await update(script, at("a.db"), (next(1000) / 1000) * took * 1.1);
    const index = openIndex(at("a.db"));
    const { digest } = index.identity;
    const isNew = digest === after.digest;
    assert.ok(isNew || digest === before.digest, `kill ${kill}`);
    assert.equal(index.lookup("npm", "q7")[0]?.modified.slice(0, 10), isNew ? "2026-01-02" : "2026-01-01");
    index.close();
    assert.equal(verifyIndex(at("a.db")).digest, digest);
    if (isNew) {
      seen.after += 1;
      copyFileSync(at("before.db"), at("a.db"));
    } else seen.before += 1;
    if (readdirSync(folder).some((name) => name.endsWith(".new"))) seen.leftovers += 1;
  }
  await update(script, at("a.db"), undefined);
  t.diagnostic(
    `${KILLS} kills: ${seen.before} times the old index, ${seen.after} times the new one; ${seen.leftovers} left a copy`,
  );
  assert.ok(seen.before > KILLS / 4 && seen.leftovers > 0, "the kills hit the work");
  assert.equal(openIndex(at("a.db")).identity.digest, after.digest);
  assert.equal(verifyIndex(at("a.db")).revisions, 2);
  assert.deepEqual(readdirSync(folder).toSorted(), ["a.db", "after.db", "before.db", "osv"]);
  rmSync(at("a.db"));
});

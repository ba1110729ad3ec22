// npm start: ships this repository itself and receives it, so that the first run shows the main job on real input.
//   npm start [-- --db-from DIR]   DIR: advisories in the layout of the OSV bucket
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeRetireBucket } from "./retirejs-to-osv.ts";

const state = ".waybill";
const out = "out";
const { values } = parseArgs({ options: { "db-from": { type: "string" } } });

function waybill(home: string, ...words: readonly string[]): number {
  console.error(`\n$ waybill ${words.join(" ")}`);
  const run = spawnSync(process.execPath, ["src/cli/main.ts", ...words], {
    stdio: "inherit",
    env: { ...process.env, WAYBILL_HOME: home },
  });
  return run.status ?? 3;
}

/** Advisories: the folder that was named, else OSV's public bucket where it can be reached, else what a dev dependency carries. */
async function advisories(): Promise<string> {
  if (values["db-from"] !== undefined) return values["db-from"];
  const bucket = join(state, "osv");
  mkdirSync(join(bucket, "npm"), { recursive: true });
  try {
    const response = await fetch("https://osv-vulnerabilities.storage.googleapis.com/npm/all.zip", {
      signal: AbortSignal.timeout(60_000),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    writeFileSync(join(bucket, "npm", "all.zip"), Buffer.from(await response.arrayBuffer()));
    console.error("advisories: the public OSV bucket, npm");
    return bucket;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    rmSync(bucket, { recursive: true, force: true });
    const { records, newest } = writeRetireBucket(bucket);
    console.error(
      `advisories: the OSV bucket cannot be reached (${why}); using ${records} records that a dev dependency carries (RetireJS, as of ${newest})`,
    );
    return bucket;
  }
}

mkdirSync(state, { recursive: true });
const key = join(state, "release");
const passphrase = join(state, "passphrase");
const db = join(state, "advisories.db");
if (!existsSync(`${key}.key`)) {
  writeFileSync(passphrase, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  if (waybill(state, "keys", "generate", "--output", key, "--passphrase-file", passphrase) !== 0) process.exit(3);
}
const built = waybill(state, "db", "build", "--from", await advisories(), "--ecosystem", "npm", "--db", db);
if (built !== 0) process.exit(built);

const shipped = waybill(
  state,
  "ship",
  ".",
  "--key",
  `${key}.key`,
  "--passphrase-file",
  passphrase,
  "--db",
  db,
  "--output",
  out,
);
if (shipped > 1) process.exit(shipped);

// The customer: an empty home, no network, only what was carried along.
const customer = join(state, "customer");
rmSync(customer, { recursive: true, force: true });
mkdirSync(customer, { recursive: true });
const artifact = readdirSync(out).find((name) => /^waybill-.*\.tgz$/u.test(name)) as string;
const stem = join(out, artifact.replace(/\.tgz$/u, ""));
const received = waybill(customer, "receive", `${stem}.tgz`, "--trust", `${stem}.trust.yaml`, "--db", db);
console.error(`\nlook at ${join(out, "report.html")}`);
process.exit(shipped === 0 ? received : shipped);

// npm run bench:advisories: what matching costs beside osv-scanner (and grype where it is there) on the same advisories, off line, in one run: one
// lockfile, several ecosystems together, a root file system, fifty SBOMs; what the index costs to make and to bring up to date; what a large one
// changes. Peers from WAYBILL_PEERS_BIN or PATH, the root file system from WAYBILL_BENCH_DIR (scripts/peers-bench.sh). Needs ../shared and
// `npm run build`. Prints Markdown for docs/benchmarks.md.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { zipFiles } from "../src/artifact/zip.ts";
import { makeZip64 } from "../test/unit/artifact/make-archive.ts";
import { type Candidate, sideBySide, table } from "./measure.ts";

const root = join(import.meta.dirname, "..");
const shared = join(root, "../shared");
const mirror = join(shared, "data/osv-mirror");
const cli = join(root, "dist/cli.js");
const node = process.execPath;
const rounds = Number(process.env["WAYBILL_BENCH_ROUNDS"] ?? "5");
const folder = mkdtempSync(join(tmpdir(), "waybill-advisories-"));
const database = join(folder, "all.db");

function peer(name: string): string | undefined {
  const bin = process.env["WAYBILL_PEERS_BIN"];
  if (bin !== undefined && existsSync(join(bin, name))) return join(bin, name);
  const found = spawnSync("which", [name], { encoding: "utf8" }).stdout.trim();
  if (found === "") console.error(`not measured beside ${name}: it is not on this machine`);
  return found === "" ? undefined : found;
}

const ours = (name: string, ...words: readonly string[]): Candidate => ({
  name,
  command: [node, cli, ...words],
  environment: { WAYBILL_HOME: join(folder, "home") },
});

const scan = (sources: readonly string[], db = database): Candidate =>
  ours("waybill scan", "scan", ...sources, "--db", db, "--format", "json");

const osvScanner = peer("osv-scanner");

/** osv-scanner's off-line database in the place where it looks for it, with every ecosystem of the mirror. */
function osvDatabase(): Readonly<Record<string, string>> {
  const cache = join(folder, "osv");
  for (const { name } of readdirSync(mirror, { withFileTypes: true }).filter((one) => one.isDirectory())) {
    mkdirSync(join(cache, "osv-scalibr", name), { recursive: true });
    copyFileSync(join(mirror, name, "all.zip"), join(cache, "osv-scalibr", name, "all.zip"));
  }
  return { OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY: cache };
}

const osv = osvDatabase();

/** Exit 1 is "found", 127 and 128 are "nothing to look at" and "a database is missing": it did what it can. */
function osvScan(...words: readonly string[]): readonly Candidate[] {
  if (osvScanner === undefined) return [];
  const command = [osvScanner, "scan", "source", "--offline", "--format", "json", ...words];
  return [{ name: "osv-scanner", command, environment: osv, allowed: [0, 1, 127, 128] }];
}

const files = (paths: readonly string[]): readonly string[] => paths.flatMap((path) => ["-L", path]);

function compare(title: string, sources: readonly string[], peers: readonly Candidate[], times = rounds): void {
  console.log(table(title, sideBySide([scan(sources), ...peers], times, folder)));
}

const SYNTHETIC = 300_000;
const PER_PACKAGE = 3;

/** The record number `n` of the synthetic ones: about as long as those of the public bucket are without their details. */
function syntheticRecord(n: number): string {
  const id = `GHSA-${n.toString(36).padStart(4, "0")}-${(n * 7919).toString(36)}-synt`;
  const fixed = `${1 + (n % 9)}.${n % 40}.${n % 7}`;
  return JSON.stringify({
    schema_version: "1.7.3",
    id,
    modified: new Date(Date.UTC(2020, 0, 1) + n * 600_000).toISOString(),
    published: new Date(Date.UTC(2020, 0, 1) + n * 300_000).toISOString(),
    aliases: [`CVE-${2016 + (n % 10)}-${100_000 + n}`],
    summary: `Weakness number ${n} in the handling of input number ${(n * 31) % 9973}`,
    severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N" }],
    affected: [
      {
        package: { ecosystem: "npm", name: `synthetic-${Math.floor(n / PER_PACKAGE)}` },
        ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed }] }],
      },
    ],
    references: [{ type: "ADVISORY", url: `https://advisories.example/${id}` }],
    database_specific: { severity: "HIGH", cwe_ids: ["CWE-20"] },
  });
}

/** npm's records of the mirror among 300,000 others, as one folder of a bucket. */
function largeMirror(): string {
  const copy = join(folder, "large");
  mkdirSync(join(copy, "npm"), { recursive: true });
  const archive = join(mirror, "npm/all.zip");
  const file = openSync(archive, "r");
  const limits = { entries: 1_000_000, entryBytes: 1 << 24, totalBytes: 2 ** 32 };
  const real = Array.from(zipFiles(file, archive, limits), (entry) => ({
    name: entry.name,
    content: Buffer.from(entry.content()).toString("utf8"),
  }));
  closeSync(file);
  const made = Array.from({ length: SYNTHETIC }, (_, n) => ({
    name: `GHSA-synthetic-${n}.json`,
    content: syntheticRecord(n),
  }));
  writeFileSync(join(copy, "npm/all.zip"), makeZip64([...real, ...made]));
  return copy;
}

/** A copy of the mirror in which every hundredth record of each ecosystem was modified, as the public bucket shows that. */
function changedMirror(): string {
  const copy = join(folder, "mirror");
  const unzip = (archive: string, name: string): string =>
    spawnSync("unzip", ["-p", archive, name.replaceAll("[", "\\[")], { encoding: "utf8", maxBuffer: 1 << 28 }).stdout;
  for (const { name } of readdirSync(mirror, { withFileTypes: true }).filter((one) => one.isDirectory())) {
    const archive = join(mirror, name, "all.zip");
    mkdirSync(join(copy, name), { recursive: true });
    symlinkSync(archive, join(copy, name, "all.zip"));
    const lines = readFileSync(join(mirror, name, "modified_id.csv"), "utf8")
      .trimEnd()
      .split("\n");
    const changed = lines.map((line, at) => {
      const id = line.slice(line.indexOf(",") + 1);
      const record = at % 100 === 0 ? unzip(archive, `${id}.json`) : "";
      if (record === "") return line;
      const modified = "2026-09-01T00:00:00Z";
      writeFileSync(join(copy, name, `${id}.json`), JSON.stringify({ ...JSON.parse(record), modified }));
      return `${modified},${id}`;
    });
    writeFileSync(join(copy, name, "modified_id.csv"), `${changed.toSorted().toReversed().join("\n")}\n`);
  }
  return copy;
}

function sboms(): readonly string[] {
  const lockfiles = join(shared, "data/lockfiles");
  const sources = readdirSync(lockfiles).flatMap((ecosystem) =>
    readdirSync(join(lockfiles, ecosystem)).map((name) => ({
      name: `${ecosystem}-${name}`,
      path: join(lockfiles, ecosystem, name),
    })),
  );
  const more = ["npm-lock", "go", "cargo"].map((name) => ({ name, path: join(shared, "bench", name) }));
  return [...sources, ...more].map(({ name, path }) => {
    const document = join(folder, `${name.replaceAll("@", "-")}.cdx.json`);
    const source = readdirSync(path).find((file) => file.endsWith(".cdx.json"));
    if (source !== undefined) copyFileSync(join(path, source), document);
    else
      spawnSync(node, [cli, "sbom", path, "--output", document], {
        env: { ...process.env, WAYBILL_HOME: join(folder, "home") },
      });
    return document;
  });
}

try {
  console.log(
    `${cpus()[0]?.model ?? "CPU"}, ${cpus().length} cores; Node ${process.version}; medians of ${rounds} rounds after a warm-up, candidates in turn.\n`,
  );
  const build = ours("waybill db build", "db", "build", "--from", mirror, "--output", database);
  console.log(table("Index of the whole mirror", sideBySide([build], 1, folder)));
  console.log(`${(statSync(database).size / 2 ** 20).toFixed(1)} MiB; the mirror's archives are 27 MB.\n`);

  const changed = changedMirror();
  const old = join(folder, "old.db");
  copyFileSync(database, old);
  const update: Candidate = {
    name: "waybill db update",
    command: [
      "sh",
      "-c",
      `cp '${old}' '${old}.now' && '${node}' '${cli}' db update --from '${changed}' --db '${old}.now'`,
    ],
    environment: { WAYBILL_HOME: join(folder, "home") },
  };
  console.log(table("Update of 1 % of the records (copying the old index included)", sideBySide([update], 3, folder)));

  const bench = (...path: readonly string[]): string => join(shared, "bench", ...path);
  const lock = bench("npm-lock/package-lock.json");
  compare("npm lockfile of 1,830 packages", [lock], osvScan("-L", lock));
  compare("go.mod", [bench("go")], osvScan("-L", bench("go/go.mod")));
  compare("Cargo.lock", [bench("cargo")], osvScan("-L", bench("cargo/Cargo.lock")));
  const requirements = join(folder, "ten/requirements.txt");
  mkdirSync(join(folder, "ten"));
  writeFileSync(
    requirements,
    `${readFileSync(bench("python/requirements.txt"), "utf8").split("\n").slice(0, 10).join("\n")}\n`,
  );
  const four = [lock, bench("go/go.mod"), bench("cargo/Cargo.lock"), requirements];
  compare("These and ten Python requirements in one run", four, osvScan(...files(four)));

  const fifty = sboms();
  compare(`${fifty.length} SBOMs in one run`, fifty, osvScan(...files(fifty)), Math.min(rounds, 3));

  const npm = join(folder, "npm.db");
  const large = join(folder, "large.db");
  spawnSync(node, [cli, "db", "build", "--from", mirror, "--ecosystem", "npm", "--output", npm]);
  const largeBuild = ours("waybill db build", "db", "build", "--from", largeMirror(), "--output", large);
  console.log(table(`Index of ${SYNTHETIC} synthetic records and npm's`, sideBySide([largeBuild], 1, folder)));
  console.log(`${(statSync(large).size / 2 ** 20).toFixed(1)} MiB.\n`);
  const flat = [
    { ...scan([lock], npm), name: "waybill scan, npm's records alone" },
    { ...scan([lock], large), name: `waybill scan, ${SYNTHETIC} more` },
  ];
  console.log(table("npm lockfile, a small and a large index", sideBySide(flat, rounds * 3, folder)));

  const system = process.env["WAYBILL_BENCH_DIR"];
  const rootfs = system === undefined ? undefined : join(system, "inputs/debian/rootfs");
  if (rootfs === undefined || !existsSync(rootfs))
    console.error("not measured: a root file system (WAYBILL_BENCH_DIR)");
  else
    compare("Root file system of Debian 12", [`rootfs:${rootfs}`], osvScan("--recursive", rootfs), Math.min(rounds, 3));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// npm run bench: figures side by side with the peers, in one run. Peers are taken from WAYBILL_PEERS_BIN or PATH; one that is missing is
// named, not guessed. Needs ../shared and `npm run build`. Prints Markdown for docs/benchmarks.md.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { deliver } from "../test/support/shipment.ts";
import { openSandbox } from "../src/station/build/sandbox.ts";
import { type Candidate, sideBySide, table } from "./measure.ts";

const root = join(import.meta.dirname, "..");
const shared = join(root, "../shared");
const cli = join(root, "dist/cli.js");
const folder = mkdtempSync(join(tmpdir(), "waybill-bench-"));
// Where root measures, the sandbox runs as another user, who must get to its workspace.
chmodSync(folder, 0o711);
const node = process.execPath;
const rounds = Number(process.env["WAYBILL_BENCH_ROUNDS"] ?? "7");

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

function withPeer(name: string, candidate: (path: string) => Candidate): readonly Candidate[] {
  const path = peer(name);
  return path === undefined ? [] : [candidate(path)];
}

/** osv-scanner's off-line database in the place where it looks for it. */
function osvDatabase(): string {
  const cache = join(folder, "osv");
  mkdirSync(join(cache, "osv-scalibr", "npm"), { recursive: true });
  copyFileSync(join(shared, "data/osv-mirror/npm/all.zip"), join(cache, "osv-scalibr/npm/all.zip"));
  return cache;
}

async function sandboxEntry(): Promise<readonly number[]> {
  const sandbox = openSandbox("bwrap");
  const workspace = join(folder, "entry");
  mkdirSync(workspace, { recursive: true });
  const times: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const start = performance.now();
    await sandbox.run(
      {
        command: ["/bin/true"],
        workspace,
        workspaceInside: "/build",
        environment: { PATH: "/usr/bin:/bin" },
        hostName: "waybill",
        uid: 1000,
        umask: 0o022,
        readOnly: [],
        limits: { timeSeconds: 60, memoryBytes: 4e9, processes: 100, outputBytes: 1e6, fileBytes: 1e9 },
      },
      () => {},
      new AbortController().signal,
    );
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b);
}

try {
  const lock = join(shared, "bench/npm-lock");
  const database = join(folder, "npm.db");
  const mirror = join(shared, "data/osv-mirror");
  spawnSync(node, [cli, "db", "build", "--from", mirror, "--ecosystem", "npm", "--db", database]);
  const osv = { OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY: osvDatabase() };
  const lockFile = join(folder, "lock");
  mkdirSync(lockFile);
  symlinkSync(join(lock, "package-lock.json"), join(lockFile, "package-lock.json"));
  copyFileSync(join(lock, "package.json"), join(lockFile, "package.json"));
  const delivery = await deliver({
    "package.json": JSON.stringify({ name: "app", version: "1.0.0" }),
    "index.js": "export {};\n",
  });
  const floor: Candidate = {
    name: "floor: Node's start and JSON.parse",
    command: [
      node,
      "-e",
      `JSON.parse(require("fs").readFileSync(${JSON.stringify(join(lock, "package-lock.json"))},"utf8"))`,
    ],
  };

  console.log(
    `${cpus()[0]?.model ?? "CPU"}, ${cpus().length} cores; Node ${process.version}; medians of ${rounds} rounds after a warm-up, candidates in turn.\n`,
  );
  console.log(
    table(
      "Start: `--version`",
      sideBySide(
        [ours("waybill --version", "--version"), { name: "node -e 0", command: [node, "-e", "0"] }],
        rounds * 3,
        folder,
      ),
    ),
  );
  console.log(
    table(
      "SBOM of bench/npm-lock, whole process",
      sideBySide(
        [
          ours("waybill sbom", "sbom", lock),
          floor,
          ...withPeer("osv-scanner", (path) => ({
            name: "osv-scanner (no edges)",
            command: [
              path,
              "scan",
              "source",
              "--offline",
              "--all-packages",
              "--format",
              "cyclonedx-1-5",
              "-L",
              join(lock, "package-lock.json"),
            ],
            environment: osv,
            allowed: [0, 1],
          })),
          ...withPeer("syft", (path) => ({
            name: "syft, dev included",
            command: [path, `file:${join(lock, "package-lock.json")}`, "-o", "cyclonedx-json"],
            environment: { SYFT_JAVASCRIPT_INCLUDE_DEV_DEPENDENCIES: "true", SYFT_CHECK_FOR_APP_UPDATE: "false" },
          })),
        ],
        rounds,
        folder,
      ),
    ),
  );
  console.log(
    table(
      "Collect and match bench/npm-lock, index cold in the process",
      sideBySide(
        [
          ours("waybill scan", "scan", lock, "--db", database, "--format", "json"),
          ...withPeer("osv-scanner", (path) => ({
            name: "osv-scanner",
            command: [path, "scan", "source", "--offline", "--format", "json", "-L", join(lock, "package-lock.json")],
            environment: osv,
            allowed: [0, 1],
          })),
        ],
        rounds,
        folder,
      ),
    ),
  );
  console.log(
    table(
      "Index of the whole mirror",
      sideBySide(
        [ours("waybill db build", "db", "build", "--from", mirror, "--db", join(folder, "all.db"))],
        1,
        folder,
      ),
    ),
  );
  console.log(
    table(
      "`receive` of a file with its papers",
      sideBySide(
        [ours("waybill receive", "receive", delivery.file, "--trust", delivery.trust, "--db", delivery.db)],
        rounds,
        folder,
      ),
    ),
  );
  rmSync(delivery.folder, { recursive: true, force: true });
  const entry = await sandboxEntry();
  console.log(
    `### Sandbox entry\n\n\`/bin/true\` in the full profile, 20 times: median ${entry[10]?.toFixed(0)} ms, least ${entry[0]?.toFixed(0)} ms.\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

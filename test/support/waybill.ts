import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildIndex } from "../../src/advisory/build.ts";
import { generateKey } from "../../src/trust/keys.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");

/** Not one that anybody has; the tests look for it where it must not be. */
export const PASSPHRASE = "not-a-passphrase-of-anybody";

/** A folder of a test's own with what every `ship` needs: a key, its passphrase and an index. */
export interface Place {
  readonly folder: string;
  readonly key: string;
  readonly passphrase: string;
  readonly db: string;
  close(): void;
}

export async function openPlace(): Promise<Place> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "wb-whole-")));
  // Root's builds are another user's, who must get to the folder of temporary files.
  chmodSync(folder, 0o711);
  const at = (name: string): string => join(folder, name);
  writeFileSync(at("release.key"), (await generateKey("ed25519", Buffer.from(PASSPHRASE))).privatePem, { mode: 0o600 });
  writeFileSync(at("passphrase"), `${PASSPHRASE}\n`, { mode: 0o600 });
  const advisory = {
    id: "GHSA-fake-fake-fake",
    modified: "2026-11-01T00:00:00Z",
    affected: [
      {
        package: { ecosystem: "npm", name: "never-used" },
        ranges: [{ type: "SEMVER", events: [{ introduced: "0" }] }],
      },
    ],
  };
  fill(at("osv/npm"), { "GHSA-fake-fake-fake.json": JSON.stringify(advisory) });
  await buildIndex(at("osv"), at("advisories.db"));
  return {
    folder,
    key: at("release.key"),
    passphrase: at("passphrase"),
    db: at("advisories.db"),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Writes files below a folder. */
export function fill(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A project that a shell script builds in no time: `work` runs before the package is made of `package.json` and `index.js`. */
export function scriptProject(folder: string, work: string, limits: Readonly<Record<string, number>> = {}): string {
  const manifest = { name: "app", version: "1.0.0", license: "MIT" };
  return fill(folder, {
    "package.json": JSON.stringify(manifest),
    "package-lock.json": JSON.stringify({
      ...manifest,
      lockfileVersion: 3,
      requires: true,
      packages: { "": manifest },
    }),
    "index.js": "module.exports = 42;\n",
    "waybill.yaml": `version: 1\nbuild:\n  commands: [[sh, build.sh], [sh, pack.sh]]\n  outputs: [made/*.tgz]\n${
      Object.keys(limits).length === 0 ? "" : `  limits: ${JSON.stringify(limits)}\n`
    }`,
    "build.sh": `${work}\n`,
    "pack.sh": [
      "mkdir -p made package",
      "cp package.json index.js package",
      "[ ! -e found ] || cp found package",
      "tar --sort=name --mtime=@0 --owner=0 --group=0 --mode=0644 -cf made/app.tar package/*",
      "gzip -n made/app.tar && mv made/app.tar.gz made/app-1.0.0.tgz\n",
    ].join("\n"),
  });
}

/** Runs git with somebody as author. */
export function git(folder: string, ...words: readonly string[]): string {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "init.defaultBranch=main"];
  const { status, stdout, stderr } = spawnSync("git", [...identity, ...words], { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, `git ${words.join(" ")} (apt-get install git): ${stderr}`);
  return stdout;
}

/** How one run of the command ended. */
export interface Ran {
  readonly pid: number;
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The run's own folder for temporary files. */
  readonly temporary: string;
}

/** What is special about one run. */
export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Programs and arguments before Node: `unshare`, a shell. */
  readonly before?: readonly string[];
  /** Called with all of stderr so far, each time that there is more; `kill` reaches the whole process group, as Ctrl-C does. */
  readonly watch?: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** Open descriptors that the command inherits, from 3 on. */
  readonly descriptors?: readonly (number | "ignore")[];
}

const SLOWEST_MS = 90_000;
let runs = 0;

/** Runs `waybill WORDS` in a folder, with a home and a folder for temporary files of its own unless `environment` says more. */
export function waybill(place: Place, cwd: string, words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  runs += 1;
  const temporary = join(place.folder, `t${runs}`);
  mkdirSync(temporary);
  const [program = "", ...args] = [...(options.before ?? []), process.execPath, MAIN, ...words];
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", ...(options.descriptors ?? [])],
    env: {
      PATH: process.env["PATH"],
      HOME: join(place.folder, `h${runs}`),
      WAYBILL_HOME: join(place.folder, `h${runs}`),
      TMPDIR: temporary,
      NO_COLOR: "1",
      ...options.environment,
    },
  });
  const { pid = 0 } = child;
  const kill = (signal: NodeJS.Signals): void => void process.kill(-pid, signal);
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    options.watch?.(stderr, kill);
  });
  const guard = setTimeout(() => kill("SIGKILL"), SLOWEST_MS);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => {
      clearTimeout(guard);
      resolve({ pid, status, signal, stdout, stderr, temporary });
    });
  });
}

/** `waybill ship .` with this place's key and index. */
export function ship(
  place: Place,
  project: string,
  words: readonly string[] = [],
  options: RunOptions = {},
): Promise<Ran> {
  const key = ["--key", place.key, "--passphrase-file", place.passphrase, "--db", place.db];
  return waybill(place, project, ["ship", ".", ...key, ...words], options);
}

/** One line with this code and at most a hint; no stack, no trace of ours. */
export function assertFault(ran: Ran, status: number, code: string): void {
  assert.equal(ran.status, status, `${ran.signal}: ${ran.stderr}`);
  const told = ran.stderr.split("\n").filter((line) => line.startsWith("waybill: "));
  assert.equal(told.length, 1, ran.stderr);
  assert.ok(told[0]?.startsWith(`waybill: ${code} `), ran.stderr);
  assert.doesNotMatch(ran.stderr, /\n\s+at |node:internal|WB-INTERNAL/u);
  assert.equal(ran.stdout, "");
}

/** Nothing of a run is left: no process, no mount, no control group, no temporary file. `mark` stands in its processes' arguments. */
export function assertNothingLeft(ran: Ran, mark: string): void {
  assert.deepEqual(readdirSync(ran.temporary), [], "temporary files");
  assert.deepEqual(processesWith(mark), [], "processes");
  assert.ok(!readFileSync("/proc/self/mountinfo", "utf8").includes(ran.temporary), "mounts");
  assert.deepEqual(globSync(`/sys/fs/cgroup/**/waybill-${ran.pid}-*`), [], "control groups");
}

/** Command lines of running processes that hold a text. */
export function processesWith(text: string): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return [];
      }
    })
    .filter((line) => line.includes(text));
}

/** The statements in a papers file, by the last part of their type. */
export function payloads(papers: string): ReadonlyMap<string, { readonly predicate: Record<string, unknown> }> {
  const lines = readFileSync(papers, "utf8").trimEnd().split("\n");
  return new Map(
    lines.map((line, index) => {
      const { dsseEnvelope } = JSON.parse(line) as { dsseEnvelope: { payload: string } };
      const statement = JSON.parse(Buffer.from(dsseEnvelope.payload, "base64").toString("utf8")) as {
        predicateType: string;
        predicate: Record<string, unknown>;
      };
      return [`${index} ${statement.predicateType}`, statement];
    }),
  );
}

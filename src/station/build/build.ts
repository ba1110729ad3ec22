import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { digestBytes, digestFile } from "../../artifact/digest.ts";
import { dirHash } from "../../artifact/directory-digest.ts";
import { openDirectory } from "../../artifact/directory-source.ts";
import { commitTime, readSourceRecord } from "../../artifact/git.ts";
import type { BuildRecord, SandboxMode, Upstream } from "../../model/build.ts";
import type { DigestHex } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { Clock, Progress } from "../../model/world.ts";
import { ResponseCache } from "../proxy/cache.ts";
import type { RecordedExchange } from "../proxy/recorder.ts";
import { readNpmUpstreams } from "../proxy/upstream.ts";
import { openLog } from "./build-log.ts";
import { type BuildRun, type BuildRunResult, runBuild } from "./build-run.ts";
import type { CollectedOutput } from "./collect-outputs.ts";
import { readConfiguration } from "./configuration.ts";
import { isRoot } from "./lowered.ts";
import { openSandbox } from "./sandbox.ts";
import { copySources, listSources, removeTree } from "./sources.ts";
import { findToolchain, readToolchain, type Toolchain } from "./toolchain.ts";
import { USUAL } from "./variation.ts";

/** By what means a project is built. */
export interface BuildMeans {
  readonly mode: SandboxMode | "auto";
  /** Folder of the recording proxy's content-addressed cache. */
  readonly cache: string;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly stop: AbortSignal;
  /** The caller's environment: PATH for the tools, npm's configuration. Default: this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Files that the build must not get though they may lie in the project: the signing key and its passphrase. */
  readonly withheld?: readonly string[];
}

/** A finished build, in a folder of its own until `close`. */
export interface Built {
  readonly record: BuildRecord;
  /** The first output, and all of them: copies outside the workspace, hashed after the sandbox had ended. */
  readonly artifact: CollectedOutput;
  readonly artifacts: readonly CollectedOutput[];
  /** Folder of the sources as they were built. */
  readonly sources: string;
  /** Folder as the build left it, `node_modules` included: hostile content. */
  readonly workspace: string;
  readonly logPath: string;
  /** The bytes of an archive that the build fetched, by SHA-512 in hex; checked. */
  archiveOf(sha512: DigestHex): Uint8Array | undefined;
  /** What it takes to build the same once more. */
  readonly repeat: Omit<BuildRun, "folder" | "surroundings" | "log" | "stop" | "progress"> & {
    readonly folder: string;
    readonly frozen: readonly RecordedExchange[];
    readonly startedAt: number;
  };
  close(): void;
}

/** 1980-01-02, the first day that every archive format can hold, where no commit gives a time. */
const FIRST_TIME = 315_619_200;

/**
 * Builds the project in a folder as its `waybill.yaml` says (npm's default without one): sources copied, commands run in
 * the sandbox with a recording proxy as the only network, outputs taken after the sandbox ended. The caller closes the
 * result; nothing stays behind where it throws but the log, at the place that the message names.
 * Reports the codes of `readConfiguration`, `openSandbox`, `findToolchain`, `readNpmUpstreams`, `runBuild`.
 */
export async function buildProject(directory: string, means: BuildMeans): Promise<Built> {
  const environment = means.environment ?? process.env;
  const configuration = await readConfiguration(directory);
  const sandbox = openSandbox(means.mode, environment["PATH"] ?? "");
  const toolchain = findToolchain(environment["PATH"] ?? "");
  const folder = workFolder();
  const log = openLog(join(folder, "build.log"));
  try {
    const upstreams = projectUpstreams(directory, toolchain, environment, folder);
    means.progress("build", `${sandbox.mode === "none" ? "without a sandbox" : "in the sandbox"}`);
    const described = readSourceRecord(directory, (path) => path === "out");
    const sources = join(folder, "sources");
    mkdirSync(sources, { mode: 0o700 });
    const withheld = new Set((means.withheld ?? []).map((path) => resolve(path)));
    const listed = listSources(directory).filter((path) => !withheld.has(resolve(directory, path)));
    copySources(directory, sources, listed);
    // A commit is named by SHA-1, which alone verifies nothing (DESIGN, rule 11): what was built has a strong digest too.
    const copied = openDirectory(sources, sources);
    const source = { ...described, digests: { ...described.digests, dirHash: dirHash(copied) } };
    const repeat = { sources, configuration, sandbox, toolchain, upstreams, cacheFolder: means.cache, environment };
    const first: BuildRun = {
      ...repeat,
      folder: join(folder, "1"),
      surroundings: USUAL,
      sourceDateEpoch: epochOf(directory),
      log,
      stop: means.stop,
      progress: (command) => means.progress("build", command),
    };
    mkdirSync(first.folder);
    const startedAt = performance.now();
    const startedOn = means.clock();
    const result = await runBuild(first);
    const finishedOn = means.clock();
    log.close();
    const times = { startedOn, finishedOn };
    const record = recordOf(first, result, { source, ...times }, log.path);
    return builtOf(record, result, {
      ...repeat,
      sourceDateEpoch: first.sourceDateEpoch,
      folder,
      frozen: result.recording,
      startedAt,
    });
  } catch (error) {
    const fault = withKeptLog(error, log.path, means.cache);
    removeTree(folder);
    throw fault;
  }
}

function workFolder(): string {
  const base = tmpdir();
  // The path of a Unix socket has 108 bytes at most.
  const folder = mkdtempSync(join(base.length > 60 && existsSync("/tmp") ? "/tmp" : base, "waybill-"));
  // The user that root's builds are walks through it to its own part; it can list nothing here.
  if (isRoot()) chmodSync(folder, 0o711);
  return folder;
}

function epochOf(directory: string): number {
  const time = commitTime(directory);
  return time === undefined ? FIRST_TIME : Math.floor(Date.parse(time) / 1000);
}

/** The registries of a project; npm is asked for its default only where no configuration names one. */
function projectUpstreams(
  directory: string,
  toolchain: Toolchain,
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): readonly Upstream[] {
  return readNpmUpstreams({
    project: resolve(directory),
    environment,
    prefix: dirname(dirname(toolchain.node)),
    defaultRegistry: () =>
      execFileSync(toolchain.node, [join(toolchain.npm, "bin/npm-cli.js"), "config", "get", "registry"], {
        cwd: folder,
        // npm writes logs and a cache below its home whatever it is asked.
        env: { PATH: dirname(toolchain.node), HOME: join(folder, "home-of-npm") },
        encoding: "utf8",
        timeout: 30_000,
        stdio: ["ignore", "pipe", "ignore"],
      }).trim(),
  });
}

function recordOf(
  run: BuildRun,
  result: BuildRunResult,
  times: Pick<BuildRecord, "source" | "startedOn" | "finishedOn">,
  logPath: string,
): BuildRecord {
  const { sandbox, configuration } = run;
  return {
    ...times,
    commands: configuration.commands,
    locked: configuration.locked,
    mode: sandbox.mode,
    profileDigest: sandbox.mode === "none" ? null : sandbox.profileDigest,
    network: sandbox.mode === "none" ? "unrestricted" : "recorded",
    exchanges: result.exchanges,
    toolchain: readToolchain(run.toolchain),
    environment: result.buildEnvironment,
    limits: configuration.limits,
    outputs: result.outputs.map(({ name, digests, sizeBytes }) => ({ name, digests, sizeBytes })),
    log: digestFile(logPath),
    invocationId: randomUUID(),
  };
}

function builtOf(record: BuildRecord, result: BuildRunResult, repeat: Built["repeat"]): Built {
  const [artifact] = result.outputs;
  if (artifact === undefined) throw new TypeError("a build without outputs has failed before");
  const cache = new ResponseCache(repeat.cacheFolder);
  const fetched = new Set(result.recording.map(({ digests }) => digests.sha512));
  return {
    record,
    artifact,
    artifacts: result.outputs,
    sources: repeat.sources,
    workspace: result.workspace,
    logPath: join(repeat.folder, "build.log"),
    archiveOf: (sha512) => (fetched.has(sha512) ? readArchive(cache.bodyPath(sha512), sha512) : undefined),
    repeat,
    close: () => removeTree(repeat.folder),
  };
}

function readArchive(path: string, sha512: DigestHex): Uint8Array | undefined {
  try {
    const bytes = readFileSync(path);
    return digestBytes(bytes, ["sha512"]).sha512 === sha512 ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** The message of a failed build names a log: the last one is kept in the cache, and named there. */
function withKeptLog(error: unknown, path: string, cache: string): unknown {
  if (!(error instanceof Fault) || error.facts.fix?.includes(path) !== true) return error;
  const kept = join(cache, "logs", basename(path));
  try {
    mkdirSync(dirname(kept), { recursive: true });
    copyFileSync(path, kept);
  } catch {
    return error;
  }
  return new Fault({ ...error.facts, fix: error.facts.fix.replace(path, () => kept) });
}

import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { digestFile } from "../../artifact/digest.ts";
import { commitTime, listedPaths, readSourceRecord } from "../../artifact/git.ts";
import { DEFAULT_LIMITS } from "../../artifact/limits.ts";
import { openDirectory } from "../../artifact/directory-source.ts";
import { readVerified } from "../../artifact/read-file.ts";
import { outputFault } from "../../artifact/write.ts";
import { collect } from "../../inventory/collect.ts";
import type { BuildRecord, SandboxMode, SourceRecord, Upstream } from "../../model/build.ts";
import type { DigestHex } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { Sbom } from "../../model/sbom.ts";
import type { Clock, Progress } from "../../model/world.ts";
import { ResponseCache } from "../proxy/cache.ts";
import type { RecordedExchange } from "../proxy/recorder.ts";
import { readNpmUpstreams } from "../proxy/upstream.ts";
import { checkpoint } from "../stop.ts";
import { diskFault } from "./build-fault.ts";
import { openLog, settleLog } from "./build-log.ts";
import { type BuildRun, type BuildRunResult, runBuild } from "./build-run.ts";
import type { CollectedOutput } from "./collect-outputs.ts";
import { readConfiguration } from "./configuration.ts";
import { isRoot, isWalkable } from "./lowered.ts";
import { openSandbox } from "./sandbox.ts";
import { withoutCredentials } from "./npmrc-credentials.ts";
import { besideSources, copySources, isOneOf, listSources, removeTree } from "./sources.ts";
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
  /** Folder that the products go to: what lies there is no source. */
  readonly output?: string;
}

/** A finished build, in a folder of its own until `close`. */
export interface Built {
  readonly record: BuildRecord;
  /** The first output, and all of them: copies outside the workspace, hashed after the sandbox had ended. */
  readonly artifact: CollectedOutput;
  readonly artifacts: readonly CollectedOutput[];
  /** What the sources declare. */
  readonly declared: Sbom;
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
 * Builds the project in a folder as its `waybill.yaml` says (npm's default without one): sources copied and collected,
 * commands run in the sandbox with a recording proxy as the only network, outputs taken after the sandbox ended. The
 * caller closes the result; nothing stays behind where it throws but the log, at the place that the message names.
 * Reports the codes of `readConfiguration`, `openSandbox`, `findToolchain`, `readNpmUpstreams`, `collect`, `runBuild`, and
 * `WB-BUILD-DISK-FULL`, `WB-INTERRUPTED`.
 */
export async function buildProject(directory: string, means: BuildMeans): Promise<Built> {
  const folder = workFolder();
  try {
    return await buildIn(folder, directory, means);
  } catch (error) {
    const fault = withKeptLog(diskFault(error, folder), join(folder, LOG), means.cache);
    removeTree(folder);
    throw fault;
  }
}

const LOG = "build.log";

async function buildIn(folder: string, directory: string, means: BuildMeans): Promise<Built> {
  const environment = means.environment ?? process.env;
  const configuration = await readConfiguration(directory);
  const sandbox = openSandbox(means.mode, environment["PATH"] ?? "");
  const toolchain = findToolchain(environment["PATH"] ?? "");
  const log = openLog(join(folder, LOG));
  try {
    const upstreams = projectUpstreams(directory, toolchain, environment, folder);
    means.progress("build", `${sandbox.mode === "none" ? "without a sandbox" : "in the sandbox"}`);
    const sources = join(folder, "sources");
    const { source, declared } = await takeSources(directory, sources, means);
    await checkpoint(means.stop);
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
    settleLog(log.path);
    const record = recordOf(first, result, { source, startedOn, finishedOn }, log.path);
    return builtOf(record, result, declared, {
      ...repeat,
      sourceDateEpoch: first.sourceDateEpoch,
      folder,
      frozen: result.recording,
      startedAt,
    });
  } finally {
    log.close();
  }
}

/** Copies the sources to a new folder, names what was copied, and reads what they declare before anything is built. */
async function takeSources(
  directory: string,
  to: string,
  means: Pick<BuildMeans, "withheld" | "output">,
): Promise<{ readonly source: SourceRecord; readonly declared: Sbom }> {
  const beside = besideSources(directory, means.output);
  const isWithheld = isOneOf(directory, means.withheld ?? []);
  const described = readSourceRecord(directory, (path) => beside(path) || isWithheld(path));
  mkdirSync(to, { mode: 0o700 });
  const listed = listSources(directory, beside);
  const taken = listed.filter((path) => !isWithheld(path));
  copySources(directory, to, taken);
  const redacted = withoutCredentials(to, taken);
  // Less than the commit was built where git tracks what was withheld, a key say: that is not the commit.
  const tracked = new Set(listedPaths(directory)?.tracked);
  const lacking = [...redacted, ...listed.filter(isWithheld)].some((path) => tracked.has(path));
  const copied = openDirectory(to, to);
  try {
    const collected = await collect(copied);
    const declared = { ...collected, subject: { ...collected.subject, digests: copied.artifact.digests } };
    // A commit is named by SHA-1, which alone verifies nothing (DESIGN, rule 11): what was built has a strong digest too.
    const digests = { ...described.digests, ...copied.artifact.digests };
    return { source: { ...described, digests, dirty: described.dirty || lacking }, declared };
  } finally {
    copied.close();
  }
}

function workFolder(): string {
  const base = tmpdir();
  try {
    // The path of a Unix socket has 108 bytes at most, and the user that root's builds are must get there.
    const fits = base.length <= 60 && (!isRoot() || isWalkable(base));
    const folder = mkdtempSync(join(!fits && existsSync("/tmp") ? "/tmp" : base, "waybill-"));
    // That user walks through it to its own part; it can list nothing here.
    if (isRoot()) chmodSync(folder, 0o711);
    return folder;
  } catch (error) {
    throw outputFault(error, base);
  }
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

function builtOf(record: BuildRecord, result: BuildRunResult, declared: Sbom, repeat: Built["repeat"]): Built {
  const [artifact] = result.outputs;
  if (artifact === undefined) throw new TypeError("a build without outputs has failed before");
  const cache = new ResponseCache(repeat.cacheFolder);
  const fetched = new Set(result.recording.map(({ digests }) => digests.sha512));
  return {
    record,
    artifact,
    artifacts: result.outputs,
    declared,
    workspace: result.workspace,
    logPath: join(repeat.folder, LOG),
    archiveOf: (sha512) =>
      fetched.has(sha512) ? readVerified(cache.bodyPath(sha512), sha512, DEFAULT_LIMITS.archiveBytes) : undefined,
    repeat,
    close: () => removeTree(repeat.folder),
  };
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

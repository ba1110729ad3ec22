import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { Exchange, Sandbox, SandboxRun, Upstream } from "../../model/build.ts";
import { type Proxy, openProxy } from "../proxy/proxy.ts";
import type { RecordedExchange } from "../proxy/recorder.ts";
import { bridgePorts, buildEnvironment } from "./build-environment.ts";
import { stoppedFault, failedFault } from "./build-fault.ts";
import type { BuildLog } from "./build-log.ts";
import { type CollectedOutput, collectOutputs } from "./collect-outputs.ts";
import { type BuildConfiguration, LOCKFILES, OUTPUT_FOLDER } from "./configuration.ts";
import { handOver, isRoot, reachable } from "./lowered.ts";
import { PROXY_INSIDE } from "./profile.ts";
import { copySources, listCopied } from "./sources.ts";
import { showToolchain, type Toolchain } from "./toolchain.ts";
import type { Surroundings } from "./variation.ts";

/** All that one run of a build needs. */
export interface BuildRun {
  /** Pristine sources. */
  readonly sources: string;
  /** A new folder of this run's own. */
  readonly folder: string;
  readonly configuration: BuildConfiguration;
  readonly surroundings: Surroundings;
  readonly sandbox: Sandbox;
  readonly toolchain: Toolchain;
  readonly upstreams: readonly Upstream[];
  readonly cacheFolder: string;
  readonly frozen?: readonly RecordedExchange[];
  readonly sourceDateEpoch: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: BuildLog;
  readonly stop: AbortSignal;
  readonly progress: (command: string) => void;
}

/** What a run gave. */
export interface BuildRunResult {
  readonly workspace: string;
  readonly outputs: readonly CollectedOutput[];
  readonly exchanges: readonly Exchange[];
  readonly recording: readonly RecordedExchange[];
  /** As set; in a run without a sandbox folders and ports of this machine are written as names. */
  readonly buildEnvironment: Readonly<Record<string, string>>;
}

/** The bridge beside this file: TypeScript in development, one bundled file in the package. */
function bridgePath(): string {
  const candidates = ["bridge.ts", "bridge.js", "../bridge.js"].map((name) => join(import.meta.dirname, name));
  return candidates.find((path) => existsSync(path)) ?? "bridge.js";
}

/**
 * Copies the sources, runs the commands one after the other, each in a sandbox of its own with one recording proxy for
 * all, and takes the outputs when the last has ended. Reports the faults of `stoppedFault` and `failedFault`, those of the
 * sandbox and of the outputs.
 */
export async function runBuild(run: BuildRun): Promise<BuildRunResult> {
  const workspace = join(run.folder, "workspace");
  const paths = listCopied(run.sources);
  copySources(run.sources, workspace, run.surroundings.reversedFiles ? paths.toReversed() : paths);
  mkdirSync(join(workspace, OUTPUT_FOLDER), { recursive: true });
  const inside = run.sandbox.mode === "bwrap";
  const sockets = join(run.folder, "proxy");
  mkdirSync(sockets, { mode: 0o755 });
  const proxy = await openProxy({
    upstreams: run.upstreams,
    cacheFolder: run.cacheFolder,
    environment: run.environment,
    ...lockfileOf(run.sources),
    ...(inside ? { socketFolder: sockets } : {}),
    ...(run.frozen === undefined ? {} : { frozen: run.frozen }),
  });
  try {
    const prepared = inside ? insideRun(run, workspace, sockets, proxy) : outsideRun(run, workspace, proxy);
    if (inside && isRoot()) {
      chmodSync(run.folder, 0o700);
      handOver(run.folder);
    }
    await runCommands(run, prepared, proxy);
    const outputs = `${run.folder}-outputs`;
    mkdirSync(outputs, { mode: 0o700 });
    return {
      workspace,
      outputs: collectOutputs(workspace, run.configuration.outputs, outputs),
      exchanges: proxy.exchanges(),
      recording: proxy.recording(),
      buildEnvironment: inside ? prepared.environment : withoutPlaces(prepared.environment, run.folder),
    };
  } finally {
    await proxy.close();
  }
}

function lockfileOf(sources: string): { lockfile?: Uint8Array } {
  const path = LOCKFILES.map((name) => join(sources, name)).find((file) => existsSync(file));
  return path === undefined ? {} : { lockfile: readFileSync(path) };
}

async function runCommands(run: BuildRun, prepared: SandboxRun, proxy: Proxy): Promise<void> {
  const started = performance.now();
  const { limits, commands } = run.configuration;
  let logged = 0;
  for (const command of commands) {
    run.progress(command.join(" "));
    const left = {
      ...limits,
      timeSeconds: Math.max(0.001, limits.timeSeconds - (performance.now() - started) / 1000),
      outputBytes: Math.max(1, limits.outputBytes - logged),
    };
    const result = await run.sandbox.run(
      { ...prepared, command: [...prepared.command, ...command], limits: left },
      (chunk) => run.log.write(chunk),
      run.stop,
    );
    logged += result.logBytes;
    if (result.stoppedBy !== "exit") throw stoppedFault(result.stoppedBy, command, limits, run.log);
    if (result.exitCode !== 0) throw failedFault(command, result.exitCode, run.log, proxy);
  }
}

function insideRun(run: BuildRun, workspace: string, sockets: string, proxy: Proxy): SandboxRun {
  const ports = bridgePorts(run.upstreams.length);
  const bridge = bridgePath();
  // The extension tells Node what the file is; the folder has no package.json to say it.
  const bridgeInside = bridge.endsWith(".ts") ? "/waybill/bridge.mts" : "/waybill/bridge.mjs";
  const routes = proxy.routes.map((_, at) => `${ports.routes[at] ?? 0}=${PROXY_INSIDE}/${at}.sock`);
  return {
    ...commonRun(run, workspace),
    // Our own Node, not the toolchain's: the bridge must run beside a build of any age.
    command: ["/waybill/node", bridgeInside, `${ports.direct}=${PROXY_INSIDE}/direct.sock`, ...routes, "--"],
    environment: buildEnvironment({ ...environmentParts(run), ports }),
    readOnly: [
      ...showToolchain(reachableToolchain(run), join(run.folder, "bin"), true),
      [reachable(realpathSync(process.execPath), join(run.folder, "own")), "/waybill/node"],
      [reachable(realpathSync(bridge), join(run.folder, "own")), bridgeInside],
    ],
    proxyFolder: sockets,
  };
}

function reachableToolchain(run: BuildRun): Toolchain {
  const folder = join(run.folder, "tools");
  return { node: reachable(run.toolchain.node, folder), npm: reachable(run.toolchain.npm, folder) };
}

function outsideRun(run: BuildRun, workspace: string, proxy: Proxy): SandboxRun {
  const bin = join(run.folder, "bin");
  showToolchain(run.toolchain, bin, false);
  const home = join(run.folder, "home");
  mkdirSync(home);
  const ports = { routes: proxy.routes.map(Number), direct: Number(proxy.direct) };
  const path = `${bin}:/usr/local/bin:/usr/bin:/bin`;
  return {
    ...commonRun(run, workspace),
    command: [],
    environment: buildEnvironment({ ...environmentParts(run), ports, home, path }),
    readOnly: [],
  };
}

function environmentParts(run: BuildRun) {
  return {
    surroundings: run.surroundings,
    upstreams: run.upstreams,
    sourceDateEpoch: run.sourceDateEpoch,
    own: run.configuration.environment,
  };
}

function commonRun(run: BuildRun, workspace: string) {
  const { workspaceInside, hostName, uid, umask, oneCpu } = run.surroundings;
  const { limits } = run.configuration;
  return { workspace, workspaceInside, hostName, uid, umask, limits, ...(oneCpu ? { cpus: 1 } : {}) };
}

function withoutPlaces(environment: Readonly<Record<string, string>>, folder: string): Record<string, string> {
  const entries = Object.entries(environment).map(([name, value]) => [
    name,
    value.replaceAll(folder, "/BUILD").replace(/^(http:\/\/127\.0\.0\.1):\d+/, "$1:PORT"),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

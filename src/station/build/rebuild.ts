import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { digestFile } from "../../artifact/digest.ts";
import type { Comparison, Difference, RebuildResult } from "../../model/build.ts";
import { Fault } from "../../model/fault.ts";
import type { BuildMeans, Built } from "./build.ts";
import { interrupted } from "../stop.ts";
import { diskFault } from "./build-fault.ts";
import { type BuildLog, openLog } from "./build-log.ts";
import { type BuildRunResult, runBuild } from "./build-run.ts";
import { compareArtifacts } from "./compare/compare.ts";
import { removeTree } from "./sources.ts";
import { TIME_DISTANCE_MS, VARIED, variedFactors } from "./variation.ts";

/**
 * Builds once more from the same sources and the recorded answers of the registries, without any network, in other
 * surroundings, and compares the outputs. Where an answer is asked for that the first build did not get, or the build
 * fails in the other surroundings: `WB-REBUILD-FAILED`; stopped: as `runBuild`.
 */
export async function rebuild(built: Built, means: Pick<BuildMeans, "progress" | "stop">): Promise<RebuildResult> {
  const { repeat } = built;
  const folder = join(repeat.folder, "2");
  let log: BuildLog | undefined;
  try {
    mkdirSync(folder);
    log = openLog(join(repeat.folder, "rebuild.log"));
    await sleep(Math.max(0, TIME_DISTANCE_MS - (performance.now() - repeat.startedAt)), undefined, {
      signal: means.stop,
    });
    const result = await runBuild({
      ...repeat,
      folder,
      surroundings: VARIED,
      log,
      stop: means.stop,
      progress: (command) => means.progress("rebuild", command),
    });
    const factors = variedFactors(repeat.sandbox.mode, result.workspace);
    const [second] = result.outputs;
    return {
      ...compareAll(built, result),
      factors,
      first: built.artifact.digests.sha256 ?? "",
      second: second?.digests.sha256 ?? "",
    };
  } catch (error) {
    throw rebuildFault(diskFault(error, repeat.folder));
  } finally {
    log?.close();
    removeTree(folder);
    removeTree(`${folder}-outputs`);
  }
}

function rebuildFault(error: unknown): unknown {
  if (error instanceof Error && error.name === "AbortError") return interrupted();
  if (!(error instanceof Fault) || error.facts.code !== "WB-BUILD-FAILED") return error;
  const { where, found } = error.facts;
  return new Fault({
    code: "WB-REBUILD-FAILED",
    kind: "input",
    what: "the build works once, and fails in other surroundings",
    ...(where === undefined ? {} : { where }),
    ...(found === undefined ? {} : { found }),
    fix: "see what the build takes from its path, locale, time zone, umask, user or host name, or from the network anew",
  });
}

const WORST = ["identical", "equivalent", "different"] as const;

/** All outputs by name; with several, the name stands before each path. */
function compareAll(built: Built, again: BuildRunResult): Comparison {
  const names = [...new Set([...built.artifacts, ...again.outputs].map(({ name }) => name))].toSorted();
  const comparisons = names.map((name) => {
    const compared = compareOne(name, built, again);
    const differences = compared.differences.map((difference) =>
      names.length === 1 ? difference : { ...difference, path: `${name}!/${difference.path}` },
    );
    return { ...compared, differences };
  });
  return {
    outcome: WORST[Math.max(...comparisons.map(({ outcome }) => WORST.indexOf(outcome)))] ?? "different",
    normalised: [...new Set(comparisons.flatMap(({ normalised }) => normalised))].toSorted(),
    differences: comparisons.flatMap(({ differences }) => differences),
  };
}

function compareOne(name: string, built: Built, again: BuildRunResult): Comparison {
  const first = built.artifacts.find((output) => output.name === name);
  const second = again.outputs.find((output) => output.name === name);
  if (first === undefined || second === undefined)
    return { outcome: "different", normalised: [], differences: [lone(name, first !== undefined)] };
  // Bytes are read only where they differ: most rebuilds end here.
  const digests = [first, second].map(({ path }) => digestFile(path).digests.sha512);
  if (digests[0] === digests[1]) return { outcome: "identical", normalised: [], differences: [] };
  return compareArtifacts(readFileSync(first.path), readFileSync(second.path), name);
}

function lone(path: string, inFirst: boolean): Difference {
  return {
    path,
    cause: inFirst ? "only-in-first" : "only-in-second",
    detail: `only the ${inFirst ? "first" : "second"} build made it`,
    fix: "make the names of outputs independent of path, time, user and host",
  };
}

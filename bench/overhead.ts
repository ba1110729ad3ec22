// npm run bench:build: the build of ../shared/bench/app in the sandbox with the recording proxy, against the same commands plain, in turn.
//   node bench/overhead.ts [ROUNDS]
// CPU is what the whole machine was busy with (/proc/stat), for what runs in a pid namespace is in no parent's rusage: run it alone.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { buildProject } from "../src/station/build/build.ts";

const app = join(import.meta.dirname, "../../shared/bench/app");
const rounds = Number(process.argv[2] ?? "3");
const folder = mkdtempSync(join(tmpdir(), "waybill-overhead-"));
const TICKS_PER_SECOND = 100;

/** CPU seconds that all processors were not idle, since the machine started (proc(5), /proc/stat). */
function busySeconds(): number {
  const fields = (/^cpu +(.*)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1] ?? "").split(" ").map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = fields;
  return (user + nice + system + irq + softIrq) / TICKS_PER_SECOND;
}

interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** Each run has a copy of its own; making and removing it is not counted, and the disk is quiet before it starts. */
async function cost(run: (project: string) => Promise<void>): Promise<Cost> {
  const project = mkdtempSync(join(folder, "app-"));
  cpSync(app, project, { recursive: true });
  spawnSync("chmod", ["-R", "u+w", project]);
  spawnSync("sync");
  const [busy, start] = [busySeconds(), performance.now()];
  await run(project);
  const taken = { wall: (performance.now() - start) / 1000, cpu: busySeconds() - busy };
  rmSync(project, { recursive: true, force: true });
  return taken;
}

const plainly =
  (...flags: readonly string[]) =>
  async (project: string): Promise<void> => {
    const ci = ["npm ci --no-audit --no-fund --no-progress", ...flags].join(" ");
    const run = spawnSync("sh", ["-c", `${ci} && npm run build && npm pack`], { cwd: project, encoding: "utf8" });
    if (run.status !== 0) throw new Error(`the plain build failed\n${run.stdout}${run.stderr}`);
  };

const leftBehind: (() => void)[] = [];

async function inSandbox(project: string): Promise<void> {
  const built = await buildProject(project, {
    mode: "auto",
    cache: join(folder, "cache"),
    clock: () => new Date().toISOString(),
    progress: () => {},
    stop: new AbortController().signal,
  });
  leftBehind.push(built.close);
}

const candidates = [
  ["plain: npm ci, npm run build, npm pack", plainly()],
  ["the same in the sandbox, recorded", inSandbox],
  ["plain, npm ci --prefer-offline: asks no registry whether its cache is current", plainly("--prefer-offline")],
] as const;

try {
  const costs = candidates.map((): Cost[] => []);
  // The first round fills npm's cache and the proxy's.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, [name, run]] of candidates.entries()) {
      const taken = await cost(run);
      for (const close of leftBehind.splice(0)) close();
      console.error(`${round === 0 ? "warm-up" : `round ${round}`}: ${name}: ${taken.cpu.toFixed(1)} CPU s`);
      if (round > 0) costs[index]?.push(taken);
    }
  }
  const least = costs.map((all) => ({
    wall: Math.min(...all.map(({ wall }) => wall)),
    cpu: Math.min(...all.map(({ cpu }) => cpu)),
  }));
  console.log(`${cpus()[0]?.model ?? "CPU"}, ${cpus().length} cores; least of ${rounds} rounds, candidates in turn.\n`);
  console.log("| build of bench/app, caches warm | wall s | CPU s | CPU, ratio to plain |");
  console.log("| --- | --- | --- | --- |");
  for (const [index, [name]] of candidates.entries()) {
    const { wall, cpu } = least[index] as Cost;
    console.log(`| ${name} | ${wall.toFixed(1)} | ${cpu.toFixed(1)} | ${(cpu / (least[0] as Cost).cpu).toFixed(2)} |`);
  }
} finally {
  for (const close of leftBehind) close();
  rmSync(folder, { recursive: true, force: true });
}

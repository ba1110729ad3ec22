import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Cost {
  /** Wall and CPU (user + system, children included) of one run, in seconds, as bash's `time` gives them. */
  readonly wall: number;
  readonly cpu: number;
  /** Resident memory at its highest, in MiB: of the process or of the largest that it waited for (getrusage(2), by GNU time). */
  readonly peak: number;
}

export interface Candidate {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Exit codes that are no failure: scanners use 1 for "found". */
  readonly allowed?: readonly number[];
  /** The file that takes its stdout; nowhere without. */
  readonly stdout?: string;
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

function once({ name, command, environment, allowed = [0], stdout = "/dev/null" }: Candidate, folder: string): Cost {
  const words = command.map(quote).join(" ");
  const peakFile = join(folder, "peak-memory");
  const script = `TIMEFORMAT='%R %U %S'; { time command time -q -f %M -o ${quote(peakFile)} ${words} >${quote(stdout)} 2>/dev/null 3>&-; } 2>&3; exit $?`;
  const run = spawnSync("bash", ["-c", script], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    encoding: "utf8",
  });
  if (!existsSync(peakFile)) throw new Error("GNU time did not run: install it (Debian: apt-get install time)");
  const peak = Number(readFileSync(peakFile, "utf8")) / 1024;
  const line = (run.output[3] ?? "").trim().split("\n").at(-1) ?? "";
  const [wall, user, system] = line.split(" ").map(Number);
  if (
    !allowed.includes(run.status ?? -1) ||
    wall === undefined ||
    user === undefined ||
    system === undefined ||
    Number.isNaN(wall)
  ) {
    throw new Error(`${name} failed (exit ${run.status}): ${command.join(" ")}\n${line}`);
  }
  return { wall, cpu: user + system, peak };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** Runs the candidates in turn (so that noise meets all alike), after one warm-up each; medians. */
export function sideBySide(
  candidates: readonly Candidate[],
  rounds: number,
  folder: string,
): ReadonlyMap<string, Cost> {
  const costs = new Map<string, Cost[]>(candidates.map(({ name }) => [name, []]));
  for (const candidate of candidates) once(candidate, folder);
  for (let round = 0; round < rounds; round += 1) {
    for (const candidate of candidates) costs.get(candidate.name)?.push(once(candidate, folder));
  }
  return new Map(
    [...costs].map(([name, runs]) => [
      name,
      {
        wall: median(runs.map(({ wall }) => wall)),
        cpu: median(runs.map(({ cpu }) => cpu)),
        peak: median(runs.map(({ peak }) => peak)),
      },
    ]),
  );
}

/** Further columns of a table: their heads, and each candidate's cells. */
export interface Columns {
  readonly heads: readonly string[];
  readonly cells: ReadonlyMap<string, readonly string[]>;
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** A table in Markdown with each candidate's ratio to the first. */
export function table(title: string, costs: ReadonlyMap<string, Cost>, more?: Columns): string {
  const first = [...costs.values()][0];
  const heads = ["", "wall s", "CPU s", "peak MiB", "wall, ratio to ours", ...(more?.heads ?? [])];
  const rows = [...costs].map(([name, { wall, cpu, peak }]) => [
    name,
    wall.toFixed(3),
    cpu.toFixed(3),
    peak.toFixed(0),
    (wall / (first?.wall ?? 1)).toFixed(2),
    ...(more?.cells.get(name) ?? more?.heads.map(() => "") ?? []),
  ]);
  return [`### ${title}`, "", ...[heads, heads.map(() => "---"), ...rows].map(line), ""].join("\n");
}

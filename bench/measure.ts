import { spawnSync } from "node:child_process";

/** Wall and CPU (user + system, children included) of one run, in seconds, as bash's `time` gives them. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

export interface Candidate {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Exit codes that are no failure: scanners use 1 for "found". */
  readonly allowed?: readonly number[];
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

function once({ name, command, environment, allowed = [0] }: Candidate, folder: string): Cost {
  const script = `TIMEFORMAT='%R %U %S'; { time ${command.map(quote).join(" ")} >/dev/null 2>/dev/null 3>&-; } 2>&3; exit $?`;
  const run = spawnSync("bash", ["-c", script], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    encoding: "utf8",
  });
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
  return { wall, cpu: user + system };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** Runs the candidates in turn (so that noise meets all alike), after one warm-up each; medians of wall and CPU. */
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
      { wall: median(runs.map(({ wall }) => wall)), cpu: median(runs.map(({ cpu }) => cpu)) },
    ]),
  );
}

/** A table in Markdown with each candidate's ratio to the first. */
export function table(title: string, costs: ReadonlyMap<string, Cost>): string {
  const first = [...costs.values()][0];
  const rows = [...costs].map(
    ([name, { wall, cpu }]) =>
      `| ${name} | ${wall.toFixed(3)} | ${cpu.toFixed(3)} | ${(wall / (first?.wall ?? 1)).toFixed(2)} |`,
  );
  return [
    `### ${title}`,
    "",
    "| | wall s | CPU s | wall, ratio to ours |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

// npm run bench:peers [-- INPUT…]: SBOMs of the inputs of ../shared/bench beside the peers', in one run: what each costs as a whole process,
// and what it gets right. Prints Markdown for docs/benchmarks.md; a missed goal is printed as missed, and is no failure of the run.
import { rmSync } from "node:fs";
import { cpus } from "node:os";
import { type Input, folder, inputs } from "./inputs.ts";
import { type Candidate, type Cost, sideBySide, table } from "./measure.ts";
import { type Score, type Tally, score } from "./score.ts";

const rounds = Number(process.env["WAYBILL_BENCH_ROUNDS"] ?? "5");
const NEAR_FLOOR = 1.3;
const SHOWN = 20;

const threeCounts = (tally: Tally | undefined): string =>
  tally === undefined ? "truth not known" : `${tally.right} / ${tally.wrong.length} / ${tally.missed.length}`;

const share = (what: string, { right, missed }: Tally): string => `${what} ${right} of ${right + missed.length}`;

function cells({ packages, edges, vendored, elsewhere, licences, hashes }: Score): readonly string[] {
  const further = [
    ...(vendored === 0 ? [] : [`${vendored} vendored`]),
    ...[...elsewhere].map(([type, count]) => `${count} ${type}`),
    ...(licences === undefined ? [] : [share("licences", licences)]),
    ...(hashes === undefined ? [] : [share("hashes", hashes)]),
  ];
  return [threeCounts(packages), threeCounts(edges), further.join(", ")];
}

/** What ours has wrong, for whoever mends it. */
function complain(name: string, { packages, edges }: Score): void {
  for (const [what, tally] of [
    ["package", packages],
    ["edge", edges],
  ] as const) {
    for (const kind of ["wrong", "missed"] as const) {
      for (const one of tally?.[kind].slice(0, SHOWN) ?? []) console.error(`waybill, ${name}: ${kind} ${what}: ${one}`);
    }
  }
}

function goalRow(name: string, { goal, peers, ours }: Input, costs: ReadonlyMap<string, Cost>, mine: Score): string {
  const costOf = (candidate: Candidate): Cost => costs.get(candidate.name) as Cost;
  const [fastest] = peers.toSorted((a, b) => costOf(a).wall - costOf(b).wall);
  if (fastest === undefined) throw new Error(`${name} has no peer`);
  const [us, them] = [costOf(ours), costOf(fastest)];
  const times = them.wall / us.wall;
  const { speed } = goal;
  const near = speed.kind === "times" && speed.orNear !== undefined ? us.wall / costOf(speed.orNear).wall : undefined;
  const isFast =
    speed.kind === "any" ||
    (speed.kind === "seconds" && us.wall <= speed.seconds) ||
    (speed.kind === "times" && (times >= speed.times || (near ?? Infinity) <= NEAR_FLOOR));
  const isRight = goal.isRight(mine);
  const seen = [
    `${us.wall.toFixed(3)} s`,
    `${times.toFixed(2)} × (CPU ${(them.cpu / us.cpu).toFixed(2)} ×)`,
    ...(near === undefined ? [] : [`${near.toFixed(2)} × the floor`]),
    isRight ? "right" : "not right",
  ];
  const verdict =
    isFast && isRight ? "met" : `missed: ${[...(isFast ? [] : ["speed"]), ...(isRight ? [] : ["content"])].join(", ")}`;
  return `| ${name} | ${fastest.name} ${them.wall.toFixed(3)} s | ${goal.text} | ${seen.join("; ")} | ${verdict} |`;
}

function named(name: string): readonly [name: string, Input] {
  const make = inputs[name];
  if (make === undefined) throw new Error(`no input ${name}; there are: ${Object.keys(inputs).join(", ")}`);
  return [name, make()];
}

/** Measures one input, prints its table, and gives its row among the goals. */
function measured([name, input]: readonly [name: string, Input]): string {
  for (const { document } of [input.ours, ...input.peers]) rmSync(document, { force: true });
  const costs = sideBySide([input.ours, ...input.peers, ...input.floors], rounds, folder);
  const scores = new Map([input.ours, ...input.peers].map((one) => [one.name, score(one.document, input.truth)]));
  const mine = scores.get(input.ours.name) as Score;
  const edges = input.truth.edges === undefined ? "" : `, ${input.truth.edges.size} edges`;
  const title = `${name}: ${input.truth.packages.size} packages${edges}`;
  console.log(
    table(title, costs, {
      heads: ["packages: right / wrong / missed", "edges: right / wrong / missed", "further"],
      cells: new Map([...scores].map(([name, result]) => [name, cells(result)])),
    }),
  );
  complain(name, mine);
  return goalRow(name, input, costs, mine);
}

try {
  const asked = process.argv.slice(2);
  // All are looked up before the first is measured, so that a missing peer is told at once.
  const found = (asked.length === 0 ? Object.keys(inputs) : asked).map(named);
  console.log(
    `${cpus()[0]?.model ?? "CPU"}, ${cpus().length} cores; Node ${process.version}, the JavaScript peers' too; medians of ${rounds} rounds after a warm-up, candidates in turn.\n`,
  );
  const rows = found.map(measured);
  console.log("### Against the goals\n\n| input | fastest peer | goal | seen | |\n| --- | --- | --- | --- | --- |");
  console.log(rows.join("\n"));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 3;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

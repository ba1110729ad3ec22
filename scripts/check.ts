// npm run check: types, lint and arrows, format, dead exports, unit tests. Every step runs, on two processors in two lanes; any red one
// decides.
import { spawn } from "node:child_process";

type Step = readonly [name: string, command: string, ...args: string[]];

const LANES: readonly (readonly Step[])[] = [
  [["unit tests, first half", "node", "scripts/test.ts", "--unit", "--part=1/2"]],
  [
    ["types", "tsc"],
    ["lint and arrows", "oxlint", "--deny-warnings"],
    ["format", "oxfmt", "--check"],
    ["dead exports", "knip", "--no-progress"],
    ["unit tests, second half", "node", "scripts/test.ts", "--unit", "--part=2/2"],
  ],
];

function output(command: string, args: readonly string[]): Promise<{ readonly ok: boolean; readonly text: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { ...process.env, FORCE_COLOR: "0" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.on("error", (error) => resolve({ ok: false, text: error.message }));
    child.on("close", (code) => resolve({ ok: code === 0, text }));
  });
}

async function run([name, command, ...args]: Step): Promise<boolean> {
  const start = performance.now();
  const { ok, text } = await output(command, args);
  console.log(`${ok ? "ok " : "RED"} ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  if (!ok) console.log(text);
  else if (name.startsWith("unit tests")) {
    console.log(
      text
        .split("\n")
        .filter((line) => /^(ℹ (tests|pass|fail)|not run)/u.test(line))
        .join("\n"),
    );
  }
  return ok;
}

const lanes = LANES.map(async (steps) => {
  let green = true;
  for (const step of steps) green = (await run(step)) && green;
  return green;
});
process.exitCode = (await Promise.all(lanes)).every((green) => green) ? 0 : 1;

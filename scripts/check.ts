// npm run check: types, lint and arrows, format, dead exports, unit tests. Every step runs, two at a time; any red one decides.
import { spawn } from "node:child_process";

type Step = readonly [name: string, command: string, ...args: string[]];

// In parts, so that neither processor waits for the other at the end.
const TEST_PARTS = 4;

const STEPS: readonly Step[] = [
  ["types", "tsc"],
  ...Array.from({ length: TEST_PARTS }, (_, part): Step => {
    const share = `${part + 1}/${TEST_PARTS}`;
    return [`unit tests, part ${share}`, "node", "scripts/test.ts", "--unit", `--part=${share}`];
  }),
  ["dead exports", "knip", "--no-progress"],
  ["lint and arrows", "oxlint", "--deny-warnings"],
  ["format", "oxfmt", "--check"],
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

const steps = STEPS.values();

async function lane(): Promise<boolean> {
  let green = true;
  for (const step of steps) green = (await run(step)) && green;
  return green;
}

process.exitCode = (await Promise.all([lane(), lane()])).every((green) => green) ? 0 : 1;

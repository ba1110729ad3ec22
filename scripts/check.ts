// npm run check: types, lint and arrows, format, dead exports, unit tests. Every step runs; the first red one decides.
import { spawnSync } from "node:child_process";

const steps: readonly (readonly [string, readonly string[]])[] = [
  ["types", ["tsc"]],
  ["lint and arrows", ["oxlint", "--deny-warnings"]],
  ["format", ["oxfmt", "--check"]],
  ["dead exports", ["knip", "--no-progress"]],
  ["unit tests", ["node", "scripts/test.ts", "--unit"]],
];

let red = false;
for (const [name, [command, ...args]] of steps) {
  const start = performance.now();
  const result = spawnSync(command as string, args, { encoding: "utf8", env: { ...process.env, FORCE_COLOR: "0" } });
  const ok = result.status === 0;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${ok ? "ok " : "RED"} ${name} (${seconds} s)`);
  if (!ok) {
    red = true;
    console.log(`${result.stdout ?? ""}${result.stderr ?? ""}`);
  } else if (name === "unit tests") {
    console.log(
      (result.stdout ?? "")
        .split("\n")
        .filter((line) => /^(ℹ|not run)/u.test(line))
        .join("\n"),
    );
  }
}
process.exitCode = red ? 1 : 0;

// Runs tests in one process (start-up of a process per file costs more than the tests) and says what was not run.
//   npm test [-- -u] [-- PATTERN…]      all but the peers; -u writes golden files anew
//   npm run test:peers                  tests against real peers
import { globSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const args = process.argv.slice(2);
if (args.includes("-u")) process.env["UPDATE_GOLDEN"] = "1";
const patterns = args.filter((arg) => !arg.startsWith("-"));
const folder = args.includes("--peers") ? "test/peers" : args.includes("--unit") ? "test/unit" : "test";
let files = globSync(`${folder}/**/*.test.ts`).filter((file) => folder !== "test" || !file.startsWith("test/peers/"));
if (patterns.length > 0) files = files.filter((file) => patterns.some((pattern) => file.includes(pattern)));
// One of several parts, for processes beside each other: every nth file in the order of names.
const [part, parts] = (args.find((arg) => arg.startsWith("--part="))?.slice(7) ?? "1/1").split("/").map(Number);
files = files.toSorted().filter((_, index) => index % (parts ?? 1) === (part ?? 1) - 1);
if (files.length === 0) {
  console.error(`no test file matches ${patterns.join(" ") || folder}`);
  process.exit(2);
}

let notRun = 0;
let failed = 0;
const reasons = new Set<string>();
run({ files, isolation: "none", concurrency: false })
  .on("test:fail", () => {
    failed += 1;
  })
  .on("test:pass", (event) => {
    if (event.skip === undefined) return;
    notRun += 1;
    reasons.add(String(event.skip));
  })
  .on("end", () => {
    process.on("exit", () => {
      if (notRun > 0) console.log(`not run: ${notRun} (${[...reasons].join("; ")})`);
    });
    if (failed > 0) process.exitCode = 1;
  })
  .compose(spec)
  .pipe(process.stdout);

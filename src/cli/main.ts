#!/usr/bin/env node
// The entry. `--version` is answered before anything is loaded.
import { VERSION } from "./version.ts";

const words = process.argv.slice(2);

if (words.length === 1 && (words[0] === "--version" || words[0] === "version")) {
  process.stdout.write(`${VERSION}\n`);
} else {
  // A reader that goes away (`waybill … | head`) is no error of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 3));
  // Nobody hears what we say any more: the work goes on, and cleans up after itself.
  process.stderr.on("error", () => undefined);
  const { run } = await import("./run.ts");
  process.exitCode = await run(words);
}

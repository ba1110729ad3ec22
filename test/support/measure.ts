import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
/** Said by the command's own process when it ends: a parent's figure would count what the parent had before. */
const PRELOAD = `data:text/javascript,${encodeURIComponent(`
  import { existsSync, readFileSync, writeFileSync } from "node:fs";
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
    const peak = /^VmHWM:\\s*(\\d+)/m.exec(status)?.[1];
    const peakMebibytes = (peak === undefined ? process.resourceUsage().maxRSS : Number(peak)) / 1024;
    writeFileSync(process.env.WAYBILL_MEASURED, JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakMebibytes }));
  });`)}`;
/** Nothing waits for ever: far above what any test allows. */
const TIMEOUT_MS = 120_000;

export interface Measured {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly cpuSeconds: number;
  readonly peakMebibytes: number;
}

/** Runs `waybill WORDS` in `cwd` with `home` as `WAYBILL_HOME`, and says what the process took: CPU seconds and its peak of memory. */
export function measure(words: readonly string[], cwd: string, home: string): Measured {
  const report = join(home, "measured.json");
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ["--import", PRELOAD, MAIN, ...words], {
    cwd,
    env: { ...process.env, WAYBILL_HOME: home, HOME: home, WAYBILL_DB: "", NO_COLOR: "1", WAYBILL_MEASURED: report },
    encoding: "utf8",
    timeout: TIMEOUT_MS,
    maxBuffer: 256 << 20,
  });
  if (signal !== null) throw new Error(`waybill ${words.join(" ")} ended by ${signal}: ${stderr.slice(0, 2000)}`);
  const cost = JSON.parse(readFileSync(report, "utf8")) as Pick<Measured, "cpuSeconds" | "peakMebibytes">;
  return { status, stdout, stderr, ...cost };
}

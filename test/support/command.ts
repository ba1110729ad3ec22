import { spawnSync } from "node:child_process";
import { join } from "node:path";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");

/** One run of the command line, as a user with this home and folder sees it. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `waybill WORDS` in `cwd` with `home` as `WAYBILL_HOME`, without colour and without an index of the environment. */
export function waybill(words: readonly string[], cwd: string, home: string): Ran {
  const env = { ...process.env, WAYBILL_HOME: home, WAYBILL_DB: "", NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    cwd,
    env,
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

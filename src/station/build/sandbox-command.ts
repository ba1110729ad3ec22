import type { SandboxLimits, SandboxRun } from "../../model/build.ts";

/** Descriptor on which the wrapper says how much CPU time the command took. */
export const TIMES_DESCRIPTOR = 3;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The command inside a POSIX shell that sets umask and limits, joins the two outputs in the order of writing, and
 * reports the CPU time of the command and its children. Names that no shell keeps (`npm_config_@scope:registry`) go by
 * env(1). `processors`: CPUs to pin to, for taskset(1).
 */
export function wrapCommand(run: SandboxRun, processors: string | undefined): string[] {
  const odd = Object.entries(run.environment).filter(([name]) => !IDENTIFIER.test(name));
  const settings = odd.map(([name, value]) => `${name}=${value}`);
  const command = [
    ...(processors === undefined ? [] : ["taskset", "-c", processors]),
    ...(settings.length === 0 ? [] : ["env", ...settings]),
    ...run.command,
  ];
  return ["/bin/sh", "-c", script(run.umask, run.limits), "sh", ...command];
}

/** The environment that the shell itself is started with. */
export function shellEnvironment(run: SandboxRun): Record<string, string> {
  return Object.fromEntries(Object.entries(run.environment).filter(([name]) => IDENTIFIER.test(name)));
}

function script(umask: number, limits: SandboxLimits): string {
  const quiet = "2>/dev/null";
  return [
    `umask ${umask.toString(8).padStart(4, "0")}`,
    `ulimit -c 0 ${quiet}`,
    `ulimit -f ${Math.ceil(limits.fileBytes / 512)} ${quiet}`, // POSIX counts blocks of 512 bytes
    // Data, not address space: V8 and WebAssembly reserve far more addresses than they use.
    `ulimit -d ${Math.ceil(limits.memoryBytes / 1024)} ${quiet}`,
    `ulimit -u ${limits.processes} ${quiet} || ulimit -p ${limits.processes} ${quiet}`, // bash, dash
    `"$@" 2>&1 ${TIMES_DESCRIPTOR}>&-`,
    "code=$?",
    `times >&${TIMES_DESCRIPTOR}`,
    "exit $code",
  ].join("\n");
}

/** CPU seconds of children from the second line of the shell's `times`, e.g. `0m1.50s 0m0.25s`; 0 where there is none. */
export function parseTimes(text: string): number {
  const line = text.split("\n")[1] ?? "";
  let seconds = 0;
  for (const match of line.matchAll(/(\d{1,9})m(\d{1,3}(?:\.\d{1,9})?)s/g))
    seconds += Number(match[1]) * 60 + Number(match[2]);
  return seconds;
}

import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";

const CLOSE_ON_EXEC = 0o2000000;

/**
 * Descriptors above 2 that a child of this process would inherit: those that our own caller left open without
 * close-on-exec. Node marks its own, and neither Node nor bwrap closes the others. Empty where there is no /proc.
 */
export function inheritedDescriptors(): readonly number[] {
  let names: string[];
  try {
    names = readdirSync("/proc/self/fdinfo");
  } catch {
    return [];
  }
  return names.map(Number).filter((descriptor) => descriptor > 2 && isInherited(descriptor));
}

function isInherited(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    return false; // The descriptor of the listing itself: gone by now.
  }
}

/** An entry of `stdio` for `spawn`. */
export type Stdio = "ignore" | "pipe" | number;

/**
 * `stdio` for a child that is to get `wanted` and nothing else: each inherited descriptor beyond is replaced by
 * /dev/null, since Node can replace a descriptor of a child but not close it. `close` after the spawn.
 */
export function quietDescriptors(wanted: readonly Stdio[]): { stdio: Stdio[]; close: () => void } {
  const leaked = inheritedDescriptors().filter((descriptor) => descriptor >= wanted.length);
  const stdio: Stdio[] = [...wanted];
  if (leaked.length === 0) return { stdio, close: () => undefined };
  const nothing = openSync("/dev/null", "r");
  for (const descriptor of leaked) {
    while (stdio.length < descriptor) stdio.push("ignore");
    stdio[descriptor] = nothing;
  }
  return { stdio, close: () => closeSync(nothing) };
}

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SandboxLimits } from "../../model/build.ts";

/** A control group of one run: bounds all its processes together. */
export interface ControlGroup {
  /** Which limits it holds. */
  readonly bounds: readonly ("processes" | "memory")[];
  add(pid: number): void;
  /** After the last process is gone. */
  close(): void;
}

interface Place {
  readonly folder: string;
  readonly settings: readonly (readonly [file: string, value: string])[];
  readonly bound: "processes" | "memory";
}

/**
 * Makes a control group below our own where the system lets us (as root, cgroup v1 or v2), else `undefined`: the limits
 * of each process remain.
 */
export function openControlGroup(limits: SandboxLimits): ControlGroup | undefined {
  const made: string[] = [];
  const bounds: ("processes" | "memory")[] = [];
  for (const place of places(limits)) {
    try {
      if (!made.includes(place.folder)) {
        sweep(dirname(place.folder));
        mkdirSync(place.folder);
        made.push(place.folder);
      }
      for (const [file, value] of place.settings) writeFileSync(join(place.folder, file), value);
      bounds.push(place.bound);
    } catch {
      // Not ours to set: the limit of each process remains.
    }
  }
  if (bounds.length === 0) {
    removeAll(made);
    return undefined;
  }
  return {
    bounds,
    add: (pid) => {
      for (const folder of made) writeFileSync(join(folder, "cgroup.procs"), String(pid));
    },
    close: () => removeAll(made),
  };
}

/** Removes empty groups of waybill processes that were killed before they could. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^waybill-(\d{1,9})-[0-9a-f]{8}$/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) removeAll([join(folder, name)]);
  }
}

function places(limits: SandboxLimits): Place[] {
  const name = `waybill-${process.pid}-${randomBytes(4).toString("hex")}`;
  const own = ownGroups();
  const found: Place[] = [];
  const root = "/sys/fs/cgroup";
  const processes = String(limits.processes);
  const memory = String(limits.memoryBytes);
  if (existsSync(join(root, "cgroup.controllers"))) {
    // Below the root: a group that has processes may not hand controllers on (cgroup v2, "no internal processes").
    const folder = join(root, name);
    found.push({ folder, settings: [["pids.max", processes]], bound: "processes" });
    found.push({ folder, settings: [["memory.max", memory]], bound: "memory" });
    return found;
  }
  const pids = own.get("pids");
  if (pids !== undefined)
    found.push({ folder: join(root, "pids", pids, name), settings: [["pids.max", processes]], bound: "processes" });
  const memoryGroup = own.get("memory");
  if (memoryGroup !== undefined)
    found.push({
      folder: join(root, "memory", memoryGroup, name),
      settings: [["memory.limit_in_bytes", memory]],
      bound: "memory",
    });
  return found;
}

/** Our own group under each v1 controller, from lines like `8:pids:/path`. */
function ownGroups(): Map<string, string> {
  const groups = new Map<string, string>();
  let text = "";
  try {
    text = readFileSync("/proc/self/cgroup", "utf8");
  } catch {
    return groups;
  }
  for (const line of text.split("\n")) {
    const [, controllers, path] = line.split(":");
    if (controllers === undefined || path === undefined) continue;
    for (const controller of controllers.split(",")) groups.set(controller, path);
  }
  return groups;
}

function removeAll(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      rmdirSync(folder);
    } catch {
      // A process may still be on its way out; the kernel removes nothing for us, and there is nothing more to do.
    }
  }
}

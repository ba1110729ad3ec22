import { existsSync, lstatSync, readlinkSync } from "node:fs";
import { sha256 } from "../../artifact/digest.ts";
import type { DigestHex } from "../../model/digest.ts";
import type { SandboxRun } from "../../model/build.ts";
import { shellEnvironment } from "./sandbox-command.ts";

/** Descriptors that bwrap reads or writes; 3 is the wrapper's own. */
export const DESCRIPTORS = { args: 4, seccomp: 5, status: 6, passwd: 7, group: 8, hosts: 9 } as const;

/** Home of the command inside: empty and its own. */
export const HOME_INSIDE = "/home/build";

/** Where the proxy's folder is shown. */
export const PROXY_INSIDE = "/run/waybill";

const APART = ["--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"];

/** Configuration that holds other programs' secrets on some machines, though it lies below the read-only system. */
const HIDDEN = ["/usr/etc", "/usr/local/etc"];

const SHOWN = ["/etc/alternatives", "/etc/ssl", "/etc/ld.so.cache"];

/**
 * The arguments of bwrap before the command: all that is visible inside, read-only but for the workspace and private
 * temporary folders. No path of the caller's home, no device but the harmless ones, no network but `lo`.
 */
export function profileArguments(run: SandboxRun, filtered: boolean): string[] {
  const id = String(run.uid);
  const args = [...APART, "--hostname", run.hostName, "--uid", id, "--gid", id, ...systemArguments()];
  args.push("--ro-bind-data", String(DESCRIPTORS.passwd), "/etc/passwd");
  args.push("--ro-bind-data", String(DESCRIPTORS.group), "/etc/group");
  args.push("--ro-bind-data", String(DESCRIPTORS.hosts), "/etc/hosts");
  // The kernel's settings belong to root outside: read-only for a second reason than that no user without rights may write.
  args.push("--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--dev", "/dev");
  args.push("--perms", "1777", "--tmpfs", "/tmp", "--tmpfs", "/home", "--dir", HOME_INSIDE);
  for (const [outside, inside] of run.readOnly) args.push("--ro-bind", outside, inside);
  if (run.proxyFolder !== undefined) args.push("--ro-bind", run.proxyFolder, PROXY_INSIDE);
  args.push("--bind", run.workspace, run.workspaceInside, "--chdir", run.workspaceInside, "--remount-ro", "/");
  for (const [name, value] of Object.entries(shellEnvironment(run))) args.push("--setenv", name, value);
  if (filtered) args.push("--seccomp", String(DESCRIPTORS.seccomp));
  args.push("--json-status-fd", String(DESCRIPTORS.status));
  return args;
}

function systemArguments(): string[] {
  const args = ["--ro-bind", "/usr", "/usr"];
  for (const path of HIDDEN) if (existsSync(path)) args.push("--tmpfs", path);
  for (const path of ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink() === true) args.push("--symlink", readlinkSync(path), path);
    else if (stat?.isDirectory() === true) args.push("--ro-bind", path, path);
  }
  return [...args, ...SHOWN.flatMap((path) => ["--ro-bind-try", path, path])];
}

/** Generated account files, by the descriptor that bwrap reads each from. */
export function accountFiles(run: SandboxRun): readonly (readonly [descriptor: number, text: string])[] {
  const id = run.uid;
  return [
    [DESCRIPTORS.passwd, `build:x:${id}:${id}:build:${HOME_INSIDE}:/bin/sh\n`],
    [DESCRIPTORS.group, `build:x:${id}:\n`],
    [DESCRIPTORS.hosts, `127.0.0.1 localhost ${run.hostName}\n::1 localhost\n`],
  ];
}

/** SHA-256 over the profile with the same made-up run on every machine, and the filter's bytes. */
export function profileDigest(filter: Uint8Array | undefined): DigestHex {
  const args = profileArguments(SAMPLE, filter !== undefined);
  return sha256(`${args.join("\0")}\0${Buffer.from(filter ?? []).toString("hex")}`);
}

const SAMPLE: SandboxRun = {
  command: [],
  workspace: "WORKSPACE",
  workspaceInside: "INSIDE",
  environment: {},
  hostName: "HOST",
  uid: 1000,
  umask: 0o022,
  readOnly: [],
  proxyFolder: "PROXY",
  limits: { timeSeconds: 0, memoryBytes: 0, processes: 0, outputBytes: 0, fileBytes: 0 },
};

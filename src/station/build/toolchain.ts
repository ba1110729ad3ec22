import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { execFileSync } from "node:child_process";
import { digestFile } from "../../artifact/digest.ts";
import { dirHash } from "../../artifact/directory-digest.ts";
import { openDirectory } from "../../artifact/directory-source.ts";
import { Fault } from "../../model/fault.ts";
import type { BuildRecord } from "../../model/build.ts";
import { findProgram } from "./sandbox.ts";

/** Node and npm of the caller's PATH. */
export interface Toolchain {
  /** The node binary, symlinks resolved. */
  readonly node: string;
  /** The folder of the npm package, symlinks resolved; it may belong to another node. */
  readonly npm: string;
}

/** Where the toolchain is shown inside, the same on each machine. */
export const TOOLCHAIN_PATH = "/toolchain/bin:/usr/local/bin:/usr/bin:/bin";

const NPM_CLI = "bin/npm-cli.js";

/**
 * The node and npm that the caller's PATH names. Reports `WB-TOOLCHAIN-MISSING` where one of them is not there.
 */
export function findToolchain(path: string): Toolchain {
  const node = findProgram("node", path);
  const npm = findProgram("npm", path);
  if (node === undefined || npm === undefined) throw missing(node === undefined ? "node" : "npm", "nothing on PATH");
  const folder = npmFolder(realpathSync(npm));
  if (folder === undefined) throw missing("npm", `${npm}, which is no part of an npm package`);
  return { node: realpathSync(node), npm: folder };
}

/** `…/npm/bin/npm-cli.js` or a shell script beside a `lib/node_modules/npm`. */
function npmFolder(program: string): string | undefined {
  const candidates = [dirname(dirname(program)), join(dirname(dirname(program)), "lib/node_modules/npm")];
  return candidates.find((folder) => existsSync(join(folder, NPM_CLI)) && existsSync(join(folder, "package.json")));
}

function missing(name: string, found: string): Fault {
  return new Fault({
    code: "WB-TOOLCHAIN-MISSING",
    kind: "input",
    what: `the build needs ${name}`,
    expected: `${name} on PATH`,
    found,
    fix: "install Node.js with npm, or put it on PATH",
  });
}

/**
 * `[outside, inside]` pairs for `SandboxRun.readOnly`. `folder` receives the links that make up /toolchain/bin; with
 * `inside` false they point to the real places, for a run without a sandbox.
 */
export function showToolchain(
  toolchain: Toolchain,
  folder: string,
  inside: boolean,
): readonly (readonly [string, string])[] {
  mkdirSync(folder, { recursive: true });
  const npm = inside ? "/toolchain/npm" : toolchain.npm;
  symlinkSync(inside ? "/toolchain/node/bin/node" : toolchain.node, join(folder, "node"));
  symlinkSync(join(npm, NPM_CLI), join(folder, "npm"));
  symlinkSync(join(npm, "bin/npx-cli.js"), join(folder, "npx"));
  return [
    [toolchain.node, "/toolchain/node/bin/node"],
    [toolchain.npm, "/toolchain/npm"],
    [folder, "/toolchain/bin"],
  ];
}

/** Names, versions and digests for the build record. Runs `node --version`. */
export function readToolchain(toolchain: Toolchain): BuildRecord["toolchain"] {
  const version = execFileSync(toolchain.node, ["--version"], { encoding: "utf8", env: {}, timeout: 10_000 }).trim();
  const npm = openDirectory(toolchain.npm, toolchain.npm);
  return [
    { name: "node", version: version.replace(/^v/, ""), digests: digestFile(toolchain.node).digests },
    { name: "npm", version: packageVersion(toolchain.npm), digests: { dirHash: dirHash(npm) } },
  ];
}

function packageVersion(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const version = typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : "";
  return typeof version === "string" ? version : "";
}

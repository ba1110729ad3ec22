import type { DigestHex, DigestSet, SizeBytes, Timestamp } from "./digest.ts";

/** One recorded network response: what came in, from where, with which bytes. Shared by build (recorder) and ingest (gate). */
export interface Exchange {
  readonly method: string;
  /** Without credentials, query secrets or fragment. */
  readonly url: string;
  readonly status: number;
  /** Of the decoded body. */
  readonly digests: DigestSet;
  readonly sizeBytes: SizeBytes;
  readonly cached: boolean;
  /** `refused` = the proxy did not ask: host not allowed. */
  readonly decision: "allowed" | "refused";
}

/** A registry as a client's own configuration names it (npm config, …). */
export interface Upstream {
  readonly ecosystem: string;
  /** Scheme, host, port and base path, with a final `/`. */
  readonly baseUrl: string;
  /** npm scope (`@acme`) or other part of the name space that it serves; absent: the default. */
  readonly scope?: string;
  /** The value of the Authorization header, for this upstream only; never logged. */
  authorization(): string | undefined;
  /** PEM of extra certificate authorities of the client's configuration. */
  readonly certificateAuthorities?: string;
}

export type SandboxMode = "bwrap" | "none";

export interface SandboxLimits {
  readonly timeSeconds: number;
  readonly memoryBytes: SizeBytes;
  readonly processes: number;
  readonly outputBytes: SizeBytes;
  readonly fileBytes: SizeBytes;
}

/** One command in one sandbox. All that the command can see is named here. */
export interface SandboxRun {
  readonly command: readonly string[];
  /** Host folder that becomes `workspaceInside`, writable. */
  readonly workspace: string;
  /** Path of the workspace inside; a factor of variation. */
  readonly workspaceInside: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly hostName: string;
  readonly uid: number;
  readonly umask: number;
  /** Read-only host paths to show: the toolchain. `[outside, inside]`. */
  readonly readOnly: readonly (readonly [string, string])[];
  /** Folder with the proxy's Unix socket, shown read-only; absent: no network at all. */
  readonly proxyFolder?: string;
  /** One CPU only where 1. */
  readonly cpus?: number;
  readonly limits: SandboxLimits;
}

export interface SandboxResult {
  readonly exitCode: number | null;
  readonly stoppedBy: "exit" | "time" | "output" | "signal" | "interrupt";
  readonly logBytes: SizeBytes;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

/** Runs a command apart from everything. `run` streams the output to `log` and never outlives the call. */
export interface Sandbox {
  readonly mode: SandboxMode;
  /** SHA-256 of the profile that was in force (arguments and seccomp filter), for provenance. */
  readonly profileDigest: DigestHex;
  run(run: SandboxRun, log: (chunk: Uint8Array) => void, stop: AbortSignal): Promise<SandboxResult>;
}

/** What a build was seen to do. */
export interface BuildRecord {
  readonly source: SourceRecord;
  readonly commands: readonly (readonly string[])[];
  /** `unlocked`: there was no lockfile and versions were chosen at build time. */
  readonly locked: boolean;
  readonly mode: SandboxMode;
  readonly profileDigest: DigestHex | null;
  readonly network: "recorded" | "unrestricted";
  /** Sorted by URL. */
  readonly exchanges: readonly Exchange[];
  /** Digests of the tools that were in reach, e.g. `{name:"node", version:"26.10.0", digests}`. */
  readonly toolchain: readonly { readonly name: string; readonly version: string; readonly digests: DigestSet }[];
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: SandboxLimits;
  readonly outputs: readonly { readonly name: string; readonly digests: DigestSet; readonly sizeBytes: SizeBytes }[];
  readonly log: { readonly digests: DigestSet; readonly sizeBytes: SizeBytes };
  readonly invocationId: string;
  readonly startedOn: Timestamp;
  readonly finishedOn: Timestamp;
}

/** Which sources were built. */
export interface SourceRecord {
  /** `git+https://…` without credentials where a remote is set, else `file:` and the project's name. */
  readonly uri: string;
  /** gitCommit, gitTree and dirHash as far as there are. */
  readonly digests: DigestSet;
  /** Uncommitted changes were built, or less than the commit: it does not describe the sources. */
  readonly dirty: boolean;
  readonly ref?: string;
}

export type Factor =
  | "path"
  | "time"
  | "locale"
  | "timezone"
  | "umask"
  | "user"
  | "hostname"
  | "file-order"
  | "cpus"
  | "environment";

/** Why two files differ. */
export interface Difference {
  /** Path inside the artifact; nested archives joined by `!/`. */
  readonly path: string;
  /** e.g. `mtime`, `mode`, `content`, `only-in-first`, `gzip-header`, `order`. */
  readonly cause: string;
  readonly detail: string;
  readonly fix: string;
}

/** `equivalent`: equal after the named normalisers, each forgiving exactly one field. */
export interface Comparison {
  readonly outcome: "identical" | "equivalent" | "different";
  readonly normalised: readonly string[];
  readonly differences: readonly Difference[];
}

export interface RebuildResult extends Comparison {
  readonly factors: readonly Factor[];
  readonly first: DigestHex;
  readonly second: DigestHex;
}

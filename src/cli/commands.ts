import type { Command } from "./shell/command.ts";

/** Every command with its one line; its file is loaded only when it is called. */
export const COMMANDS: readonly { name: string; summary: string; load: () => Promise<Command> }[] = [
  {
    name: "check",
    summary: "the verdict on a project or artifact as it stands",
    load: async () => (await import("./check.ts")).check,
  },
  {
    name: "ship",
    summary: "build, rebuild, state, sign: the artifact with its papers (N)",
    load: async () => (await import("./ship.ts")).ship,
  },
  {
    name: "receive",
    summary: "verify the papers of an artifact and judge it",
    load: async () => (await import("./receive.ts")).receive,
  },
  {
    name: "why",
    summary: "the story of an artifact, from its papers",
    load: async () => (await import("./why.ts")).why,
  },
  { name: "sbom", summary: "what is in it: write an SBOM", load: async () => (await import("./sbom.ts")).sbom },
  { name: "scan", summary: "what is known about it: findings", load: async () => (await import("./scan.ts")).scan },
  {
    name: "vex",
    summary: "statements about findings: create, merge, convert, apply, validate",
    load: async () => (await import("./vex.ts")).vex,
  },
  { name: "db", summary: "the advisory index: build, status, verify", load: async () => (await import("./db.ts")).db },
  {
    name: "compare",
    summary: "the difference of two artifacts, grouped by cause",
    load: async () => (await import("./compare.ts")).compare,
  },
  { name: "attest", summary: "sign a statement about a file", load: async () => (await import("./attest.ts")).attest },
  {
    name: "verify",
    summary: "one artifact, one bundle: every check by name",
    load: async () => (await import("./verify.ts")).verify,
  },
  {
    name: "papers",
    summary: "the papers of a file: list, export, add",
    load: async () => (await import("./papers.ts")).papers,
  },
  { name: "keys", summary: "signing keys: generate", load: async () => (await import("./keys.ts")).keys },
  { name: "trust", summary: "who may vouch for what: show", load: async () => (await import("./trust.ts")).trust },
  {
    name: "policy",
    summary: "the policy file: check, explain",
    load: async () => (await import("./policy.ts")).policy,
  },
];

import type { Extractor } from "../../model/extractor.ts";

/** npm's own files; of lockfiles in one folder npm itself lets the shrinkwrap win. */
export const npmExtractors: readonly Extractor[] = [
  {
    kind: "file",
    id: "npm/shrinkwrap",
    ecosystem: "npm",
    of: "project",
    capability: { versions: "exact", edges: true, scopes: true, digests: true, licences: true, lines: true },
    claim: { names: ["npm-shrinkwrap.json"] },
    extract: async (entry, source) => (await import("./package-lock.ts")).readPackageLock(entry, source),
  },
  {
    kind: "file",
    id: "npm/package-lock",
    ecosystem: "npm",
    of: "project",
    capability: { versions: "exact", edges: true, scopes: true, digests: true, licences: true, lines: true },
    claim: { names: ["package-lock.json"] },
    extract: async (entry, source) => (await import("./package-lock.ts")).readPackageLock(entry, source),
  },
  {
    kind: "file",
    id: "npm/manifest",
    ecosystem: "npm",
    of: "project",
    capability: { versions: "ranges", edges: true, scopes: true, digests: false, licences: false, lines: true },
    claim: { names: ["package.json"] },
    prunes: (directory) => directory === "node_modules" || directory.endsWith("/node_modules"),
    extract: async (entry, source) => (await import("./manifest.ts")).readDeclared(entry, source),
  },
];

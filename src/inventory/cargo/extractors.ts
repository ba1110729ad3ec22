import type { Extractor } from "../../model/extractor.ts";
import { AUDIT_SECTION } from "./audit-section.ts";

/** Rust: the lockfile, what cargo-auditable left in a program, and the manifest. */
export const cargoExtractors: readonly Extractor[] = [
  {
    kind: "file",
    id: "cargo/cargo-lock",
    ecosystem: "cargo",
    of: "project",
    capability: { versions: "exact", edges: true, scopes: true, digests: true, licences: false, lines: true },
    claim: { names: ["Cargo.lock"] },
    extract: async (entry, source) => (await import("./cargo-lock.ts")).readCargoLock(entry, source),
  },
  {
    kind: "file",
    id: "cargo/auditable",
    ecosystem: "cargo",
    of: "installation",
    capability: { versions: "exact", edges: true, scopes: true, digests: false, licences: false, lines: false },
    claim: { programs: ({ sections }) => sections.some(({ name }) => name === AUDIT_SECTION) },
    extract: async (entry, source) => (await import("./auditable.ts")).readAuditable(entry, source),
  },
  {
    kind: "file",
    id: "cargo/manifest",
    ecosystem: "cargo",
    of: "project",
    capability: { versions: "ranges", edges: true, scopes: true, digests: false, licences: false, lines: true },
    claim: { names: ["Cargo.toml"] },
    extract: async (entry, source) => (await import("./declared.ts")).readDeclared(entry, source),
  },
];

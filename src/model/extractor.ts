import type { Entry, Source } from "./artifact.ts";
import type { Component, Dependency, LicenceClaim, Sbom, Unknown } from "./sbom.ts";
import type { Subject } from "./sbom.ts";

/** What an extractor can tell. Each `true` is a promise that a test holds it to. */
export interface Capability {
  readonly versions: "exact" | "ranges";
  readonly edges: boolean;
  readonly scopes: boolean;
  readonly digests: boolean;
  readonly licences: boolean;
  readonly lines: boolean;
}

/** What one file (or installation) says. */
export interface Extraction {
  /** The project that the file belongs to, where the file names it. */
  readonly subject?: Subject;
  readonly licences?: readonly LicenceClaim[];
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
  readonly completeness: Sbom["completeness"];
  readonly unknowns: readonly Unknown[];
}

/** Reads one kind of file of one ecosystem: files in, components and dependencies out. Runs no tool, asks no network. */
export interface Extractor {
  /** `ecosystem/format`, e.g. `npm/package-lock`. */
  readonly id: string;
  readonly ecosystem: string;
  readonly capability: Capability;
  /** Whether it reads a file of this path. Only the path is looked at. */
  claims(path: string): boolean;
  /** Throws a `Fault` of kind `input` for a file that it claims and cannot read. */
  extract(entry: Entry, source: Source): Extraction;
}

import type { DigestHex, Purl, Timestamp } from "./digest.ts";
import type { ComponentRef, Scope } from "./sbom.ts";

export type FindingKind = "vulnerable" | "malicious" | "unmaintained" | "deprecated" | "yanked" | "licence";

/** Ordered: a later one is worse. `unknown` is a record without a score, which is not "none". */
export type Severity = "none" | "unknown" | "low" | "medium" | "high" | "critical";

/** OSV event of a range (OSV schema 1.7, `affected[].ranges[].events`). */
export type RangeEvent =
  | { readonly introduced: string }
  | { readonly fixed: string }
  | { readonly last_affected: string }
  | { readonly limit: string };

export interface AffectedRange {
  readonly type: "SEMVER" | "ECOSYSTEM" | "GIT";
  readonly events: readonly RangeEvent[];
}

/** What one record says about one package. */
export interface Advisory {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly kind: FindingKind;
  readonly summary: string;
  readonly severity: Severity;
  /** CVSS vectors as given, e.g. `CVSS:3.1/AV:N/…`. */
  readonly vectors: readonly string[];
  readonly modified: Timestamp;
  readonly ecosystem: string;
  readonly name: string;
  readonly ranges: readonly AffectedRange[];
  readonly versions: readonly string[];
  /** Where a person reads on. */
  readonly url?: string;
}

/** Which index judged, so that a result can be repeated and its age be weighed. */
export interface IndexIdentity {
  /** SHA-256 over the sorted records: the same records give the same digest on every machine. */
  readonly digest: DigestHex;
  /** The newest `modified` of its records. */
  readonly modified: Timestamp;
  /** Where the records came from and how many, e.g. `{name:"osv bucket", records:3864}`. */
  readonly sources: readonly { readonly name: string; readonly records: number }[];
}

/** Advisories by package. Withdrawn records are not in it. */
export interface AdvisoryIndex {
  readonly identity: IndexIdentity;
  lookup(ecosystem: string, name: string): readonly Advisory[];
  close(): void;
}

/** The version order of one ecosystem. */
export interface VersionOrder {
  readonly ecosystem: string;
  /** Whether this text is a version that the order understands. */
  valid(version: string): boolean;
  /** Negative, zero, positive. Total over valid versions. */
  compare(a: string, b: string): number;
}

export type VexStatus = "not_affected" | "affected" | "fixed" | "under_investigation";

/** A statement about a finding, already matched to it. */
export interface VexClaim {
  readonly status: VexStatus;
  readonly justification?: string;
  readonly author: string;
  readonly document: DigestHex;
  readonly at?: Timestamp;
}

/** One (component, group of aliased advisories) pair. */
export interface Finding {
  readonly component: ComponentRef;
  readonly purl?: Purl;
  readonly name: string;
  readonly version: string;
  readonly ecosystem: string;
  readonly scope: Scope;
  readonly locations: readonly { readonly path: string; readonly line?: number }[];
  /** The preferred id of the group, and all of them sorted. */
  readonly id: string;
  readonly ids: readonly string[];
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly summary: string;
  readonly url?: string;
  /** Versions that end the finding, in version order; empty where none is known. */
  readonly fixed: readonly string[];
  /** Shortest reason paths from the root to the component, as refs. */
  readonly paths: readonly (readonly ComponentRef[])[];
  readonly vex?: VexClaim;
}

/** What matching gives. `unknown` are components that could not be matched, each with the reason. */
export interface MatchResult {
  readonly database: IndexIdentity;
  readonly components: number;
  readonly findings: readonly Finding[];
  readonly unknown: readonly { readonly where: string; readonly what: string }[];
}

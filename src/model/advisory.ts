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

/** Code that a record names as affected (Go: `affected[].ecosystem_specific.imports`, golang/vulndb schema). */
export interface AffectedSymbols {
  /** Import path of the package, or the crate's path. */
  readonly path: string;
  /** Empty: all of the package. */
  readonly symbols: readonly string[];
  /** Go's GOOS and GOARCH that it is about; absent: all. */
  readonly systems?: readonly string[];
  readonly architectures?: readonly string[];
}

/** What one record says about one package. */
export interface Advisory {
  readonly id: string;
  readonly aliases: readonly string[];
  /** Records that this one passes on, e.g. the CVEs of a distribution's advisory (OSV schema 1.7, `upstream`). No aliases: one may fix many. */
  readonly upstream: readonly string[];
  readonly kind: FindingKind;
  readonly summary: string;
  readonly severity: Severity;
  /** CVSS vectors as given, e.g. `CVSS:3.1/AV:N/…`. */
  readonly vectors: readonly string[];
  readonly modified: Timestamp;
  /** When it became known, where the record says so. */
  readonly published?: Timestamp;
  readonly ecosystem: string;
  readonly name: string;
  readonly ranges: readonly AffectedRange[];
  readonly versions: readonly string[];
  /** Empty: the record does not say which code it is about. */
  readonly symbols: readonly AffectedSymbols[];
  /** Where a person reads on. */
  readonly url?: string;
  /** A demonstration of the flaw (OSV schema, `references` of type EVIDENCE). */
  readonly proof?: string;
}

/** An entry of CISA's catalog of known exploited vulnerabilities (KEV). Dates are `YYYY-MM-DD`. */
export interface Exploited {
  readonly cve: string;
  readonly added: string;
  /** By when US agencies must have acted. */
  readonly due?: string;
  /** Known to be used by ransomware. */
  readonly ransomware: boolean;
}

/** FIRST's Exploit Prediction Scoring System: the chance, 0 to 1, that a CVE is exploited in the next 30 days. */
export interface Epss {
  readonly cve: string;
  readonly score: number;
  /** Part of all CVEs with the same score or less, 0 to 1. */
  readonly percentile: number;
  /** Day of the scores, `YYYY-MM-DD`. */
  readonly date: string;
}

/** One CVSS vector with its score, 0.0 to 10.0, by all metrics that it carries. */
export interface CvssScore {
  readonly version: "2.0" | "3.0" | "3.1" | "4.0";
  readonly vector: string;
  readonly score: number;
  readonly severity: Severity;
}

/** Outcomes of SSVC's deployer's and supplier's trees (CERT/CC, SSVC 2), least urgent first. */
export type SsvcDecision = "defer" | "scheduled" | "out-of-cycle" | "immediate";

/** A decision point of SSVC with its value, and how the value is known. */
export interface SsvcPoint {
  /** Name and key by SSVC, e.g. `System Exposure` and `EXP`. */
  readonly name: string;
  readonly key: string;
  /** By SSVC's names in small letters, e.g. `public poc`. */
  readonly value: string;
  /** Stated by the user, derived from what is known of the flaw, or assumed because nothing is known. */
  readonly by: "stated" | "derived" | "assumed";
  readonly why: string;
}

/** A decision by one of SSVC's tables, with every point that it rests on. */
export interface SsvcAssessment {
  readonly role: "deployer" | "supplier";
  readonly decision: SsvcDecision;
  readonly points: readonly SsvcPoint[];
}

/** What orders the work: everything known about how bad and how urgent a finding is. */
export interface Rating {
  /** The worst of the newest version of CVSS that the records carry. */
  readonly cvss?: CvssScore;
  /** The highest among the group's CVEs. */
  readonly epss?: Epss;
  readonly exploited?: Exploited;
  /** A published demonstration of the flaw, which the records link. */
  readonly proof?: string;
  /** Where it was asked for; absent for what is no flaw to be patched (malicious packages, unmaintained ones). */
  readonly ssvc?: SsvcAssessment;
  /** 0 to 100, the one documented order (docs/advisories.md). */
  readonly risk: number;
}

/** Which index judged, so that a result can be repeated and its age be weighed. */
export interface IndexIdentity {
  /** SHA-256 over the digests of the shards, of KEV and of EPSS: the same content gives the same one on every machine. */
  readonly digest: DigestHex;
  /** The newest `modified` of its records. */
  readonly modified: Timestamp;
  /** Where the records came from and how many, e.g. `{name:"osv bucket", records:3864}`. */
  readonly sources: readonly { readonly name: string; readonly records: number }[];
  /** The ecosystems that it holds records of, each with its own digest; a package of another one was not judged. Absent: not told. */
  readonly shards?: readonly { readonly name: string; readonly digest?: DigestHex; readonly records?: number }[];
  /** CISA's catalog (KEV) and FIRST's scores (EPSS) that it holds, with their day; absent: it holds none, so nobody can tell. */
  readonly exploited?: { readonly records: number; readonly date: string };
  readonly epss?: { readonly records: number; readonly date: string };
}

/** Advisories by package. Withdrawn records are not in it. */
export interface AdvisoryIndex {
  readonly identity: IndexIdentity;
  /** `ecosystem` with its release where the record names one (`Debian:12`). Sorted by id. */
  lookup(ecosystem: string, name: string): readonly Advisory[];
  /** Whether there is any record of an ecosystem's release (`Debian:12`): of another one nothing was judged. */
  holds(ecosystem: string): boolean;
  /** Undefined: not in the catalog, or the index holds none. */
  exploited(cve: string): Exploited | undefined;
  epss(cve: string): Epss | undefined;
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

/** What one statement says about a finding. */
export interface VexWord {
  readonly status: VexStatus;
  readonly justification?: string;
  readonly author: string;
  readonly document: DigestHex;
  readonly at?: Timestamp;
}

/** A statement about a finding, already matched to it: the one that counts. */
export interface VexClaim extends VexWord {
  /** What it says for people: why it is not affected, or what to do. */
  readonly text?: string;
  /** From then on it excuses nothing. */
  readonly expires?: Timestamp;
  /** The version that it was made for, where it is carried over from another one than the finding's. */
  readonly carriedFrom?: string;
  /** What others say otherwise. */
  readonly conflicts?: readonly VexWord[];
}

/** A statement about a finding that does not count, and why: expired, about a part of its paths, a range that cannot be judged. */
export interface PassedOver extends VexWord {
  readonly why: string;
}

/** Why a record is about a version: the range or list that holds it, as the record writes it. */
export type MatchReason =
  | { readonly by: "versions"; readonly listed: string }
  | {
      readonly by: "range";
      readonly introduced?: string;
      readonly until?: Exclude<RangeEvent, { introduced: string }>;
    };

/** One record of a finding's group, and what it rests on. */
export interface MatchedRecord {
  readonly id: string;
  readonly modified: Timestamp;
  /** The package under which the record was found: a distribution's source package, or the component's own name. */
  readonly ecosystem: string;
  readonly name: string;
  readonly reason: MatchReason;
  /** What was compared: the component's version, or that of its source package. */
  readonly version: string;
  /** The code that it names as affected; absent where it names none. */
  readonly symbols?: readonly AffectedSymbols[];
}

/**
 * Whether the affected code is in what was looked at: evidence that orders work and never a reason to leave a finding out. `symbols`:
 * functions in a program, against those that the record names; `bytes`: the package's files in the shipped artifact.
 */
export type Reachability =
  | { readonly found: "present" | "absent"; readonly by: "symbols" | "bytes"; readonly evidence: readonly string[] }
  | { readonly found: "unknown"; readonly why: string };

/** A record that a local overrule changed or dropped for a component, or an overrule that counts no more. */
export interface Overruled {
  /** Absent of an overrule as a whole. */
  readonly component?: ComponentRef;
  readonly id: string;
  readonly action: "withdraw" | "change" | "add";
  readonly reason: string;
  readonly owner: string;
  readonly expires: Timestamp;
  /** It ended before the time of judgement: the record counts again. */
  readonly expired: boolean;
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
  /** When the first record of the group became known. */
  readonly published?: Timestamp;
  /** The records that say so; empty where the component's own source says it (deprecated, yanked). */
  readonly records: readonly MatchedRecord[];
  readonly rating: Rating;
  /** Versions that end the finding, in version order; empty where none is known. */
  readonly fixed: readonly string[];
  /** Shortest reason paths from the root to the component, as refs. */
  readonly paths: readonly (readonly ComponentRef[])[];
  readonly vex?: VexClaim;
  /** Absent: no statement about it was passed over. */
  readonly passedOver?: readonly PassedOver[];
  /** Absent: nobody looked. */
  readonly reachability?: Reachability;
}

/** What matching gives. `unknown` are components that could not be matched, each with the reason. */
export interface MatchResult {
  readonly database: IndexIdentity;
  readonly components: number;
  readonly findings: readonly Finding[];
  readonly unknown: readonly { readonly where: string; readonly what: string }[];
  /** What is no finding for a reason that is no lack of knowledge, such as a package that its distribution answers for. */
  readonly notes?: readonly { readonly where: string; readonly what: string }[];
  /** What local overrules did; absent where there are none. */
  readonly overruled?: readonly Overruled[];
}

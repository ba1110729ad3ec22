import type { MatchResult } from "../../model/advisory.ts";
import type { Artifact } from "../../model/artifact.ts";
import type { RebuildResult, SandboxMode, SourceRecord } from "../../model/build.ts";
import type { DigestHex, DigestSet, Known, SizeBytes } from "../../model/digest.ts";
import type { FaultCode } from "../../model/fault.ts";
import type { Verdict } from "../../model/policy.ts";
import type { Sbom } from "../../model/sbom.ts";
import type { Outcome } from "../../model/trust.ts";

/** Whose word something of the report is: of who writes it and saw it, or of a signer in a paper that verified. */
export type Told =
  | { readonly kind: "seen" }
  | { readonly kind: "claimed"; readonly by: string; readonly paper: DigestHex };

/** What the report says of a build: the facts of its record that a reader asks for, without times and run ids. */
export interface ReportBuild {
  readonly told: Told;
  readonly builderId: string;
  readonly source: SourceRecord;
  readonly outputs: readonly { readonly name: string; readonly digests: DigestSet; readonly sizeBytes?: SizeBytes }[];
  /** `undefined`: the provenance is of a build type that has no words for it. */
  readonly run:
    | {
        readonly commands: readonly (readonly string[])[];
        /** How many responses the recording proxy let in; their size together where it was seen. */
        readonly exchanges: number;
        readonly exchangesBytes?: SizeBytes;
        readonly mode: SandboxMode;
      }
    | undefined;
}

/** What the report says of a second build. */
export interface ReportRebuild extends RebuildResult {
  readonly told: Told;
  /** Whether the same party built both times (DESIGN, rule 9); `unknown` where nobody trusted says who built first. */
  readonly party: "same" | "other" | "unknown";
}

/** One paper of the artifact and what became of its verification. */
export interface ReportPaper {
  readonly predicateType: string;
  /** SHA-256 of the paper's line. */
  readonly digest: DigestHex;
  readonly signer: string;
  readonly outcome: Outcome;
  readonly code?: FaultCode;
}

/** All that a report is rendered from. Values only: the same input gives the same bytes. */
export interface ReportInput {
  readonly verdict: Verdict;
  /** Name of the artifact. */
  readonly title: string;
  readonly artifact: Artifact;
  /** Of this tool. */
  readonly version: string;
  readonly declared?: Sbom;
  readonly analyzed?: Sbom;
  readonly matched: Known<MatchResult>;
  readonly build?: ReportBuild;
  readonly rebuild?: ReportRebuild;
  readonly papers: readonly ReportPaper[];
  /** Where the claims and our own look at the bytes part; entries are names, or `name@version`. */
  readonly agreement?: {
    readonly onlyClaimed: readonly string[];
    readonly onlySeen: readonly string[];
    readonly versionDiffers?: readonly { readonly name: string; readonly claimed: string; readonly seen: string }[];
  };
}

import type { MatchResult } from "../../model/advisory.ts";
import type { Artifact } from "../../model/artifact.ts";
import type { BuildRecord, RebuildResult, SandboxMode, SourceRecord } from "../../model/build.ts";
import type { DigestHex, Known, SizeBytes } from "../../model/digest.ts";
import type { FaultCode } from "../../model/fault.ts";
import type { Verdict } from "../../model/policy.ts";
import type { Sbom } from "../../model/sbom.ts";
import type { Outcome } from "../../model/trust.ts";

/** What the report says of a build: the facts of its record that a reader asks for, without times and run ids. */
export interface ReportBuild {
  readonly builderId: string;
  readonly commands: readonly (readonly string[])[];
  readonly source: SourceRecord;
  /** How many responses the recording proxy let in, and their size together. */
  readonly exchanges: number;
  readonly exchangesBytes: SizeBytes;
  readonly mode: SandboxMode;
  readonly outputs: BuildRecord["outputs"];
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
  readonly rebuild?: RebuildResult;
  readonly papers: readonly ReportPaper[];
  /** Where the claims and our own look at the bytes part; entries are names, or `name@version`. */
  readonly agreement?: {
    readonly onlyClaimed: readonly string[];
    readonly onlySeen: readonly string[];
    readonly versionDiffers?: readonly { readonly name: string; readonly claimed: string; readonly seen: string }[];
  };
}

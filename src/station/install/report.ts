import type { ReportInput } from "../../format/report/input.ts";
import { reportPapers } from "../report-papers.ts";
import { claimedBuild, claimedRebuild } from "./claimed-build.ts";
import type { Received } from "./receive.ts";

/** What the page of a received artifact shows: the receiver's own look at the bytes beside the verified claims. */
export function receivedReport(received: Received, version: string): ReportInput {
  const { artifact, verdict, inspected, matched, papers, verified, agreement } = received;
  const build = claimedBuild(artifact, verified.evidence);
  const rebuild = claimedRebuild(artifact, verified.evidence);
  return {
    verdict,
    title: artifact.name,
    artifact,
    version,
    analyzed: inspected,
    matched,
    ...(build === undefined ? {} : { build }),
    ...(rebuild === undefined ? {} : { rebuild }),
    papers: reportPapers(papers, verified),
    ...(agreement === undefined ? {} : { agreement }),
  };
}

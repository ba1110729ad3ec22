import type { ReportInput } from "../../format/report/input.ts";
import { reportPapers } from "../report-papers.ts";
import type { Received } from "./receive.ts";

/** What the page of a received artifact shows: the receiver's own look at the bytes beside the verified claims. */
export function receivedReport(received: Received, version: string): ReportInput {
  const { artifact, verdict, inspected, matched, papers, verified, agreement } = received;
  return {
    verdict,
    title: artifact.name,
    artifact,
    version,
    analyzed: inspected,
    matched,
    papers: reportPapers(papers, verified),
    ...(agreement === undefined ? {} : { agreement }),
  };
}

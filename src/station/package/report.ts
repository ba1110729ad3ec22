import type { ReportInput, ReportPaper } from "../../format/report/input.ts";
import { reportPapers } from "../report-papers.ts";
import type { Shipment } from "./ship.ts";

/** What the page of a shipment shows: times and run ids of the build stay in the papers. */
export function shippedReport(shipment: Shipment, version: string): ReportInput {
  const { found, agreement, verdict } = shipment;
  const { record, builder } = found;
  const papers: readonly ReportPaper[] = reportPapers(
    shipment.papers.map(({ paper }) => paper),
    shipment.verified,
  );
  return {
    verdict,
    title: found.artifact.name,
    artifact: found.artifact,
    version,
    declared: found.declared,
    analyzed: found.analyzed,
    matched: found.matched,
    build: {
      told: { kind: "seen" },
      builderId: builder.id,
      source: record.source,
      outputs: record.outputs,
      run: {
        commands: record.commands,
        exchanges: record.exchanges.length,
        exchangesBytes: record.exchanges.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        mode: record.mode,
      },
    },
    rebuild: { ...found.rebuilt, told: { kind: "seen" }, party: "same" },
    papers,
    agreement,
  };
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceTogether } from "../../artifact/write-together.ts";
import { paperOf } from "../../evidence/papers.ts";
import { prettyJson } from "../../format/json.ts";
import { verdictOutput } from "../../format/output.ts";
import { printReport } from "../../format/report/report.ts";
import { printTrust } from "../../trust/trust-file.ts";
import type { Built } from "../build/build.ts";
import { shippedReport } from "./report.ts";
import type { Shipment } from "./ship.ts";

/** What `ship` left, by its role. */
export interface LeftFiles {
  readonly artifact: string;
  readonly papers: string;
  readonly publicKey: string;
  readonly trust: string;
  readonly verdict: string;
  readonly report: string;
}

/**
 * Leaves the artifact with its papers in `folder`. All files are made in a folder beside their places first: what goes
 * wrong there (a full disk) leaves the old ones as they are. Then the old artifact goes, the new files are moved to their
 * places, and the new artifact comes last: a receiver never finds one with the papers of another, whenever this is killed.
 * Throws the faults of `writeAtomic`.
 */
export function leave(folder: string, shipment: Shipment, built: Built, version: string): LeftFiles {
  const { artifact } = shipment.found;
  const stem = artifact.name.replace(/\.(?:tgz|tar\.gz)$/u, "");
  const names: LeftFiles = {
    artifact: artifact.name,
    papers: `${artifact.name}.waybill.jsonl`,
    publicKey: `${stem}.pub`,
    trust: `${stem}.trust.yaml`,
    verdict: "verdict.json",
    report: "report.html",
  };
  const contents: readonly (readonly [name: string, content: string | Uint8Array])[] = [
    [`${stem}.cdx.json`, prettyJson(shipment.documents.cyclonedx)],
    [`${stem}.spdx.json`, prettyJson(shipment.documents.spdx)],
    [`${stem}.source.cdx.json`, prettyJson(shipment.documents.sourceCyclonedx)],
    // Byte by byte: the provenance names its digest.
    [`${stem}.build.log`, readFileSync(built.logPath)],
    [names.publicKey, shipment.trust.entries[0]?.identity.publicKeyPem ?? ""],
    [names.trust, printTrust(shipment.trust)],
    [names.verdict, prettyJson(verdictOutput(shipment.verdict))],
    [names.report, printReport(shippedReport(shipment, version))],
    [names.papers, shipment.papers.map(({ paper }) => `${paperOf(paper.bundle).text}\n`).join("")],
    [names.artifact, readFileSync(built.artifact.path)],
  ];
  replaceTogether(folder, contents);
  const paths = Object.entries(names).map(([role, name]) => [role, join(folder, name as string)]);
  return Object.fromEntries(paths) as unknown as LeftFiles;
}

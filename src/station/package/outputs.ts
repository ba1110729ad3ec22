import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "../../artifact/write.ts";
import { paperOf } from "../../evidence/papers.ts";
import { prettyJson } from "../../format/json.ts";
import { verdictOutput } from "../../format/output.ts";
import { printReport } from "../../format/report/report.ts";
import { Fault } from "../../model/fault.ts";
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

function prepare(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Fault({
      code: "WB-OUTPUT-UNWRITABLE",
      kind: "input",
      what: "the output folder cannot be made",
      where: folder,
      found: (error as NodeJS.ErrnoException).code ?? "an error",
      fix: "--output names another folder",
    });
  }
}

/**
 * Leaves the artifact with its papers in `folder`, each file whole or not at all, the artifact last: a receiver never finds one
 * whose papers are not there yet. Throws the faults of `writeAtomic`.
 */
export function leave(folder: string, shipment: Shipment, built: Built, version: string): LeftFiles {
  prepare(folder);
  const { artifact } = shipment.found;
  const stem = artifact.name.replace(/\.(?:tgz|tar\.gz)$/u, "");
  const at = (name: string): string => join(folder, name);
  const files: LeftFiles = {
    artifact: at(artifact.name),
    papers: at(`${artifact.name}.waybill.jsonl`),
    publicKey: at(`${stem}.pub`),
    trust: at(`${stem}.trust.yaml`),
    verdict: at("verdict.json"),
    report: at("report.html"),
  };
  const text = (path: string, content: string): void => writeAtomic(path, Buffer.from(content));
  text(at(`${stem}.cdx.json`), prettyJson(shipment.documents.cyclonedx));
  text(at(`${stem}.spdx.json`), prettyJson(shipment.documents.spdx));
  text(at(`${stem}.source.cdx.json`), prettyJson(shipment.documents.sourceCyclonedx));
  text(at(`${stem}.build.log`), readFileSync(built.logPath, "utf8"));
  text(files.publicKey, shipment.trust.entries[0]?.identity.publicKeyPem ?? "");
  text(files.trust, printTrust(shipment.trust));
  text(files.verdict, prettyJson(verdictOutput(shipment.verdict)));
  text(files.report, printReport(shippedReport(shipment, version)));
  text(files.papers, shipment.papers.map(({ paper }) => `${paperOf(paper.bundle).text}\n`).join(""));
  writeAtomic(files.artifact, readFileSync(built.artifact.path));
  return files;
}

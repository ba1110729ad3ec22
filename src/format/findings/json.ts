import { harmlessJson } from "../json.ts";
import { scanOutput } from "../output.ts";
import type { ScanResult, Scanned } from "./scanned.ts";
import { byCodeUnit } from "../../artifact/entry-path.ts";

/** `waybill.scan/1` of one source, `waybill.scans/1` of several (docs/schemas.md); findings by component and id, whatever their risk. */
export function findingsJson({ scans }: ScanResult): string {
  const documents = scans.map(scanJson);
  const [only] = documents;
  return harmlessJson(
    only !== undefined && scans.length === 1 ? only : { schema: "waybill.scans/1", scans: documents },
  );
}

function scanJson({ source, sbom, matched }: Scanned): ReturnType<typeof scanOutput> {
  const findings = matched.findings.toSorted((a, b) => byCodeUnit(a.component, b.component) || byCodeUnit(a.id, b.id));
  return scanOutput(source, sbom, { ...matched, findings });
}

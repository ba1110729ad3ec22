import { harmlessJson } from "../json.ts";
import { vulnsPredicate } from "../predicates.ts";
import type { Scanned, ScanResult } from "./scanned.ts";

/** The in-toto predicate of a scan (vulns v0.2), to be signed with the artifact as its subject. */
export function vulns({ scans, at, tool }: ScanResult): string {
  return harmlessJson(vulnsPredicate((scans[0] as Scanned).matched, at, tool.version));
}

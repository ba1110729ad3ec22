import type { Finding } from "../../model/advisory.ts";
import type { Json, JsonObject } from "../../model/statement.ts";
import { harmlessJson } from "../json.ts";
import { WAYBILL_URI } from "../../model/statement.ts";
import { grouped } from "../report/words.ts";
import { type Context, locator, sarifResults } from "./sarif-result.ts";
import { sarifRule } from "./sarif-rule.ts";
import { message } from "./sarif-text.ts";
import type { Scanned, ScanResult } from "./scanned.ts";
import { overrules, unjudged } from "./summary.ts";

/** GitHub refuses a file with more in one run ("SARIF support for code scanning": validating your SARIF file). */
const MOST_RESULTS = 25_000;
const MOST_NOTES = 1000;

/**
 * SARIF 2.1.0 (OASIS, with errata 01): a run for each source, a rule for each advisory, a result for each finding and file that
 * names the component. Settled findings carry a suppression. Paths are relative to `%SRCROOT%`. What is over the limits of
 * forges is left out from the end of the risk order, and said.
 */
export function sarif(result: ScanResult): string {
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: result.scans.map((scanned) => runOf(scanned, result)),
  };
  return harmlessJson(log);
}

function runOf(scanned: Scanned, { tool }: ScanResult): JsonObject {
  const rules = new Map<string, Finding[]>();
  const results: Json[] = [];
  const context: Context = { scanned, locate: locator(scanned), ruleIndex: new Map(), seen: new Map() };
  let left = 0;
  for (const finding of scanned.matched.findings) {
    if (results.length >= MOST_RESULTS) {
      left += 1;
      continue;
    }
    const same = rules.get(finding.id);
    if (same === undefined) {
      (context.ruleIndex as Map<string, number>).set(finding.id, rules.size);
      rules.set(finding.id, [finding]);
    } else same.push(finding);
    results.push(...sarifResults(finding, context).slice(0, MOST_RESULTS - results.length));
  }
  const { digest, modified } = scanned.matched.database;
  return {
    tool: {
      driver: {
        name: tool.name,
        organization: tool.name,
        version: tool.version,
        semanticVersion: tool.version,
        informationUri: WAYBILL_URI,
        rules: [...rules.values()].map(sarifRule),
      },
    },
    // Results of one category replace each other on GitHub, so each source has its own (SARIF 2.1.0, 3.17.3).
    automationDetails: { id: `waybill/scan/${encodeURIComponent(scanned.source.toWellFormed())}/` },
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications(scanned, left) }],
    originalUriBaseIds: { "%SRCROOT%": { description: { text: "The folder in which the scan was called." } } },
    columnKind: "utf16CodeUnits",
    results,
    properties: { components: scanned.matched.components, advisories: { sha256: digest, modified } },
  };
}

function notifications(scanned: Scanned, left: number): readonly Json[] {
  const all = unjudged(scanned);
  const notes = all.slice(0, MOST_NOTES).map(({ where, what }) => ({
    level: "warning",
    message: message(`${where}: ${what}`),
    descriptor: { id: "not-judged" },
  }));
  const more = (id: string, text: string): Json => ({ level: "warning", message: message(text), descriptor: { id } });
  return [
    ...notes,
    ...(all.length > MOST_NOTES
      ? [more("not-judged", `And ${grouped(all.length - MOST_NOTES)} more were not judged.`)]
      : []),
    ...overrules(scanned)
      .slice(0, MOST_NOTES)
      .map((line) => more("overruled", line)),
    ...(left > 0
      ? [more("left-out", `${grouped(left)} findings of less risk are left out: forges refuse more results.`)]
      : []),
  ];
}

import { scanOutput } from "../format/output.ts";
import { printTable } from "../format/report/table.ts";
import type { MatchResult } from "../model/advisory.ts";
import { Fault } from "../model/fault.ts";
import { collectFrom } from "../station/collect-from.ts";
import { readInputs } from "../station/inputs.ts";
import { matched } from "../station/judge.ts";
import { severityAtLeast } from "../advisory/severity.ts";
import { type Call, type Command, formatOf, oneWord } from "./shell/command.ts";
import { BASE_OPTION, INPUT_OPTIONS, inputPlaces, surroundings } from "./shell/places.ts";
import { give, giveJson } from "./shell/result.ts";

const SEVERITIES = ["low", "medium", "high", "critical"] as const;

function table(call: Call, result: MatchResult): string {
  const rows = result.findings.map(({ severity, kind, name, version, id, fixed, scope }) => [
    kind === "vulnerable" ? severity : kind,
    name,
    version,
    scope,
    id,
    fixed[0] ?? "no fix known",
  ]);
  const head =
    rows.length === 0
      ? ""
      : `${printTable(["severity", "package", "version", "scope", "advisory", "fixed in"], rows, call.terminal.columns)}\n`;
  const sources = result.database.sources.map(({ name }) => name).join(", ");
  return `${head}${rows.length} findings in ${result.components} components; index of ${result.database.modified} (${sources}), sha256:${result.database.digest.slice(0, 12)}`;
}

export const scan: Command = {
  name: "scan",
  summary: "Tells what is known about the components of a source: vulnerable, malicious, unmaintained.",
  usage: ["waybill scan [SOURCE] --db FILE [--base IMAGE] [--fail-on low|medium|high|critical]"],
  network: "never",
  options: {
    db: INPUT_OPTIONS["db"] as (typeof INPUT_OPTIONS)[string],
    vex: INPUT_OPTIONS["vex"] as (typeof INPUT_OPTIONS)[string],
    base: BASE_OPTION,
    "fail-on": {
      value: "SEVERITY",
      does: "exit 1 where a finding without a not_affected statement is as severe or malicious",
    },
  },
  examples: [["waybill scan . --db advisories.db --fail-on high", "findings of this project's lockfile"]],
  async run(call) {
    const form = formatOf(call, ["table", "json"]);
    const reference = oneWord(call, "source", ".");
    const threshold = SEVERITIES.find((severity) => severity === call.flag("fail-on"));
    if (call.has("fail-on") && threshold === undefined) {
      throw new Fault({
        code: "WB-USAGE-OPTION",
        kind: "input",
        what: "no such severity",
        expected: SEVERITIES.join(", "),
        found: call.flag("fail-on") as string,
      });
    }
    const inputs = await readInputs({ ...inputPlaces(call), policy: undefined, trust: [], project: undefined });
    const sbom = await collectFrom(reference, surroundings(), call.flag("base"));
    const found = matched(sbom, inputs);
    inputs.index?.close();
    if (!found.known)
      throw new Fault({ code: "WB-INDEX-MISSING", kind: "unchecked", what: "no advisory index", fix: found.why });
    if (form === "json") giveJson(call, scanOutput(reference, sbom, found.value));
    else give(call, table(call, found.value));
    const bad = found.value.findings.some(
      ({ severity, kind, vex }) =>
        threshold !== undefined &&
        vex?.status !== "not_affected" &&
        vex?.status !== "fixed" &&
        (kind === "malicious" || severityAtLeast(severity, threshold)),
    );
    return bad ? 1 : 0;
  },
};

import { cleanText } from "../artifact/clean-text.ts";
import { cyclonedxDocument } from "../format/cyclonedx.ts";
import { printCycloneDxDocument } from "../format/cyclonedx/document.ts";
import { CYCLONEDX_VERSIONS, type CycloneDxVersion } from "../format/cyclonedx/form.ts";
import { summarizeLost } from "../format/cyclonedx/problem.ts";
import { printSbom, SBOM_FORMS } from "../format/sbom-forms.ts";
import { spdxDocument } from "../format/spdx.ts";
import { Fault } from "../model/fault.ts";
import type { JsonObject } from "../model/statement.ts";
import { collectFrom } from "../station/package/check.ts";
import { type Call, type Command, formatOf, oneWord } from "./shell/command.ts";
import { documentTime } from "./shell/places.ts";
import { give, giveJson } from "./shell/result.ts";
import { VERSION } from "./version.ts";

/** First words that are no source; a folder of that name is written ./list. */
const WORK_ON_SBOMS = new Set(["diff", "list", "merge", "subtract", "tree", "why"]);

export const sbom: Command = {
  name: "sbom",
  summary: "Writes what is in a project, lockfile or package: exact graph from files alone.",
  usage: [
    `waybill sbom [SOURCE] [--format cyclonedx-json|cyclonedx-xml|spdx-json|${SBOM_FORMS.join("|")}] [--spec-version V] [--output FILE]`,
    "waybill sbom list|tree SOURCE · why PACKAGE [SOURCE] · diff OLD NEW",
    "waybill sbom merge SOURCE SOURCE… --name NAME · subtract SOURCE BASE",
  ],
  network: "never",
  options: {
    "spec-version": { value: "V", does: "version of CycloneDX, 1.2 to 1.7; default 1.6" },
    depth: { value: "N", does: "tree: at most N levels below the root" },
    name: { value: "NAME", does: "merge: what the whole is called" },
  },
  examples: [
    ["waybill sbom .", "CycloneDX 1.6 of this project, from its lockfile"],
    ["waybill sbom ./package-lock.json --format spdx-json -o app.spdx.json", "SPDX 2.3 into a file"],
    ["waybill sbom . --format cyclonedx-xml --spec-version 1.5 -o app.cdx.xml", "CycloneDX 1.5 as XML"],
    ["waybill sbom app.spdx.json --format spdx3-json", "any SBOM document in another form"],
  ],
  async run(call) {
    if (WORK_ON_SBOMS.has(call.words[0] ?? "")) return (await import("./sbom-documents.ts")).workOnSboms(call);
    const format = formatOf(call, ["cyclonedx-json", "cyclonedx-xml", "spdx-json", "json", ...SBOM_FORMS]);
    const collected = await collectFrom(oneWord(call, "source", "."));
    const meta = { timestamp: documentTime(), tool: { name: "waybill", version: VERSION } };
    const other = SBOM_FORMS.find((one) => one === format);
    if (other !== undefined) {
      const { content, lost } = printSbom(other, collected, meta);
      give(call, content);
      for (const line of lost.slice(0, 20)) call.terminal.message(`left out: ${line}`);
    } else if (format === "spdx-json") giveJson(call, spdxDocument(collected, meta));
    else
      giveCycloneDx(
        call,
        cyclonedxDocument(collected, meta),
        specVersion(call),
        format === "cyclonedx-xml" ? "xml" : "json",
      );
    for (const unknown of collected.unknowns.slice(0, 20)) {
      call.terminal.message(`unknown: ${unknown.where}: ${unknown.what}`);
    }
    return 0;
  },
};

function specVersion(call: Call): CycloneDxVersion {
  const asked = call.flag("spec-version") ?? "1.6";
  const version = CYCLONEDX_VERSIONS.find((one) => one === asked);
  if (version !== undefined) return version;
  throw new Fault({
    code: "WB-USAGE-FORMAT",
    kind: "input",
    what: "this command does not print that version of CycloneDX",
    expected: CYCLONEDX_VERSIONS.join(", "),
    found: cleanText(asked, 40),
  });
}

/** What the version or the syntax cannot hold is told, each kind of it once. */
function giveCycloneDx(call: Call, document: JsonObject, version: CycloneDxVersion, syntax: "json" | "xml"): void {
  const made = { version: "1.6", syntax: "json", document, extensions: [] } as const;
  const { bytes, lost } = printCycloneDxDocument(made, { version, syntax });
  give(call, Buffer.from(bytes).toString("utf8"));
  for (const line of summarizeLost(lost)) call.terminal.message(`left out: ${line}`);
}

import { cyclonedxDocument } from "../format/cyclonedx.ts";
import { spdxDocument } from "../format/spdx.ts";
import { collectFrom } from "../station/package/check.ts";
import { type Command, formatOf, oneWord } from "./shell/command.ts";
import { documentTime, surroundings } from "./shell/places.ts";
import { giveJson } from "./shell/result.ts";
import { VERSION } from "./version.ts";

export const sbom: Command = {
  name: "sbom",
  summary: "Writes what is in a project, lockfile or package: exact graph from files alone.",
  usage: ["waybill sbom [SOURCE] [--format cyclonedx-json|spdx-json] [--output FILE]"],
  network: "never",
  options: {},
  examples: [
    ["waybill sbom .", "CycloneDX 1.6 of this project, from its lockfile"],
    ["waybill sbom ./package-lock.json --format spdx-json -o app.spdx.json", "SPDX 2.3 into a file"],
  ],
  async run(call) {
    const format = formatOf(call, ["cyclonedx-json", "spdx-json", "json"]);
    const collected = await collectFrom(oneWord(call, "source", "."), surroundings());
    const meta = { timestamp: documentTime(), tool: { name: "waybill", version: VERSION } };
    giveJson(call, format === "spdx-json" ? spdxDocument(collected, meta) : cyclonedxDocument(collected, meta));
    for (const unknown of collected.unknowns.slice(0, 20)) {
      call.terminal.message(`unknown: ${unknown.where}: ${unknown.what}`);
    }
    return 0;
  },
};

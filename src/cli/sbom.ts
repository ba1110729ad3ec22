import { cyclonedxDocument } from "../format/cyclonedx.ts";
import { spdxDocument } from "../format/spdx.ts";
import { collectFrom } from "../station/package/check.ts";
import { type Command, formatOf, oneWord } from "./shell/command.ts";
import { BASE_OPTION, documentTime } from "./shell/places.ts";
import { giveJson } from "./shell/result.ts";
import { VERSION } from "./version.ts";

export const sbom: Command = {
  name: "sbom",
  summary: "Writes what is in a project, lockfile, package, archive or image: exact graph from files alone.",
  usage: ["waybill sbom [SOURCE] [--base IMAGE] [--format cyclonedx-json|spdx-json] [--output FILE]"],
  network: "never",
  options: { base: BASE_OPTION },
  examples: [
    ["waybill sbom .", "CycloneDX 1.6 of this project, from its lockfile"],
    ["waybill sbom ./package-lock.json --format spdx-json -o app.spdx.json", "SPDX 2.3 into a file"],
    ["waybill sbom oci-layout:./image --base oci-layout:./base", "an image without what its base image brought"],
  ],
  async run(call) {
    const format = formatOf(call, ["cyclonedx-json", "spdx-json", "json"]);
    const collected = await collectFrom(oneWord(call, "source", "."), call.flag("base"));
    const meta = { timestamp: documentTime(), tool: { name: "waybill", version: VERSION } };
    giveJson(call, format === "spdx-json" ? spdxDocument(collected, meta) : cyclonedxDocument(collected, meta));
    for (const unknown of collected.unknowns.slice(0, 20)) {
      call.terminal.message(`unknown: ${unknown.where}: ${unknown.what}`);
    }
    return 0;
  },
};

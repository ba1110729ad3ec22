import { collectFrom } from "../station/collect-from.ts";
import { printSbomAs, SBOM_FORMATS, SBOM_OPTIONS, sbomFormOf } from "./sbom-print.ts";
import { type Command, oneWord } from "./shell/command.ts";
import { BASE_OPTION, surroundings } from "./shell/places.ts";
import { give } from "./shell/result.ts";

/** First words that are no source; a folder of that name is written ./list. */
const WORK_ON_SBOMS = new Set(["convert", "diff", "list", "merge", "score", "subtract", "tree", "validate", "why"]);
const MAX_TOLD = 20;

export const sbom: Command = {
  name: "sbom",
  summary: "Writes what is in a project, lockfile, package or image: exact graph from files alone.",
  usage: [
    `waybill sbom [SOURCE] [--base IMAGE] [--format ${SBOM_FORMATS}] [--spec-version V] [--output FILE]`,
    "waybill sbom list|tree SOURCE · why PACKAGE [SOURCE] · diff OLD NEW",
    "waybill sbom merge SOURCE SOURCE… --name NAME · subtract SOURCE BASE",
    "waybill sbom convert FILE --format FORM · validate FILE [--regenerate SOURCE]",
    "waybill sbom score FILE [--require ntia|cisa|bsi]",
  ],
  network: "never",
  options: {
    ...SBOM_OPTIONS,
    base: BASE_OPTION,
    depth: { value: "N", does: "tree: at most N levels below the root" },
    name: { value: "NAME", does: "merge: what the whole is called" },
    require: { value: "SET", does: "score: exit code 1 unless ntia, cisa or bsi is met; only that set is shown" },
    regenerate: { value: "SOURCE", does: "validate: whether FILE is what this source gives" },
  },
  examples: [
    ["waybill sbom .", "CycloneDX 1.6 of this project, from its lockfile"],
    ["waybill sbom ./package-lock.json --format spdx-json -o app.spdx.json", "SPDX 2.3 into a file"],
    ["waybill sbom . --format cyclonedx-xml --spec-version 1.5 -o app.cdx.xml", "CycloneDX 1.5 as XML"],
    ["waybill sbom app.spdx.json --format spdx3-json", "any SBOM document in another form"],
    ["waybill sbom oci-layout:./image --base oci-layout:./base", "an image without what its base image brought"],
    ["waybill sbom score app.cdx.json", "which elements of NTIA, CISA 2025 and BSI TR-03183-2 stand where"],
    ["waybill sbom validate app.cdx.xml", "against its schema and the text of its specification"],
  ],
  async run(call) {
    if (WORK_ON_SBOMS.has(call.words[0] ?? "")) return (await import("./sbom-documents.ts")).workOnSboms(call);
    const form = sbomFormOf(call);
    const collected = await collectFrom(oneWord(call, "source", "."), surroundings(), call.flag("base"));
    const { content, lost } = await printSbomAs(form, call, collected);
    give(call, content);
    for (const line of lost.slice(0, MAX_TOLD)) call.terminal.message(`left out: ${line}`);
    for (const { where, what } of collected.unknowns.slice(0, MAX_TOLD)) {
      call.terminal.message(`unknown: ${where}: ${what}`);
    }
    return 0;
  },
};

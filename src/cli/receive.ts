import { verdictOutput } from "../format/output.ts";
import { printReport } from "../format/report/report.ts";
import { printVerdictText } from "../format/report/verdict-text.ts";
import { exitCodeOf } from "../policy/exit-code.ts";
import { writeAtomic } from "../artifact/write.ts";
import { receive as receiveFile } from "../station/install/receive.ts";
import { receivedReport } from "../station/install/report.ts";
import { readInputs } from "../station/inputs.ts";
import { type Command, formatOf, oneWord } from "./shell/command.ts";
import { INPUT_OPTIONS, inputPlaces, judgedAt } from "./shell/places.ts";
import { give, giveJson, tellUnheeded } from "./shell/result.ts";
import { VERSION } from "./version.ts";

export const receive: Command = {
  name: "receive",
  summary: "Verifies the papers of an artifact, looks at its bytes itself, and judges by the install rules.",
  usage: ["waybill receive FILE --trust FILE [--policy FILE] [--db FILE] [--expect PURL]"],
  network: "never",
  options: {
    ...INPUT_OPTIONS,
    expect: { value: "PURL", does: "the name and version that were asked for, e.g. pkg:npm/app@1.0.0" },
    papers: { value: "FILE", does: "the papers; default FILE.waybill.jsonl" },
    report: { value: "FILE", does: "write the verdict as a page (HTML) too" },
  },
  examples: [
    ["waybill receive app-1.0.0.tgz --trust app-1.0.0.pub --db advisories.db", "what its producer says, judged here"],
    [
      "waybill receive app-1.0.0.tgz --trust acme.trust.yaml --db advisories.db --expect pkg:npm/app@1.0.0",
      "and that it is what was asked for",
    ],
  ],
  async run(call) {
    const form = formatOf(call, ["text", "json"]);
    const file = oneWord(call, "artifact");
    const inputs = await readInputs(inputPlaces(call));
    tellUnheeded(call, inputs.unheeded);
    const received = await receiveFile(
      { file, papers: call.flag("papers"), expect: call.flag("expect"), at: judgedAt(call) },
      inputs,
    );
    inputs.index?.close();
    const page = call.flag("report");
    if (page !== undefined) writeAtomic(page, Buffer.from(printReport(receivedReport(received, VERSION))));
    if (form === "json") giveJson(call, verdictOutput(received.verdict));
    else give(call, printVerdictText(received.verdict, { color: call.terminal.color, verbose: call.terminal.verbose }));
    return exitCodeOf(received.verdict);
  },
};

import { existsSync, statSync } from "node:fs";
import { verdictOutput } from "../format/output.ts";
import { printVerdictText } from "../format/report/verdict-text.ts";
import { exitCodeOf } from "../policy/exit-code.ts";
import { check as checkSource } from "../station/package/check.ts";
import { readInputs } from "../station/inputs.ts";
import { type Command, formatOf, oneWord } from "./shell/command.ts";
import { INPUT_OPTIONS, inputPlaces, judgedAt, surroundings } from "./shell/places.ts";
import { give, giveJson, tellUnheeded } from "./shell/result.ts";

export const check: Command = {
  name: "check",
  summary: "The verdict on a project or artifact as it stands: collect, match, evaluate. Writes nothing.",
  usage: ["waybill check [SOURCE] [--policy FILE] [--db FILE]"],
  network: "never",
  options: INPUT_OPTIONS,
  examples: [
    ["waybill check . --db advisories.db", "this project, by its waybill.policy.yaml"],
    ["waybill check ./app-1.0.0.tgz --db advisories.db --format json", "the bytes of a package"],
  ],
  async run(call) {
    const form = formatOf(call, ["text", "json"]);
    const reference = oneWord(call, "source", ".");
    const path = reference.replace(/^dir:/u, "");
    const project = existsSync(path) && statSync(path).isDirectory() ? path : undefined;
    const inputs = await readInputs(inputPlaces(call, project));
    tellUnheeded(call, inputs.unheeded);
    const { verdict } = await checkSource(reference, inputs, judgedAt(call), surroundings());
    inputs.index?.close();
    if (form === "json") giveJson(call, verdictOutput(verdict));
    else give(call, printVerdictText(verdict, { color: call.terminal.color, verbose: call.terminal.verbose }));
    return exitCodeOf(verdict);
  },
};

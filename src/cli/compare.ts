import { basename } from "node:path";
import { compareOutput } from "../format/output.ts";
import { Fault } from "../model/fault.ts";
import { compareArtifacts } from "../station/build/compare/compare.ts";
import { readInput } from "../station/inputs.ts";
import { type Command, formatOf } from "./shell/command.ts";
import { give, giveJson } from "./shell/result.ts";

export const compare: Command = {
  name: "compare",
  summary: "Tells how two artifacts differ, grouped by cause; strict first, then each normaliser by name.",
  usage: ["waybill compare A B"],
  network: "never",
  options: {},
  examples: [["waybill compare first/app.tgz second/app.tgz", "identical, equivalent or different, and why"]],
  async run(call) {
    const [a, b, extra] = call.words;
    if (a === undefined || b === undefined || extra !== undefined) {
      throw new Fault({
        code: "WB-USAGE-WORD",
        kind: "input",
        what: "compare takes two files",
        found: String(call.words.length),
      });
    }
    const result = compareArtifacts(readInput(a, "first artifact"), readInput(b, "second artifact"), basename(a));
    if (formatOf(call, ["text", "json"]) === "json") {
      giveJson(call, compareOutput(result));
    } else {
      const lines = result.differences.map(
        ({ path, cause, detail, fix }) => `${path}: ${cause}: ${detail}${fix === "" ? "" : `\n  fix: ${fix}`}`,
      );
      const how = result.normalised.length === 0 ? "" : ` (after ${result.normalised.join(", ")})`;
      give(call, [`${result.outcome}${how}`, ...lines].join("\n"));
    }
    return result.outcome === "different" ? 1 : 0;
  },
};

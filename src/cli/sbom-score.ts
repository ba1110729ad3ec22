import { cleanText } from "../artifact/clean-text.ts";
import { printTable } from "../format/report/table.ts";
import { sbomScoreOutput } from "../format/sbom-output.ts";
import { readStated } from "../format/score/read.ts";
import { RULE_SET_NAMES } from "../format/score/rule-sets.ts";
import { type ElementScore, type RuleSetScore, scoreByAll } from "../format/score/score.ts";
import { Fault } from "../model/fault.ts";
import { readInput } from "../station/inputs.ts";
import { type Call, formatOf } from "./shell/command.ts";
import { giveJson, give } from "./shell/result.ts";

const MAX_SHOWN = 3;

/** `sbom score FILE`: which elements of the rule sets stand where; 1 where the set of `--require` is not met. */
export async function scoreDocument(call: Call): Promise<number> {
  const output = formatOf(call, ["text", "json"]);
  const [, file, extra] = call.words;
  if (file === undefined || extra !== undefined)
    throw new Fault({
      code: "WB-USAGE-WORD",
      kind: "input",
      what: "one document is needed",
      fix: "waybill sbom score FILE",
    });
  const required = call.flag("require");
  const wanted = RULE_SET_NAMES.find((one) => one === required);
  if (required !== undefined && wanted === undefined)
    throw new Fault({
      code: "WB-USAGE-WORD",
      kind: "input",
      what: "--require takes the name of a rule set",
      expected: RULE_SET_NAMES.join(", "),
      found: cleanText(required, 40),
    });
  const stated = await readStated(readInput(file, "SBOM"), file);
  const sets = scoreByAll(stated).filter(({ set }) => wanted === undefined || set === wanted);
  const { form, components } = stated;
  if (output === "json") giveJson(call, sbomScoreOutput(file, stated, sets));
  else {
    const head = `${file}: ${form}, ${components.length} components`;
    give(call, [head, ...sets.map((one) => printSet(one, form, call.terminal.columns))].join("\n\n"));
  }
  return wanted !== undefined && sets.some(({ met }) => !met) ? 1 : 0;
}

function printSet({ title, share, met, elements }: RuleSetScore, form: string, columns: number): string {
  const required = elements.filter(({ element }) => element.level === "required");
  const whole = required.filter(({ have, asked }) => have === asked).length;
  const rows = elements.map((one) => [
    one.have === one.asked ? "yes" : "no",
    one.element.level === "required" ? one.element.title : `${one.element.title} (${one.element.level})`,
    `${one.have} of ${one.asked}`,
    shareText(one.share),
    missingText(one, form),
  ]);
  return [
    `${title}: ${met ? "met" : "not met"}`,
    `${whole} of ${required.length} required elements everywhere; mean of their shares ${shareText(share)}`,
    printTable(["", "element", "stands", "share", "lacks it"], rows, columns),
  ].join("\n");
}

/** Never rounded up to a whole: 1 of 1,000 missing is not 1.00. */
function shareText(share: number): string {
  return (Math.floor(share * 100) / 100).toFixed(2);
}

function missingText({ carried, missing, have, asked }: ElementScore, form: string): string {
  if (!carried) return `${form} has no place for it`;
  if (have === asked) return "";
  if (missing.length === asked && asked > MAX_SHOWN) return "all";
  const shown = missing.slice(0, MAX_SHOWN).map(({ path, name, purl }) => purl ?? (name === "" ? path : name));
  return missing.length > MAX_SHOWN ? `${shown.join(", ")} and ${missing.length - MAX_SHOWN} more` : shown.join(", ");
}

import { Fault } from "../../model/fault.ts";
import { nearestWord } from "../../trust/nearest-word.ts";

/** `WB-USAGE-COMMAND` with the nearest command as hint. */
export function unknownCommand(word: string, commands: readonly string[]): Fault {
  const near = nearestWord(word.slice(0, 30), commands);
  return new Fault({
    code: "WB-USAGE-COMMAND",
    kind: "input",
    what: `there is no command ${JSON.stringify(word.slice(0, 30))}`,
    fix: near === undefined ? "waybill help lists the commands; a path is written ./PATH" : `did you mean ${near}?`,
  });
}

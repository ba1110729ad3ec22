import { setFlagsFromString } from "node:v8";
import { COMMANDS } from "./commands.ts";
import { type Command, parseCall } from "./shell/command.ts";
import { openTerminal } from "./shell/terminal.ts";
import type { FaultFacts } from "../model/fault.ts";
import { VERSION } from "./version.ts";

// By itself V8 lets garbage grow to four times of what lives before it looks again: a document of 25 MB would take 650 MB instead
// of 450, for a tenth of the time. Below some 30 MB, as most runs are, it changes nothing.
setFlagsFromString("--heap-growing-percent=25");

/** Faults carry facts; other errors are ours, told without a stack unless asked for (WAYBILL_DEBUG). */
function factsOf(error: unknown): FaultFacts {
  if (error instanceof Error && error.name === "Fault" && "facts" in error) return error.facts as FaultFacts;
  if (process.env["WAYBILL_DEBUG"] !== undefined) console.error(error);
  const what = error instanceof Error ? error.message : String(error);
  return {
    code: "WB-INTERNAL",
    kind: "unchecked",
    what: `an error that waybill did not foresee: ${what}`,
    fix: "WAYBILL_DEBUG=1 shows where; please report it",
  };
}

/** Runs the command that these words call, and gives the exit code (CLI.md). */
export async function run(words: readonly string[]): Promise<number> {
  const flag = (name: string, short?: string): boolean => {
    const end = words.indexOf("--");
    const own = end < 0 ? words : words.slice(0, end);
    return own.includes(name) || (short !== undefined && own.includes(short));
  };
  const terminal = openTerminal({
    color: !flag("--no-color") && (process.env["NO_COLOR"] ?? "") === "",
    quiet: flag("--quiet", "-q"),
    verbose: flag("--verbose", "-v"),
  });
  try {
    const first = words[0];
    if (first === "help" || first === "--help" || first === "-h") {
      const { overview } = await import("./shell/help.ts");
      terminal.result(overview(COMMANDS, VERSION));
      return 0;
    }
    const named = COMMANDS.find(({ name }) => name === first);
    if (named === undefined && first !== undefined && !first.startsWith("-") && !/[/.:]/u.test(first)) {
      const { unknownCommand } = await import("./shell/suggest.ts");
      throw unknownCommand(
        first,
        COMMANDS.map(({ name }) => name),
      );
    }
    const command: Command = await (named ?? (COMMANDS[0] as (typeof COMMANDS)[number])).load();
    if (flag("--help", "-h")) {
      const { commandHelp } = await import("./shell/help.ts");
      terminal.result(commandHelp(command));
      return 0;
    }
    return await command.run(parseCall(command, named === undefined ? words : words.slice(1), terminal));
  } catch (error) {
    const { faultText, exitCodeOfFault } = await import("./shell/fault-text.ts");
    const facts = factsOf(error);
    terminal.done();
    terminal.message(faultText(facts));
    return exitCodeOfFault(facts);
  }
}

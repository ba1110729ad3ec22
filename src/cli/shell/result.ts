import { writeAtomic } from "../../artifact/write.ts";
import { prettyJson } from "../../format/json.ts";
import type { JsonObject } from "../../model/statement.ts";
import type { Call } from "./command.ts";

/** Gives the result: to `--output` whole or not at all, else to stdout. */
export function give(call: Call, text: string): void {
  const output = call.flag("output");
  if (output === undefined) {
    call.terminal.result(text);
    return;
  }
  writeAtomic(output, Buffer.from(text.endsWith("\n") ? text : `${text}\n`));
  call.terminal.message(`wrote ${output}`);
}

/** Gives a JSON document as the result. */
export function giveJson(call: Call, value: JsonObject): void {
  give(call, prettyJson(value));
}

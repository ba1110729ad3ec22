import { writeAtomic } from "../../artifact/write.ts";
import { prettyJson } from "../../format/json.ts";
import type { JsonObject } from "../../model/statement.ts";
import type { Call } from "./command.ts";

/** Gives the result: to `--output` whole or not at all, else to stdout. */
export function give(call: Call, content: string | Uint8Array): void {
  const output = call.flag("output");
  if (output === undefined) {
    call.terminal.result(content);
    return;
  }
  const lined = typeof content === "string" && !content.endsWith("\n") ? `${content}\n` : content;
  writeAtomic(output, Buffer.from(lined));
  call.terminal.message(`wrote ${output}`);
}

/** Gives a JSON document as the result. */
export function giveJson(call: Call, value: JsonObject): void {
  give(call, prettyJson(value));
}

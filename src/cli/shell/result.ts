import { cleanText } from "../../artifact/clean-text.ts";
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

const MAX_UNHEEDED = 20;

/** Tells on stderr what statements and ignore files say and is not heeded here. */
export function tellUnheeded(call: Call, unheeded: readonly string[]): void {
  for (const line of unheeded.slice(0, MAX_UNHEEDED)) call.terminal.message(`not heeded: ${cleanText(line, 300)}`);
  if (unheeded.length > MAX_UNHEEDED) call.terminal.message(`and ${unheeded.length - MAX_UNHEEDED} more`);
}

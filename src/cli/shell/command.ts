import { parseArgs } from "node:util";
import { Fault } from "../../model/fault.ts";
import type { Terminal } from "./terminal.ts";

/** A flag of a command. `value` names what follows it in the help text; without it the flag is a switch. */
export interface Option {
  readonly does: string;
  readonly value?: string;
  readonly short?: string;
  readonly many?: true;
}

/** What a command gets: its words, flags and the place to speak. */
export interface Call {
  readonly words: readonly string[];
  /** Everything after `--`. */
  readonly rest: readonly string[];
  readonly flag: (name: string) => string | undefined;
  readonly flags: (name: string) => readonly string[];
  readonly has: (name: string) => boolean;
  readonly terminal: Terminal;
}

/** One command: a file under cli/ and one line in commands.ts. Gives the exit code. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Lines such as `waybill check [SOURCE]`. */
  readonly usage: readonly string[];
  readonly network: "never" | string;
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly (readonly [command: string, does: string])[];
  run(call: Call): Promise<number>;
}

/** Flags that every command has (CLI.md, "Rules that hold for every command"). */
export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  format: { value: "FORM", does: "form of the result; `json` always exists" },
  output: { value: "FILE", short: "o", does: "write the result to FILE, all of it or nothing" },
  at: { value: "TIME", does: "judge validity and age at this time (RFC 3339); default now" },
  offline: { does: "forbid the network" },
  quiet: { short: "q", does: "no progress" },
  verbose: { short: "v", does: "tell more" },
  "no-color": { does: "no colour; NO_COLOR does the same" },
  help: { short: "h", does: "this text" },
};

/**
 * Reads the arguments of one command. `arguments_` come after the command's name.
 * Throws `WB-USAGE-OPTION` (input) for a flag that the command does not have or that lacks its value.
 */
export function parseCall(command: Command, arguments_: readonly string[], terminal: Terminal): Call {
  const split = arguments_.indexOf("--");
  const own = split < 0 ? arguments_ : arguments_.slice(0, split);
  const options = { ...COMMON_OPTIONS, ...command.options };
  const shape = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      {
        type: option.value === undefined ? ("boolean" as const) : ("string" as const),
        multiple: option.many === true,
        ...(option.short === undefined ? {} : { short: option.short }),
      },
    ]),
  );
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...own], options: shape, allowPositionals: true, strict: true });
  } catch (error) {
    throw new Fault({
      code: "WB-USAGE-OPTION",
      kind: "input",
      what: error instanceof Error ? (error.message.split(". ")[0] as string) : "the arguments do not fit",
      expected: Object.keys(options)
        .map((name) => `--${name}`)
        .join(" "),
      fix: `waybill ${command.name} --help`,
    });
  }
  const values = parsed.values;
  return {
    words: parsed.positionals,
    rest: split < 0 ? [] : arguments_.slice(split + 1),
    flag: (name) => (typeof values[name] === "string" ? values[name] : undefined),
    flags: (name) => (Array.isArray(values[name]) ? (values[name] as string[]) : []),
    has: (name) => values[name] === true || values[name] !== undefined,
    terminal,
  };
}

/** The one word that a command needs. Throws `WB-USAGE-WORD` (input) where it is missing or there are more. */
export function oneWord(call: Call, what: string, fallback?: string): string {
  const [word, extra] = call.words;
  if (extra !== undefined) {
    throw new Fault({
      code: "WB-USAGE-WORD",
      kind: "input",
      what: `one ${what} at a time`,
      found: call.words.join(" "),
    });
  }
  if (word !== undefined) return word;
  if (fallback !== undefined) return fallback;
  throw new Fault({ code: "WB-USAGE-WORD", kind: "input", what: `${what} is missing`, fix: "see --help" });
}

/** One of the forms that a command can print. Throws `WB-USAGE-FORMAT` (input) for another. */
export function formatOf<const F extends string>(call: Call, forms: readonly F[]): F {
  const asked = call.flag("format") ?? forms[0];
  const form = forms.find((each) => each === asked);
  if (form !== undefined) return form;
  throw new Fault({
    code: "WB-USAGE-FORMAT",
    kind: "input",
    what: "this command does not print that form",
    expected: forms.join(", "),
    found: asked as string,
  });
}

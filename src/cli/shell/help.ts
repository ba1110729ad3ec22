import { COMMON_OPTIONS, type Command, type Option } from "./command.ts";

function optionLine(name: string, option: Option): string {
  const left = `${option.short === undefined ? "    " : `-${option.short}, `}--${name}${option.value === undefined ? "" : ` ${option.value}`}`;
  return `  ${left.padEnd(34)} ${option.does}${option.many === true ? " (may repeat)" : ""}`;
}

/** The help of one command: what it does, how it is called, its flags, examples that run. */
export function commandHelp(command: Command): string {
  const network = command.network === "never" ? "Uses no network." : `Network: ${command.network}.`;
  return [
    `${command.summary} ${network}`,
    "",
    ...command.usage.map((line, index) => `${index === 0 ? "usage: " : "       "}${line}`),
    "",
    // A command's own say of a flag that all have comes in its place.
    ...Object.entries(command.options).map(([name, option]) => optionLine(name, option)),
    ...Object.entries(COMMON_OPTIONS)
      .filter(([name]) => !(name in command.options))
      .map(([name, option]) => optionLine(name, option)),
    "",
    "examples:",
    ...command.examples.map(([text, does]) => `  ${text.padEnd(58)} ${does}`.trimEnd()),
    "",
    "exit code: 0 allowed, 1 refused, 2 usage or bad input, 3 could not check",
    "",
  ].join("\n");
}

/** The list of commands. */
export function overview(
  commands: readonly { readonly name: string; readonly summary: string }[],
  version: string,
): string {
  return [
    `waybill ${version}: every artifact travels with signed papers, and one policy judges them.`,
    "",
    "usage: waybill [COMMAND] [WORDS] [FLAGS]     without a command: waybill check .",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`),
    "",
    "waybill COMMAND --help tells more, with examples.",
    "",
  ].join("\n");
}

// Runs many commands in one process, for tests that would else start a thousand: `node commands-in-one.ts JOBS.json`. A job's
// result goes to its file; messages, the exit code or the fault to one beside it. The environment, clock and user are those of this process.
import { readFileSync, writeFileSync } from "node:fs";
import { COMMANDS } from "../../src/cli/commands.ts";
import { parseCall } from "../../src/cli/shell/command.ts";
import { openTerminal } from "../../src/cli/shell/terminal.ts";
import { Fault } from "../../src/model/fault.ts";

export interface Job {
  readonly words: readonly string[];
  /** The file that gets what the command says. */
  readonly output: string;
}

async function run({ words: [name, ...words], output }: Job): Promise<void> {
  const [said, messages]: [Uint8Array[], string[]] = [[], []];
  const terminal = {
    ...openTerminal({ color: false, quiet: true, verbose: false }),
    result: (content: string | Uint8Array) => void said.push(Buffer.from(content as string)),
    message: (text: string) => void messages.push(text),
  };
  const command = await COMMANDS.find((one) => one.name === name)?.load();
  if (command === undefined) throw new Error(`there is no command ${name}`);
  try {
    const status = await command.run(parseCall(command, words, terminal));
    messages.push(`exit ${status}`);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    messages.push(JSON.stringify(error.facts));
  }
  writeFileSync(output, Buffer.concat(said));
  writeFileSync(`${output}.messages`, messages.join("\n"));
}

const jobs = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as readonly Job[];
for (const job of jobs) await run(job);

import { createInterface } from "node:readline/promises";

/** Whether there is somebody to ask. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks a question on the terminal and gives the answer without blanks around it. `choices`: asked again until it is one of them. */
export async function ask(question: string, choices: readonly string[] = []): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (;;) {
      const hint = choices.length === 0 ? "" : ` (${choices.join(", ")})`;
      const answer = (await terminal.question(`${question}${hint}: `)).trim();
      if (choices.length === 0 || choices.includes(answer)) return answer;
    }
  } finally {
    terminal.close();
  }
}

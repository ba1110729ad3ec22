import { styleText } from "node:util";

export type Role = "good" | "bad" | "warn" | "dim" | "strong";

/** The rules for stdout, stderr, colour and progress, in one place: results on stdout, everything else on stderr. */
export interface Terminal {
  /** The result: a text, which ends with a line feed, or bytes as they are. */
  result(content: string | Uint8Array): void;
  /** A message for people. */
  message(text: string): void;
  /** A step that may take over a second. Shown as one living line on a terminal, as a line each elsewhere. */
  progress(step: string, detail?: string): void;
  /** Colour on a terminal only. `stream` says where the text will go. */
  color(role: Role, text: string, stream?: "stdout" | "stderr"): string;
  /** Width of stdout in columns; 100 where it is no terminal. */
  readonly columns: number;
  readonly verbose: boolean;
  /** Ends the living line. */
  done(): void;
}

const STYLES = { good: "green", bad: "red", warn: "yellow", dim: "dim", strong: "bold" } as const;

/** A terminal over this process's streams. */
export function openTerminal(settings: { color: boolean; quiet: boolean; verbose: boolean }): Terminal {
  const { stdout, stderr } = process;
  const live = stderr.isTTY === true && !settings.quiet;
  let line = false;
  const clear = (): void => {
    if (line) stderr.write("\r\u001b[2K");
    line = false;
  };
  return {
    columns: stdout.isTTY === true ? stdout.columns : 100,
    verbose: settings.verbose,
    result(content) {
      clear();
      stdout.write(typeof content === "string" && !content.endsWith("\n") ? `${content}\n` : content);
    },
    message(text) {
      clear();
      stderr.write(text.endsWith("\n") ? text : `${text}\n`);
    },
    progress(step, detail) {
      if (settings.quiet) return;
      const text = detail === undefined ? step : `${step}: ${detail}`;
      if (!live) {
        stderr.write(`${text}\n`);
        return;
      }
      clear();
      stderr.write(text.slice(0, Math.max(20, stderr.columns - 1)));
      line = true;
    },
    color(role, text, stream = "stdout") {
      const tty = stream === "stdout" ? stdout.isTTY === true : stderr.isTTY === true;
      return tty && settings.color ? styleText(STYLES[role], text, { validateStream: false }) : text;
    },
    done: clear,
  };
}

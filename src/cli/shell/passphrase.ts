import { readFileSync, readSync } from "node:fs";
import { Fault } from "../../model/fault.ts";
import type { Call, Option } from "./command.ts";

/** The flags by which a passphrase comes in: never as an argument (DESIGN, rule 13). */
export const PASSPHRASE_OPTIONS: Readonly<Record<string, Option>> = {
  "passphrase-file": { value: "FILE", does: "read the key's passphrase from the first line of FILE" },
  "passphrase-fd": { value: "N", does: "read it from the open file descriptor N" },
};

/** The files that a passphrase comes from; what stands behind a descriptor may be one, too. */
export function passphraseFiles(call: Call): readonly string[] {
  const descriptor = call.flag("passphrase-fd");
  const named = call.flag("passphrase-file");
  return [...(named === undefined ? [] : [named]), ...(descriptor === undefined ? [] : [`/dev/fd/${descriptor}`])];
}

const firstLine = (bytes: Uint8Array): Uint8Array => {
  const end = bytes.indexOf(10);
  const line = end < 0 ? bytes : bytes.subarray(0, end);
  return line.at(-1) === 13 ? line.subarray(0, -1) : line;
};

/** Reads a line from the terminal without showing it. */
function prompt(question: string): Promise<Uint8Array> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  const typed: number[] = [];
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      stdin.setRawMode(false);
      stdin.pause();
      stdin.removeAllListeners("data");
      stderr.write("\n");
    };
    stdin.on("data", (chunk: Buffer) => {
      for (const byte of chunk) {
        if (byte === 3) {
          finish();
          reject(new Fault({ code: "WB-INTERRUPTED", kind: "input", what: "interrupted at the passphrase" }));
          return;
        }
        if (byte === 13 || byte === 10) {
          finish();
          resolve(Uint8Array.from(typed));
          return;
        }
        if (byte === 127 || byte === 8) typed.pop();
        else typed.push(byte);
      }
    });
  });
}

/**
 * The passphrase of a key: from the named file or descriptor, else asked for on a terminal, twice where it is new.
 * Throws `WB-KEY-PASSPHRASE-MISSING` (input) where there is no way to ask, `WB-KEY-PASSPHRASE-REPEAT` where two differ.
 */
export async function readPassphrase(call: Call, isNew = false): Promise<Uint8Array> {
  const file = call.flag("passphrase-file");
  const descriptor = call.flag("passphrase-fd");
  try {
    if (file !== undefined) return firstLine(readFileSync(file));
    if (descriptor !== undefined) {
      const bytes = Buffer.alloc(4096);
      return firstLine(Uint8Array.from(bytes.subarray(0, readSync(Number(descriptor), bytes))));
    }
  } catch (error) {
    const found = (error as NodeJS.ErrnoException).code ?? "an error";
    throw new Fault({
      code: "WB-KEY-PASSPHRASE-MISSING",
      kind: "input",
      what: "the passphrase cannot be read",
      where: file ?? `descriptor ${descriptor}`,
      found,
    });
  }
  if (process.stdin.isTTY !== true) {
    throw new Fault({
      code: "WB-KEY-PASSPHRASE-MISSING",
      kind: "input",
      what: "the key needs a passphrase and there is no terminal to ask on",
      fix: "--passphrase-file FILE or --passphrase-fd N",
    });
  }
  const first = await prompt(isNew ? "passphrase for the new key: " : "passphrase: ");
  if (isNew && Buffer.compare(first, await prompt("once more: ")) !== 0) {
    throw new Fault({ code: "WB-KEY-PASSPHRASE-REPEAT", kind: "input", what: "the two passphrases differ" });
  }
  return first;
}

import { lstatSync, rmSync } from "node:fs";
import { cleanText } from "../artifact/clean-text.ts";
import { readRegular } from "../artifact/read-file.ts";
import { writeAtomic } from "../artifact/write.ts";
import { Fault, type FaultFacts } from "../model/fault.ts";
import { keyFormFault } from "./key-box.ts";

const MAX_KEY_FILE_BYTES = 64 * 1024;

/**
 * Writes `NAME.key` (mode 0600) and `NAME.pub` (0644); gives both paths. Throws `WB-KEY-EXISTS` where either is there already:
 * a key that is overwritten is lost. Throws also the faults of `writeAtomic`, and leaves then neither file.
 */
export function writeKeyPair(
  name: string,
  pair: { readonly privatePem: string; readonly publicPem: string },
): { readonly keyPath: string; readonly publicPath: string } {
  const keyPath = `${name}.key`;
  const publicPath = `${name}.pub`;
  const there = [keyPath, publicPath].find((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
  if (there !== undefined) {
    throw new Fault({
      code: "WB-KEY-EXISTS",
      kind: "input",
      what: "a key is there already and is not overwritten",
      where: cleanText(there, 300),
      fix: "choose another name, or move the old key away",
    });
  }
  writeAtomic(keyPath, pair.privatePem, 0o600);
  try {
    writeAtomic(publicPath, pair.publicPem, 0o644);
  } catch (error) {
    rmSync(keyPath, { force: true });
    throw error;
  }
  return { keyPath, publicPath };
}

/** What `readRegular` says of a file, said of a key. */
function keyFault({ code, found }: FaultFacts, path: string): Fault {
  const missing = code === "WB-SOURCE-MISSING";
  if (!missing && code !== "WB-SOURCE-UNREADABLE") {
    return keyFormFault(path, "this is not a key file", `a file of at most ${MAX_KEY_FILE_BYTES / 1024} KiB`, found);
  }
  return new Fault({
    code: missing ? "WB-KEY-MISSING" : "WB-KEY-UNREADABLE",
    kind: missing ? "input" : "unchecked",
    what: missing ? "the key is not there" : "the key cannot be read",
    where: cleanText(path, 300),
    ...(found === undefined ? {} : { found }),
    fix: missing ? "waybill keys generate --output NAME makes one" : "run as the user that the key belongs to",
  });
}

/**
 * The text of a key file. Throws `WB-KEY-MISSING` (input) where it is not there, `WB-KEY-UNREADABLE` (unchecked) where it cannot
 * be read, `WB-KEY-FORM` where it is no regular file or too large for a key.
 */
export function readKey(path: string): string {
  try {
    return readRegular(path, path, MAX_KEY_FILE_BYTES, true).toString("utf8");
  } catch (error) {
    throw error instanceof Fault ? keyFault(error.facts, path) : error;
  }
}

import { parse, TomlError } from "smol-toml";
import { type DocumentKind, syntaxFault } from "./document.ts";
import type { Fields } from "./fields.ts";

/** No package manager nests deeper than six. */
const MAX_DEPTH = 64;

/** Reads TOML 1.0. Throws the kind's syntax code, with the line. */
export function parseToml(text: string, file: string, kind: DocumentKind): Fields {
  try {
    // A number past 2^53 must not stop the rest.
    return parse(text, { maxDepth: MAX_DEPTH, integersAsBigInt: "asNeeded" }) as Fields;
  } catch (error) {
    if (!(error instanceof TomlError)) throw syntaxFault(kind, file, undefined, "its tables are nested too deep");
    const problem = error.message.split("\n")[0] ?? "";
    throw syntaxFault(kind, file, error.line, problem.replace(/^Invalid TOML document: /u, ""));
  }
}

import { load, YAMLException } from "js-yaml";
import { type DocumentKind, syntaxFault } from "./document.ts";

/** Nothing that people write for these tools nests deeper. */
const MAX_DEPTH = 32;

/** Reads one document of YAML 1.2 (core schema). Throws the kind's syntax code, with the line. */
export function parseYaml(text: string, file: string, kind: DocumentKind): unknown {
  try {
    return load(text, { maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark === undefined ? undefined : error.mark.line + 1;
    throw syntaxFault(kind, file, line, `not YAML: ${error.reason}`);
  }
}

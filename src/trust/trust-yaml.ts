import type { Document, LineCounter, Node } from "yaml";
import { cleanText } from "../artifact/clean-text.ts";
import { Fault } from "../model/fault.ts";
import type { ConfigPlace } from "../model/policy.ts";

/** A YAML text read, with the line of each value. */
export interface YamlFile {
  readonly value: unknown;
  /** The line of the member that `path` leads to, or of the nearest thing above it that is there. */
  readonly place: (path: readonly (string | number)[]) => ConfigPlace;
}

/** One walk for each expansion of an alias: enough for anchors by hand, too few for a bomb. */
const MAX_ALIASES = 100;

/**
 * Reads YAML 1.2 in its core schema: no tags of other kinds, no key twice, bounded aliases. Throws `WB-TRUST-SYNTAX` with
 * `file:line`.
 */
export async function readYaml(text: string, where: string): Promise<YamlFile> {
  const yaml = await import("yaml");
  const lines = new yaml.LineCounter();
  const syntax = (line: number, found: string): Fault =>
    new Fault({
      code: "WB-TRUST-SYNTAX",
      kind: "input",
      what: "the trust file is not valid YAML",
      where: `${cleanText(where, 300)}:${line}`,
      found: cleanText(found, 120),
    });
  try {
    const document = yaml.parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      version: "1.2",
      logLevel: "silent",
    });
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem !== undefined) throw syntax(lines.linePos(problem.pos[0]).line, problem.message);
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { value, place: (path) => ({ file: where, line: lineOf(yaml, document, lines, path) }) };
  } catch (error) {
    if (error instanceof Fault) throw error;
    // Too deep for the reader's stack, or too many aliases: a file that nobody wrote by hand.
    throw syntax(1, error instanceof RangeError ? "nested too deep" : "aliases that cannot be resolved");
  }
}

function lineOf(
  yaml: typeof import("yaml"),
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
): number {
  let node: unknown = document.contents;
  let start = 0;
  const note = (found: unknown): void => {
    const range = yaml.isNode(found) ? (found as Node).range : undefined;
    if (range !== undefined && range !== null) [start] = range;
  };
  note(node);
  for (const key of path) {
    if (yaml.isAlias(node)) node = node.resolve(document);
    if (yaml.isMap(node)) {
      const pair = node.items.find((item) => yaml.isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) break;
      note(pair.key);
      node = pair.value;
    } else if (yaml.isSeq(node)) {
      node = node.items[Number(key)];
      note(node);
    } else break;
  }
  return lines.linePos(start).line;
}

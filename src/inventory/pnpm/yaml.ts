import { cleanText } from "../../artifact/clean-text.ts";
import { refuseManyParts } from "../../format/text.ts";
import { YAML_SEPARATORS } from "../../format/yaml-data.ts";
import { formFault, syntaxFault } from "../npm/lock-form.ts";
import { readPlainYaml, type Yaml, YamlMap } from "./plain-yaml.ts";

const MAX_DEPTH = 64;

function fromValue(value: unknown, depth = 0): Yaml {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return "";
  if (Array.isArray(value)) return value.map((each: unknown) => fromValue(each, depth + 1));
  return new YamlMap(Object.entries(value).map(([key, each]) => [key, fromValue(each, depth + 1)]));
}

function lineOf(error: object): number | undefined {
  const mark: unknown = Reflect.get(error, "mark");
  const line: unknown = typeof mark === "object" && mark !== null ? Reflect.get(mark, "line") : undefined;
  return typeof line === "number" ? line + 1 : undefined;
}

/**
 * The documents of a `pnpm-lock.yaml`; empty ones are left out. Aliases are refused, as pnpm writes none. Throws
 * `WB-LOCKFILE-SYNTAX` with the line, `WB-LOCKFILE-FORM` where a document is no mapping, and
 * those of `refuseManyParts`.
 */
export async function readYaml(text: string, file: string): Promise<readonly YamlMap[]> {
  refuseManyParts(text, YAML_SEPARATORS, cleanText(file));
  const plain = readPlainYaml(text);
  if (plain !== undefined) return plain;
  const { FAILSAFE_SCHEMA, loadAll, YAMLException } = await import("js-yaml");
  let documents: readonly unknown[];
  try {
    documents = loadAll(text, { schema: FAILSAFE_SCHEMA, maxAliases: 0, maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = lineOf(error);
    const where = line === undefined ? cleanText(file) : `${cleanText(file)}:${line}`;
    throw syntaxFault({ what: `not valid YAML: ${cleanText(error.reason)}`, where }, "pnpm");
  }
  return documents.flatMap((document) => {
    const value = fromValue(document);
    if (value === "") return [];
    if (!(value instanceof YamlMap)) throw formFault(file, "the whole file", "a mapping", document, "pnpm");
    return [value];
  });
}

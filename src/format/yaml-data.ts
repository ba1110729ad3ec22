import { cleanText } from "../artifact/clean-text.ts";
import { Fault, type FaultCode } from "../model/fault.ts";
import type { Json } from "../model/statement.ts";
import { isArray } from "./json.ts";
import { decodeText, refuseManyParts } from "./text.ts";

/** What lies between the values of YAML. */
export const YAML_SEPARATORS = "\n,[{";
const MAX_DEPTH = 200;
const MAX_ALIASES = 10_000;
/** Values, those behind an alias counted each time: what a reader that walks the result has to bear. */
const MAX_VALUES = 4_000_000;

/**
 * Reads one YAML 1.2 document whose scalars are all texts (or null), as its form knows what they are: a version written `1.10`
 * without quotes stays `1.10`. UTF-8 or UTF-16, 64 MiB, a million lines or values, 200 levels; names given twice are refused. Aliases are read, because
 * programs write them for equal parts, but what they repeat counts: 4 million values, no cycles.
 *
 * Faults: WB-YAML-SYNTAX with file and line, WB-YAML-ALIASES; those of `decodeText`.
 */
export async function parseYaml(bytes: Uint8Array, where: string): Promise<Json> {
  const text = decodeText(bytes, where);
  refuseManyParts(text, YAML_SEPARATORS, where);
  const { FAILSAFE_SCHEMA, load, nullCoreTag, YAMLException } = await import("js-yaml");
  let value: Json;
  try {
    const schema = FAILSAFE_SCHEMA.withTags(nullCoreTag);
    value = load(text, { schema, maxDepth: MAX_DEPTH, maxAliases: MAX_ALIASES, json: false }) as Json;
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark?.line;
    const place = line === undefined ? where : `${where}:${line + 1}`;
    throw fault("WB-YAML-SYNTAX", `not YAML that is read: ${cleanText(error.reason, 120)}`, place);
  }
  refuseBomb(value, where);
  return value;
}

/** Aliases share what they repeat, so that a bomb is small until somebody walks it: sizes are summed up once for each part. */
function refuseBomb(value: Json, where: string): void {
  const sizes = new Map<object, number>();
  const sizeOf = (part: Json): number => {
    if (part === null || typeof part !== "object") return 1;
    const known = sizes.get(part);
    if (known === 0) throw fault("WB-YAML-ALIASES", "an alias in YAML leads back to itself", where);
    if (known !== undefined) return known;
    sizes.set(part, 0);
    const size = (isArray(part) ? part : Object.values(part)).reduce<number>((sum, one) => sum + sizeOf(one), 1);
    if (size > MAX_VALUES)
      throw fault("WB-YAML-ALIASES", `more than ${MAX_VALUES} values in YAML, aliases counted`, where);
    sizes.set(part, size);
    return size;
  };
  sizeOf(value);
}

function fault(code: FaultCode, what: string, where: string): Fault {
  return new Fault({ code, kind: "input", what, where });
}

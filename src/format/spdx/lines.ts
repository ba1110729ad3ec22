import { Fault } from "../../model/fault.ts";
import type { Json, JsonObject } from "../../model/statement.ts";

/** Lines of a text from which JSON was made, by the object that was made there. */
export type Lines = Map<object, number>;

export function noteLine<T extends JsonObject>(lines: Lines, object: T, line: number): T {
  lines.set(object, line);
  return object;
}

/**
 * Runs a reader of JSON that was made from another text. A fault that names a JSON pointer (`x#/packages/0/name`), which that
 * text has not, names the line of the nearest object instead (`x:12`).
 */
export function withLines<T>(json: Json, where: string, lines: Lines, read: (json: Json, where: string) => T): T {
  try {
    return read(json, where);
  } catch (error) {
    const pointer = error instanceof Fault ? error.facts.where?.slice(where.length) : undefined;
    if (!(error instanceof Fault) || pointer === undefined) throw error;
    let line: number | undefined;
    let part: unknown = json;
    for (const key of pointer.replace(/^#?\/?/, "").split("/")) {
      if (typeof part !== "object" || part === null) break;
      line = lines.get(part) ?? line;
      part = Reflect.get(part, key.replaceAll("~1", "/").replaceAll("~0", "~"));
    }
    if (typeof part === "object" && part !== null) line = lines.get(part) ?? line;
    throw line === undefined ? error : new Fault({ ...error.facts, where: `${where}:${line}` });
  }
}

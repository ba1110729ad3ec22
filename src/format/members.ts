import type { Json, JsonObject } from "../model/statement.ts";

/** The texts among a member's values: one value and a list of one mean the same in JSON-LD. */
export function textsOf(json: JsonObject, name: string): readonly string[] {
  return valuesOf(json, name).filter((one) => typeof one === "string");
}

export function textOf(json: JsonObject, name: string): string | undefined {
  return textsOf(json, name)[0];
}

/** The objects among a member's values. */
export function objectsOf(json: JsonObject, name: string): readonly JsonObject[] {
  return valuesOf(json, name).filter(
    (one): one is JsonObject => typeof one === "object" && one !== null && !Array.isArray(one),
  );
}

function valuesOf(json: JsonObject, name: string): readonly Json[] {
  const value = Object.hasOwn(json, name) ? json[name] : undefined;
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

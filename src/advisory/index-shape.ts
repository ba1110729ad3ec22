import type { Advisory, AffectedSymbols, RangeEvent } from "../model/advisory.ts";
import type { IndexMeta } from "./index-form.ts";

type Members = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isListOf<T>(value: unknown, is: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(is);
}

function isEvent(value: unknown): value is RangeEvent {
  if (!isObject(value)) return false;
  const names = Object.keys(value);
  return names.length === 1 && isString(value[names[0] ?? ""]);
}

function isRange(value: unknown): value is Advisory["ranges"][number] {
  return isObject(value) && isString(value["type"]) && isListOf(value["events"], isEvent);
}

function isSymbols(value: unknown): value is AffectedSymbols {
  return (
    isObject(value) &&
    isString(value["path"]) &&
    isListOf(value["symbols"], isString) &&
    ["systems", "architectures"].every((name) => value[name] === undefined || isListOf(value[name], isString))
  );
}

/** Whether a parsed body has the form that matching relies upon: an index may come from anywhere. */
export function isAdvisory(value: unknown): value is Advisory {
  return (
    isObject(value) &&
    ["id", "kind", "summary", "severity", "modified", "ecosystem", "name"].every((name) => isString(value[name])) &&
    ["aliases", "upstream", "versions", "vectors"].every((name) => isListOf(value[name], isString)) &&
    isListOf(value["ranges"], isRange) &&
    isListOf(value["symbols"], isSymbols) &&
    ["url", "published", "proof"].every((name) => value[name] === undefined || isString(value[name]))
  );
}

function isSource(value: unknown): value is IndexMeta["identity"]["sources"][number] {
  return isObject(value) && isString(value["name"]) && Number.isSafeInteger(value["records"]);
}

/** Whether the index describes itself as it must. */
export function isIndexMeta(value: unknown): value is IndexMeta {
  if (!isObject(value) || !isObject(value["identity"]) || !Number.isSafeInteger(value["advisories"])) return false;
  const { digest, modified, sources } = value["identity"];
  return isString(digest) && /^[0-9a-f]{64}$/.test(digest) && isString(modified) && isListOf(sources, isSource);
}

import type { Advisory, AffectedSymbols, IndexIdentity, RangeEvent } from "../model/advisory.ts";
import type { Revision, ScoreState, ShardState } from "./index-form.ts";

type Members = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isString(value: unknown): value is string {
  return typeof value === "string";
}

export function isListOf<T>(value: unknown, is: (item: unknown) => item is T): value is T[] {
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

function isDigest(value: unknown): value is string {
  return isString(value) && /^[0-9a-f]{64}$/.test(value);
}

function isSource(value: unknown): value is IndexIdentity["sources"][number] {
  return isObject(value) && isString(value["name"]) && Number.isSafeInteger(value["records"]);
}

function isShard(value: unknown): value is ShardState {
  return (
    isObject(value) &&
    isString(value["name"]) &&
    isDigest(value["digest"]) &&
    Number.isSafeInteger(value["records"]) &&
    (value["modified"] === null || isString(value["modified"])) &&
    isListOf(value["sources"], isSource)
  );
}

function isScores(value: unknown): value is ScoreState {
  return (
    isObject(value) && isDigest(value["digest"]) && Number.isSafeInteger(value["entries"]) && isString(value["date"])
  );
}

/** Whether the index describes a revision as it must. */
export function isRevision(value: unknown): value is Revision {
  return (
    isObject(value) &&
    isListOf(value["shards"], isShard) &&
    (value["kev"] === undefined || isScores(value["kev"])) &&
    (value["epss"] === undefined || isScores(value["epss"])) &&
    (value["at"] === undefined || isString(value["at"]))
  );
}

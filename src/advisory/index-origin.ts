import type { DatabaseSync } from "node:sqlite";
import { canonicalJson } from "../format/json.ts";
import type { Json } from "../model/statement.ts";
import { isListOf, isObject, isString } from "./index-shape.ts";

/** Where an index comes from, so that an update needs no words; no part of any digest. */
export interface Origin {
  readonly from: string;
  /** Absent: all. */
  readonly ecosystems?: readonly string[];
  readonly kev?: string;
  readonly epss?: string;
  readonly keep?: number;
  /** What the server called each list that was read to the end. */
  readonly tags?: Readonly<Record<string, string>>;
}

const isText = (value: unknown): boolean => value === undefined || isString(value);

function isOrigin(value: unknown): value is Origin {
  if (!isObject(value) || !isString(value["from"])) return false;
  const { ecosystems, kev, epss, keep, tags } = value;
  return (
    (ecosystems === undefined || isListOf(ecosystems, isString)) &&
    isText(kev) &&
    isText(epss) &&
    (keep === undefined || Number.isSafeInteger(keep)) &&
    (tags === undefined || (isObject(tags) && Object.values(tags).every(isString)))
  );
}

/** Undefined where the index does not know, as after an import. */
export function readOrigin(database: DatabaseSync): Origin | undefined {
  const text = database.prepare("SELECT value FROM meta WHERE key = 'origin'").get()?.["value"];
  const origin: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
  return isOrigin(origin) ? origin : undefined;
}

export function writeOrigin(database: DatabaseSync, origin: Origin): void {
  database.prepare("INSERT OR REPLACE INTO meta VALUES ('origin', ?)").run(canonicalJson(origin as unknown as Json));
}

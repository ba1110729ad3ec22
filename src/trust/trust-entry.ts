import { cleanText } from "../artifact/clean-text.ts";
import { parseTimestamp } from "../format/timestamp.ts";
import { describeValue } from "../format/yaml.ts";
import type { Timestamp } from "../model/digest.ts";
import { Fault, type FaultCode } from "../model/fault.ts";
import type { ConfigPlace } from "../model/policy.ts";
import { PREDICATE_TYPES } from "../model/statement.ts";
import type { BuildLevel, TrustEntry, TrustScope } from "../model/trust.ts";
import { readPublicKey } from "./keys.ts";
import { nearestWord } from "./nearest-word.ts";

/** Where a member stands in its file; `path` leads to it from the entry, as `["may", "predicates", 0]`. */
export type EntryPlace = (path: readonly (string | number)[]) => ConfigPlace;

type Path = readonly (string | number)[];
type Members = ReadonlyMap<string, unknown>;

const ENTRY_KEYS = ["name", "principal", "key", "keyFile", "may", "validFrom", "validUntil", "revoked"];
const MAY_KEYS = ["predicates", "subjects", "builders", "verifiers"];
const LEVELS: readonly BuildLevel[] = [
  "SLSA_BUILD_LEVEL_0",
  "SLSA_BUILD_LEVEL_1",
  "SLSA_BUILD_LEVEL_2",
  "SLSA_BUILD_LEVEL_3",
];
const MAX_ITEMS = 1_000;
const MAX_TEXT = 2_000;

/** Reads one entry's values, complaining with the line of each. */
class EntryReader {
  readonly place: EntryPlace;
  constructor(place: EntryPlace) {
    this.place = place;
  }

  fault(code: FaultCode, path: Path, what: string, expected: string, found: unknown, fix?: string): Fault {
    const { file, line } = this.place(path);
    return new Fault({
      code,
      kind: "input",
      what,
      where: `${cleanText(file, 300)}:${line}`,
      expected,
      found: cleanText(describeValue(found), 80),
      ...(fix === undefined ? {} : { fix }),
    });
  }

  value(path: Path, expected: string, found: unknown): Fault {
    const name = path.map(String).join(".");
    return this.fault(
      "WB-TRUST-VALUE",
      path,
      `${cleanText(name, 80) || "the trust entry"} is not usable`,
      expected,
      found,
    );
  }

  members(value: unknown, path: Path, allowed?: readonly string[]): Members {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.value(path, "a mapping", value);
    }
    const members = new Map<string, unknown>(Object.entries(value));
    for (const key of members.keys()) {
      if (allowed === undefined || allowed.includes(key)) continue;
      const near = nearestWord(key, allowed);
      const fix = near === undefined ? `the keys are ${allowed.join(", ")}` : `did you mean ${near}?`;
      const what = `the trust entry has an unknown key ${JSON.stringify(cleanText(key, 40))}`;
      throw this.fault("WB-TRUST-UNKNOWN-KEY", [...path, key], what, allowed.join(", "), key, fix);
    }
    return members;
  }

  text(value: unknown, path: Path): string {
    if (typeof value === "string" && value !== "" && value.length <= MAX_TEXT) return value;
    throw this.value(path, "a text", value);
  }

  patterns(value: unknown, path: Path): readonly string[] {
    if (value === undefined) return [];
    if (!Array.isArray(value) || value.length > MAX_ITEMS) throw this.value(path, "a list of patterns", value);
    return value.map((item: unknown, index) => this.text(item, [...path, index]));
  }

  time(value: unknown, path: Path): Timestamp {
    // A bare date is its first moment: an entry valid until a day ends where that day begins.
    const text = typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value;
    const time = typeof text === "string" ? parseTimestamp(text) : undefined;
    if (time === undefined) throw this.value(path, "a time as 2026-11-23T10:00:00Z, or a date", value);
    return time;
  }
}

function readBuilders(reader: EntryReader, value: unknown): TrustScope["builders"] {
  if (value === undefined) return {};
  const path = ["may", "builders"];
  const levels: [string, BuildLevel][] = [];
  for (const [id, level] of reader.members(value, path)) {
    const known = LEVELS.find((one) => one === level);
    if (known === undefined) throw reader.value([...path, id], LEVELS.join(", "), level);
    levels.push([id, known]);
  }
  return Object.fromEntries(levels);
}

function readPredicates(reader: EntryReader, value: unknown): readonly string[] {
  const names = Object.keys(PREDICATE_TYPES);
  return reader.patterns(value, ["may", "predicates"]).map((word, index) => {
    // A short name that nobody knows would silently allow nothing.
    if (word.includes("*") || word.includes(":") || names.includes(word)) return word;
    const near = nearestWord(word, names);
    const place = ["may", "predicates", index];
    const fix = near === undefined ? "write the whole URI of another predicate type" : `did you mean ${near}?`;
    const what = `there is no predicate type ${JSON.stringify(cleanText(word, 40))}`;
    throw reader.fault("WB-TRUST-VALUE", place, what, `${names.join(", ")}, a URI, or a pattern with *`, word, fix);
  });
}

function readScope(reader: EntryReader, value: unknown): TrustScope {
  const may = reader.members(value, ["may"], MAY_KEYS);
  return {
    predicates: readPredicates(reader, may.get("predicates")),
    subjects: reader.patterns(may.get("subjects"), ["may", "subjects"]),
    builders: readBuilders(reader, may.get("builders")),
    verifiers: reader.patterns(may.get("verifiers"), ["may", "verifiers"]),
  };
}

function readRevoked(reader: EntryReader, value: unknown): NonNullable<TrustEntry["revoked"]> {
  const members = reader.members(value, ["revoked"], ["at", "reason"]);
  const reason = members.get("reason");
  if (reason !== "compromise" && reason !== "superseded") {
    throw reader.value(["revoked", "reason"], "compromise or superseded", reason);
  }
  return { at: reader.time(members.get("at"), ["revoked", "at"]), reason };
}

function readIdentity(
  reader: EntryReader,
  members: Members,
  readKeyFile: ((path: string) => string) | undefined,
): TrustEntry["identity"] {
  const [key, keyFile] = [members.get("key"), members.get("keyFile")];
  if ((key === undefined) === (keyFile === undefined)) {
    throw reader.value([key === undefined ? "name" : "key"], "exactly one of key (PEM) and keyFile", key ?? keyFile);
  }
  const path = [key === undefined ? "keyFile" : "key"];
  if (key === undefined && readKeyFile === undefined) throw reader.value(path, "key: the PEM itself, here", keyFile);
  const { file, line } = reader.place(path);
  const named = reader.text(key ?? keyFile, path);
  const pem = key === undefined && readKeyFile !== undefined ? readKeyFile(named) : named;
  const { keyId, publicKeyPem } = readPublicKey(pem, key === undefined ? named : `${file}:${line}`);
  return { kind: "key", keyId, publicKeyPem };
}

/**
 * Reads one trust entry from parsed YAML or JSON: `{name, principal?, key: PEM | keyFile: relative path, may: {predicates, subjects,
 * builders: {ID: SLSA_BUILD_LEVEL_n}, verifiers}, validFrom?, validUntil?, revoked?: {at, reason}}`. An absent list under `may`
 * allows nothing. `readKeyFile` gives the PEM that a `keyFile` names; without it only `key` is taken. Used for trust files and
 * for the `trust:` block of a policy.
 *
 * Throws `WB-TRUST-UNKNOWN-KEY` and `WB-TRUST-VALUE` with `file:line`, `WB-KEY-FORM`, and what `readKeyFile` throws.
 */
export function trustEntryFromValue(
  value: unknown,
  place: EntryPlace,
  readKeyFile?: (path: string) => string,
): TrustEntry {
  const reader = new EntryReader(place);
  const members = reader.members(value, [], ENTRY_KEYS);
  const name = reader.text(members.get("name"), ["name"]);
  const validFrom = members.get("validFrom");
  const validUntil = members.get("validUntil");
  const revoked = members.get("revoked");
  return {
    name,
    principal: members.has("principal") ? reader.text(members.get("principal"), ["principal"]) : name,
    identity: readIdentity(reader, members, readKeyFile),
    scope: readScope(reader, members.get("may")),
    ...(validFrom === undefined ? {} : { validFrom: reader.time(validFrom, ["validFrom"]) }),
    ...(validUntil === undefined ? {} : { validUntil: reader.time(validUntil, ["validUntil"]) }),
    ...(revoked === undefined ? {} : { revoked: readRevoked(reader, revoked) }),
  };
}

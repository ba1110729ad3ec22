import type { AffectedRange, AffectedSymbols, FindingKind, RangeEvent } from "../model/advisory.ts";
import type { Json } from "../model/statement.ts";
import { Fault } from "../model/fault.ts";
import { isArray } from "./json.ts";
import { readKind, readVectors } from "./osv-rating.ts";
import { asString, Fields, formFault, type Place } from "./shape.ts";

/** What one `affected` entry says about its package. */
export interface Affected {
  readonly ecosystem: string;
  readonly name: string;
  readonly kind: FindingKind;
  readonly ranges: readonly AffectedRange[];
  readonly versions: readonly string[];
  readonly vectors: readonly string[];
  readonly symbols: readonly AffectedSymbols[];
  readonly fields: Fields;
}

/** Takes what is wrong with one part of a record, which is then read without it. */
export type Tell = (problem: Fault) => void;

/** An absent list is an empty one; an item that cannot be read is told and left out, one that gives nothing is left out. */
export function readEach<T>(
  fields: Fields,
  name: string,
  read: (item: Json, place: Place) => T | undefined,
  tell: Tell,
): T[] {
  const items = fields.optionalList(name, (item, place) => attempt(() => read(item, place), tell));
  return items.filter((item) => item !== undefined);
}

/** What a step gives; undefined where it finds something that cannot be read, which is told. */
export function attempt<T>(step: () => T, tell: Tell): T | undefined {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    tell(error);
    return undefined;
  }
}

/**
 * Reads one entry of `affected`; undefined for an entry without a package (bare git ranges). A range or rating that cannot be
 * read is told and left out: the rest still holds.
 */
export function readAffected(value: Json, place: Place, tell: Tell): Affected | undefined {
  const fields = new Fields(value, place);
  const pkg = fields.optionalObject("package");
  if (pkg === undefined) return undefined;
  const lastKnown = fields.optionalObject("database_specific")?.get("last_known_affected_version_range");
  return {
    ecosystem: visible(pkg, "ecosystem"),
    name: visible(pkg, "name"),
    kind: readKind(fields),
    ranges: readEach(fields, "ranges", (range, at) => closeRange(readRange(range, at), lastKnown), tell),
    versions: fields.optionalList("versions", asString),
    vectors: attempt(() => readVectors(fields), tell) ?? [],
    symbols: attempt(() => readSymbols(fields), tell) ?? [],
    fields,
  };
}

/** Text that could show as another one names no package. */
function visible(fields: Fields, name: string): string {
  const text = fields.string(name);
  if (/\p{C}/u.test(text)) throw fields.fault(name, "a text without control characters");
  return text;
}

/** Go's way to say which code is affected (golang/vulndb, doc/format.md: `ecosystem_specific.imports`). */
function readSymbols(affected: Fields): readonly AffectedSymbols[] {
  const imports = affected.optionalObject("ecosystem_specific")?.get("imports");
  if (imports === undefined || !isArray(imports)) return [];
  return imports.map((value, index) => {
    const fields = new Fields(value, {
      ...affected.place,
      path: `${affected.place.path}/ecosystem_specific/imports/${index}`,
    });
    const systems = fields.optionalList("goos", asString);
    const architectures = fields.optionalList("goarch", asString);
    return {
      path: fields.optionalString("path") ?? "",
      symbols: fields.optionalList("symbols", asString),
      ...(systems.length > 0 && { systems }),
      ...(architectures.length > 0 && { architectures }),
    };
  });
}

function readRange(value: Json, place: Place): AffectedRange {
  const fields = new Fields(value, place);
  return { type: fields.oneOf("type", ["SEMVER", "ECOSYSTEM", "GIT"]), events: fields.list("events", readEvent) };
}

const EVENTS = ["introduced", "fixed", "last_affected", "limit"] as const;

/** Members that the schema does not name are allowed; an event without a known one cannot be evaluated, nor one with two. */
function readEvent(value: Json, place: Place): RangeEvent {
  const fields = new Fields(value, place);
  const [kind, second] = EVENTS.filter((name) => fields.has(name));
  if (kind === undefined || second !== undefined)
    throw formFault(place, `an object with one of ${EVENTS.join(", ")}`, value);
  const version = fields.string(kind);
  switch (kind) {
    case "introduced":
      return { introduced: version };
    case "fixed":
      return { fixed: version };
    case "last_affected":
      return { last_affected: version };
    case "limit":
      return { limit: version };
  }
}

/**
 * GitHub writes `introduced` alone where no fix is published, and the end of what is known to be affected only into
 * `database_specific`. Without it every later version would be a finding. `< x` becomes a limit: x is not called a fix.
 */
function closeRange(range: AffectedRange, lastKnown: Json | undefined): AffectedRange {
  if (range.type === "GIT" || typeof lastKnown !== "string") return range;
  if (range.events.some((event) => !("introduced" in event))) return range;
  const bound = /^(<=?) *([^\s,]{1,100})$/.exec(lastKnown.trim());
  const [, sign, version] = bound ?? [];
  if (version === undefined) return range;
  return { ...range, events: [...range.events, sign === "<=" ? { last_affected: version } : { limit: version }] };
}

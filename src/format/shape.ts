import { Fault, type FaultCode } from "../model/fault.ts";
import type { Json, JsonObject } from "../model/statement.ts";
import type { Timestamp } from "../model/digest.ts";
import { cleanText } from "../artifact/clean-text.ts";
import { isArray } from "./json.ts";
import { parseTimestamp } from "./timestamp.ts";

/** Where a value stands: `where` names the document, `path` is the JSON pointer (RFC 6901) in it, `code` the fault's. */
export interface Place {
  readonly where: string;
  readonly path: string;
  readonly code: FaultCode;
}

/** The fault for a value that is not what the form demands. */
export function formFault(place: Place, expected: string, found: Json | undefined): Fault {
  return new Fault({
    code: place.code,
    kind: "input",
    what: `${place.path === "" ? "the document" : cleanText(place.path, 120)} is not ${expected}`,
    where: `${place.where}${place.path === "" ? "" : `#${cleanText(place.path, 120)}`}`,
    expected,
    found: describe(found),
  });
}

function describe(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return `"${cleanText(value, 60)}"`;
  if (isArray(value)) return `a list of ${value.length}`;
  return value !== null && typeof value === "object" ? "an object" : String(value);
}

/** The JSON pointer (RFC 6901) of a member or an item below another. */
export function below(path: string, key: string | number): string {
  return typeof key === "number" ? `${path}/${key}` : `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The place of a member or an item. */
export function within(place: Place, key: string | number): Place {
  return { ...place, path: below(place.path, key) };
}

/** Documents have this code unless their form has one of its own. */
export function rootPlace(where: string, code: FaultCode = "WB-DOCUMENT-FORM"): Place {
  return { where, path: "", code };
}

/**
 * Reads members of a JSON object of unknown shape. A method throws the place's code with the JSON pointer where the value is
 * not of the named kind; an `optional…` one gives undefined where it is absent (or null). Inherited names are not seen.
 */
export class Fields {
  readonly place: Place;
  readonly raw: JsonObject;

  constructor(value: Json | undefined, place: Place) {
    if (value === undefined || value === null || typeof value !== "object" || isArray(value)) {
      throw formFault(place, "an object", value);
    }
    this.raw = value;
    this.place = place;
  }

  /** The value as it is; undefined where it is absent. */
  get(name: string): Json | undefined {
    return Object.hasOwn(this.raw, name) ? this.raw[name] : undefined;
  }

  at(name: string): Place {
    return within(this.place, name);
  }

  fault(name: string, expected: string): Fault {
    return formFault(this.at(name), expected, this.get(name));
  }

  has(name: string): boolean {
    const value = this.get(name);
    return value !== undefined && value !== null;
  }

  string(name: string): string {
    const value = this.get(name);
    if (typeof value !== "string" || value === "") throw this.fault(name, "a text that is not empty");
    return value;
  }

  /** A text that may be empty. */
  text(name: string): string {
    return asString(this.get(name) ?? null, this.at(name));
  }

  optionalString(name: string): string | undefined {
    if (!this.has(name)) return undefined;
    const value = this.get(name);
    if (typeof value !== "string") throw this.fault(name, "a text");
    return value;
  }

  oneOf<const T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.get(name);
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw this.fault(name, `one of ${allowed.join(", ")}`);
    return found;
  }

  /** RFC 3339; given back in UTC with a `Z`. */
  timestamp(name: string): Timestamp {
    const value = this.get(name);
    const time = typeof value === "string" ? parseTimestamp(value) : undefined;
    if (time === undefined) throw this.fault(name, "a time (RFC 3339)");
    return time;
  }

  optionalTimestamp(name: string): Timestamp | undefined {
    return this.has(name) ? this.timestamp(name) : undefined;
  }

  object(name: string): Fields {
    return new Fields(this.get(name), this.at(name));
  }

  optionalObject(name: string): Fields | undefined {
    return this.has(name) ? this.object(name) : undefined;
  }

  /** Each item of a list with its place. An absent list is an empty one only for `optionalList`. */
  list<T>(name: string, read: (item: Json, place: Place) => T): T[] {
    const value = this.get(name);
    if (value === undefined || !isArray(value)) throw this.fault(name, "a list");
    const place = this.at(name);
    return value.map((item, index) => read(item, within(place, index)));
  }

  optionalList<T>(name: string, read: (item: Json, place: Place) => T): T[] {
    return this.has(name) ? this.list(name, read) : [];
  }

  /** For forms of our own, where an unknown name is a mistake and not an extension. */
  only(names: readonly string[]): this {
    for (const name of Object.keys(this.raw)) {
      if (!names.includes(name)) throw formFault(this.at(name), `one of the names ${names.join(", ")}`, this.get(name));
    }
    return this;
  }
}

/** For lists of texts. */
export function asString(value: Json, place: Place): string {
  if (typeof value !== "string") throw formFault(place, "a text", value);
  return value;
}

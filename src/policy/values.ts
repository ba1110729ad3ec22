import { cleanText } from "../artifact/clean-text.ts";
import { parseTimestamp } from "../format/timestamp.ts";
import { describeValue } from "../format/yaml.ts";
import type { Timestamp } from "../model/digest.ts";
import { Fault, type FaultCode } from "../model/fault.ts";
import type { ConfigPlace } from "../model/policy.ts";
import { nearestWord } from "../trust/nearest-word.ts";
import type { PlaceOf } from "./rule.ts";

const DURATION = /^(\d{1,5})(m|h|d|w)$/;
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** A span of time as the file writes it (`14d`), with its length in milliseconds. */
export interface Duration {
  readonly text: string;
  readonly ms: number;
}

/** The fault for a place of a policy file. */
export function policyFault(
  code: FaultCode,
  place: ConfigPlace,
  what: string,
  more: { readonly expected?: string; readonly found?: string; readonly fix?: string } = {},
): Fault {
  return new Fault({ code, kind: "input", what, where: `${place.file}:${place.line}`, ...more });
}

function described(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(cleanText(value, 60)) : describeValue(value);
}

/** `WB-POLICY-VALUE` for a value that is not what the form demands. */
export function badValue(place: ConfigPlace, name: string, expected: string, found: unknown, fix?: string): Fault {
  return policyFault("WB-POLICY-VALUE", place, `${cleanText(name, 60)} is not ${expected}`, {
    expected,
    found: described(found),
    ...(fix !== undefined && { fix }),
  });
}

/** Whether a value is a mapping (and no list). */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A date (`2027-01-15`, its first moment in UTC) or an RFC 3339 time; undefined for anything else. */
export function readTime(value: unknown): Timestamp | undefined {
  if (typeof value !== "string") return undefined;
  return parseTimestamp(DATE.test(value) ? `${value}T00:00:00Z` : value);
}

/** `90m`, `12h`, `14d`, `2w`; undefined for anything else. */
export function readDuration(value: unknown): Duration | undefined {
  const match = typeof value === "string" ? DURATION.exec(value) : null;
  if (match === null) return undefined;
  return { text: match[0], ms: Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS] };
}

/**
 * Reads a mapping of known keys. Each method gives undefined where the key is absent and throws `WB-POLICY-VALUE` with
 * file and line where the value is not of its kind.
 */
export class Keys {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #place: PlaceOf;

  /** Throws `WB-POLICY-VALUE` for what is no mapping and `WB-POLICY-UNKNOWN-KEY` for a key that is not `known`. */
  constructor(value: unknown, place: PlaceOf, owner: string, known: readonly string[]) {
    if (value !== undefined && value !== null && !isMapping(value)) {
      throw badValue(place([]), owner, known.length === 0 ? "a mapping" : `a mapping of ${known.join(", ")}`, value);
    }
    this.#value = value ?? {};
    this.#place = place;
    for (const key of Object.keys(this.#value)) {
      if (!known.includes(key)) throw unknownKey(place([key]), owner, key, known);
    }
  }

  get(key: string): unknown {
    const value = Object.hasOwn(this.#value, key) ? this.#value[key] : undefined;
    return value === null ? undefined : value;
  }

  at(key: string, index?: number): ConfigPlace {
    return this.#place(index === undefined ? [key] : [key, index]);
  }

  fault(key: string, expected: string, fix?: string): Fault {
    return badValue(this.at(key), key, expected, this.get(key), fix);
  }

  #read<T>(key: string, expected: string, read: (value: unknown) => T | undefined): T | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    const result = read(value);
    if (result === undefined) throw this.fault(key, expected);
    return result;
  }

  text(key: string): string | undefined {
    return this.#read(key, "a text that is not empty", (value) =>
      typeof value === "string" && value.trim() !== "" && value.length <= 4096 ? value : undefined,
    );
  }

  flag(key: string): boolean | undefined {
    return this.#read(key, "true or false", (value) => (typeof value === "boolean" ? value : undefined));
  }

  /** A whole number from `least` to 10,000. */
  count(key: string, least: number): number | undefined {
    return this.#read(key, `a whole number from ${least}`, (value) =>
      typeof value === "number" && Number.isInteger(value) && value >= least && value <= 10_000 ? value : undefined,
    );
  }

  duration(key: string): Duration | undefined {
    return this.#read(key, "a span of time such as 12h, 14d or 2w", readDuration);
  }

  time(key: string): Timestamp | undefined {
    return this.#read(key, "a date such as 2027-01-15 or an RFC 3339 time", readTime);
  }

  word<const T extends string>(key: string, words: readonly T[]): T | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw this.fault(key, `one of ${words.join(", ")}`, suggestion(value, words));
  }

  texts(key: string): readonly string[] | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw this.fault(key, "a list of texts");
    return value.map((item: unknown, index) => {
      if (typeof item === "string" && item.trim() !== "" && item.length <= 4096) return item;
      throw badValue(this.at(key, index), `${key}[${index}]`, "a text that is not empty", item);
    });
  }

  words<const T extends string>(key: string, words: readonly T[]): readonly T[] | undefined {
    return this.texts(key)?.map((item, index) => {
      const found = words.find((word) => word === item);
      if (found !== undefined) return found;
      const fix = suggestion(item, words);
      throw badValue(this.at(key, index), `${key}[${index}]`, `one of ${words.join(", ")}`, item, fix);
    });
  }
}

function suggestion(value: unknown, words: readonly string[]): string | undefined {
  const near = typeof value === "string" ? nearestWord(value, words) : undefined;
  return near === undefined ? undefined : `did you mean ${near}?`;
}

function unknownKey(place: ConfigPlace, owner: string, key: string, known: readonly string[]): Fault {
  const near = nearestWord(key, known);
  return policyFault("WB-POLICY-UNKNOWN-KEY", place, `${owner} has no key ${JSON.stringify(cleanText(key, 60))}`, {
    expected: known.length === 0 ? "no keys" : known.join(", "),
    found: cleanText(key, 60),
    fix: near === undefined ? "waybill policy explain prints every rule with its keys" : `did you mean ${near}?`,
  });
}

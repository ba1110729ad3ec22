import { isCpe } from "../../artifact/cpe.ts";
import { SPDX_EXCEPTION_IDS, SPDX_LICENCE_IDS } from "../../artifact/spdx-ids.ts";
import type { Dialect, NumberType, TextType } from "./form.ts";

/** Longer texts than any real value of that kind: they are refused before a pattern sees them. */
const MAX_PATTERN = 65_536;

const JSON_TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt\s](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d)(?::?(\d\d))?)$/;
/** xs:dateTime: the zone may be absent, a year may be longer or negative. */
const XML_TIME = /^-?(\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-](\d\d):(\d\d))?$/;
const JSON_DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const XML_DATE = /^-?(\d{4,})-(\d\d)-(\d\d)(?:Z|[+-]\d\d:\d\d)?$/;
/** RFC 3987 as far as it decides on single characters: what no IRI has, unescaped. */
const NO_IRI = /[\s\u0000-\u0020<>"{}|\\^`\u007f-\u009f]|%(?![0-9a-fA-F]{2})/;
/** A colon in the first segment is that of a scheme (RFC 3986, section 4.2). */
const NO_SCHEME = /^(?![A-Za-z][A-Za-z0-9+.-]*:)[^/?#]*:/;
const EMAIL = /^[^\s@]+@[^\s@]+$/;

let licenceIds: ReadonlySet<string> | undefined;

/** What is expected of a text and not so; undefined where it is well. */
export function checkText(type: TextType, value: string, dialect: Dialect): string | undefined {
  if (type.values !== undefined) {
    const since = type.values.get(value);
    if (since !== undefined && since <= dialect.version) return undefined;
    const known = [...type.values].filter(([, from]) => from <= dialect.version).map(([word]) => word);
    const shown =
      known.length > 16 ? `${known.slice(0, 16).join(", ")} and ${known.length - 16} more` : known.join(", ");
    return `one of ${shown}`;
  }
  if (type.minLength !== undefined && value.length < type.minLength) return "a text that is not empty";
  if (type.maxLength !== undefined && value.length > type.maxLength && [...value].length > type.maxLength) {
    return `at most ${type.maxLength} characters`;
  }
  if (type.pattern !== undefined && (value.length > MAX_PATTERN || !type.pattern.test(value))) return type.says;
  return type.format === undefined ? undefined : checkFormat(type.format, value, dialect);
}

function checkFormat(
  format: NonNullable<TextType["format"]>,
  value: string,
  { syntax, version }: Dialect,
): string | undefined {
  const json = syntax === "json";
  switch (format) {
    case "time":
      return isTime((json ? JSON_TIME : XML_TIME).exec(value), json) ? undefined : "a time, as 2026-01-31T12:00:00Z";
    case "date":
      return isDay((json ? JSON_DATE : XML_DATE).exec(value)) ? undefined : "a day, as 2026-01-31";
    case "iri":
      // xs:anyURI takes what can be escaped; JSON demands the form since 1.3.
      return (!NO_SCHEME.test(value) && (!json || !NO_IRI.test(value))) || (json && version === "1.2")
        ? undefined
        : "a URL, URN or reference (RFC 3987)";
    case "email":
      return !json || version < "1.4" || EMAIL.test(value) ? undefined : "an email address";
    case "licence":
      licenceIds ??= new Set(`${SPDX_LICENCE_IDS} ${SPDX_EXCEPTION_IDS}`.split(/\s+/).filter((id) => id !== ""));
      return licenceIds.has(value) ? undefined : "an identifier of the SPDX License List";
    case "cpe":
      return json || isCpe(value) ? undefined : "a CPE name (cpe:2.3:… or cpe:/…)";
  }
}

function isDay(match: RegExpExecArray | null): boolean {
  if (match === null) return false;
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  if (month < 1 || month > 12 || day < 1) return false;
  // The year 2000 has all days; Date.UTC takes years below 100 for others.
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= new Date(Date.UTC(leap ? 2000 : 2001, month, 0)).getUTCDate();
}

function isTime(match: RegExpExecArray | null, json: boolean): boolean {
  if (match === null || !isDay(match)) return false;
  const [hour, minute, second] = match.slice(4, 7).map(Number) as [number, number, number];
  const [zoneHour, zoneMinute] = match.slice(7, 9).map((text) => Number(text ?? 0)) as [number, number];
  const zone = zoneHour <= (json ? 23 : 14) && zoneMinute <= 59;
  if (!json && hour === 24) return zone && minute === 0 && second === 0;
  return zone && hour <= 23 && minute <= 59 && second <= (json ? 60 : 59);
}

/** As `checkText` for a number. */
export function checkNumber(type: NumberType, value: number): string | undefined {
  const whole = !type.integer || Number.isInteger(value);
  const low = type.min === undefined || value >= type.min;
  const high = type.max === undefined || value <= type.max;
  if (whole && low && high && Number.isFinite(value)) return undefined;
  const range =
    type.min === undefined
      ? ""
      : type.max === undefined
        ? `, at least ${type.min}`
        : ` from ${type.min} to ${type.max}`;
  return `${type.integer ? "a whole number" : "a number"}${range}`;
}

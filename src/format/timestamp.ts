import type { Timestamp } from "../model/digest.ts";

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i;

/**
 * An RFC 3339 time as UTC with a `Z`; undefined for any other text and for days that no calendar has. A fraction stays,
 * without closing zeros, so that equal times are equal texts.
 */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, fraction = ""] = match;
  // Date takes 30 February for 1 March.
  if (Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()) return undefined;
  const time = new Date(text.toUpperCase());
  if (Number.isNaN(time.getTime()) || time.getUTCFullYear() < 0 || time.getUTCFullYear() > 9999) return undefined;
  const rest = fraction.replace(/0+$/, "");
  return `${time.toISOString().slice(0, 19)}${rest.length > 1 ? rest : ""}Z`;
}

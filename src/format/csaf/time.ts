/** RFC 3339, with the lower-case letters that it allows and the leap second. */
const TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** A moment to any fraction of a second: texts of equal moments in different zones are equal. */
export interface Instant {
  /** Seconds since 1970-01-01T00:00:00Z; a leap second is the first one of the next minute. */
  readonly seconds: number;
  /** Digits of the fraction without closing zeros. */
  readonly fraction: string;
}

/** Undefined for what is no RFC 3339 time. */
export function parseInstant(text: string | undefined): Instant | undefined {
  const match = text === undefined ? null : TIME.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [fraction = "", sign, zoneHour = "0", zoneMinute = "0"] = match.slice(7);
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return undefined;
  // Date takes 30 February for 1 March, and years below 100 for others.
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCDate() !== day || Number(zoneHour) > 23 || Number(zoneMinute) > 59) return undefined;
  const zone = (sign === "-" ? -1 : 1) * (Number(zoneHour) * 60 + Number(zoneMinute));
  // A leap second ends a day of UTC (RFC 3339, 5.7).
  if (second === 60 && (hour * 60 + minute - zone + 1440) % 1440 !== 1439) return undefined;
  return {
    seconds: date.getTime() / 1000 + hour * 3600 + (minute - zone) * 60 + second,
    fraction: fraction.replace(/0+$/, ""),
  };
}

/** Negative where `one` is earlier. */
export function compareInstants(one: Instant, other: Instant): number {
  if (one.seconds !== other.seconds) return one.seconds - other.seconds;
  // Fractions compare as texts: .5 is after .49.
  return one.fraction < other.fraction ? -1 : one.fraction === other.fraction ? 0 : 1;
}

/** Both ends of a list of times; undefined for an empty one. */
export function latest(times: readonly Instant[]): Instant | undefined {
  let found: Instant | undefined;
  for (const time of times) if (found === undefined || compareInstants(found, time) < 0) found = time;
  return found;
}

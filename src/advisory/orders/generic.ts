import type { VersionOrder } from "../../model/advisory.ts";
import { byValue, comparePadded, natural } from "./natural.ts";
import { orderOf } from "./order-of.ts";

/** VERS `intdot`: numbers between dots; what follows the first other character is not read (vers-spec, "Special VERS types"). */
export const intdotOrder: VersionOrder = orderOf({
  ecosystem: "intdot",
  parse: (text) => /^[0-9]+(?:\.[0-9]+)*/.exec(text)?.[0].split(".").map(natural),
  compare: comparePadded,
});

/** RFC 3339, section 5.6; capital `T` and `Z` as VERS demands. */
const DATE_TIME = /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?(Z|[+-][0-9]{2}:[0-9]{2})$/;

/** VERS `datetime`: points in time. */
export const datetimeOrder: VersionOrder = orderOf({
  ecosystem: "datetime",
  parse(text) {
    const match = DATE_TIME.exec(text);
    const seconds = match === null ? Number.NaN : Date.parse(`${match[1]}${match[3]}`);
    return Number.isNaN(seconds) ? undefined : { seconds, fraction: (match?.[2] ?? "").replace(/0+$/, "") };
  },
  compare: (a, b) => byValue(a.seconds, b.seconds) || byValue(a.fraction, b.fraction),
});

/** VERS `lexicographic`: the bytes of the text in UTF-8. */
export const lexicographicOrder: VersionOrder = orderOf({
  ecosystem: "lexicographic",
  parse: (text) => (text === "" ? undefined : Buffer.from(text)),
  compare: (a, b) => Buffer.compare(a, b),
});

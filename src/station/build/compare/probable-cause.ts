import type { Cause } from "./causes.ts";
import { byCodeUnit } from "../../../artifact/entry-path.ts";
import type { Line } from "./first-difference.ts";

type ContentCause = Extract<Cause, `content${string}`>;

/** What a word looks like; the first that fits both sides. Each is linear: no nested repetition. */
const SHAPES: readonly (readonly [ContentCause, RegExp])[] = [
  ["content-path", /^(?:file:\/\/)?(?:\/[^/\s]+\/|[A-Za-z]:[\\/])/],
  ["content-time", /\b(?:19|20)\d\d-\d\d-\d\d|\b\d\d:\d\d:\d\d\b|^\D{0,2}1\d{9}(?:\d{3})?\D{0,2}$/],
  ["content-random", /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i],
];
const TIME_NEAR = /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.{0,12}\b(?:19|20)\d\d\b|\b(?:time|date|built|generated)\b/i;
const HOST_NEAR = /\b(?:host(?:name)?|machine|computer|user(?:name)?|built.?by|builder)\b/i;
const RANDOM = /^[\w+/=.-]*(?:[0-9a-f]{16}|[\w+/]{20})[\w+/=.-]*$/i;

/** A guess why two texts differ, from the first differing line; the plain facts come first. */
export function probableCause(a: Buffer, b: Buffer, left: Line, right: Line): ContentCause {
  const [first, second] = [a.toString("utf8"), b.toString("utf8")];
  if (first.replaceAll("\r\n", "\n") === second.replaceAll("\r\n", "\n")) return "content-line-ends";
  if (a.length === b.length && sorted(first) === sorted(second)) return "content-order";
  for (const [cause, shape] of SHAPES) if (shape.test(left.word) && shape.test(right.word)) return cause;
  if (HOST_NEAR.test(left.shown) && HOST_NEAR.test(right.shown)) return "content-host";
  if (TIME_NEAR.test(left.shown) && TIME_NEAR.test(right.shown) && /\d/.test(left.word + right.word))
    return "content-time";
  return RANDOM.test(left.word) && RANDOM.test(right.word) ? "content-random" : "content";
}

function sorted(text: string): string {
  // A last line without a comma is the usual effect of another order in JSON.
  return text
    .split("\n")
    .map((line) => line.replace(/,$/, ""))
    .sort(byCodeUnit)
    .join("\n");
}

import { isUtf8 } from "node:buffer";
import { cleanText } from "../../../artifact/clean-text.ts";
import type { Pair } from "./pair.ts";
import { firstDifference, lineAround } from "./first-difference.ts";
import { probableCause } from "./probable-cause.ts";
import type { Differences } from "./record.ts";

/** Texts up to here are looked at for causes; of longer ones only the first difference is told. */
const TEXT_BYTES = 8 * (1 << 20);
const REASONS: Readonly<Record<ReturnType<typeof probableCause>, string>> = {
  "content-path": "probably an absolute path of the build",
  "content-time": "probably a time stamp",
  "content-host": "probably a host or user name",
  "content-random": "probably a random value",
  "content-order": "the same lines in another order",
  "content-line-ends": "other line ends only",
  content: "",
};

/** Records why two contents differ: the first differing line of texts with its probable cause, else the first byte. */
export function compareContent(pair: Pair, found: Differences, note?: string): void {
  const { path, archive } = pair;
  const a = Buffer.from(pair.a.buffer, pair.a.byteOffset, pair.a.byteLength);
  const b = Buffer.from(pair.b.buffer, pair.b.byteOffset, pair.b.byteLength);
  const noted = note === undefined ? "" : `; ${cleanText(note)}`;
  const at = firstDifference(a, b);
  if (a.length > TEXT_BYTES || b.length > TEXT_BYTES || !isText(a) || !isText(b)) {
    const sizes = a.length === b.length ? `${a.length} bytes` : `${a.length} bytes against ${b.length}`;
    found.differ("content", archive, path, `${sizes}, differ from byte ${at} on${noted}`);
    return;
  }
  const [left, right] = [lineAround(a, at), lineAround(b, at)];
  const cause = probableCause(a, b, left, right);
  const reason = REASONS[cause] === "" ? "" : `; ${REASONS[cause]}`;
  const shown = `line ${left.line}: «${cleanText(left.shown, 120)}» against «${cleanText(right.shown, 120)}»`;
  found.differ(cause, archive, path, `${shown}${reason}${noted}`);
}

function isText(bytes: Buffer): boolean {
  return !bytes.subarray(0, 8192).includes(0) && isUtf8(bytes);
}

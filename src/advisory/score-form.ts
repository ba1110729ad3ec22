import { createHash } from "node:crypto";
import { sha256 } from "../artifact/digest.ts";
import { canonicalJson } from "../format/json.ts";
import type { EpssTable } from "../format/epss.ts";
import type { Exploited } from "../model/advisory.ts";
import type { DigestHex } from "../model/digest.ts";
import { readVarints, writeVarints } from "./varint.ts";

export interface CveNumber {
  readonly year: number;
  readonly number: number;
}

/** A CVE of a chunk. Numbers are hundred-thousandths, as FIRST publishes. `percentile` only where the curve says another. */
export interface ChunkEntry {
  readonly number: number;
  readonly score: number;
  readonly percentile?: number;
}

/** FIRST gives five digits. */
export const UNIT = 100_000;
const CHUNK_NUMBERS = 1000;

/** Under which key a CVE's score lies: those of a thousand numbers of a year together. */
export function chunkOf({ year, number }: CveNumber): string {
  return `${year}-${Math.floor(number / CHUNK_NUMBERS)}`;
}

/** SHA-256 over the canonical JSON of the entries sorted by CVE. */
export function kevDigest(entries: readonly Exploited[]): DigestHex {
  return sha256(kevText(entries));
}

export function kevText(entries: readonly Exploited[]): string {
  return canonicalJson(
    entries.map(({ cve, added, due, ransomware }) => ({ cve, added, ...(due !== undefined && { due }), ransomware })),
  );
}

/** SHA-256 over the date and each `YEAR-NUMBER SCORE PERCENTILE` (hundred-thousandths), sorted, a line each. */
export function epssDigest({ date, rows }: EpssTable): DigestHex {
  const digest = createHash("sha256").update(`${date}\n`);
  let lines = "";
  for (const { year, number, score, percentile } of rows) {
    lines += `${year}-${number} ${score} ${percentile}\n`;
    if (lines.length < 65_536) continue;
    digest.update(lines);
    lines = "";
  }
  return digest.update(lines).digest("hex");
}

/**
 * A percentile is the rank of a score, so that one table of score and percentile serves all CVEs: of a new day this curve and
 * the scores that moved are new, and not every row. Where a file says otherwise, the first percentile of a score is the curve's.
 */
export function curveOf({ rows }: EpssTable): ReadonlyMap<number, number> {
  const curve = new Map<number, number>();
  for (const { score, percentile } of rows) if (!curve.has(score)) curve.set(score, percentile);
  return new Map([...curve].sort(([a], [b]) => a - b));
}

export function writeCurve(curve: ReadonlyMap<number, number>): Buffer {
  let before = 0;
  return writeVarints(
    [...curve].flatMap(([score, percentile]) => {
      const step = score - before;
      before = score;
      return [step, percentile];
    }),
  );
}

export function readCurve(bytes: Uint8Array): ReadonlyMap<number, number> {
  const curve = new Map<number, number>();
  const numbers = readVarints(bytes);
  let at = 0;
  for (let step = numbers.next(); step.done !== true; step = numbers.next()) {
    const percentile = numbers.next();
    if (percentile.done === true) throw new RangeError("a damaged curve");
    curve.set((at += step.value), percentile.value);
  }
  return curve;
}

/** The chunks of a table by their keys, as bytes: step of the number, twice the score (odd: its own percentile follows). */
export function writeChunks({ rows }: EpssTable, curve: ReadonlyMap<number, number>): ReadonlyMap<string, Buffer> {
  const numbers = new Map<string, { values: number[]; last: number }>();
  for (const { year, number, score, percentile } of rows) {
    const key = chunkOf({ year, number });
    let chunk = numbers.get(key);
    if (chunk === undefined) numbers.set(key, (chunk = { values: [], last: 0 }));
    const own = curve.get(score) !== percentile;
    chunk.values.push(number - chunk.last, score * 2 + (own ? 1 : 0), ...(own ? [percentile] : []));
    chunk.last = number;
  }
  return new Map([...numbers].map(([key, { values }]) => [key, writeVarints(values)]));
}

export function readChunk(bytes: Uint8Array): readonly ChunkEntry[] {
  const entries: ChunkEntry[] = [];
  const numbers = readVarints(bytes);
  const next = (): number => {
    const { done, value } = numbers.next();
    if (done === true) throw new RangeError("a damaged chunk");
    return value;
  };
  let at = 0;
  for (let step = numbers.next(); step.done !== true; step = numbers.next()) {
    const packed = next();
    const score = Math.floor(packed / 2);
    entries.push({ number: (at += step.value), score, ...(packed % 2 === 1 && { percentile: next() }) });
  }
  return entries;
}

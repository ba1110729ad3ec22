import { gunzipSync } from "node:zlib";
import { cleanText } from "../artifact/clean-text.ts";
import { Fault } from "../model/fault.ts";

/** One row; score and percentile in hundred-thousandths. */
export interface EpssRow {
  readonly year: number;
  readonly number: number;
  readonly score: number;
  readonly percentile: number;
}

/** A day's scores, sorted by CVE, each once. `date` is `YYYY-MM-DD`. */
export interface EpssTable {
  readonly date: string;
  readonly rows: readonly EpssRow[];
}

/** A day of 300,000 CVEs takes some 11 MB. */
const MAX_BYTES = 64 << 20;
const MAX_ROWS = 2_000_000;
const ROW = /^CVE-(\d{4})-(\d{4,15}),([0-9.eE+-]{1,24}),([0-9.eE+-]{1,24})(?:,(\d{4}-\d\d-\d\d))?$/;
const UNIT = 100_000;

function refuse(where: string, found: string): Fault {
  return new Fault({
    code: "WB-EPSS-FORM",
    kind: "input",
    what: "these are no EPSS scores",
    where: cleanText(where, 300),
    expected: "FIRST's CSV, plain or gzip: #model_version:…,score_date:…, then cve,epss,percentile",
    found: cleanText(found),
  });
}

function inflate(bytes: Uint8Array, where: string): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    throw refuse(where, error instanceof Error ? error.message : "damaged gzip");
  }
}

/**
 * Reads FIRST's EPSS scores: `epss_scores-YYYY-MM-DD.csv`, plain or gzip. The day stands in the comment (`score_date`), else in a
 * fourth column. Of a CVE given twice the first counts. Faults: WB-EPSS-FORM with the line.
 */
export function parseEpss(bytes: Uint8Array, where: string): EpssTable {
  const content = inflate(bytes, where);
  if (content.length > MAX_BYTES) throw refuse(where, `${content.length} bytes`);
  const text = content.toString("latin1");
  let date = "";
  const rows = new Map<string, EpssRow>();
  let line = 0;
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\n", at);
    const stop = end === -1 ? text.length : end;
    const row = text.slice(at, Math.min(stop, at + 400)).trimEnd();
    at = stop + 1;
    line += 1;
    if (row === "" || /^cve,epss,percentile(?:,|$)/i.test(row)) continue;
    if (row.startsWith("#")) date = /score_date:(\d{4}-\d\d-\d\d)/.exec(row)?.[1] ?? date;
    else {
      const [, year = "", number = "", score = "", percentile = "", day] = ROW.exec(row) ?? [];
      const [likely, rank] = [Number(score), Number(percentile)];
      if (year === "" || !(likely >= 0 && likely <= 1) || !(rank >= 0 && rank <= 1))
        throw refuse(`${where}:${line}`, row);
      if (day !== undefined && day > date) date = day;
      if (rows.size >= MAX_ROWS) throw refuse(`${where}:${line}`, `more than ${MAX_ROWS} rows`);
      const key = `${year}-${Number(number)}`;
      if (!rows.has(key)) {
        rows.set(key, {
          year: Number(year),
          number: Number(number),
          score: Math.round(likely * UNIT),
          percentile: Math.round(rank * UNIT),
        });
      }
    }
  }
  if (rows.size === 0) throw refuse(where, "no scores");
  if (date === "") throw refuse(where, "no day of the scores");
  return { date, rows: [...rows.values()].sort((a, b) => a.year - b.year || a.number - b.number) };
}

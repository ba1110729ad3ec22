import type { DatabaseSync } from "node:sqlite";
import type { AdvisoryIndex, Epss, Exploited } from "../model/advisory.ts";
import { unpack } from "./block.ts";
import { guarded } from "./index-connect.ts";
import { indexFault, LIVE, type Revision } from "./index-form.ts";
import { isListOf, isObject, isString } from "./index-shape.ts";
import { chunkOf, readChunk, readCurve, type CveNumber, UNIT } from "./score-form.ts";

const CVE = /^CVE-(\d{4})-(\d{4,15})$/;
const MAX_CHUNK_BYTES = 16 << 20;

function isExploited(value: unknown): value is Exploited {
  return (
    isObject(value) &&
    isString(value["cve"]) &&
    isString(value["added"]) &&
    (value["due"] === undefined || isString(value["due"])) &&
    typeof value["ransomware"] === "boolean"
  );
}

/** Year and number of a CVE; undefined for other texts. */
export function cveNumber(cve: string): CveNumber | undefined {
  const [, year, number] = CVE.exec(cve) ?? [];
  // Four digits at least, and no zero before more (cve.org, CVE ID syntax).
  if (year === undefined || number === undefined || (number.length > 4 && number.startsWith("0"))) return undefined;
  return { year: Number(year), number: Number(number) };
}

/** The chunks of one revision, unpacked; throws WB-INDEX-FORM where one is damaged. */
export function chunkReader(database: DatabaseSync, n: number): (kind: string, key: string) => Buffer | undefined {
  const statement = database.prepare(`SELECT body FROM chunk WHERE kind = ? AND key = ? AND ${LIVE}`);
  return (kind, key) => {
    const body = statement.get(kind, key, n, n)?.["body"];
    return body instanceof Uint8Array ? unpack(body, undefined, MAX_CHUNK_BYTES) : undefined;
  };
}

/** The entries of KEV, sorted. Throws WB-INDEX-FORM. */
export function readKev(bytes: Buffer | undefined, path: string): readonly Exploited[] {
  const entries: unknown = bytes === undefined ? undefined : JSON.parse(bytes.toString());
  if (!isListOf(entries, isExploited)) throw indexFault(path, "a list of exploited vulnerabilities of another form");
  return entries;
}

/**
 * Look-ups of KEV and EPSS as of a revision. Nothing is read before it is asked for, and of EPSS only the thousand CVEs around the
 * one that is: a scan asks for a few of 300,000.
 */
export function readScores(
  database: DatabaseSync,
  path: string,
  n: number,
  { kev, epss }: Revision,
): Pick<AdvisoryIndex, "exploited" | "epss"> {
  let read: ReturnType<typeof chunkReader> | undefined;
  const chunk = (kind: string, key: string): Buffer | undefined => (read ??= chunkReader(database, n))(kind, key);
  let catalog: ReadonlyMap<string, Exploited> | undefined;
  let curve: ReadonlyMap<number, number> | undefined;
  const chunks = new Map<string, ReturnType<typeof readChunk>>();

  function score(cve: string, date: string): Epss | undefined {
    const asked = cveNumber(cve);
    if (asked === undefined) return undefined;
    const key = chunkOf(asked);
    let entries = chunks.get(key);
    if (entries === undefined) chunks.set(key, (entries = readChunk(chunk("epss", key) ?? new Uint8Array())));
    const found = entries.find(({ number }) => number === asked.number);
    if (found === undefined) return undefined;
    curve ??= readCurve(chunk("epss-curve", "") ?? new Uint8Array());
    const percentile = found.percentile ?? curve.get(found.score);
    if (percentile === undefined) throw indexFault(path, "an EPSS score without its percentile");
    return { cve, score: found.score / UNIT, percentile: percentile / UNIT, date };
  }

  return {
    exploited: (cve) =>
      kev === undefined
        ? undefined
        : guarded(path, () => {
            catalog ??= new Map(readKev(chunk("kev", ""), path).map((entry) => [entry.cve, entry]));
            return catalog.get(cve);
          }),
    epss: (cve) => (epss === undefined ? undefined : guarded(path, () => score(cve, epss.date))),
  };
}

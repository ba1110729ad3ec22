import { cleanText } from "../artifact/clean-text.ts";
import { byCodeUnit } from "../artifact/entry-path.ts";
import type { Exploited } from "../model/advisory.ts";
import { Fault } from "../model/fault.ts";
import { parseCsv } from "./csv.ts";
import { parseJson } from "./json.ts";
import { Fields, type Place, rootPlace } from "./shape.ts";

/** CISA's catalog: entries sorted by CVE, each once. `date` is the day of its release, else of its newest entry. */
export interface KevCatalog {
  readonly date: string;
  readonly entries: readonly Exploited[];
}

const CODE = "WB-KEV-FORM";
const CVE = /^CVE-\d{4}-\d{4,19}$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

function readEntry(fields: Fields): Exploited {
  const [cve, added, due] = [fields.string("cveID"), fields.string("dateAdded"), fields.optionalString("dueDate")];
  if (!CVE.test(cve)) throw fields.fault("cveID", "a CVE");
  if (!DAY.test(added)) throw fields.fault("dateAdded", "a day, YYYY-MM-DD");
  const ransomware = fields.optionalString("knownRansomwareCampaignUse") === "Known";
  return { cve, added, ...(due !== undefined && DAY.test(due) && { due }), ransomware };
}

function readCsv(bytes: Uint8Array, where: string): readonly Exploited[] {
  const [head = [], ...rows] = parseCsv(Buffer.from(bytes).toString("utf8"), where, CODE);
  return rows.map((row, index) => {
    const members = Object.fromEntries(head.map((name, column) => [name, row[column] ?? ""]));
    const place: Place = { where, path: `/${index}`, code: CODE };
    return readEntry(new Fields(members, place));
  });
}

/**
 * Reads CISA's catalog of known exploited vulnerabilities, JSON or CSV. Both give the same entries; of one given twice the first
 * counts. Faults: WB-KEV-FORM with the place, those of `parseJson`.
 */
export function parseKev(bytes: Uint8Array, where: string): KevCatalog {
  const json = bytes.subarray(0, 64).some((byte) => byte === 0x7b);
  const root = json ? new Fields(parseJson(bytes, where), rootPlace(where, CODE)) : undefined;
  const all =
    root?.list("vulnerabilities", (value, place) => readEntry(new Fields(value, place))) ?? readCsv(bytes, where);
  const entries = new Map<string, Exploited>();
  for (const entry of all) if (!entries.has(entry.cve)) entries.set(entry.cve, entry);
  const newest = all.reduce((day, { added }) => (added > day ? added : day), "");
  if (newest === "") {
    throw new Fault({
      code: CODE,
      kind: "input",
      what: "the catalog of exploited vulnerabilities is empty",
      where: cleanText(where, 300),
      expected: "CISA's known_exploited_vulnerabilities.json or .csv",
    });
  }
  const released = root?.optionalString("dateReleased")?.slice(0, 10) ?? "";
  return {
    date: DAY.test(released) ? released : newest,
    entries: [...entries.values()].sort((a, b) => byCodeUnit(a.cve, b.cve)),
  };
}

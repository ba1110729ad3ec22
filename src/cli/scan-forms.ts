import type { ScanResult } from "../format/findings/scanned.ts";
import type { TableView } from "../format/findings/table.ts";

type Print = (result: ScanResult, view: TableView) => string;

/** What a form is, for the help, and its writer, loaded when it is asked for. */
export interface ScanForm {
  readonly does: string;
  /** It speaks of one product or artifact, so of one source. */
  readonly oneSource?: true;
  load(): Promise<Print>;
}

/** Every form of `scan --format`, the default first. */
export const SCAN_FORMS: Readonly<Record<string, ScanForm>> = {
  table: {
    does: "for the terminal",
    load: async () => (await import("../format/findings/table.ts")).findingsTable,
  },
  json: {
    does: "waybill.scan/1; of several sources waybill.scans/1",
    load: async () => (await import("../format/findings/json.ts")).findingsJson,
  },
};

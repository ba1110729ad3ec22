import { cleanText } from "../artifact/clean-text.ts";
import type { Entry } from "../model/artifact.ts";
import type { Extractor } from "../model/extractor.ts";
import { Fault } from "../model/fault.ts";

/** Smaller files are not looked at: whatever is in them takes little. */
const SMALL_BYTES = 4 << 20;
const CHUNK_BYTES = 1 << 20;
/**
 * What separates the parts of lockfiles and manifests, by its byte, and how many of them are read. A part may be a few bytes long and
 * takes a kilobyte in memory; the largest lockfiles seen have 350,000 lines.
 */
const MOST: ReadonlyMap<number, readonly [most: number, what: string]> = new Map([
  [0x0a, [500_000, "lines"]],
  [0x2c, [1_000_000, "commas"]],
  [0x3c, [300_000, "tags"]],
]);
/** Lists of installed files are long, and a line of one takes little more than its bytes. */
const LONGER_LISTS = 2;
/** A component takes some 7 KB until it is printed; the largest projects seen have 20,000. */
const MAX_COMPONENTS = 60_000;
/** Those of a document say less, and take half of that at most. */
const MAX_DOCUMENT_COMPONENTS = 150_000;

/**
 * Refuses a text of very many parts, before any of them is read; `of`: who reads it for what. Faults: WB-SOURCE-TOO-LARGE (unchecked).
 */
export function refuseLargeText(entry: Entry, of: Extractor["of"]): void {
  if (entry.sizeBytes < SMALL_BYTES || entry.range(0, 1024).includes(0)) return;
  const counts = new Uint32Array(256);
  for (let at = 0; at < entry.sizeBytes; at += CHUNK_BYTES) {
    for (const byte of entry.range(at, CHUNK_BYTES)) counts[byte] = (counts[byte] ?? 0) + 1;
  }
  for (const [byte, [few, what]] of MOST) {
    const most = of === "installation" ? few * LONGER_LISTS : few;
    const count = counts[byte] ?? 0;
    if (count > most) throw tooLarge(entry.path, `${most} ${what}`, `${count}`);
  }
}

/** Refuses an inventory of very many components. `where` is the file or source, `document` whether it is an SBOM document. Faults: WB-SOURCE-TOO-LARGE (unchecked). */
export function refuseManyComponents(count: number, where: string, document = false): void {
  const most = document ? MAX_DOCUMENT_COMPONENTS : MAX_COMPONENTS;
  if (count > most) throw tooLarge(where, `${most} components`, `${count}`);
}

function tooLarge(where: string, most: string, found: string): Fault {
  return new Fault({
    code: "WB-SOURCE-TOO-LARGE",
    kind: "unchecked",
    what: "a source has more parts than are read",
    where: cleanText(where, 300),
    expected: `at most ${most}`,
    found,
    fix: "name its parts one by one, and merge what they hold with waybill sbom merge",
  });
}

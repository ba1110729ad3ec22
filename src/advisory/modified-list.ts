import type { Timestamp } from "../model/digest.ts";
import { parseTimestamp } from "../format/timestamp.ts";
import { bucketFault, isRecordId } from "./bucket.ts";
import { isLater } from "./index-form.ts";

/** The public bucket's longest has some 300,000 lines and 15 MB. */
export const MAX_LIST_BYTES = 96 << 20;
const MAX_LINES = 2_000_000;
const MAX_LINE_CHARACTERS = 400;

/**
 * Reads `modified_id.csv` of an OSV bucket: `TIME,ID` a line, the newest first. With `ecosystem` it reads the one at the top of the
 * bucket, whose lines are `TIME,ECOSYSTEM/ID`, and gives that ecosystem's. Of an id given twice the newer time counts. Takes
 * memory for what is asked alone, and one line. Throws WB-ADVISORIES-UNREADABLE with the line for one that is none.
 */
export async function readModifiedList(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  where: string,
  ecosystem?: string,
): Promise<ReadonlyMap<string, Timestamp>> {
  const times = new Map<string, Timestamp>();
  const decoder = new TextDecoder("latin1");
  let [rest, line, sizeBytes] = ["", 0, 0];

  function take(text: string): void {
    line += 1;
    if (line > MAX_LINES) throw bad(`more than ${MAX_LINES} lines`);
    const row = text.endsWith("\r") ? text.slice(0, -1) : text;
    if (row === "") return;
    const comma = row.indexOf(",");
    const time = parseTimestamp(row.slice(0, Math.max(comma, 0)));
    const slash = ecosystem === undefined ? comma : row.lastIndexOf("/");
    const id = row.slice(slash + 1);
    if (time === undefined || slash < comma || !isRecordId(id)) throw bad(row);
    if (ecosystem !== undefined && row.slice(comma + 1, slash) !== ecosystem) return;
    const other = times.get(id);
    if (other === undefined || isLater(time, other)) times.set(id, time);
  }
  const bad = (row: string): Error => bucketFault(`${where}:${line}`, row.slice(0, 80));

  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_LIST_BYTES) throw bucketFault(where, `a list of more than ${MAX_LIST_BYTES} bytes`);
    const text = rest + decoder.decode(chunk, { stream: true });
    let at = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", at)) {
      take(text.slice(at, end));
      at = end + 1;
    }
    rest = text.slice(at);
    if (rest.length > MAX_LINE_CHARACTERS) throw bad(rest);
  }
  if (rest !== "") take(rest);
  return times;
}

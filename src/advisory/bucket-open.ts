import { cleanText } from "../artifact/clean-text.ts";
import { readRegular } from "../artifact/read-file.ts";
import { Fault } from "../model/fault.ts";
import type { Fetch } from "../model/world.ts";
import type { Bucket } from "./bucket.ts";
import { openFolderBucket } from "./bucket-folder.ts";
import { openUrlBucket } from "./bucket-url.ts";
import { fetchBytes, networkFault } from "./download.ts";

const MAX_NAMED_BYTES = 64 << 20;

export const isUrl = (place: string): boolean => /^https?:\/\//i.test(place);

/** Refuses a URL where there is no network, and one that would put a password into the index and into messages. */
function network(place: string, fetch: Fetch | undefined): Fetch {
  const url = URL.canParse(place) ? new URL(place) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new Fault({
      code: "WB-USAGE-OPTION",
      kind: "input",
      what: "that is no URL that can be remembered",
      expected: "http or https, without user, password, query and fragment",
      found: cleanText(url === undefined ? place : `${url.protocol}//${url.host}${url.pathname}`, 200),
    });
  }
  if (fetch !== undefined) return fetch;
  throw new Fault({
    code: "WB-NETWORK-FORBIDDEN",
    kind: "input",
    what: "this needs the network, which --offline forbids",
    where: cleanText(place, 300),
    fix: "leave --offline away, or name a folder or a file",
  });
}

/**
 * A bucket in a folder or behind an http or https URL. `parts`: where archives are kept until they are whole. Faults:
 * WB-NETWORK-FORBIDDEN (input) without `fetch`, WB-USAGE-OPTION for a URL with a password.
 */
export function openBucket(from: string, fetch: Fetch | undefined, parts: string): Bucket {
  return isUrl(from) ? openUrlBucket(from, network(from, fetch), parts) : openFolderBucket(from);
}

/** A file's content, or that of a URL, at most 64 MiB. Faults: those of `readRegular`, of `openBucket` and of `fetchBytes`. */
export async function readNamed(place: string, what: string, fetch: Fetch | undefined): Promise<Uint8Array> {
  if (!isUrl(place)) return readRegular(place, `${what} ${place}`, MAX_NAMED_BYTES, true);
  const answer = await fetchBytes(network(place, fetch), place, MAX_NAMED_BYTES);
  if (answer.kind === "content") return answer.bytes;
  throw networkFault(place, "nothing");
}

import { readRegular } from "../artifact/read-file.ts";
import type { Fetch } from "../model/world.ts";
import type { Bucket } from "./bucket.ts";
import { openFolderBucket } from "./bucket-folder.ts";

const MAX_NAMED_BYTES = 64 << 20;

/** A bucket in a folder or behind an http or https URL. Faults: WB-NETWORK-FORBIDDEN where there is no network to use. */
export function openBucket(from: string, _fetch: Fetch | undefined): Bucket {
  return openFolderBucket(from);
}

/** A file's content, or that of a URL. Faults: those of `readRegular` and of `download`. */
export async function readNamed(place: string, what: string, _fetch: Fetch | undefined): Promise<Uint8Array> {
  return readRegular(place, `${what} ${place}`, MAX_NAMED_BYTES, true);
}

import type { Entry } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { packageFault, packageFile } from "../os/package-file.ts";
import { packageOf } from "./database.ts";
import { Header } from "./header.ts";
import { DatabaseError } from "./sqlite.ts";

const MAX_BYTES = 300 * 1024 * 1024;
/** Magic and reserved bytes, which the database leaves out (rpm, format_header.md). */
const INTRO_BYTES = 8;
/** What rpm itself must be able to do. */
const OWN = "rpmlib(";

/** What an RPM package says of itself in its header. Throws `WB-PACKAGE-FORM`. */
export function readPackage(entry: Entry): Extraction {
  const one = packageIn(entry);
  if (one === undefined) throw packageFault(entry.path, "the header of an RPM package", "no name or version");
  const needs = one.needs.filter(([need]) => need?.name.startsWith(OWN) !== true);
  return packageFile({ ...one, needs, occurrence: { path: entry.path, technique: "manifest" } }, "rpm");
}

function packageIn(entry: Entry): ReturnType<typeof packageOf> {
  try {
    return packageOf(new Header(Buffer.from(entry.bytes(MAX_BYTES)).subarray(INTRO_BYTES)), entry.path);
  } catch (error) {
    // Lying lengths end in a RangeError of the buffer where no check of ours comes first.
    if (!(error instanceof DatabaseError) && !(error instanceof RangeError)) throw error;
    throw packageFault(entry.path, "the header of an RPM package", error.message);
  }
}

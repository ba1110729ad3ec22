import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { packageFault, packageFile } from "../os/package-file.ts";
import { Copyrights } from "./licences.ts";
import { relations } from "./relations.ts";
import { StanzaError, stanzas } from "./stanzas.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const WANTED = new Set(["package", "version", "architecture", "depends", "pre-depends"]);
/** Compressions of the part with the files (deb(5)). */
const ENDINGS = ["", ".xz", ".zst", ".gz", ".bz2"];

/** What a `.deb` says of itself in its `control` (deb-control(5)). Throws `WB-PACKAGE-FORM`. */
export function readPackage(entry: Entry, source: Source): Extraction {
  const text = Buffer.from(entry.bytes(MAX_BYTES)).toString("utf8");
  const fields = fieldsOf(text, entry.path);
  const [name, version, architecture] = ["package", "version", "architecture"].map((field) => fields.get(field));
  if (name === undefined || name === "" || version === undefined || version === "") {
    throw packageFault(entry.path, "the fields Package and Version", text);
  }
  const outer = entry.path.replace(/control\.tar(?:\.\w+)?!\/control$/u, "");
  const data = ENDINGS.map((ending) => `${outer}data.tar${ending}`).find((path) => source.find(path) !== undefined);
  return packageFile(
    {
      name,
      version,
      ...(architecture !== undefined && { architecture }),
      manual: true,
      licences: data === undefined ? [] : new Copyrights(source, `${data}!/`).of(name),
      needs: [...relations(fields.get("pre-depends")), ...relations(fields.get("depends"))],
      provides: [],
      occurrence: { path: entry.path, line: 1, technique: "manifest" },
    },
    "deb",
  );
}

function fieldsOf(text: string, path: string): ReadonlyMap<string, string> {
  try {
    for (const { fields } of stanzas(text, WANTED)) return fields;
    return new Map();
  } catch (error) {
    if (!(error instanceof StanzaError)) throw error;
    throw packageFault(path, "lines of the form Field: value", error.message);
  }
}

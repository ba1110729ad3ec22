import type { ReadSbom } from "./assemble.ts";
import { parseJson } from "./json.ts";
import type { SpdxDocument } from "./spdx/model.ts";
import { parseSpdxDocument, spdxEncoding } from "./spdx/parse.ts";
import { readSpdxJson } from "./spdx/read.ts";
import { sbomOfSpdx } from "./spdx/to-sbom.ts";
import type { Spdx3Document } from "./spdx3/model.ts";
import { readSpdx3 } from "./spdx3/read.ts";
import { sbomOfSpdx3 } from "./spdx3/to-sbom.ts";
import { decodeText } from "./text.ts";

/** An SPDX document as read, by its major version. */
export type SpdxText =
  | { readonly version: 2; readonly document: SpdxDocument }
  | { readonly version: 3; readonly document: Spdx3Document };

/** Reads an SPDX document in any encoding and version, as it is. Faults: those of `parseSpdxDocument` and `readSpdx3`. */
export async function readSpdxText(bytes: Uint8Array, where: string): Promise<SpdxText> {
  const text = decodeText(bytes, where);
  if (spdxEncoding(text) !== "json") return { version: 2, document: await parseSpdxDocument(bytes, where) };
  const json = parseJson(text, where);
  const linked = json !== null && typeof json === "object" && Object.hasOwn(json, "@context");
  return linked
    ? { version: 3, document: readSpdx3(json, where) }
    : { version: 2, document: readSpdxJson(json, where) };
}

/**
 * The SBOM of an SPDX document in any encoding and version: 2.2 and 2.3 in JSON, YAML, XML, RDF/XML and tag-value, 3.0.1 in
 * JSON-LD; what it is is seen by its content. What an `Sbom` cannot hold is listed in `lost`.
 *
 * Faults: those of `parseSpdxDocument` and `readSpdx3`.
 */
export async function parseSpdx(bytes: Uint8Array, where: string): Promise<ReadSbom> {
  const read = await readSpdxText(bytes, where);
  return read.version === 3 ? sbomOfSpdx3(read.document, where) : sbomOfSpdx(read.document, where);
}

import type { ReadSbom } from "./assemble.ts";
import { parseJson } from "./json.ts";
import { parseSpdxDocument, spdxEncoding } from "./spdx/parse.ts";
import { readSpdxJson } from "./spdx/read.ts";
import { sbomOfSpdx } from "./spdx/to-sbom.ts";
import { readSpdx3 } from "./spdx3/read.ts";
import { sbomOfSpdx3 } from "./spdx3/to-sbom.ts";
import { decodeText } from "./text.ts";

/**
 * The SBOM of an SPDX document in any encoding and version: 2.2 and 2.3 in JSON, YAML, XML, RDF/XML and tag-value, 3.0.1 in
 * JSON-LD; what it is is seen by its content. What an `Sbom` cannot hold is listed in `lost`.
 *
 * Faults: those of `parseSpdxDocument` and `readSpdx3`.
 */
export async function parseSpdx(bytes: Uint8Array, where: string): Promise<ReadSbom> {
  const text = decodeText(bytes, where);
  if (spdxEncoding(text) !== "json") return sbomOfSpdx(await parseSpdxDocument(bytes, where), where);
  const json = parseJson(text, where);
  const linked = json !== null && typeof json === "object" && Object.hasOwn(json, "@context");
  return linked ? sbomOfSpdx3(readSpdx3(json, where), where) : sbomOfSpdx(readSpdxJson(json, where), where);
}

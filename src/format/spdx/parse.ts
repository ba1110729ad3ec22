import type { Json } from "../../model/statement.ts";
import { parseJson } from "../json.ts";
import { decodeText } from "../text.ts";
import { parseXml } from "../xml.ts";
import { parseYaml } from "../yaml-data.ts";
import { type Lines, withLines } from "./lines.ts";
import type { SpdxDocument } from "./model.ts";
import { spdxRdfToJson } from "./rdf.ts";
import { readSpdxJson } from "./read.ts";
import { tagValueToJson } from "./tag-value-read.ts";
import { spdxXmlToJson } from "./tree.ts";

export type SpdxEncoding = "json" | "yaml" | "xml" | "rdf" | "tag-value";

/**
 * Reads an SPDX 2.2 or 2.3 document from JSON, YAML, XML, RDF/XML or tag-value, in UTF-8 or UTF-16; what it is written in is
 * seen by its content. All encodings of one document give the same model.
 *
 * Faults with pointer or line: WB-SPDX-FORM, WB-SPDX-SYNTAX, WB-SPDX-VERSION (unchecked), WB-RDF-FORM; those of `decodeText`,
 * `parseJson`, `parseXml`, `parseYaml`.
 */
export async function parseSpdxDocument(bytes: Uint8Array, where: string): Promise<SpdxDocument> {
  const text = decodeText(bytes, where);
  const lines: Lines = new Map();
  const read = (json: Json): SpdxDocument => withLines(json, where, lines, readSpdxJson);
  switch (spdxEncoding(text)) {
    case "json":
      return readSpdxJson(parseJson(text, where), where);
    case "yaml":
      return readSpdxJson(await parseYaml(bytes, where), where);
    case "rdf":
      return read(spdxRdfToJson(parseXml(bytes, where), where, lines));
    case "xml":
      return read(spdxXmlToJson(parseXml(bytes, where), where, lines));
    case "tag-value":
      return read(tagValueToJson(text, where, lines));
  }
}

/** What a text that should be SPDX is written in, by its first characters; tag-value is what has a version in its own tag. */
export function spdxEncoding(text: string): SpdxEncoding {
  if (/^\s*\{/.test(text)) return "json";
  if (/^\s*</.test(text)) return /<(?:[A-Za-z_][\w.-]*:)?RDF[\s>]/.test(text.slice(0, 4096)) ? "rdf" : "xml";
  return /^[ \t]*SPDXVersion[ \t]*:/m.test(text.slice(0, 65_536)) ? "tag-value" : "yaml";
}

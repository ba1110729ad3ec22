import type { Sbom } from "../model/sbom.ts";
import type { DocumentMeta } from "./document.ts";
import { prettyJson } from "./json.ts";
import { spdxDocument } from "./spdx.ts";
import { readSpdxJson } from "./spdx/read.ts";
import { spdxTagValue } from "./spdx/write-tag-value.ts";
import { spdx3Document } from "./spdx3/from-sbom.ts";
import { printCoswid } from "./swid/coswid-write.ts";
import { swidTags } from "./swid/from-sbom.ts";
import { printSwid } from "./swid/write-xml.ts";

export const SBOM_FORMS = ["spdx-tv", "spdx3-json", "swid", "coswid"] as const;
export type SbomForm = (typeof SBOM_FORMS)[number];

/**
 * An SBOM as SPDX 2.3 tag-value, SPDX 3.0.1 JSON-LD, a set of SWID tags in XML, or of CoSWID tags in CBOR (bytes). `lost`
 * names what the form cannot hold. The same SBOM and meta give the same bytes.
 */
export function printSbom(
  form: SbomForm,
  sbom: Sbom,
  meta: DocumentMeta,
): { readonly content: string | Uint8Array; readonly lost: readonly string[] } {
  switch (form) {
    case "spdx-tv": {
      const { text, lost } = spdxTagValue(readSpdxJson(spdxDocument(sbom, meta), "the document"));
      return { content: text, lost };
    }
    case "spdx3-json":
      return { content: prettyJson(spdx3Document(sbom, meta)), lost: [] };
    case "swid": {
      const { text, lost } = printSwid(swidTags(sbom, meta));
      return { content: text, lost };
    }
    case "coswid":
      return { content: printCoswid(swidTags(sbom, meta)), lost: [] };
  }
}

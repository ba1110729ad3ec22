import type { Sbom } from "../model/sbom.ts";
import type { DocumentMeta } from "./document.ts";
import { prettyJson } from "./json.ts";

export const SBOM_FORMS = ["spdx-tv", "spdx3-json", "swid", "coswid"] as const;
export type SbomForm = (typeof SBOM_FORMS)[number];

/**
 * An SBOM as SPDX 2.3 tag-value, SPDX 3.0.1 JSON-LD, a set of SWID tags in XML, or of CoSWID tags in CBOR (bytes). `lost`
 * names what the form cannot hold. The same SBOM and meta give the same bytes. Each form is loaded when it is asked for.
 */
export async function printSbom(
  form: SbomForm,
  sbom: Sbom,
  meta: DocumentMeta,
): Promise<{ readonly content: string | Uint8Array; readonly lost: readonly string[] }> {
  switch (form) {
    case "spdx-tv": {
      const [{ spdxDocument }, { readSpdxJson }, { spdxTagValue }] = await Promise.all([
        import("./spdx.ts"),
        import("./spdx/read.ts"),
        import("./spdx/write-tag-value.ts"),
      ]);
      const { text, lost } = spdxTagValue(readSpdxJson(spdxDocument(sbom, meta), "the document"));
      return { content: text, lost };
    }
    case "spdx3-json":
      return { content: prettyJson((await import("./spdx3/from-sbom.ts")).spdx3Document(sbom, meta)), lost: [] };
    case "swid": {
      const [{ swidTags }, { printSwid }] = await Promise.all([
        import("./swid/from-sbom.ts"),
        import("./swid/write-xml.ts"),
      ]);
      const { text, lost } = printSwid(swidTags(sbom, meta));
      return { content: text, lost };
    }
    case "coswid": {
      const [{ swidTags }, { printCoswid }] = await Promise.all([
        import("./swid/from-sbom.ts"),
        import("./swid/coswid-write.ts"),
      ]);
      return { content: printCoswid(swidTags(sbom, meta)), lost: [] };
    }
  }
}

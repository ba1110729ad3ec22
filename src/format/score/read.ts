import { formOfSbom, noSbomDocument } from "../sbom-document.ts";
import type { StatedSbom } from "./stated.ts";

/**
 * What an SBOM document of any form that is read states of the elements that rule sets ask for. A form is loaded when it is met.
 * Faults: those of its reader; `WB-SBOM-FORM` (input) where the bytes are no SBOM document.
 */
export async function readStated(bytes: Uint8Array, where: string): Promise<StatedSbom> {
  const form = formOfSbom(bytes);
  switch (form) {
    case "cyclonedx": {
      const [{ statedByCycloneDx }, { parseCycloneDxDocument }] = await Promise.all([
        import("./cyclonedx.ts"),
        import("../cyclonedx/document.ts"),
      ]);
      return statedByCycloneDx(parseCycloneDxDocument(bytes, where));
    }
    case "spdx": {
      const [{ statedBySpdx2 }, { statedBySpdx3 }, { readSpdxText }] = await Promise.all([
        import("./spdx2.ts"),
        import("./spdx3.ts"),
        import("../spdx-read.ts"),
      ]);
      const read = await readSpdxText(bytes, where);
      return read.version === 3 ? statedBySpdx3(read.document) : statedBySpdx2(read.document);
    }
    case "swid":
    case "coswid": {
      const { statedBySwid } = await import("./swid.ts");
      if (form === "swid")
        return statedBySwid("SWID", (await import("../swid/read-xml.ts")).parseSwid(bytes, where).tags);
      return statedBySwid("CoSWID", (await import("../swid/coswid-read.ts")).parseCoswid(bytes, where).tags);
    }
    case undefined:
      throw noSbomDocument(where);
  }
}

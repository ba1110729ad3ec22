import { sha256 } from "../../artifact/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { VexDocument } from "../../model/vex.ts";
import { isXml } from "../cyclonedx/recognise.ts";
import { isArray, parseJson } from "../json.ts";
import { Fields, rootPlace } from "../shape.ts";
import { parseYaml } from "../yaml-data.ts";
import { parseCsaf } from "./csaf.ts";
import { parseCycloneDxVex } from "./cyclonedx.ts";
import { parseOpenVex, readOpenVex } from "./openvex.ts";

/**
 * Reads statements in whichever form they are written: OpenVEX, CSAF, CycloneDX by what the document says it is; and the YAML of
 * OpenVEX's first days. Faults: WB-VEX-FORM where it is none of them; those of the form's reader.
 */
export async function parseVex(bytes: Uint8Array, where: string): Promise<VexDocument> {
  if (isXml(bytes)) return parseCycloneDxVex(bytes, where);
  if (!/^[\ufeff\s]*[{[]/u.test(Buffer.from(bytes.subarray(0, 4096)).toString("utf8"))) return readYaml(bytes, where);
  const json = parseJson(bytes, where);
  if (json !== null && typeof json === "object" && !isArray(json)) {
    if (Object.hasOwn(json, "bomFormat")) return parseCycloneDxVex(bytes, where);
    if (Object.hasOwn(json, "@context")) return parseOpenVex(bytes, where);
    if (Object.hasOwn(json, "document")) return parseCsaf(bytes, where);
  }
  throw noForm(where);
}

async function readYaml(bytes: Uint8Array, where: string): Promise<VexDocument> {
  const root = await parseYaml(bytes, where);
  if (root === null || typeof root !== "object" || !Object.hasOwn(root, "statements")) throw noForm(where);
  return readOpenVex(new Fields(root, rootPlace(where, "WB-VEX-FORM")), sha256(bytes));
}

function noForm(where: string): Fault {
  return new Fault({
    code: "WB-VEX-FORM",
    kind: "input",
    what: "this is no document of VEX statements",
    where,
    expected: "OpenVEX (@context), CSAF (document.csaf_version) or CycloneDX (bomFormat)",
  });
}

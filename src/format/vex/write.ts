import type { Timestamp } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { VexDocument } from "../../model/vex.ts";
import { CYCLONEDX_VERSIONS } from "../cyclonedx/form.ts";
import { printCsaf } from "./csaf-write.ts";
import { printCycloneDxVex } from "./cyclonedx-write.ts";
import type { Written } from "./lost.ts";
import { printOpenVex } from "./openvex-write.ts";

/** The forms that are written, as `--format` names them. */
export const VEX_FORMS = ["openvex", "csaf", "cyclonedx-json", "cyclonedx-xml"] as const;
export type VexFormName = (typeof VEX_FORMS)[number];

export interface VexSettings {
  /** Of CSAF 2.0 (the default) or 2.1, of CycloneDX 1.4 to 1.7 (default 1.6). */
  readonly specVersion?: string;
  /** The document's time where it has none. */
  readonly at: Timestamp;
  /** CSAF's publisher where the document has none. */
  readonly namespace?: string;
}

/**
 * Prints statements in a form. The same document gives the same bytes. `lost` says what the form cannot hold. Faults:
 * WB-USAGE-OPTION for a version that the form has not, WB-VEX-INCOMPLETE.
 */
export function printVex(document: VexDocument, form: VexFormName, settings: VexSettings): Written {
  const { specVersion, at, namespace } = settings;
  const known = <const V extends string>(versions: readonly V[], fallback: V): V => {
    const version = versions.find((one) => one === (specVersion ?? fallback));
    if (version !== undefined) return version;
    throw new Fault({
      code: "WB-USAGE-OPTION",
      kind: "input",
      what: `no such version of ${form}`,
      expected: versions.join(", "),
      found: specVersion ?? "",
    });
  };
  if (form === "openvex") {
    known(["0.2.0"], "0.2.0");
    return printOpenVex(document, at);
  }
  if (form === "csaf") {
    const version = known(["2.0", "2.1"], "2.0");
    return printCsaf(document, { version, at, ...(namespace !== undefined && { namespace }) });
  }
  const versions = CYCLONEDX_VERSIONS.filter((version) => Number(version) >= 1.4);
  const syntax = form === "cyclonedx-xml" ? "xml" : "json";
  return printCycloneDxVex(document, { version: known(versions, "1.6"), syntax, at });
}

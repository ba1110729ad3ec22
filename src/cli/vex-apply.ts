import { applyToCycloneDx, applyToScan } from "../advisory/vex-apply-findings.ts";
import { applyToSarif, type Applied } from "../advisory/vex-apply.ts";
import { parseCycloneDx } from "../format/cyclonedx-read.ts";
import { isArray, parseJson, prettyJson } from "../format/json.ts";
import { formFault, rootPlace } from "../format/shape.ts";
import { Fault } from "../model/fault.ts";
import type { VexDocument } from "../model/vex.ts";
import { readInput } from "../station/inputs.ts";
import type { Call } from "./shell/command.ts";
import { judgedAt } from "./shell/places.ts";
import { give } from "./shell/result.ts";
import { readDocument } from "./vex-documents.ts";

const MAX_TOLD = 200;

/** `vex apply REPORT --vex FILE…`: SARIF without what is settled; the findings of a scan, or a CycloneDX document, with what is said. */
export async function applyVex(call: Call): Promise<number> {
  const [, word] = call.words;
  const file = word ?? call.flag("sarif");
  const named = call.flags("vex");
  if (file === undefined || named.length === 0) {
    throw new Fault({
      code: "WB-USAGE-WORD",
      kind: "input",
      what: "a report and at least one --vex FILE are needed",
      fix: "waybill vex apply REPORT --vex FILE",
    });
  }
  const documents: VexDocument[] = [];
  for (const one of named) documents.push(await readDocument(call, one));
  const { document, told } = applied(call, file, documents);
  for (const line of told.slice(0, MAX_TOLD)) call.terminal.message(line);
  call.terminal.message(`${told.length} ${told.length === 1 ? "result has" : "results have"} a statement`);
  give(call, prettyJson(document));
  return 0;
}

function applied(call: Call, file: string, documents: readonly VexDocument[]): Applied {
  const bytes = readInput(file, "report");
  const json = parseJson(bytes, file);
  const place = rootPlace(file, "WB-VEX-FORM");
  const at = judgedAt(call);
  if (json !== null && typeof json === "object" && !isArray(json)) {
    if (Object.hasOwn(json, "runs")) {
      const [product] = call.flags("product");
      return applyToSarif(json, documents, { at, product, suppress: call.has("suppress") }, place);
    }
    if (json["schema"] === "waybill.scan/1") return applyToScan(json, documents, at, place);
    if (Object.hasOwn(json, "bomFormat")) {
      return applyToCycloneDx(json, parseCycloneDx(bytes, file), documents, at, place);
    }
  }
  throw formFault(place, "a report: SARIF (runs), waybill.scan/1, or CycloneDX (bomFormat)", json);
}
